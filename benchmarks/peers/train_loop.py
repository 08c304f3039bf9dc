"""The peer of row 2: a training loop in plain PyTorch that computes and logs the series that Cairn logs.

usage: train_loop.py SPEC.json DATA.pt THREADS WARMUP_SECONDS SECONDS
DATA.pt holds train_x, train_y, val_x, val_y (bench_bare_loop --export writes it): reading data is not what is measured.
"""

import csv
import json
import math
import sys
import tempfile
import time

import torch
from torch import nn


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.projection = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.wide, self.narrow = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, mask):
        n, t, width = x.shape
        parts = self.qkv(self.norm1(x)).view(n, t, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        scores = parts[0] @ parts[1].transpose(-2, -1) / math.sqrt(width // self.heads)
        mixed = ((scores + mask).softmax(-1) @ parts[2]).transpose(1, 2).reshape(n, t, width)
        x = x + self.projection(mixed)
        return x + self.narrow(nn.functional.gelu(self.wide(self.norm2(x))))


class Transformer(nn.Module):
    def __init__(self, spec, block):
        super().__init__()
        width = spec["width"]
        self.tokens, self.positions = nn.Embedding(256, width), nn.Embedding(block, width)
        nn.init.normal_(self.tokens.weight, 0, 0.02)
        nn.init.normal_(self.positions.weight, 0, 0.02)
        self.blocks = nn.ModuleList(Block(width, spec["heads"]) for _ in range(spec["layers"]))
        self.norm = nn.LayerNorm(width)
        self.register_buffer("mask", torch.full((block, block), -math.inf).triu(1))

    def forward(self, x):
        x = self.tokens(x) + self.positions.weight
        for block in self.blocks:
            x = block(x, self.mask)
        return nn.functional.linear(self.norm(x), self.tokens.weight)


def mlp(spec, inputs, outputs):
    layers = [nn.Flatten()]
    for hidden in spec["hidden"]:
        layers += [nn.Linear(inputs, hidden), nn.ReLU()]
        if spec.get("dropout"):
            layers.append(nn.Dropout(spec["dropout"]))
        inputs = hidden
    return nn.Sequential(*layers, nn.Linear(inputs, outputs))


def cnn(spec, image, outputs):
    channels, height, width = image
    layers = []
    for out in spec["channels"]:
        layers.append(nn.Conv2d(channels, out, 3, padding=1))
        if spec.get("batch_norm", True):
            layers.append(nn.BatchNorm2d(out))
        layers += [nn.ReLU(), nn.MaxPool2d(2)]
        channels, height, width = out, height // 2, width // 2
    layers += [nn.Flatten(), nn.Linear(channels * height * width, spec["hidden"]), nn.ReLU()]
    if spec.get("dropout"):
        layers.append(nn.Dropout(spec["dropout"]))
    return nn.Sequential(*layers, nn.Linear(spec["hidden"], outputs))


def model_of(spec, x, outputs):
    kind = spec["model"]["type"]
    if kind == "MLP":
        return mlp(spec["model"], x[0].numel(), outputs)
    if kind == "CNN":
        return cnn(spec["model"], x.shape[1:], outputs)
    return Transformer(spec["model"], x.shape[1])


def loss_of(logits, target):
    return nn.functional.cross_entropy(logits.flatten(0, -2), target.flatten())


class Loop:
    def __init__(self, spec, data, log):
        self.train_x, self.train_y, self.val_x, self.val_y = (data[k] for k in ("train_x", "train_y", "val_x", "val_y"))
        self.model = model_of(spec, self.train_x, int(data["outputs"]))
        settings = spec["optimizer"]
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=settings["lr"],
                                           weight_decay=settings.get("weight_decay", 0.01))
        self.batch = spec["training"]["batch_size"]
        self.log = csv.writer(log)
        self.step_count, self.cursor, self.order = 0, 0, None

    def run(self, seconds):
        begin, before = time.perf_counter(), self.step_count
        while time.perf_counter() - begin < seconds:
            self.step()
        return (self.step_count - before) / (time.perf_counter() - begin)

    def step(self):
        begin = time.perf_counter()
        if self.order is None or self.cursor >= len(self.order):
            self.begin_epoch()
        picked = self.order[self.cursor:self.cursor + self.batch]
        self.cursor += self.batch
        x, y = self.train_x[picked], self.train_y[picked]
        self.optimizer.zero_grad(set_to_none=True)
        logits = self.model(x)
        loss = loss_of(logits, y)
        loss.backward()
        norm = torch.norm(torch.stack([p.grad.norm() for p in self.model.parameters()]))
        self.optimizer.step()
        self.step_count += 1
        accuracy = (logits.argmax(-1) == y).float().mean()
        self.log.writerow([self.step_count, loss.item(), accuracy.item(), self.optimizer.param_groups[0]["lr"],
                           norm.item(), time.perf_counter() - begin])

    def begin_epoch(self):
        if self.order is not None and len(self.val_y):
            self.evaluate()
        self.order, self.cursor = torch.randperm(len(self.train_y)), 0

    @torch.no_grad()
    def evaluate(self):
        self.model.eval()
        loss = right = 0.0
        for at in range(0, len(self.val_y), 1024):
            y = self.val_y[at:at + 1024]
            logits = self.model(self.val_x[at:at + 1024])
            loss += loss_of(logits, y).item() * len(y)
            right += (logits.argmax(-1) == y).float().mean().item() * len(y)
        self.log.writerow([self.step_count, "val", loss / len(self.val_y), right / len(self.val_y)])
        self.model.train()


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        spec = json.load(file)
    torch.manual_seed(1)
    torch.set_num_threads(int(sys.argv[3]))
    with tempfile.TemporaryFile("w", newline="") as log:
        loop = Loop(spec, torch.load(sys.argv[2]), log)
        loop.run(float(sys.argv[4]))
        print(json.dumps({"steps_per_second": loop.run(float(sys.argv[5])), "torch": torch.__version__}))


if __name__ == "__main__":
    main()
