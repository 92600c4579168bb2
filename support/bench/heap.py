# SPDX-License-Identifier: BSD-3-Clause
"""
Group heap: what the general heap costs in instructions.

The image is support/bench/heap. A figure is of one malloc and its free, or of
one realloc, loop and calls included; how well several CPUs share a heap is
another image and another unit: see README.md.
"""
import os

from kilnlib import ROOT
from kilnlib.bench import Figure, Measure
from kilnlib.pieces import piece, shared_out

APP = os.path.join(ROOT, "support", "bench", "heap")
ARCHS = ("x86_64", "arm64")
NCPUS = 4               # that are compared with one
MEM = "256M"            # for a heap that uses nothing again, too
# Of a defconfig and a measure the ending, and the words.
SCHEDS = (("", ""), ("-preemptive", ", preemptive"))


def _image(builds, config_name):
    return builds.image(APP, os.path.join(APP, "defconfigs", config_name))


def _work(config_name, name):
    def run(builds):
        length, times = piece(_image(builds, config_name), name, mem=MEM)
        return Figure(round(length / times))
    return run


def _shared_out(config_name, name):
    def run(builds):
        return shared_out(_image(builds, config_name), name, NCPUS, MEM)
    return run


def _measures():
    for name, what, budget, stretch in (
            ("pair", "malloc and free, 64 B", 60, 40),
            ("batch", "the same, 100 at once", 50, 34),
            ("churn", "the same, 16 to 1024 B, 1000 in use", 85, 60),
            ("sized", "malloc and free by size, 64 B", 55, 36),
            ("realloc", "realloc, from 64 B to 4 KiB by 64", 300, 150),
            ("64k", "malloc and free, 64 KiB", 1500, 900),
            ("1m", "malloc and free, 1 MiB", 1500, 900),
            ("calloc", "calloc and free, 4 KiB", 900, 700)):
        for ending, words in SCHEDS:
            for arch in ARCHS:
                yield Measure(f"{name}{ending}-{arch}",
                              f"{what}{words}, {arch}", "i", budget, stretch,
                              _work(f"kvm-{arch}{ending}", name))
    for name, what, budget, stretch in (
            ("private", "own blocks", 95, 98),
            ("remote", "freed by another", 85, 92)):
        for arch in ARCHS:
            yield Measure(f"smp-{name}-{arch}",
                          f"1 to {NCPUS} CPUs, {what}, {arch}", "%", budget,
                          stretch, _shared_out(f"kvm-{arch}-smp", name),
                          more=True)


MEASURES = list(_measures())
