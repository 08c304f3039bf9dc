"""What the tests against Python's own PyTorch share: a home of their own, cairnctl, and data in Cairn's order.

Each test_*.py is run as `python3 test_x.py PATH/TO/cairnctl`; ctest calls it "python.x". It exits with 77 (skipped)
where that Python has no torch: scripts/test installs Debian's.
"""
import csv
import gzip
import importlib.util
import io
import json
import os
import pickletools
import struct
import subprocess
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

EXAMPLES = Path(__file__).resolve().parents[2] / "resources" / "examples"
CAIRNCTL = sys.argv.pop(1) if len(sys.argv) > 1 and "cairnctl" in sys.argv[1] else "cairnctl"

os.environ["OMP_NUM_THREADS"] = "1"  # as the specs here: other counts give other last bits
try:
    import torch
    from torch import _weights_only_unpickler as unpickler
except ImportError:
    print("this Python has no torch", file=sys.stderr)
    sys.exit(77)
torch.set_num_threads(1)
OLD_TORCH = torch.__version__.startswith("1.")


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


def load(path, weights_only=None):
    """torch.load as its user would: safely, wherever that version can."""
    if weights_only is None:
        weights_only = not OLD_TORCH
    return torch.load(path, weights_only=True) if weights_only else torch.load(path)


class PeerTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder_ = tempfile.TemporaryDirectory(prefix="cairn-python-")
        cls.folder = Path(cls.folder_.name)
        cls.linted = set()

    @classmethod
    def tearDownClass(cls):
        cls.folder_.cleanup()

    def tearDown(self):
        """Every checkpoint that the test made, whatever it was about."""
        for path in sorted(self.folder.glob("home/checkpoints/*/*.pt")):
            if path not in self.linted:
                self.linted.add(path)
                self.lint(path)

    def lint(self, path, opcodes=OPCODES | {"BINFLOAT"}):
        """The file's layout, and that weights_only takes all that its pickle asks for."""
        with zipfile.ZipFile(path) as archive:
            self.assertIsNone(archive.testzip())
            names = archive.namelist()
            root = names[0].split("/")[0]
            self.assertEqual(names[-2:], [f"{root}/data.pkl", f"{root}/version"])
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

    def path(self, name):
        return str(self.folder / name)

    def run_ctl(self, *arguments, expect=0):
        done = subprocess.run([CAIRNCTL, "--home", self.path("home"), *map(str, arguments)], capture_output=True, timeout=120)
        self.assertEqual(done.returncode, expect, f"{arguments}\n{done.stderr.decode(errors='replace')}")
        return done

    def json(self, *arguments):
        return json.loads(self.run_ctl(*arguments, "--json").stdout)

    def losses(self, run, after=0):
        """The training losses on record, by step."""
        text = self.run_ctl("metrics", run, "--series", "train/loss").stdout.decode()
        return {int(row["step"]): float(row["value"]) for row in csv.DictReader(io.StringIO(text)) if int(row["step"]) > after}

    def spec(self, name, **parts):
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps({"name": name, **parts}))
        return str(path)

    def module(self, script):
        """An exported script, imported."""
        source = importlib.util.spec_from_file_location(Path(script).stem.replace("-", "_"), script)
        module = importlib.util.module_from_spec(source)
        source.loader.exec_module(module)
        return module

    def assertClose(self, ours, theirs, relative, what):
        self.assertEqual(len(ours), len(theirs), what)
        for i, (a, b) in enumerate(zip(ours, theirs)):
            self.assertLessEqual(abs(a - b), relative * max(abs(a), abs(b), 1e-30), f"{what}, value {i}: {a!r} against {b!r}")


def write_idx(path, array):
    """A uint8 tensor as an IDX file, gzipped by its name."""
    data = struct.pack(f">BBBB{array.dim()}I", 0, 0, 8, array.dim(), *array.shape) + bytes(array.flatten().tolist())
    Path(path).write_bytes(gzip.compress(data) if str(path).endswith(".gz") else data)


def image_data(folder, count, size, seed=0):
    """Made-up images of bars whose place tells the class: two IDX files; the tensors too."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.randint(0, 10, (count,), generator=generator)
    images = torch.randint(0, 60, (count, size, size), generator=generator, dtype=torch.int64)
    for image, label in zip(images, labels):
        image[int(label) * size // 10] += 180
    images, labels = images.to(torch.uint8), labels.to(torch.uint8)
    paths = str(folder / f"images-{count}-{size}.idx.gz"), str(folder / f"labels-{count}-{size}.idx.gz")
    write_idx(paths[0], images)
    write_idx(paths[1], labels)
    return paths, images, labels


def main():
    unittest.main(verbosity=1)
