# SPDX-License-Identifier: BSD-3-Clause
"""Every machine, CPU model and odd amount of memory that this QEMU has.

Each boots, with the right output, status and boot line, or is refused with
words that say what is missing; a time-out is a failure like any other. What
there is QEMU is asked for, so a new one brings new cases. In make test a few
are taken from all over each list, in make soak all.
"""

import re

from kilntest import core, guest, qemu
from kilntest.core import expect

MIB = 1024      # KiB

# As guest.boot() names them.
TCG = "--accel=tcg"
TWO_CPUS = (TCG, "--cpus", "2")

# Threads on each CPU, and the timer of each.
CASES = "cpus.every*,smp.every*,smp.as_many*,timer.timers_run*"
NCASES = 5

# A PC's firmware keeps that much for itself at most; KiB.
FIRMWARE = {"x86_64": 1100, "arm64": 0}

FAMILIES = {
    "x86_64": r"(pc|q35|isapc|microvm|pc-(i440fx|q35)-.*)$",
    "arm64": r"virt(-.*)?$",
}
PROTOCOLS = {"x86_64": ("multiboot", "pvh"), "arm64": ("arm64",)}


# What is expected of a boot; each takes a guest.Boot.

def hello(protocol, kib=64 * MIB, firmware=0):
    """As a boot of helloworld should be, with @kib of memory."""
    def check(booted):
        booted.expect_status(0).expect_no_text(" err: ")
        expect(len(re.findall(r"^Hello, world!$", booted.console, re.M)) == 1,
               str(booted))
        booted.expect_match(r"^kiln: exit 0$")
        told = booted.expect_match(r"info: libukboot: %s boot, loader .*, "
                                   r"(\d+) KiB RAM$" % protocol)
        # QEMU makes it a multiple of 8 KiB.
        expect(kib - firmware <= int(told[1]) <= kib + 7, str(booted))
    return check


def threads(ncpus=2, clock=r"\S.*", error=None):
    """As a boot of uktest with CASES should be; @error: the one it tells."""
    def check(booted):
        booted.expect_status(0).expect_no_text("not ok ")
        told = re.findall(r" err: (.*)$", booted.console, re.M)
        expect(told == [error] if error else not told, str(booted))
        booted.expect_match(r"%d of %d CPUs are up$" % (ncpus, ncpus))
        booted.expect_match(r"info: libuktime: clock %s$" % clock)
        booted.expect_match(r"info: libuktime: timer \S+$")
        expect(len(re.findall(r"^ok ", booted.console, re.M)) == NCASES,
               str(booted))
        if ncpus > 1:
            booted.expect_no_text("# SKIP")
    return check


def refused(status, words):
    """By kiln run or QEMU with @status, or by the image with 120."""
    def check(booted):
        booted.expect_status(status).expect_match(words)
        booted.expect_no_text("Hello")
        if status == 120:
            booted.expect_match(r"^kiln: exit 120$")
    return check


# How they are tried.

def boot(ctx, image, machine, **options):
    """@image is "hello", or "uktest-smp" with CASES."""
    params = "ukdebug.console=2"
    if image == "uktest-smp":
        params += " uktest.limit_ms=100000 uktest.filter=" + CASES
    options.setdefault("mem", "64M")
    options.setdefault("extra", (TCG,))
    return guest.boot(ctx, ctx.image(image), machine=machine, params=params,
                      **options)


def case(ctx, name, booted, check):
    """@name is a case of its own: does @booted do as @check wants?"""
    try:
        check(booted)
    except core.Failure as e:
        ctx.case(name, False, str(e), booted.done.seconds)
    else:
        ctx.case(name, True, seconds=booted.done.seconds)


def some(ctx, items, number):
    """All in make soak, else @number from all over the list."""
    items = list(items)
    if ctx.soak or len(items) <= number:
        return items
    last = len(items) - 1
    return [items[round(i * last / (number - 1))] for i in range(number)]


def family(arch):
    return [m for m in qemu.machines(arch) if re.match(FAMILIES[arch], m)]


# Machines.

NO_IOAPIC = "libintctlr_apic: apic: I/O APIC 0 at 0xfec00000: its version " \
    "reads as 0; not used"


def starts_pvh(machine):
    """QEMU's PCs do since version 4.0."""
    version = re.match(r"pc-(?:i440fx|q35)-(\d+)\.", machine)
    return not version or int(version[1]) >= 4


def every_machine(protocol, number):
    def run(ctx):
        for machine in some(ctx, family(ctx.arch), number):
            check = hello(protocol, firmware=FIRMWARE[ctx.arch])
            if protocol == "pvh" and not starts_pvh(machine):
                check = refused(126, "%s does not start the PVH entry of a "
                                "file.*; leave out --protocol" % machine)
            case(ctx, machine, boot(ctx, "hello", machine, extra=(
                TCG, "--protocol", protocol)), check)
    return run


def every_machine_with_threads(number):
    """On isapc there is one CPU, and an I/O APIC in firmware's tables only."""
    def run(ctx):
        for machine in some(ctx, family(ctx.arch), number):
            ncpus, error = 2, None
            if machine == "isapc":
                ncpus, error = 1, NO_IOAPIC
            case(ctx, machine, boot(ctx, "uktest-smp", machine, extra=(
                TCG, "--cpus", str(ncpus))), threads(ncpus, error=error))
    return run


# CPU models.

WORDS = (
    ("lm", r"^kiln: this CPU has no 64-bit mode \(long mode\)$"),
    ("nx", r"^kiln: this CPU has no no-execute pages"),
    ("sse2", r"^kiln: this CPU has no SSE2 or no FXSR"),
    ("fxsr", r"^kiln: this CPU has no SSE2 or no FXSR"),
)


def lacks(arch, model, props):
    """The check of the refusal of a model that cannot run the image; None."""
    if model == "host":
        return refused(125, "CPU model 'host' requires KVM")
    if arch == "arm64":
        if props.get("aarch64"):
            return None
        # Two cores that virt has; the others QEMU refuses there.
        return refused(125, "core without AArch64|CPU type %s-arm-cpu not "
                       "supported" % re.escape(model))
    for prop, words in WORDS:
        if not props[prop]:
            return refused(120, words)
    return None


def every_cpu(protocol, runs, refusals):
    """@runs, @refusals: how many in make test."""
    def run(ctx):
        checks = {model: lacks(ctx.arch, model, props)
                  for model, props in qemu.cpus(ctx.arch).items()}
        models = some(ctx, [m for m in checks if not checks[m]], runs) + \
            some(ctx, [m for m in checks if checks[m]], refusals)
        for model in models:
            case(ctx, model, boot(ctx, "hello", None, cpu=model),
                 checks[model] or hello(protocol,
                                        firmware=FIRMWARE[ctx.arch]))
    return run


def every_cpu_with_threads(number):
    def run(ctx):
        models = [model for model, props in qemu.cpus(ctx.arch).items()
                  if not lacks(ctx.arch, model, props)]
        for model in some(ctx, models, number):
            case(ctx, model, boot(ctx, "uktest-smp", None, cpu=model,
                                  extra=TWO_CPUS), threads())
    return run


# Memory; what a machine of this size takes to start is another test.

KIB = (5003, 9001, 10 * MIB + 4, 127 * MIB, 128 * MIB - 4, 1024 * MIB + 4,
       2047 * MIB + 12, 3 * 1024 * MIB - 4, 3584 * MIB, 4096 * MIB - 4,
       4096 * MIB + 4, 4097 * MIB, 6 * 1024 * MIB + 8, 64 * 1024 * MIB,
       # The most below 2^40, where the addresses of some CPUs end.
       900 * 1024 * MIB)
MEM_MACHINES = {
    "x86_64": ("pc", "q35", "microvm", "q35,max-ram-below-4g=1G",
               "pc,max-ram-below-4g=2G"),
    "arm64": ("virt,gic-version=2", "virt,gic-version=3"),
}

# Of what is beyond 64 MiB, that much is to be had in large blocks; beyond
# MOST_GIVEN an emulator takes too long, as each page is marked.
LARGE = 0.97
MOST_GIVEN = 8 * 1024 * MIB


def untouched(kib):
    """The heap gives nearly all."""
    def check(booted):
        booted.expect_status(0)
        told = booted.expect_match(r"^(\d+) KiB untouched$")
        expect(LARGE * (kib - 64 * MIB) <= int(told[1]) <= kib, str(booted))
    return check


def memory(kib, arch, machine):
    """Options of a boot with memory that the host need not have."""
    extra = (TCG, "--qemu-arg=-object", "--qemu-arg=memory-backend-ram,"
             "id=ram,reserve=off,size=%dk" % ((kib + 7) // 8 * 8))
    # A model whose physical addresses are long enough.
    cpu = "max" if arch == "x86_64" else "cortex-a76"
    return {"machine": machine + ",memory-backend=ram", "cpu": cpu,
            "mem": "%dk" % ((kib + 7) // 8 * 8), "extra": extra}


def every_amount(machine, protocol, number):
    def run(ctx):
        for kib in some(ctx, KIB, number):
            options = memory(kib, ctx.arch, machine)
            options["extra"] += ("--protocol", protocol)
            name = "%d KiB" % kib
            case(ctx, name, boot(ctx, "hello", **options),
                 hello(protocol, kib, FIRMWARE[ctx.arch]))
            if kib > MOST_GIVEN:
                continue
            case(ctx, name + " are given", guest.boot(
                ctx, ctx.image("probe"), args=("heap", "untouched"),
                **options), untouched(kib))
    return run


def register():
    for arch, protocols in PROTOCOLS.items():
        top = "sweep/%s/" % arch
        for protocol in protocols:
            core.add(top + "machines/" + protocol,
                     every_machine(protocol, 12), arch=arch,
                     images=("hello",))
        core.add(top + "machines with threads on two CPUs",
                 every_machine_with_threads(5), arch=arch,
                 images=("uktest-smp",))
        core.add(top + "CPUs", every_cpu(protocols[0], 8, 4), arch=arch,
                 images=("hello",))
        core.add(top + "CPUs with threads on two of them",
                 every_cpu_with_threads(4), arch=arch,
                 images=("uktest-smp",))
        for machine in MEM_MACHINES[arch]:
            for protocol in protocols:
                core.add(top + "memory/%s/%s" % (machine, protocol),
                         every_amount(machine, protocol, 3), arch=arch,
                         images=("hello", "probe"), soak="," in machine and
                         arch == "x86_64")


register()
