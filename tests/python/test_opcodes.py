"""A linter of every kind of file that Cairn writes: only the opcodes and globals that PyTorch's weights_only takes."""
import pickletools
import zipfile

import torch
from torch import _weights_only_unpickler as unpickler

import peer

# Of torch/_weights_only_unpickler.py in PyTorch 1.13 and 2.0 (which adds BINFLOAT); later versions take all of these.
OPCODES = {
    "GLOBAL", "NEWOBJ", "REDUCE", "BUILD", "APPEND", "APPENDS", "SETITEM", "SETITEMS", "MARK", "TUPLE", "TUPLE1", "TUPLE2",
    "TUPLE3", "NONE", "NEWFALSE", "NEWTRUE", "EMPTY_TUPLE", "EMPTY_LIST", "EMPTY_DICT", "EMPTY_SET", "BININT", "BININT1",
    "BININT2", "BINUNICODE", "SHORT_BINSTRING", "BINPERSID", "BINGET", "LONG_BINGET", "BINPUT", "LONG_BINPUT", "LONG1",
    "PROTO", "STOP",
}
GLOBALS = {"collections OrderedDict", "torch._utils _rebuild_tensor_v2"} | {
    f"torch {kind}Storage" for kind in "Float Double Half BFloat16 Byte Char Short Int Long Bool".split()
}


class Opcodes(peer.PeerTest):
    def check(self, path, opcodes):
        with zipfile.ZipFile(path) as archive:
            self.assertIsNone(archive.testzip())
            names = archive.namelist()
            root = names[0].split("/")[0]
            self.assertEqual(names[0], f"{root}/data.pkl")
            self.assertTrue(all(name.startswith(root + "/") for name in names))
            self.assertTrue(all(info.compress_type == zipfile.ZIP_STORED for info in archive.infolist()))
            self.assertEqual(archive.read(f"{root}/version"), b"3\n")
            met, called = set(), set()
            for opcode, argument, _ in pickletools.genops(archive.read(f"{root}/data.pkl")):
                met.add(opcode.name)
                if opcode.name == "GLOBAL":
                    called.add(argument)
        self.assertLessEqual(met, opcodes, path)
        self.assertLessEqual(called, GLOBALS, path)
        known = unpickler._get_allowed_globals()
        for name in called:
            self.assertIn(name.replace(" ", "."), known)

    def test_every_kind_of_file(self):
        (images, labels), *_ = peer.image_data(self.folder, 40, 8)
        spec = self.spec("kinds", data={"format": "idx", "images": images, "labels": labels, "validation_fraction": 0.2},
                         model={"type": "CNN", "channels": [4], "hidden": 0, "dropout": 0.1}, loss="CrossEntropyLoss",
                         optimizer={"type": "AdamW", "amsgrad": True}, lr_scheduler={"type": "ReduceLROnPlateau", "patience": 1},
                         training={"epochs": 2, "batch_size": 8, "threads": 1}, early_stopping={"patience": 3})
        self.run_ctl("train", spec)
        full, safe = OPCODES | {"BINFLOAT"}, OPCODES
        saved = self.json("show", "kinds@latest")["path"]
        self.check(saved, full)
        for file, options, allowed in (("a.pt", [], full), ("w.pth", ["--weights-only"], safe), ("o.pt", ["--torch-1.13"], safe), ("s.py", [], full)):
            self.json("export", "kinds@latest", self.path(file), *options)
            self.check(self.path(file.replace(".py", ".pt")), allowed)
        self.json("import", self.path("a.pt"), "--spec", spec, "--name", "again")
        self.check(self.json("show", "again@latest")["path"], full)

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
