"""Where the benchmarks find or make what they work on: programs, specs, data and homes. Made data is kept in a cache."""

import hashlib
import json
import os
import pathlib
import shutil
import subprocess

from harness import run, say

ROOT = pathlib.Path(__file__).resolve().parent.parent
PYTHON = "/usr/bin/python3"  # Debian's own: python3-torch is installed for it


class Inputs:
    def __init__(self, build, quick):
        self.build = build
        self.quick = quick
        base = os.environ.get("CAIRN_BENCH_CACHE") or os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        self.cache = pathlib.Path(base) / "cairn-bench"
        self.work = self.cache / "work"
        shutil.rmtree(self.work, ignore_errors=True)
        self.work.mkdir(parents=True)
        self.counter = 0

    def program(self, name):
        return self.build / name

    def peer(self, name):
        return ROOT / "benchmarks" / "peers" / name

    def python_env(self, threads):
        """The same BLAS threads and waiting policy as Cairn's engine sets."""
        return {"OMP_WAIT_POLICY": "PASSIVE", "OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}

    def fresh(self, name):
        """A new folder, for a home or files."""
        self.counter += 1
        folder = self.work / f"{self.counter:03}-{name}"
        folder.mkdir()
        return folder

    def clean(self):
        shutil.rmtree(self.work, ignore_errors=True)

    def kept(self, name, make):
        """A file or folder of the cache, made by `make(path)` if it is not there whole."""
        path = self.cache / name
        if not path.exists():
            partial = self.cache / (name + ".partial")
            for old in (partial,):
                shutil.rmtree(old, ignore_errors=True) if old.is_dir() else old.unlink(missing_ok=True)
            say(f"  making {name} ...")
            make(partial)
            partial.rename(path)
        return path

    def spec(self, name, **changes):
        """A spec file of the example `name` with changed settings ({"training.epochs": 5}); paths are absolute."""
        spec = json.loads((ROOT / "resources" / "examples" / f"{name}.json").read_text())
        folder = ROOT / "resources" / "examples"
        if name == "mnist":
            images = self.mnist()
            spec["data"].update(images=str(images["train_images"]), labels=str(images["train_labels"]),
                                validation_images=str(images["t10k_images"]), validation_labels=str(images["t10k_labels"]))
        else:
            spec["data"]["path"] = str(folder / spec["data"]["path"])
        for key, value in changes.items():
            part = spec
            *parents, last = key.split(".")
            for parent in parents:
                part = part.setdefault(parent, {})
            if value is None:
                part.pop(last, None)
            else:
                part[last] = value
        return self.write_spec(spec)

    def write_spec(self, spec):
        text = json.dumps(spec, indent=1)
        path = self.work / f"{spec.get('name', 'spec')}-{hashlib.sha1(text.encode()).hexdigest()[:8]}.json"
        path.write_text(text)
        return path

    def mnist(self):
        """MNIST from the folder $CAIRN_MNIST, else made images of the same number and size."""
        folder = os.environ.get("CAIRN_MNIST")
        folder = pathlib.Path(folder) if folder else self.kept("idx-60000", lambda path: (
            path.mkdir(), run([self.program("bench_data_reading"), "--make-idx", path, 60000])))
        found = {}
        for part in ("train", "t10k"):
            for what, rank in (("images", 3), ("labels", 1)):
                plain = folder / f"{part}-{what}-idx{rank}-ubyte"
                found[f"{part}_{what}"] = plain if plain.exists() else plain.with_name(plain.name + ".gz")
        return found

    def mnist_is_made(self):
        return not os.environ.get("CAIRN_MNIST")

    def csv(self, megabytes):
        return self.kept(f"table-{megabytes}.csv", lambda path: run(
            [self.program("bench_data_reading"), "--make-csv", path, megabytes * 1_000_000]))

    def samples(self, name, spec):
        """The example's samples as tensors, for the peers in Python."""
        key = "made" if name == "mnist" and self.mnist_is_made() else "own"
        return self.kept(f"samples-{name}-{key}.pt",
                         lambda path: run([self.program("bench_bare_loop"), spec, "--export", path]))

    def home(self, runs, checkpoints, steps):
        version = "1"  # of the generator: another makes another home
        return self.kept(f"home{version}-{runs}-{checkpoints}-{steps}", lambda path: run(
            [self.program("bench_fill_home"), path, runs, checkpoints, steps], timeout=1200))

    def openblas_pthread(self):
        """The folder of Debian's other OpenBLAS: unpacked, not installed, which would change what every program uses."""
        def fetch(path):
            path.mkdir()
            run(["apt-get", "download", "libopenblas0-pthread"], cwd=path)
            run(["dpkg", "-x", next(path.glob("*.deb")), path])

        return next(self.kept("openblas-pthread", fetch).glob("usr/lib/*/openblas-pthread"))

    def threads_chosen(self, spec):
        """What "threads: auto" picks for the spec."""
        home = self.fresh("threads")
        text = run([self.program("cairnctl"), "--home", home, "--json", "train", spec, "--max-steps", "3"])
        shutil.rmtree(home)
        return json.loads(text)["threads"]


class BusyProcess:
    """Another process that keeps one core busy while this is entered."""

    def __enter__(self):
        self.process = subprocess.Popen([PYTHON, "-c", "while True: pass"])
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
