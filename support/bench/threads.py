# SPDX-License-Identifier: BSD-3-Clause
"""
Group threads: what threads, and what they share, cost in instructions.

The image is support/bench/threads. It does each piece of work 1024 times
between two markers and names it on the console; a figure is the instructions
between them, divided by that. The loop around the work counts.

How well several CPUs share work is another image, another run and another
unit: see README.md.
"""
import itertools
import os
import re

from kilnlib import ROOT, count
from kilnlib.bench import Figure, Measure
from kilnlib.errors import KilnError

APP = os.path.join(ROOT, "support", "bench", "threads")
ARCHS = ("x86_64", "arm64")
REPEAT = 1024
BEGIN, END = 1, 2       # markers
# Of a defconfig and a measure the ending, and the words.
SCHEDS = (("", ", cooperative"), ("-preemptive", ", preemptive"))

NCPUS = 4               # that are compared with one
# Instructions by which a CPU may be ahead: some locks are held for more.
AHEAD = 64
LIMIT_SECONDS = 300     # a run of several CPUs takes ten on a quiet machine

_counted = {}           # (image, CPUs) -> {name: instructions}


def _count(image, cpus, lockstep=None):
    """Instructions, or time, of every piece of work, out of one boot."""
    if (image.path, cpus) in _counted:
        return _counted[image.path, cpus]
    done = count.run(image, cpus=cpus, lockstep=lockstep,
                     limit=LIMIT_SECONDS if lockstep else count.LIMIT_SECONDS)
    names = re.findall(r"^bench (\S+)\s*$", done.console, re.M)
    marks = [m[0] for m in done.marks]
    if not names or marks != [BEGIN, END] * len(names):
        raise KilnError(f"{image.path}: {len(names)} names and markers "
                        f"{marks}; the console says:\n" + done.console)
    if done.slips:
        raise KilnError(f"{image.path}: the CPUs could not be kept together "
                        f"({done.slips} times); is this machine very busy?")
    at = done.times if lockstep else [m[1] for m in done.marks]
    _counted[image.path, cpus] = dict(zip(names, (
        end - begin for begin, end in zip(at[::2], at[1::2]))))
    return _counted[image.path, cpus]


def _image(builds, config_name):
    return builds.image(APP, os.path.join(APP, "defconfigs", config_name))


def _of(found, name):
    if name not in found:
        raise KilnError(f"the image does no {name}, but " + ", ".join(found))
    return found[name]


def _work(config_name, name, cpus=1):
    def run(builds):
        found = _count(_image(builds, config_name), cpus)
        return Figure(round(_of(found, name) / REPEAT))
    return run


def efficiency(alone, together, cpus):
    """Per cent of the CPUs' time that one CPU needs for the same work."""
    return round(100 * alone / (cpus * together), 1)


def _shared_out(config_name, name):
    def run(builds):
        image = _image(builds, config_name)
        alone, together = (_of(_count(image, cpus, lockstep=AHEAD), name)
                           for cpus in (1, NCPUS))
        return Figure(efficiency(alone, together, NCPUS),
                      f"({alone:,} and {together:,} i)")
    return run


def _measures():
    """Name in the image, text, budget, stretch, of both schedulers or one."""
    for name, what, budget, stretch, scheds in (
            ("yield", "yield between two threads", (100, 200), (60, 120), 2),
            ("mutex", "uncontended mutex, lock and unlock", 30, 16, 2),
            ("semaphore", "uncontended semaphore, up and down", 30, 16, 2),
            ("hand-over", "hand-over to a thread that waits", 500, 300, 2),
            ("thread-join", "thread create and join", 3000, 1200, 2),
            ("ring-spsc", "SPSC ring, enqueue and dequeue", 40, 28, 1),
            ("ring-spsc-burst", "the same, per element of 32", 16, 12, 1),
            ("ring-mpmc", "MPMC ring, enqueue and dequeue", 70, 50, 1),
            ("ring-mpmc-single", "the same with one consumer", 60, 45, 1),
            ("ring-mpmc-burst", "MPMC, per element of 32", 64, 45, 1)):
        for i, arch in itertools.product(range(scheds), ARCHS):
            yield Measure(
                f"{name}{SCHEDS[i][0]}-{arch}",
                f"{what}{SCHEDS[i][1] if scheds > 1 else ''}, {arch}", "i",
                budget[i] if isinstance(budget, tuple) else budget,
                stretch[i] if isinstance(stretch, tuple) else stretch,
                _work(f"kvm-{arch}{SCHEDS[i][0]}", name))
    for name, what, budget, stretch in (
            ("timer-interrupt", "timer set, interrupt, handler and back",
             600, 350),
            ("ipi-call", "call by IPI, round trip", 1500, 800)):
        for arch in ARCHS:
            yield Measure(f"{name}-{arch}", f"{what}, {arch}", "i", budget,
                          stretch, _work(f"kvm-{arch}-cpus", name, cpus=2))
    for name, what, budget, stretch in (
            ("private", "private work", 95, 98),
            ("shared", "shared work", 85, 92)):
        for arch in ARCHS:
            yield Measure(f"smp-{name}-{arch}",
                          f"1 to {NCPUS} CPUs, {what}, {arch}", "%", budget,
                          stretch, _shared_out(f"kvm-{arch}-smp", name),
                          more=True)


MEASURES = list(_measures())
