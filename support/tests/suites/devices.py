# SPDX-License-Identifier: BSD-3-Clause
"""Machines with and without each device that QEMU lets one leave out or add.

Every pair of changes to a machine is tried, and every combination of those
that the time and the interrupts of the image come from. What is left decides
the clock, and that is looked at as well.
"""

import itertools

from kilntest import core, guest
from suites import sweep

ARCHS = ("x86_64", "arm64")

# One change each, from what QEMU has by default.
CHANGES = {
    "pc": ("pic=off", "pit=off", "hpet=off", "acpi=off", "i8042=off",
           "usb=on", "vmport=off", "smbus=off", "smm=off", "graphics=off",
           "smbios-entry-point-type=64"),
    "microvm": ("pic=off", "pit=off", "rtc=off", "acpi=off", "isa-serial=off",
                "auto-kernel-cmdline=off", "ioapic2=off", "pcie=on",
                "usb=on", "x-option-roms=off"),
    "virt": ("gic-version=2", "its=off", "secure=on", "virtualization=on",
             "acpi=off", "highmem=off", "mte=on", "iommu=smmuv3", "ras=on",
             "usb=on", "dtb-randomness=off"),
}
CHANGES["q35"] = CHANGES["pc"] + ("sata=off",)

# How many of them, from the first on, are tried in all combinations.
VITAL = {"pc": 4, "q35": 4, "microvm": 8, "virt": 4}

MACHINES = {"x86_64": ("pc", "q35", "microvm"), "arm64": ("virt",)}

GUESSED = "nobody tells the rate of the TSC, and nothing is there to measure"
RATE = r"\d+ kHz"

# What QEMU itself does not start.
NOT_BY_QEMU = (
    ("virt,gic-version=host", "gic-version=host requires KVM"),
    ("virt,gic-version=4", "gic-version=4 requires virtualization"),
    # Its ACPI needs a device that is there with a firmware only.
    ("virt,ras=on", "SIGABRT ended QEMU"),
)


def clock_of(machine, changes):
    """The best that is left, as the log names it."""
    if machine == "virt":
        return "arm-virtual, " + RATE
    # SeaBIOS has tables of its own where it finds an ICH9, as on q35.
    if machine == "q35" or (machine == "pc" and "acpi=off" not in changes):
        return ("pmtimer, " if "hpet=off" in changes else "hpet, ") + RATE
    reference = "tsc-guessed" if "pit=off" in changes else "pit"
    return "tsc-unsteady, %s, measured with %s" % (RATE, reference)


def never_starts(changes):
    return "ras=on" in changes and "acpi=off" not in changes


def pairs(changes):
    return [c for n in (1, 2) for c in itertools.combinations(changes, n)]


def all_of(changes):
    return [c for n in range(len(changes) + 1)
            for c in itertools.combinations(changes, n)]


def combinations(machine):
    """Each once, those of few changes first."""
    changes, vital = CHANGES[machine], CHANGES[machine][:VITAL[machine]]
    return sorted(set(all_of(vital)) | set(pairs(changes)),
                  key=lambda c: (len(c), c))


def name_of(machine, changes):
    return ",".join((machine,) + changes)


def try_hello(ctx, machine, changes, protocol):
    name = name_of(machine, changes)
    options = (sweep.TCG, "--protocol", protocol)
    check = sweep.hello(protocol, firmware=sweep.FIRMWARE[ctx.arch])
    if never_starts(changes):
        check = sweep.refused(125, "SIGABRT ended QEMU")
    if "isa-serial=off" in changes:
        # Without a console there is the status alone.
        booted = guest.boot(ctx, ctx.image("probe"), machine=name, mem="64M",
                            args=("exit", "7"), extra=options)
        sweep.case(ctx, name, booted, lambda b: b.expect_status(7))
        return
    sweep.case(ctx, name, sweep.boot(ctx, "hello", name, extra=options),
               check)


def boots(machine, protocol, number):
    def run(ctx):
        for changes in sweep.some(ctx, combinations(machine), number):
            try_hello(ctx, machine, changes, protocol)
    return run


def two_cpus(machine, changes):
    """An MP table has one CPU of each package only."""
    if machine == "pc" and "acpi=off" in changes:
        return (sweep.TCG, "--qemu-arg=-smp", "--qemu-arg=2,sockets=2")
    return sweep.TWO_CPUS


def keeps_time(machine, number):
    """With threads on two CPUs."""
    def run(ctx):
        vital = [c for c in all_of(CHANGES[machine][:4])
                 if not never_starts(c)]
        for changes in sweep.some(ctx, vital, number):
            name, clock = name_of(machine, changes), clock_of(machine, changes)
            booted = sweep.boot(ctx, "uktest-smp", name,
                                extra=two_cpus(machine, changes))

            def check(booted, clock=clock):
                sweep.threads(clock=clock)(booted)
                core.expect(("guessed" in clock) ==
                            (GUESSED in booted.console), str(booted))
            sweep.case(ctx, name, booted, check)
    return run


def not_by_qemu(ctx):
    for machine, words in NOT_BY_QEMU:
        sweep.case(ctx, machine, sweep.boot(ctx, "hello", machine),
                   sweep.refused(125, words))


# Machines whose CPU has no APIC, and what the log then says. Who has no timer
# interrupt works all the same, and is told.
NO_TIMER = "warn: libuktime: there is no timer interrupt: timers wait until " \
    "idle"
NO_APIC = (
    ("pc", "info: libukintctlr: 8259 PIC: 16 lines",
     "info: libuktime: timer pit"),
    ("q35", "info: libukintctlr: 8259 PIC: 16 lines",
     "info: libuktime: timer pit"),
    ("microvm", "info: libukintctlr: 8259 PIC: 16 lines",
     "info: libuktime: timer pit"),
    ("q35,pit=off", "info: libukintctlr: 8259 PIC: 16 lines", NO_TIMER),
    ("pc,pit=off,acpi=off", GUESSED, NO_TIMER),
    ("q35,pic=off", "err: libukintctlr: no interrupt controller",
     "warn: libtimer_pit: the PIT cannot interrupt", NO_TIMER),
    ("q35,pic=off,pit=off", "err: libukintctlr: no interrupt controller",
     NO_TIMER),
    ("microvm,pic=off,pit=off", "err: libukintctlr: no interrupt controller",
     GUESSED, NO_TIMER),
)


def no_apic(ctx):
    for machine, *words in NO_APIC:
        def check(booted, words=words):
            booted.expect_status(0).expect_text(
                "1 of 1 CPUs are up\n", *words).expect_no_text("not ok ")
            booted.expect_match("^1..%d$" % sweep.NCASES)
        sweep.case(ctx, machine, sweep.boot(
            ctx, "uktest-smp", machine, cpu="max,-apic"), check)


def register():
    for arch in ARCHS:
        top = "sweep/%s/devices/" % arch
        for machine in MACHINES[arch]:
            for protocol in sweep.PROTOCOLS[arch]:
                core.add(top + machine + "/" + protocol,
                         boots(machine, protocol, 10), arch=arch,
                         images=("hello", "probe"))
            core.add(top + machine + " keeps time on two CPUs",
                     keeps_time(machine, 4), arch=arch,
                     images=("uktest-smp",))
    core.add("sweep/arm64/devices/what QEMU does not start", not_by_qemu,
             arch="arm64", images=("hello",))
    core.add("sweep/x86_64/devices/a CPU without APIC", no_apic,
             arch="x86_64", images=("uktest-smp",))


register()
