"""Rows 3 to 6: the stall by a checkpoint, the durable write, the first resumed step, the cost of a logged value; and how
fast data is read."""

import json
import shutil
import statistics

from harness import figures, interleave, median_of, run, seconds_of
from inputs import PYTHON

MB = 1_000_000


def wide_mlp(inputs, state_bytes, batch):
    """A spec of an MLP whose parameters and AdamW moments take about so many bytes, on a small table."""
    table = inputs.csv(1)
    parameters = state_bytes / 12
    width = int((16**2 + 4 * parameters) ** 0.5 / 2 - 8)  # 16 inputs, two hidden layers: width^2 + 16 width parameters
    return inputs.write_spec({
        "name": f"mlp{state_bytes // MB}",
        "data": {"format": "csv", "path": str(table), "target": "kind", "task": "classification"},
        "model": {"type": "MLP", "hidden": [width, width]}, "loss": "CrossEntropyLoss",
        "optimizer": {"type": "AdamW", "lr": 0.0001},
        "training": {"epochs": 1_000_000, "batch_size": batch, "seed": 1, "threads": 2}})


def sizes(inputs):
    return [(10 * MB, 4096)] if inputs.quick else [(10 * MB, 4096), (100 * MB, 1024), (1000 * MB, 256)]


def checkpoint_stall(inputs, row, rounds):
    for size, batch in sizes(inputs):
        spec = wide_mlp(inputs, size, batch)
        steps = 13 if size >= 1000 * MB else 31

        def train(every):
            home = inputs.fresh("stall")
            result = figures([inputs.program("bench_snapshot"), spec, home, steps, every])
            shutil.rmtree(home)
            return result

        def torch_save():
            folder = inputs.fresh("torch-save")
            result = figures([PYTHON, inputs.peer("torch_save.py"), folder, size, 3], env=inputs.python_env(2))
            shutil.rmtree(folder)
            return result

        few = 1 if size >= 1000 * MB else rounds
        results = interleave({"every": lambda: train(3), "never": lambda: train(0), "torch": torch_save}, few)
        what = f"{size // MB} MB"
        stall = median_of(results["every"], "stall")
        copy = median_of(results["every"], "copy")
        step = median_of(results["never"], "step")
        row.compare(f"{what}: stall by a checkpoint", stall * 1e3, "ms", "torch.save in the loop",
                    median_of(results["torch"], "seconds") * 1e3, at_most=1 / 50)
        row.compare(f"{what}: the same", stall * 1e3, "ms", "plain memcpy of the state", copy * 1e3,
                    at_most=0.1 if step > copy else None)
        row.compare(f"{what}: seconds a step, a checkpoint every 3rd", median_of(results["every"], "seconds_per_step") * 1e3,
                    "ms", "without checkpoints", median_of(results["never"], "seconds_per_step") * 1e3, at_most=1.05)
        full = sum(result["queue_full"] for result in results["every"])
        if full:
            row.notes.append(f"{what}: the disk was slower than the training; {full} times it told so or waited for room.")


def durable_write(inputs, row, rounds):
    for size in [64_000] + [size for size, _ in sizes(inputs)]:
        folder = inputs.fresh("write")
        times = 5 if size < 1000 * MB else 1
        program = inputs.program("bench_durable_write")
        blocks = max(1, -(-size // (4 << 20)))
        block = size if blocks == 1 else 4 << 20
        block = -(-block // 4096) * 4096  # O_DIRECT wants whole blocks

        def dd():
            seconds = []
            for _ in range(times):
                target = folder / "dd"
                seconds.append(seconds_of(["dd", "if=/dev/zero", f"of={target}", f"bs={block}", f"count={blocks}", "oflag=direct",
                                           "conv=fdatasync", "status=none"]))
                target.unlink()
            return {"seconds": statistics.median(seconds), "bytes": block * blocks}

        results = interleave({"cairn": lambda: figures([program, folder, size, times]), "dd": dd}, rounds)
        ours, theirs = (median_of(results[who], "seconds") for who in ("cairn", "dd"))
        bytes_ours, bytes_theirs = (results[who][0]["bytes"] for who in ("cairn", "dd"))
        if size >= 100 * MB:
            row.compare(f"{size // MB} MB", bytes_ours / ours / 1e6, "MB/s", "dd oflag=direct conv=fdatasync",
                        bytes_theirs / theirs / 1e6, at_least=0.85)
        else:
            name = f"{size // MB} MB" if size >= MB else f"{size // 1000} kB"
            row.limit(f"{name}: time above dd's", (ours - theirs) * 1e3, "ms", at_most=2.0, peer="dd took", peer_value=None)
            row.notes.append(f"{name}: {ours * 1e3:.2f} ms, dd {theirs * 1e3:.2f} ms (its process included).")
        shutil.rmtree(folder)


def first_resumed_step(inputs, row, rounds):
    digits = inputs.spec("digits", **{"training.threads": 1})
    cases = [("digits", digits, "digits", 1)] + [(f"{size // MB} MB", wide_mlp(inputs, size, 256), f"mlp{size // MB}", 2)
                                                for size, _ in sizes(inputs)[:2]]
    for title, spec, name, threads in cases:
        home = inputs.fresh("resume")
        ctl = [inputs.program("cairnctl"), "--home", home]
        run([*ctl, "train", spec, "--max-steps", "20"])
        path = json.loads(run([*ctl, "--json", "show", f"{name}@latest"]))["path"]
        times = 5
        results = interleave({
            "cairn": lambda: figures([inputs.program("bench_resume"), home, name, times]),
            "python": lambda: figures([PYTHON, inputs.peer("resume.py"), path, threads, times], env=inputs.python_env(threads)),
        }, rounds)
        row.compare(title, median_of(results["cairn"], "seconds") * 1e3, "ms", "torch.load, load_state_dict, a step",
                    median_of(results["python"], "seconds") * 1e3, at_most=0.7)
        shutil.rmtree(home)


def logging(inputs, row, rounds):
    values = 50_000 if inputs.quick else 1_000_000

    def cairn():
        home = inputs.fresh("logging")
        result = figures([inputs.program("bench_logging"), home, values])
        shutil.rmtree(home)
        return result

    results = interleave({"cairn": cairn, "python": lambda: figures([PYTHON, inputs.peer("log_values.py"), values // 5])}, rounds)
    ours = median_of(results["cairn"], "ns_per_value")
    row.limit("a value, on the training thread", ours, "ns", at_most=500)
    row.compare("the same", ours, "ns", "list append in Python", median_of(results["python"], "list_append"))
    row.compare("the same", ours, "ns", "CSV logger in Python", median_of(results["python"], "csv_logger"), at_most=1 / 20)
    if results["python"][0]["tensorboard"]:
        row.compare("the same", ours, "ns", "TensorBoard's SummaryWriter", median_of(results["python"], "tensorboard"), at_most=1 / 20)
    else:
        row.notes.append("TensorBoard is not in Debian 12; its SummaryWriter is measured where it is installed.")


def reading(inputs, row, rounds):
    megabytes = 20 if inputs.quick else 400
    table = inputs.csv(megabytes)
    spec = inputs.write_spec({"name": "table", "data": {"format": "csv", "path": str(table), "target": "kind",
                                                        "task": "classification"},
                              "model": {"type": "MLP", "hidden": [8]}, "loss": "CrossEntropyLoss"})
    program = inputs.program("bench_data_reading")
    results = interleave({"csv": lambda: figures([program, spec]), "idx": lambda: figures([program, inputs.spec("mnist")])}, rounds)
    size = table.stat().st_size
    row.limit(f"CSV of {megabytes} MB, all columns numbers", size / median_of(results["csv"], "seconds") / 1e6, "MB/s", at_least=200)
    row.limit("70,000 images by IDX", median_of(results["idx"], "seconds"), "s", at_most=0.5)
    row.notes.append(f"The CSV was read with {results['csv'][0]['progress_reports']} reports of progress, each of which can cancel.")
