"""Rows 1, 2, 8 and 10, and memory while training: steps a second against bare loops, idle and beside a busy process."""

import csv
import io
import shutil

from harness import figures, interleave, median_of, run, run_for
from inputs import PYTHON, ROOT, BusyProcess

ENDLESS = {"training.epochs": 1_000_000, "lr_scheduler": None}
MODELS = {"digits": "MLP on digits", "mnist": "CNN on MNIST", "sonnets": "Transformer on the sonnets"}


class Training:
    """One example at one thread count, in the window, in cairnctl and in its peers."""

    def __init__(self, inputs, name):
        self.inputs, self.name = inputs, name
        self.warmup, self.seconds = (0.5, 1.0) if inputs.quick else (0.7, 3.0)
        changes = {**ENDLESS, "checkpoints.every_seconds": None}
        self.threads = inputs.threads_chosen(inputs.spec(name, **changes))
        self.spec = inputs.spec(name, **{**changes, "training.threads": self.threads})
        self.samples = None

    def window(self, *options):
        home = self.inputs.fresh("window")
        result = figures([self.inputs.program("bench_window_training"), self.spec, home, self.warmup, self.seconds, *options])
        shutil.rmtree(home)
        return result

    def cairnctl(self, env=None):
        """Steps a second by the record's own clock, from the end of the warm-up on."""
        home = self.inputs.fresh("cairnctl")
        ctl = [self.inputs.program("cairnctl"), "--home", home]
        run_for([*ctl, "train", self.spec], after="parameters on", seconds=self.warmup + self.seconds, env=env)
        rows = list(csv.DictReader(io.StringIO(run([*ctl, "metrics", self.name, "--series", "train/loss"]))))
        shutil.rmtree(home)
        last = float(rows[-1]["seconds"])
        counted = [row for row in rows if float(row["seconds"]) >= min(self.warmup, last / 2)]
        steps = int(counted[-1]["step"]) - int(counted[0]["step"])
        return {"steps_per_second": steps / (last - float(counted[0]["seconds"]))}

    def bare(self, *options):
        return figures([self.inputs.program("bench_bare_loop"), self.spec, self.threads, self.warmup, self.seconds, *options],
                       env={"OMP_WAIT_POLICY": "PASSIVE"})

    def python(self):
        self.samples = self.samples or self.inputs.samples(self.name, self.spec)
        return figures([PYTHON, self.inputs.peer("train_loop.py"), self.spec, self.samples, self.threads, self.warmup,
                        self.seconds], env=self.inputs.python_env(self.threads))


def window_against_bare_loop(inputs, row, rounds):
    for name, title in MODELS.items():
        one = Training(inputs, name)
        results = interleave({"window": one.window, "bare": one.bare}, rounds)
        results["least"] = [one.bare("--loss-only")]
        speed = {who: median_of(all_, "steps_per_second") for who, all_ in results.items()}
        what = f"{title}, {one.threads} thread{'s' if one.threads > 1 else ''}"
        row.compare(what, speed["window"], "steps/s", "bare LibTorch loop, same series", speed["bare"], at_least=0.97)
        row.compare(f"{what} (for comparison)", speed["window"], "steps/s", "bare loop that reads the loss alone", speed["least"])
    if inputs.mnist_is_made():
        row.notes.append("MNIST was not given (CAIRN_MNIST=FOLDER): made images of the same number and size.")


def cairnctl_against_python(inputs, row, rounds):
    for name, title in MODELS.items():
        one = Training(inputs, name)
        results = interleave({"cairnctl": one.cairnctl, "python": one.python}, rounds)
        speed = {who: median_of(all_, "steps_per_second") for who, all_ in results.items()}
        row.compare(f"{title}, {one.threads} thread{'s' if one.threads > 1 else ''}", speed["cairnctl"], "steps/s",
                    "plain PyTorch loop, same series", speed["python"], at_least=1.5 if name == "digits" else 0.97)


def gui_gap(inputs, row, rounds):
    one = Training(inputs, "digits")
    results = interleave({"window": lambda: one.window("--gaps")}, rounds)["window"]
    for what, key in (("longest gap of the GUI thread", "longest"), ("99.9 % of the gaps", "p999")):
        training, idle = (sorted(result[when][key] for result in results)[len(results) // 2]
                          for when in ("gap_training", "gap_idle"))
        row.limit(f"{what}, small MLP flat out", training, "ms", at_most=max(33.0, 2 * idle), peer="the same window idle",
                  peer_value=idle)


def busy(one, env=None):
    with BusyProcess():
        return one.cairnctl(env)


def beside_busy_process(inputs, row, rounds):
    for name, title in MODELS.items():
        one = Training(inputs, name)
        results = interleave({"idle": one.cairnctl, "busy": lambda: busy(one)}, max(1, rounds - 1))
        row.compare(f"{title}, {one.threads} thread{'s' if one.threads > 1 else ''}",
                    median_of(results["busy"], "steps_per_second"), "steps/s", "the same on an idle machine",
                    median_of(results["idle"], "steps_per_second"), at_least=0.45)


def choice_of_blas(inputs, row, rounds):
    """The OpenBLAS that scripts/setup installs against the other one, idle and beside a busy process, threads as chosen."""
    del rounds  # one round: it tells which, not how much
    other = {"LD_LIBRARY_PATH": str(inputs.openblas_pthread())}
    for name, title in MODELS.items():
        one = Training(inputs, name)
        results = interleave({
            "openmp": one.cairnctl, "pthread": lambda: one.cairnctl(other),
            "openmp busy": lambda: busy(one), "pthread busy": lambda: busy(one, other)}, 1)
        speed = {who: median_of(all_, "steps_per_second") for who, all_ in results.items()}
        for when in ("", " busy"):
            row.compare(f"{title}, {one.threads} thread{'s' if one.threads > 1 else ''}{', beside a busy process' if when else ''}",
                        speed["openmp" + when], "steps/s", "the same with libopenblas0-pthread", speed["pthread" + when])


def data_bytes(inputs, name):
    """What the example's data takes at least once it is loaded."""
    if name == "mnist":
        return 70_000 * (28 * 28 + 8)
    return 1797 * 65 * 4 if name == "digits" else (ROOT / "resources/examples/sonnets.txt").stat().st_size


def memory(inputs, row, rounds):
    """Beside model, optimizer, one staging copy and data: what a bare process with LibTorch and Qt takes, and 150 MB."""
    bare = figures([inputs.program("bench_window_training"), "--bare"])["memory"] / 1e6
    for name, title in MODELS.items():
        result = interleave({"window": Training(inputs, name).window}, 1)["window"][0]
        state, data = result["state_bytes"] / 1e6, data_bytes(inputs, name) / 1e6
        row.limit(f"{title}: most memory above a bare process", result["most_memory"] / 1e6 - bare, "MB",
                  at_most=round(150 + 2 * state + data), peer="bare process with LibTorch and Qt", peer_value=bare)
        row.notes.append(f"{title}: state {state:.1f} MB twice (live and staged), data {data:.1f} MB.")
