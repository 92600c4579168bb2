# SPDX-License-Identifier: BSD-3-Clause
"""
Pieces of work in one boot, each between two markers.

An image of support/bench says on a line "bench NAME" or "bench NAME TIMES"
what comes next, and does it between marker 1 and marker 2.
"""
import re

from . import count
from .bench import Figure
from .errors import KilnError

BEGIN, END = 1, 2       # markers
# Instructions by which a CPU may be ahead: some locks are held for more.
AHEAD = 64
LIMIT_SECONDS = 300     # a run of several CPUs takes ten on a quiet machine

_counted = {}           # what counted() was asked -> {name: (length, times)}


def counted(image, cpus=1, at_once=False, mem=None):
    """
    {name: (instructions, times)} of one boot, times being 1 where the image
    says none; at_once: the CPUs run in lockstep, and instructions are time.
    """
    key = image.path, cpus, at_once, mem
    if key not in _counted:
        wish = {"mem": mem} if mem else {}
        _counted[key] = _count(image, at_once, cpus=cpus, **wish)
    return _counted[key]


def _count(image, at_once, **wish):
    done = count.run(image, lockstep=AHEAD if at_once else None,
                     limit=LIMIT_SECONDS if at_once else count.LIMIT_SECONDS,
                     **wish)
    rows = re.findall(r"^bench (\S+)(?: (\d+))?\s*$", done.console, re.M)
    marks = [m[0] for m in done.marks]
    if not rows or marks != [BEGIN, END] * len(rows):
        raise KilnError(f"{image.path}: {len(rows)} names and markers "
                        f"{marks}; the console says:\n" + done.console)
    if done.slips:
        raise KilnError(f"{image.path}: the CPUs could not be kept together "
                        f"({done.slips} times); is this machine very busy?")
    at = done.times if at_once else [m[1] for m in done.marks]
    return {name: (end - begin, int(times or 1))
            for (name, times), begin, end in zip(rows, at[::2], at[1::2])}


def piece(image, name, cpus=1, at_once=False, mem=None):
    """(instructions, times) of one piece of work."""
    found = counted(image, cpus, at_once, mem)
    if name not in found:
        raise KilnError(f"the image does no {name}, but " + ", ".join(found))
    return found[name]


def efficiency(alone, together, cpus):
    """Per cent of the CPUs' time that one CPU needs for the same work."""
    return round(100 * alone / (cpus * together), 1)


def shared_out(image, name, cpus, mem=None):
    """The Figure of how well several CPUs share a piece of work."""
    alone, together = (piece(image, name, n, at_once=True, mem=mem)[0]
                       for n in (1, cpus))
    return Figure(efficiency(alone, together, cpus),
                  f"({alone:,} and {together:,} i)")
