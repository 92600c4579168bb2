# SPDX-License-Identifier: BSD-3-Clause
"""The clocks that keep the date, and wall time, in machines that are told one.

The cases are those of lib/ukrtc/tests/image_rtc.c that take seconds or depend
on the machine.
"""

from kilntest import core, guest
from kilntest.core import expect

# In make test the first one with all cases; all in soak.
MACHINES = {
    "x86_64": ("pc", "q35", "microvm"),
    "arm64": ("virt-gic3", "virt-gic2"),
}

DATE = ("--qemu-arg=-rtc", "--qemu-arg=base=2031-03-04T05:06:07")


def run_case(ctx, machine, cases, count, extra=()):
    boot = guest.boot(ctx, ctx.image("uktest"), machine=machine, mem="64M",
                      params="ukdebug.console=2 uktest.limit_ms=20000 "
                      "uktest.filter=on_demand." + cases, extra=extra)
    ctx.write("console", str(boot))
    return boot.expect_status(0).expect_text("1..%d\n" % count, "ok 1 ")


def told(machine):
    """The machine is told a date, which is that of the clock."""
    def run(ctx):
        run_case(ctx, machine, "the_clock_says_what_the_machine_was_told", 1,
                 extra=DATE)
    return run


def wall(machine):
    """Emulated: what KVM tells of the date goes before the clock."""
    def run(ctx):
        boot = run_case(ctx, machine, "wall_time_is_less_than_a_second_*", 1,
                        extra=DATE + ("--accel=tcg",))
        boot.expect_match("info: libuktime: the date is that of "
                          + ("cmos" if ctx.arch == "x86_64" else "pl031"))
    return run


def alarms(machine):
    def run(ctx):
        run_case(ctx, machine, "rtc_*", 3)
    return run


def no_clock(ctx):
    boot = run_case(ctx, "microvm-bare",
                    "without_a_clock_wall_time_begins_in_1970", 1)
    expect(boot.console.count("nothing knows the date: it is 1970") == 1,
           str(boot))


core.add("image/x86_64/a machine without a clock is in 1970", no_clock,
         arch="x86_64", images=("uktest",))
for _arch, _machines in MACHINES.items():
    for _i, _machine in enumerate(_machines):
        for _name, _fn, _all in (
                ("the clock says what it was told", told, True),
                ("wall time is right to 4 ms", wall, False),
                ("the clock ticks and its alarms interrupt", alarms, False)):
            core.add("image/%s/%s: %s" % (_arch, _machine, _name),
                     _fn(_machine), arch=_arch, images=("uktest",),
                     soak=_i > 0 and not _all)
