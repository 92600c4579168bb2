# SPDX-License-Identifier: BSD-3-Clause
"""
Boot an image under the counting plugin of support/tools/count.

-icount shift=0,sleep=off makes guest time the count of instructions, so two
runs of one image give the same figures to the last digit. For several CPUs
that work at once there is lockstep instead.
"""
import glob
import hashlib
import os
import re
import shutil
import subprocess
import tempfile

from . import ROOT, cache_dir, guest
from .console import Console, judge
from .elf import PT_LOAD, Elf
from .errors import KilnError, Missing
from .machine import Machine, escape
from .run import options

SOURCES = os.path.join(ROOT, "support", "tools", "count")
CFLAGS = ["-D_GNU_SOURCE", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror",
          "-shared", "-fPIC"]
LIMIT_SECONDS = 60


def plugin():
    """Path of the plugin, built if its sources are new."""
    sources = sorted(glob.glob(os.path.join(SOURCES, "*.[ch]")))
    digest = hashlib.sha256(" ".join(CFLAGS).encode())
    for source in sources:
        with open(source, "rb") as file:
            digest.update(file.read())
    path = os.path.join(cache_dir(), f"count-{digest.hexdigest()[:16]}.so")
    if os.path.exists(path):
        return path
    if not shutil.which("gcc"):
        raise Missing("gcc", "gcc")
    temp = f"{path}.{os.getpid()}"
    done = subprocess.run(
        ["gcc", *CFLAGS, *(s for s in sources if s.endswith(".c")),
         "-o", temp], capture_output=True, text=True, check=False)
    if done.returncode:
        raise KilnError(f"{SOURCES}: the plugin does not build\n"
                        + done.stderr)
    os.replace(temp, path)
    return path


class Run:
    """One boot, counted."""

    def __init__(self, verdict, console, log, hist):
        self.verdict = verdict
        self.console = console
        self.hist = hist        # {address: executions}, if asked for
        # {address: (instructions, string iterations)} at first execution
        self.pcs = {int(m[1], 16): (int(m[2]), int(m[3])) for m in
                    re.finditer(r"^pc (\S+) (\d+) rep (\d+)$", log, re.M)}
        # [(number, instructions, string iterations)] of marker no-ops
        self.marks = [tuple(map(int, m.groups())) for m in
                      re.finditer(r"^mark (\d+) (\d+) \+\d+ rep (\d+)", log,
                                  re.M)]
        # With lockstep: what time it was at each of them, and how often a
        # vCPU got on out of turn.
        self.times = [int(m[1]) for m in
                      re.finditer(r"^mark .* time (\d+)$", log, re.M)]
        self.slips = sum(int(m[1]) for m in
                         re.finditer(r"^slips (\d+)$", log, re.M))

    def between(self, first, last):
        """(instructions, string iterations) from one address to another."""
        for addr in (first, last):
            if addr not in self.pcs:
                raise KilnError(
                    f"{addr:#x} was never reached; the console says:\n"
                    + self.console)
        return tuple(b - a for a, b in zip(self.pcs[first], self.pcs[last]))


def _read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def _hist(text):
    rows = (line.split() for line in text.splitlines())
    return {int(addr, 16): int(count) for addr, count in rows}


def run(image, pcs=(), hist=None, check_mem=True, limit=LIMIT_SECONDS,
        lockstep=None, **wish):
    """
    Boot image with the options of `kiln run` in wish. pcs: addresses to
    count at; hist: (from, to), count executions between these; lockstep:
    let vCPUs run at once from the first marker on, none of them further
    ahead than that many instructions.
    """
    with tempfile.TemporaryDirectory(prefix="kiln-count-") as work:
        log = os.path.join(work, "log")
        hist_file = os.path.join(work, "hist")
        args = [f"{plugin()},log={escape(log)}"]
        args += [f"pc={pc:x}" for pc in pcs]
        if hist:
            args += [f"hist={escape(hist_file)}", f"from={hist[0]:x}",
                     f"to={hist[1]:x}"]
        if lockstep is None:
            opts = options(image.path, accel="tcg", **wish)
            opts.qemu_arg += ["-icount", "shift=0,sleep=off"]
        else:
            opts = options(image.path, accel="tcg,thread=multi", **wish)
            args.append(f"lockstep={lockstep}")
        opts.qemu_arg += ["-plugin", ",".join(args)]
        machine = Machine(image, opts, check_mem)
        # The guest reads the path, by multiboot: some 7 instructions a byte.
        machine.same_path = True
        outcome, console = boot(machine, limit)
        if not outcome.interrupted and outcome.returncode == 1 and \
                not os.path.exists(log):
            raise KilnError("QEMU did not start with the counting plugin: "
                            + outcome.messages.decode("utf-8", "replace"))
        verdict = (None if outcome.interrupted else
                   judge(image.arch, outcome.returncode, console))
        return Run(verdict, console.text.decode("utf-8", "replace"),
                   _read(log), _hist(_read(hist_file)))


def boot(machine, limit):
    """Run a Machine without showing anything: (Outcome, Console)."""
    console = Console(keep_all=True)
    with machine.prepared():
        outcome = guest.run(machine.argv(), console.feed, limit=limit,
                            quiet=True)
    console.finish()
    if outcome.interrupted and outcome.interrupted.by_user:
        raise KeyboardInterrupt
    return outcome, console


class Program:
    """An image and the addresses that are counted in it."""

    def __init__(self, image):
        if not image.dbg:
            raise KilnError(f"{image.path}.dbg, the image with symbols, "
                            "does not exist")
        self.image = image
        self.elf = Elf.load(image.dbg)

    def symbol(self, name):
        """The address of a symbol."""
        addr = self.elf.symbol(name)
        if addr is None:
            raise KilnError(f"{self.image.dbg}: has no symbol {name}")
        return addr

    def virtual(self, addr):
        """addr, or where the loaded image's physical addr is linked."""
        if self.image.arch != "arm64":
            return addr
        base = min(s.vaddr for s in self.elf.segments if s.type == PT_LOAD)
        load = self.image.entry("arm64")
        return addr - load + base if addr < base else addr
