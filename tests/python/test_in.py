"""In: what a Python script saved goes on training in Cairn: the losses that Python prints for its next epochs."""
import csv
import json
import math

import torch
from torch import nn
import torch.nn.functional as F

import peer

LINE = {"format": "csv", "path": str(peer.EXAMPLES / "line.csv"), "target": "y", "task": "regression", "normalize": False, "shuffle": False}


class Tutorial(nn.Module):
    def __init__(self):
        super().__init__()
        self.linear = nn.Linear(1, 1)

    def forward(self, x):
        return self.linear(x)


class Net(nn.Module):
    """Registers its layers in another order than Cairn's model has them."""

    def __init__(self, inputs=4):
        super().__init__()
        self.out = nn.Linear(8, 3)
        self.drop = nn.Dropout(0.25)
        self.fc1 = nn.Linear(inputs, 8)

    def forward(self, x):
        return self.out(self.drop(torch.tanh(self.fc1(x))))


class ConvNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = nn.Conv2d(1, 4, 3, padding=1)
        self.bn1 = nn.BatchNorm2d(4)
        self.conv2 = nn.Conv2d(4, 4, 3, padding=1)
        self.bn2 = nn.BatchNorm2d(4)
        self.fc = nn.Sequential(nn.Linear(16, 12), nn.ReLU(), nn.Dropout(0.2), nn.Linear(12, 10))

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 2)
        x = F.max_pool2d(F.relu(self.bn2(self.conv2(x))), 2)
        return self.fc(x.flatten(1))


class Layer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.ln_1, self.c_attn, self.c_proj = nn.LayerNorm(width), nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.ln_2, self.up, self.down = nn.LayerNorm(width), nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, mask):
        n, t, w = x.shape
        q, k, v = self.c_attn(self.ln_1(x)).view(n, t, 3, self.heads, w // self.heads).permute(2, 0, 3, 1, 4)
        weights = (q @ k.transpose(-2, -1) / math.sqrt(w // self.heads) + mask).softmax(-1)
        x = x + self.c_proj((weights @ v).transpose(1, 2).reshape(n, t, w))
        return x + self.down(F.gelu(self.up(self.ln_2(x))))


class Gpt(nn.Module):
    """Its head is tied to its embedding, under a name of its own."""

    def __init__(self, width=16, heads=2, block=16):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(256, width), nn.Embedding(block, width)
        self.h = nn.ModuleList([Layer(width, heads), Layer(width, heads)])
        self.ln_f = nn.LayerNorm(width)
        self.lm_head = nn.Linear(width, 256, bias=False)
        self.lm_head.weight = self.wte.weight
        nn.init.normal_(self.wte.weight, std=0.02)

    def forward(self, x):
        t = x.shape[1]
        mask = torch.full((t, t), -math.inf).triu(1)
        x = self.wte(x) + self.wpe.weight[:t]
        for layer in self.h:
            x = layer(x, mask)
        return self.lm_head(self.ln_f(x))


def normalized(x):
    x = x.double()
    return ((x - x.mean(0)) / x.std(0, unbiased=False)).float()


class In(peer.PeerTest):
    def iris(self):
        with open(peer.EXAMPLES / "iris.csv", newline="") as file:
            rows = list(csv.reader(file))[1:]
        classes = sorted({row[-1] for row in rows})
        x = normalized(torch.tensor([[float(v) for v in row[:-1]] for row in rows]))
        return list(zip(x.split(30), torch.tensor([classes.index(row[-1]) for row in rows]).split(30)))

    def train(self, model, optimizer, batches, epochs, loss_of, scheduler=None):
        losses = []
        for _ in range(epochs):
            for x, y in batches:
                optimizer.zero_grad()
                loss = loss_of(model(x), y)
                loss.backward()
                optimizer.step()
                losses.append(loss)
            if scheduler:
                scheduler.step()
        return losses

    def goes_on(self, name, spec, path, model, optimizer, batches, loss_of=F.cross_entropy, scheduler=None, after=3):
        """Python trains two more epochs; Cairn imports and does the same."""
        torch_losses = [loss.item() for loss in self.train(model, optimizer, batches, 2, loss_of, scheduler)]
        checkpoint = self.json("import", path, "--spec", spec, "--name", name)
        self.assertEqual((checkpoint["kind"], checkpoint["epoch"], checkpoint["state"]), ("imported", after, "ready"))
        self.assertEqual(checkpoint["step"], after * len(batches))
        self.assertEqual(self.json("show", name)["status"], "paused")
        self.run_ctl("resume", name, "--epochs", after + 2)
        ours = self.losses(name)
        self.assertEqual(list(ours), list(range(after * len(batches) + 1, (after + 2) * len(batches) + 1)))
        self.assertClose(list(ours.values()), torch_losses, 1e-5, name)
        # The file's names are kept, and the checkpoint that Cairn now has goes straight back into the Python model.
        saved = peer.load(self.json("show", f"{name}@latest")["path"])
        self.assertEqual(list(saved["model_state_dict"]), list(model.state_dict()))
        model.load_state_dict(saved["model_state_dict"])
        optimizer.load_state_dict(saved["optimizer_state_dict"])
        return checkpoint

    def test_the_tutorials_checkpoint(self):
        x, y = torch.tensor([[1.0], [2.0], [3.0], [4.0]]), torch.tensor([[2.0], [4.0], [6.0], [8.0]])
        torch.manual_seed(0)
        model = Tutorial()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        loss = self.train(model, optimizer, [(x, y)], 3, F.mse_loss)[-1]
        for key, value in (("number", loss.item()), ("tensor", loss)):
            path = self.path(f"checkpoint-{key}.pth")
            torch.save({"epoch": 3, "model_state_dict": model.state_dict(), "optimizer_state_dict": optimizer.state_dict(), "loss": value}, path)
        # The spec's lr is another one: the file's wins.
        spec = self.spec("line", data=LINE, model={"type": "MLP", "hidden": []}, loss="MSELoss", optimizer={"type": "SGD", "lr": 0.5},
                         training={"epochs": 3, "batch_size": 4, "device": "cpu", "threads": 1})
        done = self.run_ctl("import", self.path("checkpoint-tensor.pth"), "--spec", spec, "--name", "by-tensor")
        said = done.stderr.decode()
        self.assertIn("linear.weight -> layers.0.weight", said)
        self.assertIn("optimizer.lr", said)
        checkpoint = self.goes_on("tutorial", spec, self.path("checkpoint-number.pth"), model, optimizer, [(x, y)], F.mse_loss)
        self.assertAlmostEqual(checkpoint["loss"], loss.item(), places=6)
        self.assertEqual(self.json("show", "tutorial")["spec"]["optimizer"]["lr"], 0.1)
        self.exports_bear_the_names("tutorial", model, x)

    def exports_bear_the_names(self, run, model, x):
        self.json("branch", f"{run}@latest", "--name", f"{run}-branch", "--set", "training.epochs=6")
        for name in (run, f"{run}-branch"):
            script = self.folder / f"{name}.py"
            self.json("export", f"{name}@latest", script)
            state = self.module(script).load_model().state_dict()
            self.assertEqual(list(state), list(model.state_dict()))
            self.json("export", f"{name}@latest", self.path(f"{name}-weights.pt"), "--weights-only")
            model.load_state_dict(peer.load(self.path(f"{name}-weights.pt"), True))
            model.eval()
            self.assertTrue(torch.allclose(self.module(script).load_model()(x), model(x), rtol=1e-5, atol=1e-6))

    def test_adam_steplr_dropout_and_random_state(self):
        torch.manual_seed(1)
        model, batches = Net(), self.iris()
        optimizer = torch.optim.Adam(model.parameters(), lr=0.02, betas=(0.8, 0.95), weight_decay=0.01)
        scheduler = torch.optim.lr_scheduler.StepLR(optimizer, step_size=2, gamma=0.3)
        self.train(model, optimizer, batches, 3, F.cross_entropy, scheduler)
        path = self.path("net.pt")
        torch.save({"epoch": 3, "model": model.state_dict(), "optimizer": optimizer.state_dict(),
                    "lr_scheduler_state_dict": scheduler.state_dict(), "torch_rng_state": torch.get_rng_state()}, path)
        spec = self.spec("net", data={"format": "csv", "path": str(peer.EXAMPLES / "iris.csv"), "target": "species", "shuffle": False},
                         model={"type": "MLP", "hidden": [8], "activation": "Tanh", "dropout": 0.25}, loss="CrossEntropyLoss",
                         optimizer={"type": "Adam", "lr": 1.0}, training={"epochs": 3, "batch_size": 30, "threads": 1, "device": "cpu"})
        self.goes_on("net", spec, path, model, optimizer, batches, scheduler=scheduler)
        run = self.json("show", "net")["spec"]
        self.assertEqual((run["lr_scheduler"]["type"], run["lr_scheduler"]["step_size"]), ("StepLR", 2))
        self.assertEqual((run["optimizer"]["lr"], run["optimizer"]["betas"]), (0.02, [0.8, 0.95]))
        self.exports_bear_the_names("net", model, batches[0][0])

    def test_adamw_amsgrad_batchnorm_cosine(self):
        (images, labels), pixels, classes = peer.image_data(self.folder, 64, 8)
        x = pixels.double() / 255
        x = ((x - x.mean()) / x.std(unbiased=False)).float().unsqueeze(1)
        batches = list(zip(x.split(16), classes.long().split(16)))
        torch.manual_seed(2)
        model = ConvNet()
        optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, amsgrad=True)
        scheduler = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=6)
        self.train(model, optimizer, batches, 3, F.cross_entropy, scheduler)
        path = self.path("conv.pt")
        torch.save({"epoch": 3, "model_state_dict": model.state_dict(), "optimizer_state_dict": optimizer.state_dict(),
                    "scheduler": scheduler.state_dict(), "rng_state": torch.get_rng_state()}, path)
        spec = self.spec("conv", data={"format": "idx", "images": images, "labels": labels, "shuffle": False},
                         model={"type": "CNN", "channels": [4, 4], "hidden": 12, "dropout": 0.2}, loss="CrossEntropyLoss",
                         optimizer={"type": "AdamW"}, lr_scheduler={"type": "CosineAnnealingLR"},
                         training={"epochs": 3, "batch_size": 16, "threads": 1, "device": "cpu"})
        self.goes_on("conv", spec, path, model, optimizer, batches, scheduler=scheduler)
        self.exports_bear_the_names("conv", model, x[:5])

    def test_adam_plateau(self):
        torch.manual_seed(5)
        model, batches = Net(), self.iris()
        model.drop.p = 0
        optimizer = torch.optim.Adam(model.parameters(), lr=0.05, amsgrad=True)
        scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=0, threshold=0.5, threshold_mode="abs")

        def epoch(count):
            """Its schedule sees the mean loss of the epoch, as Cairn's does without validation."""
            losses = []
            for _ in range(count):
                losses.append([loss.item() for loss in self.train(model, optimizer, batches, 1, F.cross_entropy)])
                scheduler.step(sum(losses[-1]) / len(losses[-1]))
            return [loss for part in losses for loss in part]

        epoch(3)
        self.assertLess(scheduler.optimizer.param_groups[0]["lr"], 0.05)
        path = self.path("plateau.pt")
        torch.save({"epoch": 3, "model_state_dict": model.state_dict(), "optimizer_state_dict": optimizer.state_dict(), "scheduler": scheduler.state_dict()}, path)
        spec = self.spec("plateau", data={"format": "csv", "path": str(peer.EXAMPLES / "iris.csv"), "target": "species", "shuffle": False},
                         model={"type": "MLP", "hidden": [8], "activation": "Tanh"}, loss="CrossEntropyLoss", optimizer={"type": "Adam"},
                         training={"epochs": 6, "batch_size": 30, "threads": 1, "device": "cpu"})
        self.run_ctl("import", path, "--spec", spec, "--name", "plateau")
        self.run_ctl("resume", "plateau")
        self.assertClose(list(self.losses("plateau").values()), epoch(3), 1e-5, "plateau")
        self.assertEqual(self.json("show", "plateau")["spec"]["lr_scheduler"]["type"], "ReduceLROnPlateau")

    def test_tied_weights_and_nesterov(self):
        (self.folder / "text.txt").write_bytes((peer.EXAMPLES / "sonnets.txt").read_bytes()[: 16 * 24 + 1])
        data = torch.tensor(list((self.folder / "text.txt").read_bytes()))
        batches = list(zip(data[:-1].view(-1, 16).split(8), data[1:].view(-1, 16).split(8)))
        torch.manual_seed(3)
        model = Gpt()
        optimizer = torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.001)
        loss_of = lambda output, y: F.cross_entropy(output.flatten(0, 1), y.flatten())
        self.train(model, optimizer, batches, 3, loss_of)
        path = self.path("gpt.pt")
        torch.save({"epoch": 3, "global_step": 9, "state_dict": model.state_dict(), "optimizer_state_dict": optimizer.state_dict(),
                    "cpu_rng_state": torch.get_rng_state()}, path)
        spec = self.spec("gpt", data={"format": "text", "path": self.path("text.txt"), "block_size": 16, "shuffle": False},
                         model={"type": "Transformer", "layers": 2, "heads": 2, "width": 16}, loss="CrossEntropyLoss",
                         optimizer={"type": "SGD", "lr": 9}, training={"epochs": 3, "batch_size": 8, "threads": 1, "device": "cpu"})
        self.goes_on("gpt", spec, path, model, optimizer, batches, loss_of)
        saved = peer.load(self.json("show", "gpt@latest")["path"])["model_state_dict"]
        self.assertEqual(saved["wte.weight"].data_ptr(), saved["lm_head.weight"].data_ptr())
        self.exports_bear_the_names("gpt", model, batches[0][0])
        script = self.module(self.folder / "gpt.py").load_model()
        self.assertIs(script._modules["lm_head"].weight, script._modules["wte"].weight)

    def test_weights_alone_in_every_form(self):
        spec = self.spec("bare", data={"format": "csv", "path": str(peer.EXAMPLES / "iris.csv"), "target": "species"},
                         model={"type": "MLP", "hidden": [8], "activation": "Tanh"}, loss="CrossEntropyLoss", training={"epochs": 2, "batch_size": 30})
        model = Net()
        half = {name: tensor.half() for name, tensor in model.state_dict().items()}
        columns = {name: torch.stack([tensor, tensor], -1)[..., 0] for name, tensor in model.state_dict().items()}  # strided views
        others = {str(dtype)[6:]: {name: tensor.to(dtype) for name, tensor in model.state_dict().items()} for dtype in (torch.bfloat16, torch.float64)}
        files = {"bare": model.state_dict(), "half": half, **others, "strided": columns, "prefixed": {"module." + k: v for k, v in model.state_dict().items()},
                 "parameters": dict(model.named_parameters()), "wrapped": {"state_dict": model.state_dict(), "hyper": {"x": 1}}}
        for name, value in files.items():
            torch.save(value, self.path(f"{name}.pt"))
            checkpoint = self.json("import", self.path(f"{name}.pt"), "--spec", spec, "--name", name)
            self.assertEqual((checkpoint["step"], checkpoint["epoch"], checkpoint["loss"]), (0, 0, None))
            saved = peer.load(checkpoint["path"])["model_state_dict"]
            wanted = value.get("state_dict", value)
            self.assertEqual(list(saved), list(wanted))
            for key in saved:
                self.assertTrue(torch.equal(saved[key], wanted[key].float()), key)
        self.json("export", "bare@latest", self.path("w.safetensors"))
        checkpoint = self.json("import", self.path("w.safetensors"), "--spec", spec, "--name", "safe")
        saved = peer.load(checkpoint["path"])["model_state_dict"]
        self.assertTrue(all(torch.equal(saved[key], value) for key, value in model.state_dict().items()))
        self.run_ctl("resume", "safe")
        self.assertEqual(self.json("show", "safe")["status"], "completed")

    def test_safetensors_of_the_official_package(self):
        try:
            from safetensors.torch import save_file, save_model
        except ImportError:
            self.skipTest("this Python has no safetensors")
        torch.manual_seed(4)
        spec = self.spec("official", data={"format": "csv", "path": str(peer.EXAMPLES / "iris.csv"), "target": "species"},
                         model={"type": "MLP", "hidden": [8]}, loss="CrossEntropyLoss", training={"epochs": 2, "batch_size": 30})
        model = Net()
        save_file(model.state_dict(), self.path("official.safetensors"), {"format": "pt"})
        (self.folder / "text.txt").write_bytes(b"Shall I compare thee to a summer's day?" * 9)
        text = self.spec("tied", data={"format": "text", "path": self.path("text.txt"), "block_size": 16}, loss="CrossEntropyLoss",
                         model={"type": "Transformer", "layers": 2, "heads": 2, "width": 16}, training={"epochs": 1, "batch_size": 2})
        gpt = Gpt()
        save_model(gpt, self.path("tied.safetensors"))
        for name, module, path in (("official", model, spec), ("tied", gpt, text)):
            checkpoint = self.json("import", self.path(f"{name}.safetensors"), "--spec", path, "--name", name)
            saved = peer.load(checkpoint["path"])["model_state_dict"]
            self.assertEqual(sorted(saved), sorted(module.state_dict()))
            self.assertTrue(all(torch.equal(saved[key], value) for key, value in module.state_dict().items()))

    def test_what_does_not_fit_is_said_tensor_by_tensor(self):
        spec = self.spec("misfit", data={"format": "csv", "path": str(peer.EXAMPLES / "iris.csv"), "target": "species"},
                         model={"type": "MLP", "hidden": [8, 8], "activation": "Tanh"}, loss="CrossEntropyLoss",
                         optimizer={"type": "Adam"}, training={"epochs": 2, "batch_size": 30})
        model = Net(inputs=5)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        torch.save({"epoch": 1, "model_state_dict": model.state_dict(), "optimizer_state_dict": optimizer.state_dict()}, self.path("misfit.pt"))
        before = self.json("runs") if (self.folder / "home").exists() else []
        said = self.run_ctl("import", self.path("misfit.pt"), "--spec", spec, expect=1).stderr.decode()
        self.assertIn("misfit.pt: ", said)
        for part in ("fc1.weight: of shape [8, 5] has no place", "layers.3.weight: the file has no tensor", "SGD"):
            self.assertIn(part, said)
        plan = json.loads(self.run_ctl("import", self.path("misfit.pt"), "--spec", spec, "--dry-run", "--json", expect=1).stdout)
        rows = {row["file"] or row["model"]: row for row in plan["rows"]}
        self.assertEqual((rows["fc1.bias"]["model"], rows["fc1.bias"]["how"], rows["fc1.bias"]["problem"]), ("layers.0.bias", "by order and shape", ""))
        self.assertEqual((rows["fc1.weight"]["how"], rows["layers.0.weight"]["how"]), ("unused", "missing"))
        torch.save(model, self.path("object.pt"))
        said = self.run_ctl("import", self.path("object.pt"), "--spec", spec, expect=1).stderr.decode()
        self.assertIn("Net", said)
        self.assertIn("state_dict", said)
        self.assertEqual(self.json("runs"), before)


if __name__ == "__main__":
    peer.main()
