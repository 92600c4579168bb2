# SPDX-License-Identifier: BSD-3-Clause
"""On Hyper-V, as a real KVM plays it: see rigs/kvm/README.md.

There is no PIC and no PIT, and each feature can be left out. What a hypervisor
should not do is tried by the hosted tests of drivers/hyperv.
"""

import re

from kilntest import core, kvmrig
from kilntest.core import expect

from . import inimage, kvm

# What each machine has; and what it has for time.
BASE = "host,hv-relaxed,hv-vapic,hv-vpindex,hv-runtime,hv-frequencies"
CLOCK = BASE + ",hv-time"
MESSAGES = CLOCK + ",hv-synic,hv-stimer"
ALL = MESSAGES + ",hv-stimer-direct"
CALLS = ALL + ",hv-ipi,hv-tlbflush"
ALONE = ",kvm=off"      # KVM does not say its own name beside it

CASES = "hyperv_machine,timer,timer_interrupt"
CPUS = "cpus,lcpu_sipi,hyperv_machine,timer_interrupt"

# Two CPUs, whose numbers are 0 and 70.
SPARSE = ("-smp", "1,maxcpus=72,sockets=72", "-device",
          "host-x86_64-cpu,socket-id=70,core-id=0,thread-id=0")
BEYOND = "hyperv_cpus.a_cpu_beyond*,hyperv_cpus.interrupts*," \
         "hyperv_cpus.tlbs*,cpus"

FOUND = r"info: libhyperv_core: on Hyper-V \d+\.\d+, build \d+, "
NO_TIMERS = "no Hyper-V with synthetic timers here"
NO_PAGE = "no Hyper-V with a TSC page here"


def line(clock, timer):
    return "info: libuktime: on Hyper-V, clock %s, timer %s$" % (clock, timer)


BOTH = line("hyperv-tsc", "hyperv-stimer")


def cases(flags, names, lines, **kw):
    return kvm.cases(names, (FOUND,) + lines, cpu=("-cpu", flags), **kw)


def no_calibration(ctx):
    """Nothing is measured, and KVM's own clock is not there."""
    boot = kvm.run_cases(ctx, ctx.image("uktest"),
                         kvm.Q35 + ("-cpu", ALL + ALONE), CASES,
                         (FOUND, BOTH))
    expect("measured" not in boot.console, str(boot))


# KVM's exit to QEMU: KVM_EXIT_SYSTEM_EVENT.
ENDED = "kvm_run_exit cpu_index 0, reason 24"


def end(ctx, feature, args):
    """The machine ends by a register, before the platform's ways are tried."""
    boot = kvmrig.boot(ctx, ctx.image("probe"), kvm.Q35 + (
        "-cpu", "%s,%s" % (BASE, feature), "-d", "guest_errors",
        "-trace", "kvm_run_exit"), "-- " + args)
    expect(not boot.timed_out and ENDED in boot.log, str(boot))
    return boot


def crash(ctx):
    boot = end(ctx, "hv-crash", "fault null-read")
    boot.expect_text("kiln: crash, exit 134")
    at = boot.expect_match(r"^  rip\s.*?([0-9a-f]{16})").group(1)
    told = re.search(r"^HV crash parameters: \(0x([0-9a-f]+) 0x[0-9a-f]+ "
                     r"0x([0-9a-f]+) 0 0\)", boot.log, re.M)
    expect(told and told.group(1) == at.lstrip("0"),
           "crashed at %s\n%s" % (at, boot))


def reset(ctx):
    end(ctx, "hv-reset", "reboot").expect_text("kiln: exit 0\n")


# (sentence, test, whether make test runs it, image)
TESTS = (
    ("clock and timer, no PIC or PIT, nothing measured", no_calibration,
     True, "uktest"),
    ("timers by message", cases(MESSAGES, CASES, (BOTH,)), False, "uktest"),
    ("4 CPUs", cases(ALL, CPUS, (BOTH, kvm.FOUR_UP), qemu=kvm.FOUR, cpus=2),
     False, "uktest"),
    ("4 CPUs, timers by message",
     cases(MESSAGES, CPUS, (BOTH, kvm.FOUR_UP), qemu=kvm.FOUR, cpus=2),
     False, "uktest"),
    ("4 CPUs interrupt each other and flush TLBs by call",
     cases(CALLS, CPUS + ",hyperv_cpus,shootdown.what*",
           (BOTH, kvm.FOUR_UP), qemu=kvm.FOUR, cpus=2,
           skips="no CPU here has such a number"), False, "uktest"),
    ("4 CPUs whose own memory has addresses of its own",
     cases(CALLS, CPUS + ",hyperv_cpus", (BOTH, kvm.FOUR_UP), qemu=kvm.FOUR,
           cpus=2, skips="no CPU here has such a number", image="uktest-debug",
           params=inimage.OWN_ADDRESSES), False, "uktest-debug"),
    ("a CPU beyond the first 64 is named by a set",
     cases(CALLS, BEYOND, (BOTH, r"2 of \d+ CPUs are up$"), qemu=SPARSE,
           cpus=2, image="uktest-many"), False, "uktest-many"),
    ("rates are told where there is nothing to measure them",
     cases(BASE + ALONE, "timer,hyperv_machine.the_rate*",
           (line("tsc-unsteady", "lapic"),), place=kvm.MICROVM), False,
     "uktest"),
    ("threads on 4 CPUs",
     cases(CALLS, kvm.THREADS, (kvm.FOUR_UP,), qemu=kvm.FOUR, cpus=2,
           image="uktest-smp", skips=kvm.THREADED, timeout=kvm.LONG), False,
     "uktest-smp"),
    ("without timers the APIC's is next",
     cases(CLOCK + ALONE, CASES, (line("hyperv-tsc", "lapic-deadline"),),
           skips=NO_TIMERS), False, "uktest"),
    ("without a clock KVM's is next",
     cases(BASE, CASES + ",pvclock_machine",
           (line("kvmclock", "lapic-deadline"),),
           skips="%s|%s" % (NO_TIMERS, NO_PAGE)), False, "uktest"),
    ("a crash is told with its place", crash, False, "probe"),
    ("a restart is one write to a register", reset, False, "probe"),
)


def register():
    for name, fn, always, image in TESTS:
        core.add("hyperv/x86_64/" + name, fn, arch="x86_64", soak=not always,
                 images=(image,))


register()
