# SPDX-License-Identifier: BSD-3-Clause
"""
Group files: what calls on descriptors cost in instructions, linked in.

The image is support/bench/files. It does each piece of work some times
between two markers, and says on the console which and how often; a figure is
the instructions between them, divided by that. The loop around the work
counts.
"""
import os

from kilnlib import ROOT
from kilnlib.bench import Figure, Measure
from kilnlib.pieces import piece

APP = os.path.join(ROOT, "support", "bench", "files")
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
        ("pipe", "pipe, write and read 1 byte", 400, 250),
        ("eventfd", "eventfd, write and read", 200, 120),
        ("ping-pong", "pipe ping-pong between two threads", 1000, 600))
    for kind, words in SCHEDS
    for arch in ARCHS]
