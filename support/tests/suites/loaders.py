# SPDX-License-Identifier: BSD-3-Clause
"""x86_64: what loaders other than QEMU hand over, and CPUs that will not do.

A stub (boot/stubs/) that QEMU starts loads the image as its second stage and
passes boot data on, right or with one fault. Each fault has its outcome: the
image boots, or refuses by name with status 120.
"""

import os
import re

from kilntest import core, proc
from kilntest.core import expect

STUBS = os.path.join("support", "tests", "boot", "stubs")
CFLAGS = ("-m32 -O2 -ffreestanding -nostdlib -static -fno-pic -no-pie "
          "-mgeneral-regs-only -fno-stack-protector -fcf-protection=none "
          "-fno-asynchronous-unwind-tables -Wall -Wextra -Werror "
          "-Wl,--build-id=none -Wl,-z,noexecstack").split()

# What ends a boot with status 120: mode, machine, words of the reason.
REFUSED = (
    ("multiboot-magic", r"wrong magic"),
    ("multiboot-null", r"multiboot: no information at 0"),
    ("multiboot-rom", r"multiboot: "),
    ("multiboot-in-image", r"multiboot: no information at 0x100000"),
    ("multiboot-nothing", r"neither a memory map nor memory sizes"),
    ("multiboot-empty-map", r"memory map is empty"),
    ("multiboot-entry-size-0", r"entry 1 of the memory map says it has 0 "),
    ("multiboot-entry-too-big", r"memory map says it has 24 bytes, 24 are"),
    ("multiboot-no-ram", r"no free memory"),
    ("multiboot-many-regions", r"regions do not fit"),
    ("multiboot-long-cmdline", r"command line is longer than \d+ bytes"),
    ("multiboot-initrd-in-image", r"initrd: .* overlap the image"),
    ("multiboot-initrd-backwards", r"ends before it"),
    ("pvh-magic", r"pvh: the start info .* magic 0x336ec579"),
    ("pvh-version-0", r"version 0"),
    ("pvh-huge-map", r"memory map of 4294967295 entries"),
    ("pvh-map-beyond", r"pvh: the memory map, .* cannot be read"),
    ("linux64-magic", r"linux64: boot_params .* magic 0"),
    ("linux64-no-map", r"memory map of 0 entries"),
    ("linux64-null", r"linux64: no boot_params at 0"),
    ("linux64-above-4g", r"boot_params is above 4 GiB"),
)
BOOTS = ("multiboot-odd", "multiboot-sizes", "multiboot-messy-map",
         "linux64-la57")
# The same machine by each protocol, as the stub tells it.
PROTOCOLS = ("multiboot", "pvh", "linux64")

CPUS = (
    ("qemu32", r"kiln: this CPU has no 64-bit mode"),
    ("486", r"kiln: this CPU has no 64-bit mode"),
    ("qemu64,-lm", r"kiln: this CPU has no 64-bit mode"),
    ("kvm64,-nx", r"kiln: this CPU has no no-execute pages"),
    # No 64-bit CPU is without, but a hypervisor may hide it.
    ("max,-sse2", r"kiln: this CPU has no SSE2 or no FXSR"),
    ("max,-fxsr", r"kiln: this CPU has no SSE2 or no FXSR"),
)


def build_stub(ctx):
    src = os.path.join(ctx.root, STUBS)
    stub = os.path.join(ctx.dir, "stub")
    done = proc.run(["gcc"] + CFLAGS + [
        "-Wl,-T," + os.path.join(src, "stub.lds"),
        os.path.join(src, "entry.S"), os.path.join(src, "stub.c"),
        "-o", stub], timeout=60)
    expect(done.status == 0, done.out)
    return stub


class Guest:
    """QEMU as it is: support/kiln run knows images only."""

    def __init__(self, kernel, machine="pc", mem="64M", cpu="max", extra=()):
        argv = ["qemu-system-x86_64", "-M", machine, "-m", mem, "-cpu", cpu,
                "-accel", "tcg", "-nodefaults", "-no-user-config",
                "-display", "none", "-no-reboot", "-serial", "stdio",
                "-device", "isa-debug-exit,iobase=0xf4,iosize=4",
                "-kernel", kernel] + list(extra)
        self.done = proc.run(argv, timeout=60)
        self.console = self.done.out.replace("\r", "")
        self.status = self.done.status >> 1 if self.done.status & 1 else -1

    def __str__(self):
        return "$ %s\n%s[status %d]" % (" ".join(self.done.argv),
                                        self.console, self.done.status)


def stub_boot(ctx, stub, mode, params="", initrd=None, image="probe", **kw):
    modules = ctx.image(image) + ("," + initrd if initrd else "")
    line = "%s probe %s -- exit 0" % (mode, params)
    return Guest(stub, extra=["-initrd", modules, "-append", line], **kw)


def refused(ctx):
    stub = build_stub(ctx)
    for mode, words in REFUSED:
        g = stub_boot(ctx, stub, mode)
        ok = g.status == 120 and not g.done.timed_out and \
            re.search(words, g.console) and \
            re.search(r"^kiln: exit 120$", g.console, re.M)
        ctx.case(mode, bool(ok), str(g), g.done.seconds)


def boots(ctx):
    stub = build_stub(ctx)
    for mode in BOOTS:
        g = stub_boot(ctx, stub, mode)
        ctx.case(mode, g.status == 0 and "kiln: exit 0" in g.console, str(g),
                 g.done.seconds)
    g = stub_boot(ctx, stub, "pvh-high", mem="2G")
    ctx.case("data above 1 GiB is read", g.status == 0, str(g),
             g.done.seconds)


def regions(console):
    return re.findall(r"^bootinfo: ([0-9a-f]{16}-[0-9a-f]{16} .*)$", console,
                      re.M)


def same_machine(ctx):
    stub = build_stub(ctx)
    initrd = ctx.write("initrd", "x" * 70000)
    for with_initrd in (None, initrd):
        first = None
        for protocol in PROTOCOLS:
            g = stub_boot(ctx, stub, protocol, "ukboot.print_bootinfo=1",
                          initrd=with_initrd)
            found = regions(g.console)
            first = first or found
            ok = g.status == 0 and found and found == first and \
                "bootinfo: protocol " + protocol in g.console
            ctx.case(protocol + (" with an initrd" if with_initrd else ""),
                     bool(ok), "expected\n%s\n%s" % ("\n".join(first), g),
                     g.done.seconds)


def five_levels(ctx):
    """Whatever the loader has on, the CPU decides, and one line tells."""
    stub = build_stub(ctx)
    for cpu, told in (("max,la57=on", r"page tables of 5 levels$"),
                      ("max,la57=off", r"page tables of 4 levels: this CPU "
                       r"has no more$")):
        for mode in PROTOCOLS + ("linux64-la57",):
            if mode == "linux64-la57" and cpu.endswith("off"):
                continue
            g = stub_boot(ctx, stub, mode, "ukdebug.console=2",
                          image="hello-la57", cpu=cpu)
            ok = g.status == 0 and "Hello, world!" in g.console and \
                re.search(r"info: libukpaging: " + told, g.console, re.M)
            ctx.case("%s by %s" % (cpu, mode), bool(ok), str(g),
                     g.done.seconds)


def unfit_cpus(ctx):
    for cpu, words in CPUS:
        g = Guest(ctx.image("probe"), cpu=cpu)
        ok = g.status == 120 and re.search(words, g.console) and \
            re.search(r"^kiln: exit 120$", g.console, re.M)
        ctx.case(cpu, bool(ok), str(g), g.done.seconds)


def no_console(ctx):
    """Without a UART the image runs all the same, to the same status."""
    for machine, extra in (("pc", ["-serial", "none"]),
                           ("microvm,isa-serial=off", [])):
        g = Guest(ctx.image("probe"), machine=machine,
                  extra=extra + ["-append", "probe -- exit 7"])
        ctx.case(machine, g.status == 7 and not g.done.timed_out, str(g),
                 g.done.seconds)


TESTS = (
    ("boot data is refused", refused),
    ("boots with", boots),
    ("one machine by every protocol", same_machine),
    ("a CPU is refused", unfit_cpus),
    ("no console", no_console),
)


def register():
    for name, fn in TESTS:
        core.add("boot/x86_64/" + name, fn, arch="x86_64", images=("probe",))
    core.add("boot/x86_64/five levels by every loader", five_levels,
             arch="x86_64", images=("hello-la57",))


register()
