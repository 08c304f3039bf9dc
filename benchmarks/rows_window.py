"""Rows 7, 9 and 11: frames of the chart, a large home, and the start of the program."""

import shutil
import time

from harness import figures, interleave, median_of, run, seconds_of

OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}


def chart_frames(inputs, row, rounds):
    del rounds  # each contender draws some hundred frames
    points = 100_000 if inputs.quick else 10_000_000
    result = figures([inputs.program("bench_chart_frames"), points, 1], timeout=600)
    what = f"4 x {points:,} points"
    row.limit(f"{what}, pan and zoom: median frame", result["chart"]["median"], "ms", at_most=16, peer="empty plot",
              peer_value=result["empty"]["median"])
    row.compare(f"{what}: 99th percentile", result["chart"]["p99"], "ms", "empty plot's 99th percentile", result["empty"]["p99"],
                at_most=2)
    row.compare(f"{what}: median frame", result["chart"]["median"], "ms", "plain QCPGraph", result["qcpgraph"]["median"])
    row.limit(f"{what}: points beyond what is drawn, {result['check']['views']} zooms, checked point by point",
              result["check"]["missing_points"], "points", at_most=0)
    row.notes.append(f"Appending a point (raw and smoothed) takes {result['ns_per_appended_point']:.0f} ns.")


def large_home(inputs, row, rounds):
    size = (20, 20, 500) if inputs.quick else (1000, 100, 20_000)
    home = inputs.home(*size)
    empty = inputs.fresh("empty-home")
    run([inputs.program("cairnctl"), "--home", empty, "recover"])
    window = inputs.program("bench_home_window")
    ctl = inputs.program("cairnctl")
    results = interleave({"large": lambda: figures([window, home]), "empty": lambda: figures([window, empty])}, rounds)
    large, small = results["large"], results["empty"]
    row.notes.append(f"The home: {size[0]:,} runs, {size[0] * size[1]:,} checkpoints, "
                     f"{size[0] * (size[2] * 5 + size[2] // 100 * 2):,} metric values.")
    row.limit("start to usable window", median_of(large, "usable") / 1e3, "s", at_most=1.0, peer="empty home",
              peer_value=median_of(small, "usable") / 1e3)
    row.limit("selecting a run, its curves drawn", median_of(large, "select"), "ms", at_most=100)
    row.limit("scrolling the timeline: median frame", median_of(large, "timeline_frame"), "ms", at_most=16, peer="empty home",
              peer_value=median_of(small, "timeline_frame"))
    row.limit("resident memory above the empty home", (median_of(large, "memory") - median_of(small, "memory")) / 1e6, "MB", at_most=150)
    timed = interleave({"large": lambda: seconds_of([ctl, "--home", home, "runs"]),
                        "empty": lambda: seconds_of([ctl, "--home", empty, "runs"])}, max(rounds, 3))
    row.limit("cairnctl runs", sorted(timed["large"])[len(timed["large"]) // 2], "s", at_most=0.2, peer="empty home",
              peer_value=sorted(timed["empty"])[len(timed["empty"]) // 2])


def start(inputs, row, rounds):
    probe = {**OFFSCREEN, "LD_PRELOAD": str(next(inputs.build.glob("**/libbench_paint_probe.so")))}

    def first_paint(command):
        began = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
        return figures(command, env={**probe, "CAIRN_BENCH_BEGAN": str(began)})

    def cairn():
        home = inputs.fresh("start")
        result = first_paint([inputs.program("cairn"), "--home", home])
        shutil.rmtree(home)
        return result

    results = interleave({"cairn": cairn, "bare": lambda: first_paint([inputs.program("bench_bare_window")])}, 5 * rounds)
    row.compare("start to the first painted window, empty home", median_of(results["cairn"], "seconds") * 1e3, "ms",
                "bare Qt window with a QCustomPlot", median_of(results["bare"], "seconds") * 1e3, at_most=1.5)
    loaded = sum(result["engine_loaded"] or result["torch_loaded"] for result in results["cairn"])
    row.limit("starts at which the engine was loaded by then", loaded, "starts", at_most=0)
