# SPDX-License-Identifier: BSD-3-Clause
"""
Group frames: what physical memory by the frame costs in instructions.

The image is support/bench/frames. It does each piece of work once to warm up
and once between two markers; a figure is the instructions to take one frame, or
one run of frames, and to give it back, loop and calls included.
"""
import os

from kilnlib import ROOT, count
from kilnlib.bench import Figure, Measure
from kilnlib.pieces import piece

APP = os.path.join(ROOT, "support", "bench", "frames")
ARCHS = ("x86_64", "arm64")
# Of a defconfig and a measure the ending, and the words.
SCHEDS = (("", "one CPU"), ("-smp", "all CPUs"))

# As main.c has them.
TIMES = {"single": 1024, "batch": 1000, "run-16": 1024, "run-21": 1024,
         "below-4g": 1024}

GROWTH_FROM, GROWTH_TO = 32, 4096       # MiB


def _work(config_name, name):
    def run(builds):
        image = builds.image(APP, os.path.join(APP, "defconfigs",
                                               config_name))
        return Figure(round(piece(image, name)[0] / TIMES[name]))
    return run


def _growth(config_name, machine):
    """From entry to main, string instructions included."""
    def run(builds):
        image = builds.image(APP, os.path.join(APP, "defconfigs",
                                               config_name))
        ends = (image.entry(image.protocol()),
                count.Program(image).symbol("main"))
        few, many = (sum(count.run(image, pcs=ends, machine=machine,
                                   mem=f"{mib}M").between(*ends))
                     for mib in (GROWTH_FROM, GROWTH_TO))
        return Figure(round((many - few) * 1024 / (GROWTH_TO - GROWTH_FROM)),
                      f"({few:,} to {many:,})")
    return run


def _measures():
    for name, what, budget, stretch in (
            ("single", "frame, take and give back", 150, 100),
            ("batch", "the same, 1000 at once", 250, 180),
            ("run-16", "run of 16 frames", 650, 400),
            ("run-21", "run of 21 frames", 1300, 900),
            ("below-4g", "frame below 4 GiB", 450, 300)):
        for ending, words in SCHEDS:
            for arch in ARCHS:
                yield Measure(f"{name}{ending}-{arch}",
                              f"{what}, {words}, {arch}", "i", budget,
                              stretch, _work(f"kvm-{arch}{ending}", name))
    for arch, machine in (("x86_64", "pc"), ("arm64", "virt")):
        yield Measure(f"growth-{arch}", f"growth of boot per GiB, {arch}", "i",
                      2000, 0, _growth(f"kvm-{arch}", machine))


MEASURES = list(_measures())
