# SPDX-License-Identifier: BSD-3-Clause
"""
Group calls: what a system call costs before it does anything.

The image is support/bench/calls, which provides calls that do nothing. It makes
each 1024 times between two markers; a figure is the instructions between them,
divided by that. The loop around the call counts.
"""
import os

from kilnlib import ROOT
from kilnlib.bench import Figure, Measure
from kilnlib.pieces import piece

APP = os.path.join(ROOT, "support", "bench", "calls")
REPEAT = 1024


def _work(arch, name):
    def run(builds):
        image = builds.image(APP, os.path.join(APP, "defconfigs",
                                               f"kvm-{arch}"))
        return Figure(round(piece(image, name, 1)[0] / REPEAT))
    return run


MEASURES = [
    Measure(f"{name}-{arch}", f"{what}, {arch}", "i", budget, stretch,
            _work(arch, name))
    for name, what, budget, stretch in (
        ("direct", "null call, linked in", 10, 5),
        ("direct-counted", "the same, counted", 25, 15),
        ("by-number", "null call by a number at run time", 40, 20),
        ("trapped", "null call, trapped", 120, 80),
        ("trapped-counted", "the same, counted", 140, 95))
    for arch in ("x86_64", "arm64")]
