# SPDX-License-Identifier: BSD-3-Clause
"""Resets at any time of a boot, and what the next boot makes of what is left.

QEMU's reset puts devices and CPUs back and loads the image again, but leaves
the rest of memory as it was. Each turn switches the machine on, resets it at a
random time, and has the next boot come to its end, where it switches the
machine off: then its console must be that of the first boot, case by case.
The variables SEED and TURNS choose the times, and how many.
"""

import os
import random
import re
import time

from kilntest import control, core, proc
from kilntest.core import expect

from . import ends

# CPUs, clocks, interrupts, threads, the heap; none that a busy host can fail.
CASES = "cpus.every*,thread.a_thousand*,alloc,timer_interrupt.who*"
CPUS = 2

MACHINES = {
    "x86_64": ("q35", "pc", "microvm"),
    "arm64": ("virt,gic-version=3", "virt,gic-version=2"),
}
TURNS, TURNS_SOAK = 6, 1000

BANNER = "Kiln "
END = "kiln: exit "
# Of the time that the first boot took: some resets come after the end.
LATEST = 1.2


def cases(text):
    return re.findall(r"^ok \d+ - ([^#\n]+?) *(?:#.*)?$", text, re.M)


def problem(text, first):
    """What is wrong with a boot, or None; @first is a right one."""
    text = text[text.rfind(BANNER):]
    if not text.startswith(BANNER) or END + "0\n" not in text:
        return "no whole boot"
    if cases(text) != cases(first):
        return "not the cases of the first boot"
    return None


class Machine:
    """One that is switched on again whenever it is off."""

    def __init__(self, ctl):
        self._ctl = ctl

    def on(self):
        self._ctl.qmp("system_reset")
        expect(self._ctl.event("RESET"), "it is not reset")
        self._ctl.qmp("cont")

    def end(self):
        """What it says up to its end."""
        if not self._ctl.event("SHUTDOWN"):
            raise core.Failure("it never ends:\n" + self._ctl.console())
        return self._ctl.console(END)

    def turn(self, after):
        """Switch it on, reset it after so many seconds; returns what the last
        boot says."""
        self.on()
        if not self._ctl.event("SHUTDOWN", after):
            self._ctl.qmp("stop")
            if not self._ctl.event("SHUTDOWN", 0):
                self._ctl.console()
                self.on()
                return self.end()
        return self._ctl.console(END)


def resets(machine):
    def run(ctx):
        turns = int(os.environ.get("TURNS") or
                    (TURNS_SOAK if ctx.soak else TURNS))
        seed = int(os.environ.get("SEED") or random.randrange(1 << 32))
        rng = random.Random(seed)
        where = []

        def act(ctl):
            guest = Machine(ctl)
            began = time.monotonic()
            ctl.qmp("cont")
            first = guest.end()
            latest = (time.monotonic() - began) * LATEST
            expect(len(cases(first)) > 9 and not problem(first, first),
                   "the first boot: " + first)
            for turn in range(turns):
                after = rng.random() * latest
                where[:] = ["turn %d, reset after %.3f s" % (turn, after)]
                text = guest.turn(after)
                wrong = problem(text, first)
                expect(not wrong, "%s\n%s" % (wrong, text))
            where[:] = ["all turns"]

        def act_and_quit(ctl):
            try:
                act(ctl)
            finally:
                ctl.qmp("quit")

        def qemu(options, watch):
            return proc.run(
                ends.QEMU[ctx.arch] + [
                    "-M", machine, "-cpu", "max", "-accel", "tcg", "-m", "64M",
                    "-smp", str(CPUS), "-nodefaults", "-no-user-config",
                    "-serial", "stdio", "-S", "-no-shutdown", "-kernel",
                    ctx.image("uktest-smp"), "-append",
                    "uktest uktest.filter=" + CASES] +
                [word.partition("=")[2] for word in options],
                timeout=60 + 10 * turns, watch=watch, limit=1 << 28)

        try:
            control.during(qemu, act_and_quit)
        except core.Failure as e:
            raise core.Failure("SEED=%d, %s: %s" % (seed, " ".join(where),
                                                    e)) from None
        ctx.write("seed", "%d, %d turns\n" % (seed, turns))
        ctx.case("seed %d: %d resets" % (seed, turns), where == ["all turns"])
    return run


def register():
    for arch, names in MACHINES.items():
        for machine in names:
            core.add("resets/%s/%s" % (arch, machine), resets(machine),
                     arch=arch, images=("uktest-smp",))


register()
