# SPDX-License-Identifier: BSD-3-Clause
"""
Group memory: what mappings cost in instructions.

The image is support/bench/memory. It does each piece of work some times
between two markers, and says on the console which and how often; a figure is
the instructions between them, divided by that. The loop around the work
counts. What a program calls is in an image of its own, which has more to do
at a page fault, as accesses to bad pointers are survived there.
"""
import os

from kilnlib import ROOT
from kilnlib.bench import Figure, Measure
from kilnlib.pieces import piece

APP = os.path.join(ROOT, "support", "bench", "memory")
ARCHS = ("x86_64", "arm64")


def _work(arch, name, config):
    def run(builds):
        length, times = piece(builds.image(APP, os.path.join(
            APP, "defconfigs", f"{config}-{arch}")), name)
        return Figure(round(length / times))
    return run


MEASURES = [
    Measure(f"{name}-{arch}", f"{what}, {arch}", "i", budget, stretch,
            _work(arch, name, config))
    for config, rows in (("kvm", (
        ("map-gib", "map 1 GiB with 2 MiB pages", 3000, 1500),
        ("map-unmap", "map and unmap 4 KiB, in a table in use", 1000, 600),
        ("map-unmap-alone", "the same, with all its tables", 4000, 2000),
        ("activate", "make another low half active", 100, 50),
        ("mmap", "map and unmap an area of 4 KiB", 1500, 900),
        ("mmap-touch", "the same, with its page touched", 4000, 2500),
        ("fault", "page fault of an area, without zeroing", 600, 350),
        ("cow", "page fault that copies a page", 2500, 1500))), ("calls", (
        ("mmap-call", "mmap() and munmap() of 4 KiB", 1500, 900),
        ("mmap-64k", "the same of 64 KiB", 1500, 900),
        ("mmap-shared", "the same, shared", 8000, 4000),
        ("fault-call", "page fault of a program, with zeroing", 1300,
         900)))
    )
    for name, what, budget, stretch in rows
    for arch in ARCHS]
