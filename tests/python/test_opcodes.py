"""A linter of every kind of file that Cairn writes: only the opcodes and globals that PyTorch's weights_only takes."""
import torch

import peer


class Opcodes(peer.PeerTest):
    def test_every_kind_of_file(self):
        (images, labels), *_ = peer.image_data(self.folder, 40, 8)
        spec = self.spec("kinds", data={"format": "idx", "images": images, "labels": labels, "validation_fraction": 0.2},
                         model={"type": "CNN", "channels": [4], "hidden": 0, "dropout": 0.1}, loss="CrossEntropyLoss",
                         optimizer={"type": "AdamW", "amsgrad": True}, lr_scheduler={"type": "ReduceLROnPlateau", "patience": 1},
                         training={"epochs": 2, "batch_size": 8, "threads": 1}, early_stopping={"patience": 3})
        self.run_ctl("train", spec)
        full, safe = peer.OPCODES | {"BINFLOAT"}, peer.OPCODES
        saved = self.json("show", "kinds@latest")["path"]
        self.lint(saved, full)
        for file, options, allowed in (("a.pt", [], full), ("w.pth", ["--weights-only"], safe), ("o.pt", ["--torch-1.13"], safe), ("s.py", [], full)):
            self.json("export", "kinds@latest", self.path(file), *options)
            self.lint(self.path(file.replace(".py", ".pt")), allowed)
        self.json("import", self.path("a.pt"), "--spec", spec, "--name", "again")
        self.lint(self.json("show", "again@latest")["path"], full)
        # The form for the old PyTorch is the same checkpoint.
        self.json("import", self.path("o.pt"), "--spec", spec, "--name", "old")
        self.assertEqual(self.json("show", "old@latest")["hash"], self.json("show", "again@latest")["hash"])

        # And what PyTorch itself says, wherever it can.
        whole = torch.load(self.path("o.pt"), weights_only=True)
        weights = torch.load(self.path("w.pth"), weights_only=True)
        reference = peer.load(saved)
        self.assertEqual(list(weights), list(reference["model_state_dict"]))
        for name, tensor in reference["model_state_dict"].items():
            self.assertTrue(torch.equal(tensor, weights[name]) and torch.equal(tensor, whole["model_state_dict"][name]))
        self.assertEqual(whole["loss"].item(), reference["loss"])
        self.assertEqual(whole["optimizer_state_dict"]["param_groups"][0]["lr"].item(), reference["optimizer_state_dict"]["param_groups"][0]["lr"])
        self.assertEqual(peer.load(self.path("a.pt"))["step"], reference["step"])


if __name__ == "__main__":
    peer.main()
