# SPDX-License-Identifier: BSD-3-Clause
"""Time on machines whose clocks are missing, set, stopped or set back.

Which clock the image takes is expected by name: a machine is there for each.
"""

import time

from kilntest import core, guest
from kilntest.core import expect

# What TCG's CPUs have is no invariant TSC, so devices go before it. The last
# machines have no other clock with a known rate.
CLOCKS = {
    "x86_64": (("pc", None, "hpet"), ("pc,hpet=off", None, "pmtimer"),
               ("pc,hpet=off", "qemu64,-apic", "pmtimer"),
               ("pc,acpi=off,hpet=off", None, "tsc-unsteady"),
               ("microvm,pit=off,pic=off,rtc=off", None, "tsc-unsteady")),
    "arm64": (("virt,gic-version=3", None, "arm-virtual"),
              ("virt,gic-version=2", "cortex-a53", "arm-virtual")),
}
SLEEPS = "on_demand.sleeps_end_and_time_goes_on_after_a_stop"
TIMERS = "timer,timer_interrupt,cpu.ticks*," + SLEEPS

# Started at, the case. The clock of a PC ends at 2099 in QEMU 7.2.
DATES = {
    "x86_64": (
        ("1970-01-01T00:00:00", "the_clock_begins_in_1970"),
        ("2038-01-19T03:14:05", "the_clock_goes_past_the_end_of_31_bits"),
        ("2088-02-29T00:00:00", "the_clock_goes_past_the_century"),
        ("2099-06-01T00:00:00", "a_date_before_1970_is_none*")),
    "arm64": (
        ("1970-01-01T00:00:00", "the_clock_begins_in_1970"),
        ("2038-01-19T03:14:05", "the_clock_goes_past_the_end_of_31_bits"),
        ("2099-12-31T23:59:50", "the_clock_goes_past_the_century")),
}


def run_cases(ctx, cases, machine=None, cpu=None, extra=(), image="uktest",
              **more):
    """All of them pass; none is skipped."""
    options = ["--accel=tcg"] + list(extra)
    if machine:
        options += ["--machine", machine]
    boot = guest.boot(ctx, ctx.image(image), mem="64M", cpu=cpu,
                      params="ukdebug.console=2 uktest.limit_ms=50000 "
                      "uktest.filter=" + cases, extra=options, **more)
    ctx.write("console", str(boot))
    return boot.expect_status(0).expect_no_text("# SKIP")


def clock(machine, cpu, name):
    def run(ctx):
        boot = run_cases(ctx, TIMERS, machine, cpu)
        boot.expect_match(r"info: libuktime: clock %s, \d+ kHz" % name)
    return run


def counted(sleep):
    """Time is the number of instructions; sleep=off: and jumps when idle."""
    def run(ctx):
        run_cases(ctx, TIMERS, extra=(
            "--qemu-arg=-icount", "--qemu-arg=shift=0,sleep=" + sleep))
    return run


def date(base, case):
    def run(ctx):
        run_cases(ctx, "on_demand." + case, extra=(
            "--qemu-arg=-rtc", "--qemu-arg=base=" + base))
    return run


def set_back(cpus):
    def run(ctx):
        cases = "on_demand.time_goes_on_when_its_counter_is_set_back,timer"
        if cpus > 1:
            cases += ",cpus.time*,cpus.every_cpu_has_a_timer*"
        boot = run_cases(ctx, cases, "q35", extra=("--cpus", str(cpus)))
        boot.expect_match(r"warn: libuktime: hpet was set back")
    return run


def narrow(ctx):
    """The PM timer wraps every 4.7 s, and nobody else asks for the time."""
    boot = run_cases(ctx, "on_demand.a_sleep_of_11_seconds*", "pc,hpet=off")
    boot.expect_match(r"info: libuktime: clock pmtimer,")


def stopped(seconds, cpus=1, image="uktest"):
    """For so long, and then twice for a moment, while it sleeps."""
    def run(ctx):
        def stop(ctl):
            ctl.wait_for("libuktime: sleeping")
            for wait in (seconds, 0.2, 0.2):
                time.sleep(0.3)
                ctl.qmp("stop")
                time.sleep(wait)
                ctl.qmp("cont")

        boot = run_cases(ctx, SLEEPS, extra=("--cpus", str(cpus)),
                         image=image, meanwhile=stop, timeout=60 + seconds)
        expect(boot.done.seconds > seconds + 2, str(boot))
        boot.expect_match(r"info: libuktime: woke, at most \d+ ms late$")
    return run


def stopped_at_work(ctx):
    """Threads on several CPUs, stopped again and again."""
    def stop(ctl):
        ctl.wait_for("# run ")
        while not ctl.ended():
            try:
                ctl.qmp("stop")
                time.sleep(0.1)
                ctl.qmp("cont")
            except (OSError, ValueError):   # it has ended meanwhile
                return
            time.sleep(0.15)

    boot = guest.boot(ctx, ctx.image("uktest-smp"), mem="64M",
                      params="uktest.limit_ms=100000 uktest.filter="
                      "smp,preempt_fp,timer,mutex*,sem*", timeout=300,
                      extra=("--cpus", "3"), meanwhile=stop)
    ctx.write("console", str(boot))
    boot.expect_status(0)


def register():
    for arch, places in CLOCKS.items():
        for i, (machine, cpu, name) in enumerate(places):
            core.add("clocks/%s/%s%s: %s" % (
                arch, machine, "," + cpu if cpu else "", name),
                     clock(machine, cpu, name), arch=arch,
                     images=("uktest",), soak=i > 0)
        for base, case in DATES[arch]:
            core.add("clocks/%s/%s from %s" % (
                arch, case.strip("*").replace("_", " "), base[:10]),
                     date(base, case), arch=arch, images=("uktest",))
        for sleep in ("off", "on"):
            core.add("clocks/%s/time is counted in instructions, sleep=%s"
                     % (arch, sleep), counted(sleep), arch=arch,
                     images=("uktest",), soak=sleep == "on")
        for seconds, soak in ((2, False), (60, True)):
            core.add("clocks/%s/a guest stopped for %d s goes on" % (
                arch, seconds), stopped(seconds), arch=arch,
                     images=("uktest",), soak=soak)
        core.add("clocks/%s/3 CPUs stopped for 5 s go on" % arch,
                 stopped(5, 3, "uktest-smp"), arch=arch,
                 images=("uktest-smp",), soak=True)
        core.add("clocks/%s/threads at work are stopped and go on" % arch,
                 stopped_at_work, arch=arch, images=("uktest-smp",),
                 soak=True)
    for cpus in (1, 4):
        core.add("clocks/x86_64/a counter that is set back does not set time "
                 "back/%d CPUs" % cpus, set_back(cpus), arch="x86_64",
                 images=("uktest",))
    core.add("clocks/x86_64/a narrow clock is read while all sleep", narrow,
             arch="x86_64", images=("uktest",), soak=True)


register()
