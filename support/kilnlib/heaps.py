# SPDX-License-Identifier: BSD-3-Clause
"""
`kiln heaps`: the default heap against those of the host, natively.

One program replays traces of calls; it is built once with our heap, out of the
objects of the hosted tests, and once with malloc(), which the host's heaps take
over by LD_PRELOAD. Each trace runs in a process of its own, which says what
memory the heap took from the system, and how much CPU time the second replay
had; the machine's mood is in that. Instructions are counted under QEMU's user
mode, where it is installed, and are the same on each machine.
"""
import glob
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile

from . import ROOT, count
from .bench import MISSED
from .errors import KilnError, Missing

MAKEFILE = os.path.join(ROOT, "support", "tests", "hosted", "Makefile")
TRACES = ("http", "kv", "database", "queue", "churn")
OURS = "kiln"
LIMIT_SECONDS = 120     # of one process; ten times what it takes
# PERFORMANCE: what a heap takes from the system, per byte in use.
MEMORY_BUDGET, MEMORY_STRETCH = 1.12, 1.08

# Of the host's heaps: what it is that LD_PRELOAD takes, and the package.
HOSTS = {
    "glibc": None,
    "mimalloc": ("libmimalloc.so.2", "libmimalloc2.0"),
    "jemalloc": ("libjemalloc.so.2", "libjemalloc2"),
}

EPILOG = """
instructions: of one call, loop and touching included; iterations of repeated
string instructions are not counted. ns: CPU time of one call, median of the
runs. memory: what was taken from the system at most, per byte in use at most;
of ours frames, written to or not, of the others pages that were written to;
what the allocator of frames has at hand is free, and not the heap's.
Last, what ours is to each other one: smaller is better for us.
exit status: 0, or 1 when --check is given and the budget of memory is missed.
"""


class Result:
    """What a heap did with a trace."""

    def __init__(self, line, insns=None):
        words = dict(re.findall(r"(\w+)=(\d+)", line))
        self.ops, self.peak, self.taken, self.cpu_ns = (
            int(words[key]) for key in ("ops", "peak", "taken", "cpu_ns"))
        self.insns = insns

    def rows(self):
        """{what: number}, as they are printed."""
        rows = {"ns": self.cpu_ns / self.ops,
                "memory": self.taken / self.peak}
        if self.insns is not None:
            rows["instructions"] = self.insns / self.ops
        return rows


def add_options(parser):
    """The options of `kiln heaps`."""
    add = parser.add_argument
    add("--trace", metavar="NAME", choices=TRACES,
        help="only this one: " + ", ".join(TRACES))
    add("--runs", metavar="N", type=int, default=5,
        help="runs of which the median counts, for CPU time (default 5)")
    add("--check", action="store_true",
        help="fail when the budget of memory is missed")
    add("--out", metavar="DIR",
        help="where it is built; default: heaps/ in $O or in build/")


def library(heap, roots=("/usr/lib", "/usr/local/lib")):
    """Path of what LD_PRELOAD takes for a heap of the host, or None."""
    if not HOSTS[heap]:
        return None
    name, package = HOSTS[heap]
    found = [path for root in roots
             for path in sorted(glob.glob(f"{root}/*/{name}")
                                + glob.glob(f"{root}/{name}"))]
    if not found:
        raise Missing(name, package)
    return found[0]


def emulator():
    """QEMU's user mode for this machine, or None."""
    return shutil.which(f"qemu-{platform.machine()}")


def build(out, jobs=2):
    """The directory with both programs."""
    os.makedirs(out, exist_ok=True)
    done = subprocess.run(
        ["make", "-f", MAKEFILE, f"O={out}", f"-j{jobs}", "heaps"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False)
    if done.returncode:
        raise KilnError(f"{out}: does not build\n{done.stdout}")
    return out


def _call(argv, env=None):
    try:
        done = subprocess.run(argv, capture_output=True, text=True,
                              env=env, check=False, timeout=LIMIT_SECONDS)
    except subprocess.TimeoutExpired:
        raise KilnError(f"{' '.join(argv)}: no end in {LIMIT_SECONDS} s"
                        ) from None
    if done.returncode:
        raise KilnError(f"{' '.join(argv)}: status {done.returncode}\n"
                        + done.stderr)
    return done.stdout


def _program(out, heap):
    return os.path.join(out, "heaps-kiln" if heap == OURS else "heaps-libc")


def replay(out, heap, trace):
    """One run, natively."""
    env = dict(os.environ)
    preload = None if heap == OURS else library(heap)
    if preload:
        env["LD_PRELOAD"] = preload
    return Result(_call([_program(out, heap), trace], env))


def count_insns(out, heap, trace, qemu):
    """Instructions of the second replay."""
    preload = None if heap == OURS else library(heap)
    with tempfile.TemporaryDirectory(prefix="kiln-heaps-") as work:
        log = os.path.join(work, "log")
        _call([qemu, *(["-E", "LD_PRELOAD=" + preload] if preload else []),
               "-plugin", f"{count.plugin()},log={log}",
               _program(out, heap), trace])
        with open(log, encoding="utf-8") as file:
            marks = [int(m[1]) for m in
                     re.finditer(r"^mark \d+ (\d+) ", file.read(), re.M)]
    if len(marks) != 2:
        raise KilnError(f"{qemu}: {len(marks)} markers were seen, not 2")
    return marks[1] - marks[0]


def measure(out, heaps, trace, runs, qemu):
    """{heap: Result}; the heaps take turns, so that all see one mood."""
    found = {heap: [] for heap in heaps}
    for _ in range(runs):
        for heap in heaps:
            found[heap].append(replay(out, heap, trace))
    results = {}
    for heap, each in found.items():
        results[heap] = each[0]
        results[heap].cpu_ns = statistics.median(r.cpu_ns for r in each)
        if qemu:
            results[heap].insns = count_insns(out, heap, trace, qemu)
    peaks = {(r.ops, r.peak) for r in results.values()}
    if len(peaks) != 1:
        raise KilnError(f"{trace}: not the same for each heap: {peaks}")
    return results


def lines(trace, results):
    """The lines of the table about a trace."""
    rows = {heap: r.rows() for heap, r in results.items()}
    others = [heap for heap in results if heap != OURS]
    yield f"{trace} ({results[OURS].peak / 1024:,.0f} KiB in use)"
    for what in ("instructions", "ns", "memory"):
        if what not in rows[OURS]:
            continue
        ours = rows[OURS][what]
        yield (f"  {what:14}"
               + "".join(f"{rows[h][what]:>10.{2 if what == 'memory' else 1}f}"
                         for h in results)
               + "   " + "".join(f"{ours / rows[h][what]:>10.2f}"
                                 for h in others))


def overhead(ratios):
    """Of all traces: the geometric mean."""
    return statistics.geometric_mean(ratios)


def verdict(mean):
    """What is said of the mean of memory, as `kiln bench` says it."""
    if mean > MEMORY_BUDGET:
        return "MISSED"
    return "stretch" if mean <= MEMORY_STRETCH else "budget"


def main(opts):
    """Returns the exit status."""
    heaps = [OURS, *HOSTS]
    for heap in HOSTS:
        library(heap)   # before anything is built
    qemu = emulator()
    if not qemu:
        print(f"kiln heaps: qemu-{platform.machine()} is not installed "
              "(package qemu-user): no instructions, CPU time only",
              file=sys.stderr)
    out = build(os.path.abspath(
        opts.out or os.path.join(os.environ.get("O") or
                                 os.path.join(ROOT, "build"), "heaps")))
    print(f"{'of one call':16}" + "".join(f"{h:>10}" for h in heaps) + "   "
          + "".join(f"{'/' + h:>10}" for h in HOSTS))
    ratios = []
    for trace in [opts.trace] if opts.trace else TRACES:
        results = measure(out, heaps, trace, opts.runs, qemu)
        ratios.append(results[OURS].rows()["memory"])
        print("\n".join(lines(trace, results)), flush=True)
    mean = overhead(ratios)
    mark = verdict(mean)
    print(f"memory of {OURS}, mean: {mean:.2f}  (budget {MEMORY_BUDGET}, "
          f"stretch {MEMORY_STRETCH})  {mark}")
    return MISSED if opts.check and mark == "MISSED" else 0
