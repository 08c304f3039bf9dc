"""The script that `export x.py` writes runs as it is, and predicts what `cairnctl predict` predicts, for each example."""
import csv
import io
import pathlib
import subprocess
import sys

import torch

import peer


class Export(peer.PeerTest):
    def script(self, run, *options):
        path = self.folder / f"{run}.py"
        files = self.json("export", f"{run}@latest", path, *options)["files"]
        self.assertEqual([file["path"] for file in files], [str(path), str(path.with_suffix(".pt"))])
        return path

    def python(self, script, *arguments):
        # -I: nothing of this folder or environment helps it.
        done = subprocess.run([sys.executable, "-I", str(script), *map(str, arguments)], capture_output=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        return done.stdout

    def same_predictions(self, run, file, *options):
        script = self.script(run, *options)
        ours = list(csv.reader(io.StringIO(self.run_ctl("predict", f"{run}@latest", file).stdout.decode())))
        theirs = list(csv.reader(io.StringIO(self.python(script, file).decode())))
        self.assertEqual(ours[0], theirs[0])
        self.assertEqual(len(ours), len(theirs))
        self.assertGreater(len(ours), 1)
        for a, b in zip(ours[1:], theirs[1:]):
            values = (a, b) if len(ours[0]) == 1 else (a[1:], b[1:])
            if len(ours[0]) > 1:
                self.assertEqual(a[0], b[0])
            self.assertClose(*[[float(v) for v in row] for row in values], 1e-5, run)
        if peer.OLD_TORCH:  # the same LibTorch: the same text, digit for digit
            self.assertEqual(ours, theirs)

    def test_line(self):
        self.run_ctl("train", peer.EXAMPLES / "line.json")
        self.same_predictions("line", peer.EXAMPLES / "line.csv")

    def test_iris(self):
        self.run_ctl("train", peer.EXAMPLES / "iris.json", "--max-steps", 40)
        self.same_predictions("iris", peer.EXAMPLES / "iris.csv", "--weights-only")

    def test_digits(self):
        self.run_ctl("train", peer.EXAMPLES / "digits.json", "--max-steps", 60, "--set", "training.threads=1")
        self.same_predictions("digits", peer.EXAMPLES / "digits.csv", "--torch-1.13")

    def test_mnist(self):
        (images, labels), *_ = peer.image_data(self.folder, 192, 28)
        (more, their_labels), *_ = peer.image_data(self.folder, 40, 28, seed=1)
        self.run_ctl("train", peer.EXAMPLES / "mnist.json", "--max-steps", 3, "--set", "training.threads=1", "--set", f"data.images={images}",
                     "--set", f"data.labels={labels}", "--set", f"data.validation_images={more}", "--set", f"data.validation_labels={their_labels}")
        self.same_predictions("mnist", more)

    def test_sonnets(self):
        self.run_ctl("train", peer.EXAMPLES / "sonnets.json", "--max-steps", 12, "--set", "training.threads=1")
        script = self.script("sonnets")
        for arguments in (["--prompt", "Shall I compare", "--bytes", 60, "--temperature", 0], ["--prompt", "", "--bytes", 80, "--seed", 7]):
            ours = self.run_ctl("predict", "sonnets@latest", *arguments).stdout
            theirs = self.python(script, *arguments)
            if peer.OLD_TORCH or 0 in arguments:
                self.assertEqual(ours, theirs)
            self.assertEqual(len(theirs), arguments[3] + 1)

    def test_an_export_replaces_a_file_whole(self):
        self.run_ctl("train", peer.EXAMPLES / "line.json", "--name", "again")
        target = self.folder / "again.pt"
        target.write_bytes(b"another file of that name")
        written = lambda file: {pathlib.Path(f["path"]).name: f["replaced"] for f in self.json("export", "again@latest", file)["files"]}
        self.assertEqual(written(target), {"again.pt": True})
        self.assertEqual(peer.load(target)["step"], 3)
        self.assertEqual(written(self.folder / "again.py"), {"again.py": False, "again.pt": True})  # a script's weights lie beside it
        self.assertEqual([p.name for p in self.folder.iterdir() if ".tmp-" in p.name], [])
        for wrong in ("again.onnx", "again", "missing/again.pt"):
            self.run_ctl("export", "again@latest", self.folder / wrong, expect=1 if "/" in wrong else 2)

    def test_safetensors_by_the_official_package(self):
        try:
            from safetensors import safe_open
            from safetensors.torch import load_file
        except ImportError:
            self.skipTest("this Python has no safetensors")
        self.run_ctl("train", peer.EXAMPLES / "iris.json", "--max-steps", 5, "--name", "safe")
        self.json("export", "safe@latest", self.path("safe.safetensors"))
        weights = load_file(self.path("safe.safetensors"))
        saved = peer.load(self.json("show", "safe@latest")["path"])["model_state_dict"]
        self.assertEqual(sorted(weights), sorted(saved))
        self.assertTrue(all(torch.equal(weights[name], saved[name]) for name in saved))
        with safe_open(self.path("safe.safetensors"), "pt") as file:
            self.assertEqual(file.metadata()["step"], "5")


if __name__ == "__main__":
    peer.main()
