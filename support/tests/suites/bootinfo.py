# SPDX-License-Identifier: BSD-3-Clause
"""What the boot protocols tell, against what they told before.

The image prints its struct uk_bootinfo (ukboot.print_bootinfo=1). Its regions
are held against invariants, and against a golden file in boot/golden that
belongs to the machine and its memory, not to the protocol: so equal goldens
are what "the same regions through every protocol" means. Only where an initrd
lies is the loader's choice; with one there is a golden for each protocol.

Addresses that follow from the image's size are written as names, so a golden
does not change with the code: text, rodata, data, end, and initrd/einitrd.
`support/tests/run -k bootinfo/ --soak --update-golden` writes the files anew;
then read the difference.
"""

import os
import re

from kilntest import core, guest
from kilntest.core import expect

PAGE = 4096
MIB = 1 << 20
GOLDEN = os.path.join("support", "tests", "boot", "golden")

MEM = {
    "x86_64": ("4M", "8M", "64M", "1G", "2G", "3G", "3584M", "4G", "5G", "8G"),
    "arm64": ("16M", "64M", "1G", "2G", "4G", "8G"),
}
IN_TEST = {"x86_64": ("64M", "4G"), "arm64": ("64M", "4G")}
PROTOCOLS = {
    "x86_64": {"pc": ("multiboot", "pvh"), "q35": ("multiboot", "pvh"),
               "microvm": ("multiboot", "pvh"),
               "microvm-bare": ("multiboot", "pvh"),
               "q35-nohpet": ("multiboot",)},
    "arm64": {"virt-gic2": ("arm64",), "virt-gic3": ("arm64",),
              "virt-el2": ("arm64",)},
}
INITRD_LEN = 70000

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


def check_invariants(regions, mem, initrd):
    """The promises of <uk/bootinfo.h>, and that the RAM is all there."""
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
    expect(mem - 2 * MIB <= ram <= mem,
           "%d KiB of RAM in the list, the machine has %d"
           % (ram >> 10, mem >> 10))
    found = [r for r in regions if r.kind == "initrd"]
    if initrd:
        size = -(-INITRD_LEN // PAGE) * PAGE
        expect(len(found) == 1 and found[0].end - found[0].base == size,
               "the initrd's region is wrong")
    else:
        expect(not found, "a region for an initrd that is not there")


def named(regions):
    """The list as text that does not depend on the image's size."""
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

    def show(addr):
        return names.get(addr, "%x" % addr)

    out = []
    for r in regions:
        if r.kind in ("rodata", "data") and names[r.base] == r.kind:
            base = r.kind
        else:
            base = show(r.base)
        out.append("%s-%s %s%s" % (base, show(r.end), r.kind,
                                   " ram" if r.ram else ""))
    return "\n".join(out) + "\n"


def golden_name(arch, machine, mem, protocol, initrd):
    name = "%s/%s-%s" % (arch, machine, mem)
    if initrd:
        name += "-initrd-" + protocol
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


def bootinfo(machine, mem, protocol, initrd):
    def run(ctx):
        boot = guest.boot(
            ctx, ctx.image("probe"), machine=machine, mem=mem,
            initrd=initrd_file(ctx) if initrd else None,
            extra=["--protocol", protocol],
            params="ukboot.print_bootinfo=1", args=("exit", "0"))
        ctx.write("console", str(boot))
        boot.expect_status(0)
        boot.expect_match("^bootinfo: protocol %s$" % re.escape(protocol))
        boot.expect_match("^bootinfo: cmdline .*ukboot.print_bootinfo=1")
        regions = regions_of(boot)
        check_invariants(regions, mem_bytes(mem), initrd)
        if initrd:
            m = boot.expect_match(
                r"^bootinfo: initrd ([0-9a-f]{16})-([0-9a-f]{16})$")
            expect(int(m[2], 16) - int(m[1], 16) == INITRD_LEN,
                   "length of the initrd\n%s" % boot)
        compare(ctx, golden_name(ctx.arch, machine, mem, protocol, initrd),
                named(regions))
    return run


def register():
    for arch, machines in PROTOCOLS.items():
        for machine, protocols in machines.items():
            for protocol in protocols:
                for mem in MEM[arch]:
                    for initrd in (False, True):
                        if initrd and mem_bytes(mem) < 8 * MIB:
                            continue
                        name = "bootinfo/%s/%s/%s/%s%s" % (
                            arch, machine, protocol, mem,
                            "/initrd" if initrd else "")
                        soak = mem not in IN_TEST[arch] or \
                            (initrd and mem != "64M") or \
                            machine in ("q35-nohpet", "virt-gic2")
                        core.add(name, bootinfo(machine, mem, protocol,
                                                initrd),
                                 arch=arch, images=("probe",), soak=soak)


register()
