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

from kilnlib import ROOT
from kilnlib.bench import Figure, Measure
from kilnlib.pieces import piece, shared_out

APP = os.path.join(ROOT, "support", "bench", "threads")
ARCHS = ("x86_64", "arm64")
REPEAT = 1024
# Of a defconfig and a measure the ending, and the words.
SCHEDS = (("", ", cooperative"), ("-preemptive", ", preemptive"))

NCPUS = 4               # that are compared with one


def _image(builds, config_name):
    return builds.image(APP, os.path.join(APP, "defconfigs", config_name))


def _work(config_name, name, cpus=1):
    def run(builds):
        length = piece(_image(builds, config_name), name, cpus)[0]
        return Figure(round(length / REPEAT))
    return run


def _shared_out(config_name, name):
    def run(builds):
        return shared_out(_image(builds, config_name), name, NCPUS)
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
    for (kind, words), arch in itertools.product(SCHEDS, ARCHS):
        yield Measure(
            f"thread-join-guards{kind}-{arch}",
            f"the same, stacks with guards{words}, {arch}", "i", 3000, 1200,
            _work(f"kvm-{arch}{kind}-guards", "thread-join"))
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
