"""The peer of row 5: torch.load, load_state_dict and a step in a warm Python. usage: resume.py FILE.pt THREADS TIMES

The checkpoint is Cairn's own, of an MLP; the model, the optimizer and a batch are there already.
"""

import json
import statistics
import sys
import time

import torch
from torch import nn


def model_like(state):
    """An MLP under the names of the checkpoint: layers.0, layers.3 and so on are Linear."""
    weights = {int(name.split(".")[1]): tensor.shape for name, tensor in state.items() if name.endswith("weight")}
    layers = []
    for at in range(max(weights) + 1):
        if at in weights:
            layers.append(nn.Linear(weights[at][1], weights[at][0]))
        else:
            layers.append(nn.ReLU() if at - 1 in weights else nn.Identity())
    return nn.Sequential(*layers)


def step(model, optimizer, x, y):
    optimizer.zero_grad(set_to_none=True)
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss.item()


def resume(path, model, optimizer, x, y):
    begin = time.perf_counter()
    file = torch.load(path)
    model.load_state_dict({name.removeprefix("layers."): tensor for name, tensor in file["model_state_dict"].items()})
    optimizer.load_state_dict(file["optimizer_state_dict"])
    step(model, optimizer, x, y)
    return time.perf_counter() - begin


def main():
    path, times = sys.argv[1], int(sys.argv[3])
    torch.set_num_threads(int(sys.argv[2]))
    file = torch.load(path)
    model = model_like(file["model_state_dict"])
    batch = json.loads(file["cairn"]["spec"])["training"]["batch_size"]
    inputs = next(iter(file["model_state_dict"].values())).shape[1]
    outputs = list(file["model_state_dict"].values())[-1].shape[0]
    x, y = torch.randn(batch, inputs), torch.randint(outputs, (batch,))
    optimizer = torch.optim.AdamW(model.parameters())
    step(model, optimizer, x, y)
    seconds = [resume(path, model, optimizer, x, y) for _ in range(times + 1)]
    print(json.dumps({"seconds": statistics.median(seconds[1:])}))


if __name__ == "__main__":
    main()
