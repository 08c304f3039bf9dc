"""The figures as a table for the terminal, as JSON, and as docs/performance.md, whose hand-written part is kept."""

import json
import os
import pathlib
import platform
import subprocess
from datetime import datetime, timezone

BEGIN = "<!-- figures: written by scripts/bench; do not edit between these marks -->"
END = "<!-- end of figures -->"
HEAD = """# Performance

What Cairn costs beside its peers, measured side by side on one machine. Figures are read and ratios compared; no test
depends on a time.
"""


def machine(build):
    """Where and with what the figures were made."""
    cpu = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo", encoding="utf-8")
                if line.startswith("model name")), platform.machine())
    memory = int(next(line.split()[1] for line in open("/proc/meminfo", encoding="utf-8")))
    versions = {name: package_version(name) for name in
                ("libtorch-dev", "python3-torch", "libqt6widgets6", "libqcustomplot2.1-qt6", "libsqlite3-0")}
    return {
        "cpu": cpu, "cores": len(os.sched_getaffinity(0)), "memory_gb": round(memory / 1e6, 1),
        "kernel": platform.release(), "system": system_name(), "blas": blas_name(),
        "disk": output(["findmnt", "-no", "SOURCE,FSTYPE", "-T", str(build)]),
        "commit": output(["git", "-C", str(build), "log", "-1", "--format=%h %cs"]),
        "versions": {name: version for name, version in versions.items() if version},
        "at": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
    }


def output(command):
    try:
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False).stdout.strip()
    except OSError:
        return ""


def package_version(name):
    return output(["dpkg-query", "-W", "-f", "${Version}", name])


def blas_name():
    """The library that libblas.so.3 resolves to."""
    for line in output(["ldconfig", "-p"]).splitlines():
        if "libblas.so.3 " in line:
            return str(pathlib.Path(line.split("=>")[1].strip()).resolve()).split("/lib/")[-1]
    return ""


def system_name():
    for line in open("/etc/os-release", encoding="utf-8"):
        if line.startswith("PRETTY_NAME="):
            return line.split("=", 1)[1].strip().strip('"')
    return platform.system()


def number(value):
    if value is None:
        return ""
    if value == 0 or float(value).is_integer() and abs(value) < 1e6:
        return f"{value:,.0f}"
    size = abs(value)
    return f"{value:,.0f}" if size >= 1000 else f"{value:.1f}" if size >= 100 else f"{value:.2f}" if size >= 1 else f"{value:.3g}"


def verdict(line):
    return {None: "", True: "yes", False: "**no**"}[line.met]


def cells(line):
    return [line.what, f"{number(line.value)} {line.unit}", line.peer,
            f"{number(line.peer_value)} {line.unit}" if line.peer_value is not None else "", number(line.ratio), line.target,
            verdict(line)]


COLUMNS = ["what", "Cairn", "peer", "its figure", "ratio", "to reach", "reached"]


def plain_table(row):
    rows = [COLUMNS] + [[cell.replace("**", "") for cell in cells(line)] for line in row.lines]
    widths = [max(len(one[i]) for one in rows) for i in range(len(COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(one, widths)).rstrip() for one in rows]
    return "\n".join([f"\n{row.number}. {row.title} ({row.seconds:.0f} s)"] + ["  " + line for line in lines]
                     + [f"  {note}" for note in row.notes] + ([f"  FAILED: {row.error}"] if row.error else []))


def markdown(rows, where, command):
    versions = ", ".join(f"{name} {version}" for name, version in where["versions"].items())
    text = [BEGIN, "", "## Figures", "", f"Made by `{command}`, {where['at']}, of commit {where['commit']}: {where['cpu']}, "
            f"{where['cores']} cores, {where['memory_gb']} GB; {where['system']}, Linux {where['kernel']}, {where['disk']}; "
            f"BLAS {where['blas']}; {versions}. Each figure is the median of interleaved rounds.", ""]
    for row in rows:
        text += [f"### {row.number}. {row.title}", ""]
        if row.lines:
            text += ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
            text += ["| " + " | ".join(cells(line)) + " |" for line in row.lines] + [""]
        text += [f"{note}  " for note in row.notes] + ([""] if row.notes else [])
        if row.error:
            text += [f"It did not run to its end: {row.error.splitlines()[0]}", ""]
    return "\n".join(text + [END])


def write_page(path, figures_text):
    """Puts the figures between their marks; all else on the page stays."""
    page = path.read_text(encoding="utf-8") if path.exists() else HEAD + "\n" + BEGIN + "\n" + END + "\n"
    if BEGIN not in page or END not in page:
        page += "\n" + BEGIN + "\n" + END + "\n"
    before, rest = page.split(BEGIN, 1)
    path.write_text(before + figures_text + rest.split(END, 1)[1], encoding="utf-8")


def write_json(path, rows, where, command):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"command": command, "machine": where, "rows": [row.as_json() for row in rows]}, indent=1),
                    encoding="utf-8")
