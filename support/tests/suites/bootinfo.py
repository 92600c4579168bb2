# SPDX-License-Identifier: BSD-3-Clause
"""What the boot protocols tell, against what they told before.

The image prints its struct uk_bootinfo (ukboot.print_bootinfo=1). Its regions
are held against invariants, and against a golden file in boot/golden that
belongs to the machine and its memory, not to the protocol: so equal goldens
are what "the same regions through every protocol" means. Only where an initrd
lies is the loader's choice; with one there is a golden for each protocol.

Addresses that follow from the image's size are written as names, so a golden
does not change with the code: text, rodata, data, end, and initrd/einitrd. The
least memory follows from it too: there the free and reserved pieces between
end and the end of the RAM are not written, a tree's address is its distance
from there, and each protocol has its own golden file.
`support/tests/run -k bootinfo/ --soak --update-golden` writes the files anew;
then read the difference.
"""

import os
import re

from kilntest import core, guest
from kilntest.core import expect

from . import loaders

PAGE = 4096
MIB = 1 << 20
GOLDEN = os.path.join("support", "tests", "boot", "golden")

MEM = {
    "x86_64": ("4M", "8M", "64M", "1G", "2G", "3G", "3584M", "4G", "5G", "8G"),
    "arm64": ("16M", "64M", "1G", "2G", "3G", "3584M", "4G", "5G", "8G"),
}
LEAST = "least"     # as kiln run tells it
IN_TEST = {"x86_64": ("64M", "4G"), "arm64": ("64M", "4G")}
PROTOCOLS = {
    "x86_64": {"pc": ("multiboot", "pvh"), "q35": ("multiboot", "pvh"),
               "microvm": ("multiboot", "pvh"),
               "microvm-bare": ("multiboot", "pvh"),
               "q35-nohpet": ("multiboot", "pvh")},
    "arm64": {"virt-gic2": ("arm64",), "virt-gic3": ("arm64",),
              "virt-el2": ("arm64",)},
}
INITRD_LEN = 70000
# By the 64-bit entry, which QEMU does not use: boot/stubs/ does.
LINUX64 = ("pc", "q35", "microvm")
LINUX64_MEM = ("64M", "1G", "3G", "4G", "8G")
LEAST_LOST = 644 << 10      # the hole below 1 MiB, page 0, SeaBIOS' 256 KiB
QEMU_RAM_UNIT = 8 << 10     # what QEMU rounds -m up to
RAM_BASE = {"x86_64": 0, "arm64": 0x40000000}

_REGION = re.compile(r"^bootinfo: ([0-9a-f]{16})-([0-9a-f]{16}) (\S+)( ram)?$",
                     re.M)


class Region:
    def __init__(self, base, end, kind, ram):
        self.base = base
        self.end = end
        self.kind = kind
        self.ram = ram


def regions_of(boot):
    found = [Region(int(m[1], 16), int(m[2], 16), m[3], bool(m[4]))
             for m in _REGION.finditer(boot.console)]
    expect(found, "no regions were printed\n%s" % boot)
    return found


def mem_bytes(text):
    units = {"k": 1 << 10, "M": MIB, "G": 1 << 30}
    return int(text[:-1]) * units[text[-1]]


def check_invariants(regions, mem, initrd, lost=2 * MIB):
    """The promises of <uk/bootinfo.h>, and that the RAM is all there but for
    @lost bytes of it."""
    for r in regions:
        text = "%x-%x %s" % (r.base, r.end, r.kind)
        expect(r.base < r.end, "empty: " + text)
        expect(r.base % PAGE == 0 and r.end % PAGE == 0, "unaligned: " + text)
        expect(r.kind != "?", "no type: " + text)
        if r.kind == "free":
            expect(r.ram, "free and no RAM: " + text)
    for a, b in zip(regions, regions[1:]):
        text = "%x-%x %s, %x-%x %s" % (a.base, a.end, a.kind,
                                       b.base, b.end, b.kind)
        expect(a.end <= b.base, "out of order or overlapping: " + text)
        expect(a.end < b.base or (a.kind, a.ram) != (b.kind, b.ram),
               "should be one: " + text)
    for kind in ("text", "rodata", "data"):
        expect(sum(r.kind == kind for r in regions) == 1,
               "not exactly one region " + kind)
    ram = sum(r.end - r.base for r in regions if r.ram)
    expect(mem - lost <= ram <= mem,
           "%d KiB of RAM in the list, the machine has %d"
           % (ram >> 10, mem >> 10))
    found = [r for r in regions if r.kind == "initrd"]
    if initrd:
        size = -(-INITRD_LEN // PAGE) * PAGE
        expect(len(found) == 1 and found[0].end - found[0].base == size,
               "the initrd's region is wrong")
    else:
        expect(not found, "a region for an initrd that is not there")


def named(regions, top=None):
    """The list as text that does not depend on the image's size; @top is the
    end of the RAM if that does."""
    names = {}
    for r in regions:
        if r.kind in ("text", "rodata", "data"):
            names[r.base] = r.kind
            if r.kind == "data":
                names[r.end] = "end"
    for r in regions:
        if r.kind == "initrd":
            names.setdefault(r.base, "initrd")
            names.setdefault(r.end, "einitrd")
    end = max(r.end for r in regions if r.kind == "data")
    if top:
        regions = [r for r in regions if r.base < end or r.base >= top or
                   r.kind not in ("free", "reserved")]

    def show(addr):
        if top and end < addr < top and addr not in names:
            return "top-%x" % (top - addr)
        return names.get(addr, "%x" % addr)

    out = []
    for r in regions:
        if r.kind in ("rodata", "data") and names[r.base] == r.kind:
            base = r.kind
        elif top and r.kind == "initrd":
            base = r.kind   # it may follow the image at once
        else:
            base = show(r.base)
        out.append("%s-%s %s%s" % (base, show(r.end), r.kind,
                                   " ram" if r.ram else ""))
    return "\n".join(out) + "\n"


def golden_name(arch, machine, mem, protocol, initrd):
    name = "%s/%s-%s" % (arch, machine, mem)
    if initrd:
        name += "-initrd"
    if initrd or mem == LEAST:
        name += "-" + protocol
    return name + ".txt"


def compare(ctx, path, text):
    full = os.path.join(ctx.root, GOLDEN, path)
    if ctx.session.update_golden:
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, "w", encoding="ascii") as f:
            f.write(text)
        return
    try:
        with open(full, encoding="ascii") as f:
            golden = f.read()
    except FileNotFoundError:
        raise core.Failure("there is no golden file %s/%s; got\n%s"
                           % (GOLDEN, path, text)) from None
    expect(golden == text, "expected (%s/%s)\n%sgot\n%s"
           % (GOLDEN, path, golden, text))


def initrd_file(ctx):
    return ctx.write("initrd", "".join(
        chr(33 + i % 90) for i in range(INITRD_LEN)))


def check(ctx, boot, machine, mem, protocol, initrd, least=None):
    """@least: the memory in bytes where @mem is LEAST."""
    boot.expect_match("^bootinfo: protocol %s$" % re.escape(protocol))
    boot.expect_match("^bootinfo: cmdline .*ukboot.print_bootinfo=1")
    regions = regions_of(boot)
    check_invariants(regions, least or mem_bytes(mem), initrd,
                     LEAST_LOST if least else 2 * MIB)
    if initrd:
        m = boot.expect_match(
            r"^bootinfo: initrd ([0-9a-f]{16})-([0-9a-f]{16})$")
        expect(int(m[2], 16) - int(m[1], 16) == INITRD_LEN,
               "length of the initrd\n%s" % boot)
    top = least + RAM_BASE[ctx.arch] if least else None
    compare(ctx, golden_name(ctx.arch, machine, mem, protocol, initrd),
            named(regions, top))


def bootinfo(machine, mem, protocol, initrd):
    def run(ctx):
        image = ctx.image("probe")
        path = initrd_file(ctx) if initrd else None
        least = None
        if mem == LEAST:
            least = guest.least_kib(ctx, image, machine, protocol, path) << 10
            least = -(-least // QEMU_RAM_UNIT) * QEMU_RAM_UNIT
        boot = guest.boot(
            ctx, image, machine=machine,
            mem="%dk" % (least >> 10) if least else mem, initrd=path,
            extra=["--protocol", protocol],
            params="ukboot.print_bootinfo=1", args=("exit", "0"))
        ctx.write("console", str(boot))
        boot.expect_status(0)
        check(ctx, boot, machine, mem, protocol, initrd, least)
    return run


class StubBoot(guest.Boot):
    """A boot through a stub; its status is that of isa-debug-exit."""

    def __init__(self, stub_guest):
        super().__init__(stub_guest.done)
        self.status = stub_guest.status


def linux64(machine, mem, initrd):
    def run(ctx):
        boot = StubBoot(loaders.stub_boot(
            ctx, loaders.build_stub(ctx), "linux64",
            "ukboot.print_bootinfo=1", machine=machine, mem=mem,
            initrd=initrd_file(ctx) if initrd else None))
        ctx.write("console", str(boot))
        boot.expect_status(0)
        check(ctx, boot, machine, mem, "linux64", initrd)
    return run


def register_one(arch, machine, protocol, mem):
    for initrd in (False, True):
        name = "bootinfo/%s/%s/%s/%s%s" % (arch, machine, protocol, mem,
                                           "/initrd" if initrd else "")
        soak = mem not in IN_TEST[arch] or (initrd and mem != "64M") or \
            machine in ("q35-nohpet", "virt-gic2")
        if mem == LEAST:
            soak = initrd or machine not in ("pc", "virt-gic3")
        fn = linux64(machine, mem, initrd) if protocol == "linux64" else \
            bootinfo(machine, mem, protocol, initrd)
        core.add(name, fn, arch=arch, images=("probe",), soak=soak)


def register():
    for arch, kinds in PROTOCOLS.items():
        for machine, protocols in kinds.items():
            for protocol in protocols:
                for mem in (LEAST,) + MEM[arch]:
                    register_one(arch, machine, protocol, mem)
    for machine in LINUX64:
        for mem in LINUX64_MEM:
            register_one("x86_64", machine, "linux64", mem)


register()
