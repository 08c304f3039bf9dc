"""Runs the benchmarks, each against its peer in the same run, and writes what they show. scripts/bench sets the machine up,
builds, and calls this; see docs/performance.md."""

import argparse
import pathlib
import sys
import time
import traceback

import report
import rows_growth
import rows_storage
import rows_training
import rows_window
from harness import Row, say
from inputs import ROOT, Inputs

ROWS = {
    "1": ("Training in the window against a bare LibTorch loop", rows_training.window_against_bare_loop),
    "2": ("Training by cairnctl against a plain PyTorch loop in Python", rows_training.cairnctl_against_python),
    "3": ("Stall of the training thread by a checkpoint", rows_storage.checkpoint_stall),
    "4": ("Writing a checkpoint durably", rows_storage.durable_write),
    "5": ("Opening a checkpoint and the first resumed step", rows_storage.first_resumed_step),
    "6": ("Logging one value", rows_storage.logging),
    "7": ("Frames of the chart", rows_window.chart_frames),
    "8": ("The longest gap of the GUI thread", rows_training.gui_gap),
    "9": ("A large home", rows_window.large_home),
    "10": ("Training beside a busy process", rows_training.beside_busy_process),
    "11": ("Start to the first painted window", rows_window.start),
    "12": ("How cost grows with ten times the size", rows_growth.growth),
    "13": ("Memory while training", rows_training.memory),
    "14": ("Reading data", rows_storage.reading),
    "15": ("Which OpenBLAS", rows_training.choice_of_blas),
}


def parse():
    listed = "; ".join(f"{number} {title}" for number, (title, _) in ROWS.items())
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measures Cairn side by side with its peers.",
                                     epilog=f"Rows: {listed}.")
    parser.add_argument("--only", default="", help="rows to run, such as 1,4,9")
    parser.add_argument("--quick", action="store_true", help="small sizes, one round: whether each row runs, not how fast")
    parser.add_argument("--rounds", type=int, default=0, help="rounds a row (3; with --quick 1)")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release", help="the build folder")
    parser.add_argument("--json", type=pathlib.Path, default=ROOT / "out" / "bench.json", help="where the figures go")
    options = parser.parse_args()
    options.chosen = [number.strip() for number in options.only.split(",") if number.strip()] or list(ROWS)
    unknown = [number for number in options.chosen if number not in ROWS]
    if unknown:
        parser.error(f"--only: there is no row {', '.join(unknown)}; there are {', '.join(ROWS)}")
    return options


def measure(number, inputs, rounds):
    title, work = ROWS[number]
    row = Row(number, title)
    say(f"{number}. {title} ...")
    begin = time.perf_counter()
    try:
        work(inputs, row, rounds)
    except Exception as error:  # the other rows still tell something
        row.error = str(error)
        say(traceback.format_exc())
    row.seconds = time.perf_counter() - begin
    print(report.plain_table(row), flush=True)
    return row


def main():
    options = parse()
    began = time.perf_counter()
    inputs = Inputs(options.build, options.quick)
    where = report.machine(options.build)
    rounds = options.rounds or (1 if options.quick else 3)
    try:
        rows = [measure(number, inputs, rounds) for number in options.chosen]
    finally:
        inputs.clean()
    command = " ".join(["scripts/bench", *sys.argv[1:]])
    report.write_json(options.json, rows, where, command)
    page = ROOT / "docs" / "performance.md"
    whole = set(options.chosen) == set(ROWS) and not options.quick
    if whole:  # a part of it, or small sizes, would not stand for the figures
        report.write_page(page, report.markdown(rows, where, command))
    say(f"\n{time.perf_counter() - began:.0f} s; figures in {options.json}" + (f" and {page}" if whole else ""))
    return 1 if any(row.error for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
