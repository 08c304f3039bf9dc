"""How the benchmarks run programs and compare figures: interleaved rounds, medians, lines of a table."""

import json
import os
import signal
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field


def say(text):
    print(text, file=sys.stderr, flush=True)


def run(command, env=None, timeout=600, accept=(0,), **options):
    """The program's standard output. Its failure is told with what it said."""
    done = subprocess.run([str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env={**os.environ, **(env or {})}, timeout=timeout, **options)
    if done.returncode not in accept:
        raise RuntimeError(f"{' '.join(map(str, command))}: exit {done.returncode}\n{done.stderr.strip()[-2000:]}")
    return done.stdout


def run_for(command, after, seconds, env=None, timeout=120):
    """Lets the program work for so long after a line of its standard error that holds `after`, then interrupts it."""
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
                               env={**os.environ, **(env or {})})
    said = []
    for line in process.stderr:
        said.append(line)
        if after in line:
            break
    time.sleep(seconds)
    process.send_signal(signal.SIGINT)
    said.append(process.communicate(timeout=timeout)[1])
    if process.returncode not in (0, 130):
        raise RuntimeError(f"{' '.join(map(str, command))}: exit {process.returncode}\n{''.join(said)[-2000:]}")


def figures(command, **options):
    """What a benchmark prints: its last line is JSON."""
    return json.loads(run(command, **options).strip().splitlines()[-1])


def interleave(contenders, rounds):
    """Each contender once a round, in an order that turns round every time. Name -> what each call gave."""
    results = {name: [] for name in contenders}
    names = list(contenders)
    for number in range(rounds):
        for name in names if number % 2 == 0 else reversed(names):
            results[name].append(contenders[name]())
    return results


def median_of(results, key):
    return statistics.median(result[key] for result in results)


def seconds_of(command, **options):
    begin = time.perf_counter()
    run(command, **options)
    return time.perf_counter() - begin


@dataclass
class Line:
    """One comparison: Cairn's figure, its peer's, and what it should reach."""
    what: str
    value: float
    unit: str
    target: str = ""
    met: bool | None = None  # None: there is nothing to reach
    peer: str = ""
    peer_value: float | None = None
    ratio: float | None = None


@dataclass
class Row:
    number: str
    title: str
    lines: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    seconds: float = 0.0
    error: str = ""

    def add(self, *args, **kwargs):
        self.lines.append(Line(*args, **kwargs))

    def compare(self, what, value, unit, peer, peer_value, at_least=None, at_most=None):
        """A line whose target is a ratio of the two figures."""
        ratio = value / peer_value if peer_value else None
        target = f"ratio >= {at_least:g}" if at_least is not None else f"ratio <= {at_most:g}" if at_most is not None else ""
        met = None
        if ratio is not None and at_least is not None:
            met = ratio >= at_least
        if ratio is not None and at_most is not None:
            met = ratio <= at_most
        self.lines.append(Line(what, value, unit, target, met, peer, peer_value, ratio))

    def limit(self, what, value, unit, at_most=None, at_least=None, peer="", peer_value=None):
        """A line whose target is a bound on the figure itself."""
        target = f"<= {at_most:g} {unit}" if at_most is not None else f">= {at_least:g} {unit}"
        met = value <= at_most if at_most is not None else value >= at_least
        ratio = value / peer_value if peer_value else None
        self.lines.append(Line(what, value, unit, target, met, peer, peer_value, ratio))

    def as_json(self):
        return asdict(self)
