# SPDX-License-Identifier: BSD-3-Clause
"""x86_64: the end by ACPI's tables, of which each is spoilt in turn.

The machine stops at main(), where firmware has made its tables and the image
has not read them for its end yet; there they are changed in the guest's memory.
A machine that cannot be switched off any more is reset, and says so.
"""

import os
import re
import struct

from kilntest import core, proc
from kilntest.core import expect

from . import ends

MEM = 64 << 20
OFF, RESET = ends.OFF, ends.RESET
IN_RAM = 0x2000000

# Offsets in the FADT (ACPI 6.5, 5.2.9).
DSDT, PM1A, RESET_REG = 40, 64, 116
X_DSDT, X_PM1A, SLEEP_CONTROL = 140, 172, 244


class Tables:
    """Those in a copy of the guest's memory; changes are kept."""

    def __init__(self, mem):
        self.mem = bytearray(mem)
        self._old = bytes(mem)
        at = next(m.start() for m in re.finditer(rb"RSD PTR ", mem)
                  if m.start() % 16 == 0 and
                  sum(mem[m.start():m.start() + 20]) % 256 == 0)
        self.rsdp = at
        rsdt, = struct.unpack_from("<I", mem, at + 16)
        xsdt, = struct.unpack_from("<Q", mem, at + 24)
        form, root = ("<Q", xsdt) if mem[at + 15] >= 2 and xsdt else \
            ("<I", rsdt)
        end = root + self.length(root)
        self.all = [struct.unpack_from(form, mem, i)[0] for i in
                    range(root + 36, end, struct.calcsize(form))]
        self.fadt = next(t for t in self.all if mem[t:t + 4] == b"FACP")
        self.dsdt = struct.unpack_from("<I", mem, self.fadt + DSDT)[0] or \
            struct.unpack_from("<Q", mem, self.fadt + X_DSDT)[0]

    def length(self, table):
        return struct.unpack_from("<I", self.mem, table + 4)[0]

    def put(self, table, at, data):
        """@data at offset @at of @table, if it is that long."""
        if at + len(data) <= self.length(table):
            self.mem[table + at:table + at + len(data)] = data
            self.sum(table)

    def sum(self, table):
        part = self.mem[table:table + self.length(table)]
        self.mem[table + 9] = (part[9] - sum(part)) % 256

    def s5(self):
        """The offset of its name in the DSDT."""
        body = self.mem[self.dsdt:self.dsdt + self.length(self.dsdt)]
        return body.index(b"\x08_S5_\x12") + 1

    def changes(self):
        """[(address, bytes)] of 16 each that differ."""
        def differ(start, end, step):
            return [at for at in range(start, end, step)
                    if self.mem[at:at + step] != self._old[at:at + step]]

        return [(at, bytes(self.mem[at:at + 16]))
                for page in differ(0, len(self.mem), 0x10000)
                for at in differ(page, page + 0x10000, 16)]


def gas(space, width, addr):
    return struct.pack("<BBBBQ", space, width, 0, 0, addr)


def no_s5(t):
    t.put(t.dsdt, t.s5(), b"_S6_")


def wrong_s5(t):
    at = t.s5() + 4
    end = t.mem.index(b"\x0a\x05", t.dsdt + at) - t.dsdt
    t.put(t.dsdt, end + 1, b"\x03")


def decoys(t):
    """In front of the right one, in what is code there: name, package, and
    lengths and values that cannot be."""
    body = b"\x08_S5_\x12\x7f\x7f\x02\x01\x01" b"\x0d_S5_\0" \
        b"\x08_S5_\x12\x06\x02\x0a\x08\x00"
    at = t.dsdt + t.s5() - 1
    right = bytes(t.mem[at:at + 14])
    t.put(t.dsdt, 36, (body + right).ljust(t.length(t.dsdt) - 36, b"\xa3"))


def dsdt_sum(t):
    no = t.mem[t.dsdt + 9]
    t.mem[t.dsdt + 9] = (no + 1) % 256


def dsdt_length(t):
    struct.pack_into("<I", t.mem, t.dsdt + 4, 0xffffffff)


def no_dsdt(t):
    t.put(t.fadt, DSDT, bytes(4))
    t.put(t.fadt, X_DSDT, bytes(8))


def dsdt_nowhere(t):
    no_dsdt(t)
    t.put(t.fadt, X_DSDT, struct.pack("<Q", (1 << 64) - 64))


def fadt_sum(t):
    t.mem[t.fadt + 9] = (t.mem[t.fadt + 9] + 1) % 256


def no_root(t):
    t.mem[t.rsdp:t.rsdp + 8] = bytes(8)


def sleep_at(reg):
    return lambda t: t.put(t.fadt, SLEEP_CONTROL, reg)


def no_reset(t):
    t.put(t.fadt, RESET_REG, bytes(12))


def reset_at(reg):
    return lambda t: t.put(t.fadt, RESET_REG, reg)


def no_pm1(t):
    t.put(t.fadt, PM1A, bytes(4))
    t.put(t.fadt, X_PM1A, bytes(12))


# sentence, machine, what is done to the tables, how it goes off, words.
SAID = ends.SAID
CASES = (
    ("as they are", "microvm", lambda t: None, OFF, None),
    ("without S5", "microvm", no_s5, RESET, SAID),
    ("with a wrong type of S5", "microvm", wrong_s5, RESET, SAID),
    ("with what only looks like S5", "microvm", decoys, OFF, None),
    ("with a damaged DSDT", "microvm", dsdt_sum, RESET,
     r"DSDT at \w+: the checksum is wrong"),
    ("with an endless DSDT", "microvm", dsdt_length, RESET,
     r"DSDT at \w+: claims to be 4294967295 bytes long"),
    ("without a DSDT", "microvm", no_dsdt, RESET, SAID),
    ("with a DSDT nowhere", "microvm", dsdt_nowhere, RESET,
     r"DSDT at \w+: cannot be read"),
    ("with a damaged FADT", "microvm", fadt_sum, RESET,
     r"FACP at \w+: the checksum is wrong"),
    ("without a root pointer", "microvm", no_root, RESET, SAID),
    ("without a sleep register", "microvm", sleep_at(bytes(12)), RESET,
     SAID),
    ("with a sleep register in an odd space", "microvm",
     sleep_at(gas(0x7f, 8, 0xfea00200)), RESET,
     r"SLEEP_CONTROL_REG at 0xfea00200, bit 0 in space 127 makes no sense"),
    ("with a sleep register in RAM", "microvm",
     sleep_at(gas(0, 8, IN_RAM)), RESET, SAID),
    ("with a sleep register past all addresses", "microvm",
     sleep_at(gas(0, 8, (1 << 64) - 1)), RESET, SAID),
    ("without PM1", "q35", no_pm1, OFF, None),
    ("without S5", "q35", no_s5, OFF, None),
)

RESTARTS = (
    ("without a reset register", "microvm", no_reset),
    ("with a reset register in RAM", "microvm",
     reset_at(gas(0, 8, IN_RAM + 1))),
    ("with a reset register in an odd space", "q35",
     reset_at(gas(0x0a, 8, 0xcf9))),
    ("with a wide reset register", "q35", reset_at(gas(1, 64, 0xcf9))),
    ("with a reset register in configuration space", "q35",
     reset_at(gas(2, 8, 0x1f << 32 | 0xa0))),
    ("with a reset register past all ports", "q35",
     reset_at(gas(1, 8, 0x10000))),
)


def symbol(ctx, name):
    done = proc.run(["nm", ctx.session.images.dbg("probe", "x86_64")])
    return int(re.search(r"^(\w+) \w %s$" % name, done.out, re.M)[1], 16)


def spoilt(ctx, machine, change, line):
    """Run it with the tables changed when main() begins."""
    main = symbol(ctx, "main")
    path = os.path.join(ctx.dir, "memory")

    def meanwhile(ctl):
        ctl.gdb("?")
        ctl.gdb("Z1,%x,1" % main)
        ctl.gdb("c")
        ctl.qmp("pmemsave", val=0, size=MEM, filename=path)
        with open(path, "rb") as f:
            tables = Tables(f.read())
        os.remove(path)
        change(tables)
        expect(ctl.gdb("Qqemu.PhyMemMode:1") == "OK", "no physical memory")
        for at, data in tables.changes():
            expect(ctl.gdb("M%x,10:%s" % (at, data.hex())) == "OK",
                   "not written at %#x" % at)
        ctl.gdb("z1,%x,1" % main)
        ctl.gdb("D", answers=False)

    return ends.run(ctx, machine, "max", line, ("-no-reboot",),
                    start=False, meanwhile=meanwhile)


def tables_off(ctx):
    for name, machine, change, reason, words in CASES:
        end = spoilt(ctx, machine, change, "-- exit 5")
        ok = not end.done.timed_out and end.reasons() == [reason] and \
            ends.told(end, 5) and (words is None or
                                   re.search(words, end.console)) and \
            (SAID in end.console) == (reason == RESET)
        ctx.case("%s on %s" % (name, machine), bool(ok), str(end),
                 end.done.seconds)


def tables_restart(ctx):
    for name, machine, change in RESTARTS:
        end = spoilt(ctx, machine, change, "-- reboot")
        ctx.case("%s on %s" % (name, machine), end.reasons() == [RESET] and
                 not end.done.timed_out, str(end), end.done.seconds)


core.add("ends/x86_64/a machine is switched off by tables", tables_off,
         arch="x86_64", images=("probe",))
core.add("ends/x86_64/a machine restarts by tables", tables_restart,
         arch="x86_64", images=("probe",))
