# SPDX-License-Identifier: BSD-3-Clause
"""
Group signals: what threads do to each other by calls, in instructions.

The image is support/bench/signals: direct calls. The loop around the call
counts.
"""
import os

from kilnlib import ROOT
from kilnlib.bench import Figure, Measure
from kilnlib.pieces import piece

APP = os.path.join(ROOT, "support", "bench", "signals")
ARCHS = ("x86_64", "arm64")
# Of a defconfig and a measure the ending, and the words.
SCHEDS = (("", ""), ("-preemptive", ", preemptive"))


def _work(config_name, name):
    def run(builds):
        length, times = piece(builds.image(APP, os.path.join(
            APP, "defconfigs", config_name)), name)
        return Figure(round(length / times))
    return run


MEASURES = [
    Measure(f"{name}{kind}-{arch}", f"{what}{words}, {arch}", "i", budget,
            stretch, _work(f"kvm-{arch}{kind}", name))
    for name, what, budget, stretch in (
        ("signal-self", "signal to self with a handler", 1200, 700),
        ("signal-mask", "the mask of signals set", 150, 100),
        ("futex-hand-over", "futex wake and wait, each", 600, 350))
    for kind, words in SCHEDS for arch in ARCHS]
