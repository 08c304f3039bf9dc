"""How cost grows: the same at a tenth of the size. What is touched may cost in proportion; what is not on screen, nothing."""

import shutil

from harness import figures, interleave, median_of, seconds_of
from rows_storage import MB

GROWTH = 10
SLACK = 1.3  # measured times of two sizes are never in exact proportion


def grows(row, what, unit, small, large, in_proportion=True):
    limit = GROWTH * SLACK if in_proportion else SLACK * 1.2
    row.compare(f"{what}{'' if in_proportion else ' (not on screen: should not grow)'}", large, unit, "a tenth of it", small,
                at_most=limit)


def growth(inputs, row, rounds):
    unit = 1 if inputs.quick else 4
    reading(inputs, row, rounds, unit)
    writing(inputs, row, rounds, unit)
    charts(inputs, row, 30_000 * unit * (1 if inputs.quick else 25))
    homes(inputs, row, rounds)


def reading(inputs, row, rounds, unit):
    program = inputs.program("bench_data_reading")

    def read(megabytes):
        spec = inputs.write_spec({"name": f"table{megabytes}", "data": {"format": "csv", "path": str(inputs.csv(megabytes)),
                                                                       "target": "kind", "task": "classification"},
                                  "model": {"type": "MLP", "hidden": [8]}, "loss": "CrossEntropyLoss"})
        return lambda: figures([program, spec])

    small = 10 * unit
    results = interleave({"small": read(small), "large": read(small * GROWTH)}, rounds)
    grows(row, f"reading a CSV of {small * GROWTH} MB", "ms", *(median_of(results[k], "seconds") * 1e3 for k in ("small", "large")))


def writing(inputs, row, rounds, unit):
    program = inputs.program("bench_durable_write")
    folder = inputs.fresh("growth")
    small = 10 * unit * MB
    results = interleave({"small": lambda: figures([program, folder, small, 3]),
                          "large": lambda: figures([program, folder, small * GROWTH, 3])}, rounds)
    grows(row, f"writing {small * GROWTH // MB} MB durably", "ms", *(median_of(results[k], "seconds") * 1e3 for k in ("small", "large")))
    shutil.rmtree(folder)


def charts(inputs, row, points):
    program = inputs.program("bench_chart_frames")
    small, large = (figures([program, count, 1]) for count in (points // GROWTH, points))
    grows(row, f"a frame of 4 x {points:,} points", "ms", small["chart"]["median"], large["chart"]["median"], in_proportion=False)


def homes(inputs, row, rounds):
    sizes = ((2, 20, 500), (20, 20, 500)) if inputs.quick else ((100, 100, 20_000), (1000, 100, 20_000))
    small, large = (inputs.home(*size) for size in sizes)
    window, ctl = inputs.program("bench_home_window"), inputs.program("cairnctl")
    results = interleave({"small": lambda: figures([window, small]), "large": lambda: figures([window, large])}, rounds)
    for what, key in (("selecting a run", "select"), ("a frame of the timeline", "timeline_frame")):
        grows(row, f"{what} in a home of {sizes[1][0]} runs", "ms", *(median_of(results[k], key) for k in ("small", "large")),
              in_proportion=False)
    timed = interleave({"small": lambda: seconds_of([ctl, "--home", small, "show", "run 1"]),
                        "large": lambda: seconds_of([ctl, "--home", large, "show", "run 1"])}, 5)
    grows(row, f"cairnctl show of one run among {sizes[1][0]}", "ms", *(sorted(timed[k])[2] * 1e3 for k in ("small", "large")),
          in_proportion=False)
