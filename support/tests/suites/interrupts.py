# SPDX-License-Identifier: BSD-3-Clause
"""Interrupts that are spurious, go astray, rave, share a line, or come as an
NMI in the middle of work. That one is missing is a case of each timer's driver.
"""

import random
import re
import time

from kilntest import core, guest
from kilntest.core import expect

MACHINES = {
    "x86_64": ("pc", "q35"),
    "arm64": ("virt-gic2", "virt-gic3"),
}

# QEMU's swizzle of four lines gives these two slots the same one.
EDUS = ("--qemu-arg=-device", "--qemu-arg=edu,addr=4",
        "--qemu-arg=-device", "--qemu-arg=edu,addr=8")

CASES = ("two_pci_devices_share_a_line_and_one_that_raves_is_named",
         "a_pci_devices_message_that_goes_astray_does_no_harm",
         "a_pci_device_that_kicks_for_nothing_is_stopped_and_rearmed")


def devices(machine):
    def run(ctx):
        boot = guest.boot(ctx, ctx.image("uktest"), machine=machine,
                          mem="64M", params="uktest.filter=" + ",".join(
                              "on_demand." + c for c in CASES), extra=EDUS)
        ctx.write("console", str(boot))
        boot.expect_status(0).expect_text("1..3\n")
        for name in ("sharer", "edu"):
            expect(len(re.findall(r"err: libukintctlr: irq \d+ \(%s\): nobody "
                                  "claims it, time and again; stopped$" % name,
                                  boot.console, re.M)) == 1, str(boot))
    return run


def at_random(ctl, after, rng):
    ctl.wait_for(after)
    time.sleep(rng.random() / 2)
    ctl.qmp("inject-nmi")


def nmi(boots, args, after, cpu=None):
    """One that nobody asked for is a crash, whatever it came into."""
    def run(ctx):
        seed = random.randrange(1 << 32)
        rng = random.Random(seed)

        for n in range(boots):
            boot = guest.boot(ctx, ctx.image("probe"), mem="64M", cpu=cpu,
                              args=args, meanwhile=lambda ctl: at_random(
                                  ctl, after, rng))
            ok = boot.status == 134 and not boot.timed_out and \
                boot.console.count("kiln: crash: ") == 1 and \
                "kiln: crash: non-maskable interrupt\n" in boot.console and \
                re.search(r"\brip\b[ :=]+(0x)?[0-9a-f]{8,16}", boot.console)
            ctx.case("boot %d" % n, bool(ok), "seed %d\n%s" % (seed, boot),
                     boot.done.seconds)
    return run


def nmi_of_all(ctx):
    """Several CPUs get it at once, in threads, timers and idle."""
    rng = random.Random()
    for n in range(5):
        boot = guest.boot(ctx, ctx.image("uktest-smp"), mem="64M",
                          params="uktest.limit_ms=100000 uktest.filter=smp,"
                          "timer,preempt*", extra=("--cpus", "4"),
                          meanwhile=lambda ctl: at_random(ctl, "# run ", rng),
                          timeout=120)
        # A case in which the first CPU crashed has failed, no more.
        ok = not boot.timed_out and boot.status in (1, 134) and \
            boot.console.count("kiln: crash: ") == (boot.status == 134) and \
            boot.console.count("non-maskable interrupt") == 1
        ctx.case("boot %d" % n, ok, str(boot), boot.done.seconds)


def register():
    for arch, machines in MACHINES.items():
        for machine in machines:
            core.add("interrupts/%s/devices that share, rave, go astray/%s"
                     % (arch, machine), devices(machine), arch=arch,
                     images=("uktest",))
    for name, args, after, cpu, boots in (
            ("who computes", ("hang",), "hanging", None, 2),
            ("who writes", ("print", "100000"), "line 99 of", None, 10),
            ("who has no APIC", ("hang",), "hanging", "qemu64,-apic", 1)):
        core.add("interrupts/x86_64/an NMI is a crash of " + name,
                 nmi(boots, args, after, cpu), arch="x86_64",
                 images=("probe",), soak=boots > 2)
    core.add("interrupts/x86_64/an NMI of 4 CPUs at work is one crash",
             nmi_of_all, arch="x86_64", images=("uktest-smp",), soak=True)


register()
