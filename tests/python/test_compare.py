"""Compare: every number that Cairn prints of real checkpoints of digits, images with BatchNorm and sonnets, worked out by PyTorch."""
import csv
import io
import itertools
import math
from pathlib import Path

import torch
import torch.nn.functional as F

import peer

MODELS = {
    "digits": {"type": "MLP", "hidden": [24, 16], "activation": "ReLU", "dropout": 0.1},
    "images": {"type": "CNN", "channels": [4, 6], "hidden": 12, "batch_norm": True, "dropout": 0.1},
    "sonnets": {"type": "Transformer", "layers": 2, "heads": 2, "width": 16, "dropout": 0.1},
}
BATCH = {"digits": 32, "images": 16, "sonnets": 8}
BLOCK = 16
CLOSE = 2e-5  # float32 sums in another order


def doubles(checkpoint):
    return {name: tensor.double() for name, tensor in checkpoint["model_state_dict"].items()}


def finite(value):
    return None if value is None or not math.isfinite(value) else value


class Compare(peer.PeerTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        lines = (peer.EXAMPLES / "digits.csv").read_text().splitlines(keepends=True)
        (cls.folder / "digits.csv").write_text("".join(lines[:601]))
        (cls.folder / "digits-val.csv").write_text(lines[0] + "".join(lines[601:801]))
        text = (peer.EXAMPLES / "sonnets.txt").read_bytes()
        (cls.folder / "text.txt").write_bytes(text[: BLOCK * 64 + 1])
        (cls.folder / "text-val.txt").write_bytes(text[5000 : 5000 + BLOCK * 30 + 1])
        (cls.images, cls.labels), *_ = peer.image_data(cls.folder, 72, 10)
        (cls.val_images, cls.val_labels), _, cls.val_classes = peer.image_data(cls.folder, 44, 10, seed=1)
        cls.made = {}

    def data(self, kind):
        if kind == "digits":
            return {"format": "csv", "path": self.path("digits.csv"), "target": "digit", "validation_path": self.path("digits-val.csv")}
        if kind == "images":
            return {"format": "idx", "images": self.images, "labels": self.labels, "validation_images": self.val_images,
                    "validation_labels": self.val_labels}
        return {"format": "text", "path": self.path("text.txt"), "block_size": BLOCK, "validation_path": self.path("text-val.txt")}

    def case(self, kind):
        """A, B, C, D of one model: a run and its branch with a larger lr; and a module of it."""
        if kind not in self.made:
            spec = self.spec(kind, data=self.data(kind), model=MODELS[kind], loss="CrossEntropyLoss", optimizer={"type": "AdamW", "lr": 0.004},
                             training={"epochs": 40, "batch_size": BATCH[kind], "seed": 3, "device": "cpu", "threads": 1},
                             checkpoints={"keep_last": 0, "every_steps": 4})
            self.run_ctl("train", spec, "--max-steps", 24)
            self.run_ctl("branch", f"{kind}@8", "--name", f"{kind}-b", "--set", "optimizer.lr=0.02", "--max-steps", 20)
            names = [f"{kind}@8", f"{kind}-b@20", f"{kind}@24", f"{kind}@16"]
            script = self.folder / f"{kind}_model.py"
            self.run_ctl("export", names[0], script)
            files = [peer.load(self.json("show", name)["path"]) for name in names]
            self.made[kind] = names, files, self.module(script)
        return self.made[kind]

    def inputs(self, kind, script, part):
        """Inputs and targets of the training or the validation part, in the file's order."""
        if kind == "digits":
            file = self.path("digits.csv" if part == "training" else "digits-val.csv")
            with open(file, newline="") as source:
                targets = [script.CLASSES.index(row["digit"]) for row in csv.DictReader(source)]
            return script.normalize(script.read_input(file)), torch.tensor(targets)
        if kind == "images":
            if part == "training":
                return script.normalize(script.read_input(self.images)), None
            return script.normalize(script.read_input(self.val_images)), self.val_classes.long()
        data = torch.tensor(list((self.folder / ("text.txt" if part == "training" else "text-val.txt")).read_bytes()))
        return data[:-1].view(-1, BLOCK), data[1:].view(-1, BLOCK)

    def logits(self, script, state, x):
        model = script.Model()
        model.load_state_dict(state)
        with torch.no_grad():
            return model.eval()(x)

    def evaluated(self, logits, targets):
        loss = F.cross_entropy(logits.double().flatten(0, -2), targets.flatten()).item()
        return loss, (logits.argmax(-1) == targets).double().mean().item()

    def near(self, ours, theirs, what, relative=CLOSE):
        self.assertLessEqual(abs(ours - theirs), relative * max(abs(ours), abs(theirs), 1e-3), f"{what}: {ours!r} against {theirs!r}")

    # --- weights

    def check_distances(self, ours, a, b, what):
        """`ours` has relative_l2, cosine, max_abs and max_index of one pair."""
        norm, other = a.norm().item(), b.norm().item()
        apart = (b - a).norm().item()
        relative = finite(apart / norm) if norm else (0.0 if other == 0 else None)
        cosine = (a.flatten() @ b.flatten()).item() / norm / other if norm and other else None
        for key, theirs in (("relative_l2", relative), ("cosine", cosine)):
            if theirs is None:
                self.assertIsNone(ours[key], what)
            else:
                self.near(ours[key], theirs, f"{what} {key}", 1e-9)
        difference = (b - a).abs()
        self.assertEqual(ours["max_abs"], difference.max().item(), what)
        self.assertEqual(difference[tuple(ours["max_index"])].item(), difference.max().item(), what)

    def test_weights(self):
        for kind in MODELS:
            names, files, _ = self.case(kind)
            states = [doubles(file) for file in files]
            two = self.json("compare", *names[:2])
            self.assertFalse(two["identical"])
            self.assertEqual([row["name"] for row in two["tensors"]], list(states[0]))
            for row in two["tensors"]:
                a, b = (state[row["name"]] for state in states[:2])
                self.assertEqual(row["shape"], list(a.shape))
                self.assertClose(row["norms"], [a.norm().item(), b.norm().item()], 1e-12, row["name"])
                self.assertClose(row["means"], [a.mean().item(), b.mean().item()], 1e-8, row["name"])
                self.assertClose(row["deviations"], [t.std(unbiased=False).item() for t in (a, b)], 1e-9, row["name"])
                self.check_distances(row, a, b, row["name"])
            learnt = [name for name in states[0] if "running" not in name and "batches" not in name]
            whole = [torch.cat([state[name].flatten() for name in learnt]) for state in states]
            self.near(two["whole"]["relative_l2"], ((whole[1] - whole[0]).norm() / whole[0].norm()).item(), kind, 1e-9)
            self.assertEqual(two["whole"]["parameters"], whole[0].numel())

            four = self.json("compare", *names)
            for row in four["tensors"]:
                for other in range(3):
                    pair = {key: row[key][other] for key in ("relative_l2", "cosine", "max_abs", "max_index")}
                    self.check_distances(pair, states[0][row["name"]], states[other + 1][row["name"]], row["name"])
            self.assertEqual(four["only_in"], [])

    def test_summary(self):
        names, files, _ = self.case("digits")
        found = self.json("compare", *names)
        self.assertEqual(found["settings"], [{"key": "optimizer.lr", "values": [0.004, 0.02, 0.004, 0.004]}])
        for name, row in found["metrics"].items():
            self.assertEqual(row["values"], [file["metrics"].get(name) for file in files], name)
        losses = found["metrics"]["val/loss"]["values"]
        best = [i for i, loss in enumerate(losses) if loss == min(loss for loss in losses if loss is not None)]
        measured = [loss for loss in losses if loss is not None]
        self.assertEqual(found["metrics"]["val/loss"]["best"], best if len(set(measured)) > 1 else [])
        text = self.run_ctl("compare", *names[:2]).stdout.decode()
        self.assertIn("optimizer.lr", text)
        self.assertIn("layers.0.weight", text)

    def test_identical(self):
        names, *_ = self.case("digits")
        found = self.json("compare", names[0], names[0])
        self.assertTrue(found["identical"] and found["identical_weights"])
        self.assertTrue(all(row["relative_l2"] == 0 and row["cosine"] in (1, None) and row["identical"] for row in found["tensors"]))
        found = self.json("compare", names[0], names[1], names[0])
        self.assertFalse(found["identical"])
        self.assertEqual([row["identical"][1] for row in found["tensors"]], [True] * len(found["tensors"]))

    def test_different_models(self):
        names, files, _ = self.case("digits")
        spec = self.spec("wider", data=self.data("digits"), model={"type": "MLP", "hidden": [24, 20, 16]}, loss="CrossEntropyLoss",
                         training={"epochs": 1, "batch_size": 64, "seed": 3, "device": "cpu", "threads": 1})
        self.run_ctl("train", spec, "--max-steps", 2)
        found = self.json("compare", names[0], "wider@latest", "--predictions")
        self.assertEqual([row["name"] for row in found["tensors"]], ["layers.0.weight", "layers.0.bias"])
        shapes = {row["name"]: row["shapes"] for row in found["only_in"]}
        self.assertEqual(shapes["layers.3.weight"], [[16, 24], [20, 24]])
        self.assertEqual(shapes["layers.9.weight"], [None, [10, 16]])
        self.assertIsNone(found["predictions"]["results"][1]["problem"])
        refused = self.run_ctl("path", names[0], "wider@latest", expect=1).stderr.decode()
        self.assertIn("there is no line between them", refused)
        self.run_ctl("average", names[0], "wider@latest", expect=1)
        self.assertFalse(any(run["name"].startswith("average") and "wider" in run["name"] for run in self.json("runs")))
        images = self.case("images")[0]
        found = self.json("compare", names[0], images[0], "--predictions")
        self.assertEqual(found["tensors"], [])
        self.assertIn("takes images", found["predictions"]["results"][1]["problem"])
        self.assertIsNotNone(found["predictions"]["results"][0]["loss"])

    # --- predictions

    def test_predictions_of_classes(self):
        for kind in ("digits", "images"):
            names, files, script = self.case(kind)
            x, y = self.inputs(kind, script, "validation")
            logits = [self.logits(script, file["model_state_dict"], x) for file in files]
            found = self.json("compare", *names, "--predictions", "--samples", 15)["predictions"]
            self.assertEqual((found["data"]["of"], found["data"]["part"], found["data"]["samples"]), ("A", "validation", len(y)))
            predicted = [one.argmax(1) for one in logits]
            for i, result in enumerate(found["results"]):
                loss, accuracy = self.evaluated(logits[i], y)
                self.near(result["loss"], loss, f"{kind} loss {i}")
                self.assertEqual(result["accuracy"], accuracy)
                confusion = torch.zeros(10, 10, dtype=torch.int64)
                for truth, answer in zip(y, predicted[i]):
                    confusion[truth, answer] += 1
                self.assertEqual(result["confusion"], confusion.tolist())
            for i, j in itertools.product(range(4), repeat=2):
                self.near(found["agreement"][i][j], (predicted[i] == predicted[j]).double().mean().item(), "agreement", 1e-12)
            self.near(found["all_agree"], torch.stack([p == predicted[0] for p in predicted]).all(0).double().mean().item(), "all", 1e-12)
            masks = sum((p == y).long() << i for i, p in enumerate(predicted))
            self.assertEqual(found["right_by"], torch.bincount(masks, minlength=16).tolist())

            probabilities = [one.double().softmax(1) for one in logits]
            apart = torch.stack([(p - probabilities[0]).abs().sum(1) / 2 for p in probabilities[1:]]).max(0).values
            self.assertEqual(len(found["samples"]), 15)
            self.assertEqual(found["differing"], int((apart > 0).sum()))
            first = 600 if kind == "digits" else 72  # validation samples come after the training part's
            order = [sample["number"] - first for sample in found["samples"]]
            for sample, n, largest in zip(found["samples"], order, apart.sort(descending=True).values):
                self.near(sample["difference"], apart[n].item(), "difference", 1e-4)
                self.near(sample["difference"], largest.item(), "its rank", 1e-4)
                self.assertEqual(sample["truth"], [script.CLASSES[y[n]]])
                for i, answer in enumerate(sample["answers"]):
                    self.assertEqual(answer["outputs"], [script.CLASSES[predicted[i][n]]])
                    self.assertEqual(answer["right"], bool(predicted[i][n] == y[n]))
                    for ours, theirs in zip(answer["probabilities"], probabilities[i][n].tolist()):
                        self.near(ours, theirs, "probability", 1e-4)
                    self.near(answer["loss"], F.cross_entropy(logits[i][n : n + 1].double(), y[n : n + 1]).item(), "a sample's loss", 1e-4)

    def test_predictions_of_text(self):
        names, files, script = self.case("sonnets")
        x, y = self.inputs("sonnets", script, "validation")
        logits = [self.logits(script, file["model_state_dict"], x) for file in files[:2]]
        found = self.json("compare", *names[:2], "--predictions")["predictions"]
        for result, one in zip(found["results"], logits):
            loss, accuracy = self.evaluated(one, y)
            self.near(result["loss"], loss, "loss")
            self.near(result["accuracy"], accuracy, "accuracy", 1e-12)
        predicted = [one.argmax(-1) for one in logits]
        self.near(found["agreement"][0][1], (predicted[0] == predicted[1]).double().mean().item(), "agreement", 1e-12)
        a, b = (one.double().softmax(-1) for one in logits)
        apart = ((a - b).abs().sum(-1) / 2).mean(1)
        first = BLOCK * 64 + 1
        text = (self.folder / "text-val.txt").read_bytes()
        for sample, largest in zip(found["samples"], apart.sort(descending=True).values):
            start = sample["number"] - first
            self.near(sample["difference"], largest.item(), "difference", 1e-4)
            self.near(sample["difference"], apart[start // BLOCK].item(), "difference", 1e-4)
            prompt = text[start : start + BLOCK // 2]
            self.assertEqual(sample["prompt"], prompt.decode())
            self.assertEqual(sample["truth"], [text[start + BLOCK // 2 : start + BLOCK + 1].decode()])
            for file, answer in zip(files[:2], sample["answers"]):
                written = list(prompt)
                for _ in range(BLOCK // 2 + 1):
                    written.append(int(self.logits(script, file["model_state_dict"], torch.tensor([written]))[0, -1].argmax()))
                self.assertEqual(answer["outputs"][0], bytes(written[BLOCK // 2 :]).decode(errors="replace"))

    def test_predictions_of_values(self):
        spec = self.spec("line", data={"format": "csv", "path": str(peer.EXAMPLES / "line.csv"), "target": "y", "task": "regression",
                                       "normalize": False}, model={"type": "MLP", "hidden": []}, loss="MSELoss",
                         optimizer={"type": "SGD", "lr": 0.01}, training={"epochs": 9, "batch_size": 2, "device": "cpu", "threads": 1},
                         checkpoints={"keep_last": 0})
        self.run_ctl("train", spec)
        names = ["line@2", "line@latest"]
        states = [peer.load(self.json("show", name)["path"])["model_state_dict"] for name in names]
        rows = list(csv.DictReader(io.StringIO((peer.EXAMPLES / "line.csv").read_text())))
        x, y = (torch.tensor([[float(row[key])] for row in rows]) for key in ("x", "y"))
        values = [F.linear(x, state["layers.0.weight"], state["layers.0.bias"]) for state in states]
        found = self.json("compare", *names, "--predictions")["predictions"]
        self.assertEqual(found["data"]["part"], "training")  # there is no other, and it is said
        self.assertTrue(found["data"]["notes"])
        for result, ours in zip(found["results"], values):
            self.near(result["loss"], F.mse_loss(ours, y).item(), "loss")
            self.assertIsNone(result["accuracy"])
        for sample in found["samples"]:
            n = sample["number"]
            self.near(sample["difference"], (values[1][n] - values[0][n]).abs().item(), "difference", 1e-4)
            self.assertEqual(float(sample["truth"][0]), y[n].item())
            self.near(float(sample["answers"][1]["outputs"][0]), values[1][n].item(), "value")

    # --- path and average

    def mixed(self, states, shares):
        return {name: sum(share * state[name].double() for share, state in zip(shares, states)).to(states[0][name].dtype) for name in states[0]}

    def with_statistics(self, kind, script, state):
        """BatchNorm's statistics anew, by PyTorch's own function."""
        model = script.Model()
        model.load_state_dict(state)
        x, _ = self.inputs(kind, script, "training")
        torch.optim.swa_utils.update_bn(x.split(BATCH[kind]), model)
        return model.state_dict()

    def test_path(self):
        for kind in MODELS:
            names, files, script = self.case(kind)
            states = [file["model_state_dict"] for file in files[:2]]
            x, y = self.inputs(kind, script, "validation")
            found = self.json("path", *names[:2], "--points", 5)
            self.assertEqual([point["t"] for point in found["points"]], [0, 0.25, 0.5, 0.75, 1])
            self.assertEqual(found["statistics_anew"], kind == "images")
            losses = []
            for point in found["points"]:
                t = point["t"]
                state = states[int(t)] if t in (0, 1) else self.mixed(states, [1 - t, t])
                if t not in (0, 1) and kind == "images":
                    state = self.with_statistics(kind, script, state)
                loss, accuracy = self.evaluated(self.logits(script, state, x), y)
                self.near(point["loss"], loss, f"{kind} at {t}", 1e-4)
                self.near(point["accuracy"], accuracy, f"{kind} at {t}", 1e-12)
                losses.append(loss)
            rise = max(0, *(loss - ((1 - i / 4) * losses[0] + i / 4 * losses[4]) for i, loss in enumerate(losses)))
            self.near(found["barrier"], rise, "barrier", 1e-3)
        self.assertIn("LOSS", self.run_ctl("path", *names[:2], "--points", 3).stdout.decode())

    def test_average(self):
        for kind in MODELS:
            names, files, script = self.case(kind)
            made = self.json("average", *names[:3], "--name", f"{kind}-mean")
            self.assertEqual((made["status"], made["parent_checkpoint"], made["step"]), ("paused", None, 24))
            checkpoint = made["checkpoint"]
            self.assertEqual((checkpoint["kind"], checkpoint["roles"][0], checkpoint["state"]), ("averaged", "averaged", "ready"))
            self.assertEqual(checkpoint["parents"], [file["cairn"]["checkpoint"] for file in files[:3]])
            self.assertEqual(self.json("show", f"{kind}-mean@latest"), checkpoint)
            state = self.mixed([file["model_state_dict"] for file in files[:3]], [1 / 3] * 3)
            if kind == "images":
                state = self.with_statistics(kind, script, state)
            saved = peer.load(checkpoint["path"])
            self.assertEqual(saved["cairn"]["parents"], checkpoint["parents"])
            self.assertEqual(list(saved["model_state_dict"]), list(state))
            for name, tensor in state.items():
                self.assertTrue(torch.allclose(saved["model_state_dict"][name], tensor, rtol=1e-5, atol=1e-6), f"{kind} {name}")
            x, y = self.inputs(kind, script, "validation")
            loss, accuracy = self.evaluated(self.logits(script, saved["model_state_dict"], x), y)
            self.near(checkpoint["metrics"]["val/loss"], loss, kind)
            self.near(checkpoint["metrics"]["val/accuracy"], accuracy, kind, 1e-6)
            rows = list(csv.DictReader(io.StringIO(self.run_ctl("metrics", f"{kind}-mean", "--series", "val/loss").stdout.decode())))
            self.assertEqual([(int(row["step"]), float(row["value"])) for row in rows], [(24, checkpoint["metrics"]["val/loss"])])
            if kind != "images":
                continue
            # It goes on, and others branch from it.
            run = self.json("resume", f"{kind}-mean", "--max-steps", 26)
            self.assertEqual(run["step"], 26)
            child = self.json("branch", f"{kind}-mean@24", "--name", f"{kind}-child", "--max-steps", 25)
            self.assertEqual(child["parent_checkpoint"], checkpoint["id"])

    def test_a_damaged_mean_is_never_replaced_by_a_parent(self):
        names, *_ = self.case("digits")
        made = self.json("average", *names[:2], "--name", "fragile")
        path = Path(made["checkpoint"]["path"])
        whole = path.read_bytes()
        half = len(whole) // 2
        path.write_bytes(whole[:half] + bytes([whole[half] ^ 1]) + whole[half + 1 :])
        refused = self.run_ctl("resume", "fragile", expect=1).stderr.decode()
        self.assertIn("no training leads to", refused)
        self.assertIn("average the checkpoints anew", refused)
        self.assertEqual(self.json("show", "fragile")["step"], 20)
        path.write_bytes(whole)  # every file that a test leaves is looked through

    # --- names

    def test_imported_names_are_compared_under_the_models(self):
        names, files, script = self.case("digits")
        renamed = {"layers.0": "net.first", "layers.3": "net.second", "layers.6": "net.out"}
        state = {renamed[name.rsplit(".", 1)[0]] + "." + name.rsplit(".", 1)[1]: tensor + 0.125 * (i == 0)
                 for i, (name, tensor) in enumerate(files[0]["model_state_dict"].items())}
        torch.save({"epoch": 1, "model_state_dict": state}, self.path("renamed.pt"))
        self.run_ctl("import", self.path("renamed.pt"), "--spec", self.path("digits.json"), "--name", "imported")
        found = self.json("compare", names[0], "imported@latest", "--predictions")
        self.assertEqual([row["name"] for row in found["tensors"]], list(files[0]["model_state_dict"]))
        self.assertEqual(found["only_in"], [])
        self.assertEqual([row["identical"] for row in found["tensors"]], [False] + [True] * 5)
        self.assertIsNone(found["predictions"]["results"][1]["problem"])
        made = self.json("average", "imported@latest", names[0], "--name", "joined")
        saved = peer.load(made["checkpoint"]["path"])
        theirs = (files[0]["model_state_dict"]["layers.0.weight"] + state["net.first.weight"]) / 2
        name = "layers.0.weight" if "layers.0.weight" in saved["model_state_dict"] else "net.first.weight"
        self.assertTrue(torch.allclose(saved["model_state_dict"][name], theirs, rtol=1e-6))


if __name__ == "__main__":
    peer.main()
