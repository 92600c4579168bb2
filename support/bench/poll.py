# SPDX-License-Identifier: BSD-3-Clause
"""
Group poll: what it costs to ask which files are ready, in instructions.

The image is support/bench/poll: direct calls, and a file that is ready. The
loop around the call counts.
"""
import os

from kilnlib import ROOT
from kilnlib.bench import Figure, Measure
from kilnlib.pieces import piece

APP = os.path.join(ROOT, "support", "bench", "poll")
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
        ("poll", "poll of one ready eventfd", 200, 120),
        ("select", "select, the same", 500, 300),
        ("epoll-wait", "epoll_wait, one ready eventfd", 200, 120),
        ("epoll-ctl", "epoll_ctl, delete and add", 1200, 800))
    for kind, words in SCHEDS for arch in ARCHS]
