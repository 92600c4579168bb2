#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Write the hand-made part of the corpora of boot protocols and tables.

Each seed is one good machine or one mistake that a loader or firmware can
make. Memory of loaders starts at BASE, see fuzz_loader.h; of the device trees
here are those with CPUs; tables are as fuzz_acpi.c, fuzz_mptable.c and
fuzz_apic.c say.
Seeds by the name of a machine are the tables that QEMU 7.2 makes for it with
-smp 3.
"""

import os
import struct

HERE = os.path.dirname(os.path.realpath(__file__))
BASE = 0x8000
MAP = [(0, 0x9fc00, 1), (0x9fc00, 0x400, 2), (0xf0000, 0x10000, 2),
       (0x100000, 0x7ee0000, 1), (0x7fe0000, 0x20000, 2),
       (0xfffc0000, 0x40000, 2), (0x100000000, 0x40000000, 1)]
CMDLINE = b"app probe.trace=1 -- exit 0\0"


def put(target, name, data):
    path = os.path.join(HERE, "corpus", target, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


def multiboot(flags=0x244 | 0x8, entries=MAP, entry_size=20, mmap_len=None,
              mmap_addr=None, mods=((0x200000, 0x201000),), cmdline=CMDLINE,
              mods_addr=None, mods_count=None, tail=b""):
    at = BASE + 72
    body = b""

    def place(data):
        nonlocal body
        where = at + len(body)
        body += data
        return where

    mmap = b"".join(struct.pack("<IQQI", entry_size, b, n, t)
                    for b, n, t in entries)
    where_mods = place(b"".join(struct.pack("<IIII", s, e, 0, 0)
                                for s, e in mods))
    where_cmd = place(cmdline)
    where_name = place(b"qemu\0")
    where_map = place(mmap + tail)
    info = struct.pack(
        "<18I", flags, 639, 130048, 0, where_cmd,
        len(mods) if mods_count is None else mods_count,
        where_mods if mods_addr is None else mods_addr, 0, 0, 0, 0,
        len(mmap + tail) if mmap_len is None else mmap_len,
        where_map if mmap_addr is None else mmap_addr, 0, 0, 0, where_name, 0)
    return info + body


def pvh(magic=0x336ec578, version=1, count=None, entries=MAP, cmdline=CMDLINE,
        mods=((0x200000, 0x1000),), memmap=None, modlist=None):
    at = BASE + 56
    mmap = b"".join(struct.pack("<QQII", b, n, t, 0) for b, n, t in entries)
    modules = b"".join(struct.pack("<QQQQ", b, n, 0, 0) for b, n in mods)
    where_map, where_mod = at, at + len(mmap)
    where_cmd = where_mod + len(modules)
    info = struct.pack("<IIIIQQQQII", magic, version, 0, len(mods),
                       where_mod if modlist is None else modlist, where_cmd,
                       0xf5a40, where_map if memmap is None else memmap,
                       len(entries) if count is None else count, 0)
    return info + mmap + modules + cmdline


def linux64(magic=0x53726448, count=None, entries=MAP, cmdline=CMDLINE,
            initrd=(0x200000, 0x1000), ext=(0, 0, 0)):
    params = bytearray(4096)
    struct.pack_into("<Q", params, 0x70, 0xf5a40)
    struct.pack_into("<III", params, 0xc0, *ext)
    params[0x1e8] = len(entries) if count is None else count
    struct.pack_into("<I", params, 0x202, magic)
    struct.pack_into("<II", params, 0x218, *initrd)
    struct.pack_into("<I", params, 0x228, BASE + 4096)
    for i, (b, n, t) in enumerate(entries):
        struct.pack_into("<QQI", params, 0x2d0 + 20 * i, b, n, t)
    return bytes(params) + cmdline


def fdt(*props, **nodes):
    """A device tree of version 17 with these properties and nodes at its
    root: a property is (name, cells or text), a node a list of both.
    """
    strings, names = b"", {}

    def prop(name, value):
        nonlocal strings
        if name not in names:
            names[name] = len(strings)
            strings += name.encode() + b"\0"
        data = value.encode() + b"\0" if isinstance(value, str) else \
            struct.pack(">%dI" % len(value), *value)
        return struct.pack(">III", 3, len(data), names[name]) + data + \
            bytes(-len(data) % 4)

    def node(name, items):
        data = name.encode() + b"\0"
        data = struct.pack(">I", 1) + data + bytes(-len(data) % 4)
        for key, value in items:
            data += node(key, value) if isinstance(value, list) else \
                prop(key, value)
        return data + struct.pack(">I", 2)

    body = node("", list(props) + list(nodes.items())) + struct.pack(">I", 9)
    head = struct.pack(">10I", 0xd00dfeed, 56 + len(body) + len(strings), 56,
                       56 + len(body), 40, 17, 16, 0, len(strings), len(body))
    return head + bytes(16) + body + strings


def cpus(*which, cells=1):
    """Trees with memory and the CPUs @which, each a list of properties."""
    return fdt(("#address-cells", (1,)), ("#size-cells", (1,)),
               memory=[("device_type", "memory"), ("reg", (1 << 30, 1 << 24))],
               cpus=[("#address-cells", (cells,)), ("#size-cells", (0,))] +
               [("cpu@%d" % i, [("device_type", "cpu")] + list(cpu))
                for i, cpu in enumerate(which)])


def spin_table(*release):
    return [("enable-method", "spin-table"), ("cpu-release-addr", release)]


def madt(*entries, flags=1):
    return b"APIC", struct.pack("<II", 0xfee00000, flags) + b"".join(
        struct.pack("BB", kind, 2 + len(body) if length is None else length) +
        body for kind, body, length in entries)


def entry(kind, fmt, *values, length=None):
    return kind, struct.pack("<" + fmt, *values), length


def acpi(*tables, revision=2, xsdt=None, length=None, fix=3, rsdt=False):
    """A root pointer and pieces: the root table, then @tables."""
    width = "I" if rsdt else "Q"
    xsdt = (list(range(0x20000, 0x20000 + 0x10000 * len(tables), 0x10000))
            if xsdt is None else xsdt)
    tables = ((b"RSDT" if rsdt else b"XSDT",
               struct.pack("<%d%s" % (len(xsdt), width), *xsdt)),) + tables
    data = struct.pack("<B8s7sBIIQ4s", fix, b"RSD PTR ", bytes(7), revision,
                       0x10000 if rsdt else 0, 36, 0 if rsdt else 0x10000,
                       bytes(4))
    for i, (sig, body) in enumerate(tables):
        size = 36 + len(body)
        table = struct.pack("<4sI28s", sig, size if length is None or i else
                            length, b"\3") + body
        data += struct.pack("<H", size) + table
    return data


CPUS = [entry(0, "BBI", i, i, 1) for i in range(2)]
GIC = [entry(11, "HIIIIIQQQQIQQ", 0, i, i, 1, 0, 23, 0, 0x8010000, 0x8040000,
             0x8030000, 25, 0, i) for i in range(2)] + [
    entry(12, "HIQIB3x", 0, 0, 0x8000000, 0, 3),
    entry(13, "HIQIHH", 0, 0, 0x8020000, 1, 64, 80),
    entry(14, "HQI", 0, 0x80a0000, 0xf60000),
    entry(15, "HIQI", 0, 0, 0x8080000, 0)]
X2APIC = [entry(5, "HQ", 0, 0xfee00000), entry(9, "HIII", 0, 300, 1, 300),
          entry(10, "HIB3x", 5, 0xffffffff, 1), entry(3, "HI", 15, 23)]
GTDT = (b"GTDT", struct.pack("<QIIIIIIIIIQIIII", 2**64 - 1, 0, 29, 2, 30, 2,
                             27, 2, 26, 2, 0, 0, 0, 28, 2))
MCFG = (b"MCFG", bytes(8) + struct.pack("<QHBBI", 0xb0000000, 0, 0, 255, 0))
HPET = (b"HPET", struct.pack("<IBBBBQBHB", 0x8086a201, 0, 64, 0, 0,
                             0xfed00000, 0, 0, 0))


def mptable(*entries, config=0, count=None, length=None, flags=7):
    body = b"".join(entries)
    size = 44 + len(body) if length is None else length
    return struct.pack(
        "<B4sIBBBBB3s4sHBB20sIHHIHBB", flags, b"_MP_", 0, 1, 4, 0, config, 0,
        bytes(3), b"PCMP", size, 4, 0, bytes(20), 0, 0,
        len(entries) if count is None else count, 0xfee00000, 0, 0, 0) + body


MP_CPU = struct.pack("<BBBBII8x", 0, 0, 0x14, 3, 0, 0)
MP_REST = (struct.pack("<BB6s", 1, 0, b"ISA   "),
           struct.pack("<BBBBI", 2, 2, 0x11, 1, 0xfec00000),
           struct.pack("<BBHBBBB", 3, 0, 0, 0, 1, 2, 1),
           struct.pack("<BBHBBBB", 4, 1, 0, 0, 0, 255, 1))

def hyperv(vendor=b"Microsoft Hv", last=0x40000006, interface=b"Hv#1",
           sequence=7, scale=(1 << 64) // 250, times=0,
           ranges=((0x5000, 1), (1 << 34, 4097), (0, 0), (1 << 40, 9)),
           cpus=(1, 2)):
    leaves = struct.pack("<I12s4s12xIIII", last, vendor, interface, 20348,
                         10 << 16, 0, 0)
    leaves += struct.pack("<IIIIIIII", 0x2e7f, 0, 0, 0x80508, 0xc2c, 0, 0, 0)
    page = struct.pack("<IIQQ", sequence, 0, scale, 1000)
    return leaves + bytes(16) + page + page + struct.pack(
        "<BQQ", times, 10 ** 12, 10 ** 6) + b"".join(
            (at >> 12).to_bytes(6, "little") + n.to_bytes(3, "little")
            for at, n in ranges) + struct.pack("<%dH" % len(cpus), *cpus)


def leaves(*signatures, last=0, features=0):
    """Two leaves each of up to four hypervisors, 0x100 apart."""
    table = [struct.pack("<I12sIIII", last or 0x40000001 + 0x100 * i, name,
                         features, 0, 0, 0)
             for i, name in enumerate(signatures)]
    return b"".join(table).ljust(8 * 16, b"\0")


def pvclock(names=(b"KVMKVMKVM",), version=2, mul=1 << 31, shift=1, times=0,
            wall=(2, 1700000000, 5), stolen=0x90a0040, refused=0, kind=0):
    page = struct.pack("<IQQIbB", version, 1000, 5000, mul, shift, 1)
    return (leaves(*names, features=0x01000029) + page + page +
            struct.pack("<BQQ", times, 10 ** 12, 10 ** 6) +
            struct.pack("<BII", *wall) + struct.pack("<QI", 77, 4) +
            struct.pack("<QBBB", stolen, refused, kind, 0) +
            struct.pack("<IIIIIIQ", 1 << 24, 0, 2, 84, 25000000, 1000000, 0))


def xen(names=(b"XenVMMXenVMM",), wall=(2, 1700000000, 5, 0),
        console=(0xfffffff0, 3, 0xfffffff0, 7), steps=b"", grants=b"",
        ports=((3, 0), (64, 1), (70, 0)), words=3, pending=(8, 0x41)):
    first = [struct.pack("<I12s", 0x40000002 + 0x100 * i, name)
             for i, name in enumerate(names)]
    data = b"".join(first).ljust(4 * 16, b"\0")
    data += struct.pack("<BIII", *wall) + struct.pack("<IHIH", *console)
    # Each ends after so many steps: a byte and a length, or a byte.
    data += steps.ljust(64, b"\4") + grants.ljust(32, b"\2")
    ports = list(ports) + [(9, 0)] * (8 - len(ports))
    data += b"".join(struct.pack("<HB", *p) for p in ports)
    return data + struct.pack("<Q", words) + b"".join(
        struct.pack("<QH", p, 0) for p in pending)


MISTAKES = {
    "unsorted": list(reversed(MAP)),
    "overlapping": MAP + [(0x80000, 0x1000000, 2), (0x100000, 0x3000, 1)],
    "zero-length": [(b, 0, t) for b, _, t in MAP] + MAP[3:4],
    "wrapping": [((1 << 64) - 0x1000, 0x2000, 1)] + MAP,
    "no-ram": [(b, n, 2) for b, n, _ in MAP],
    "unaligned": [(b + 123, max(n - 77, 0), t) for b, n, t in MAP],
    "too-many": [(0x1000000 + 0x4000 * i, 0x2000, 1) for i in range(120)],
}


def apic(mp, *entries):
    """Entries (type, a, b, c, polarity, trigger); see fuzz_apic.c."""
    return bytes([mp]) + b"".join(struct.pack("<BIIBBB", *e) for e in entries)


# 24 inputs at the usual place, from 0; another 24 behind them.
IOAPIC = (0, 0xfec18000, 0, 0, 0, 0)
IOAPIC2 = (0, 0xfed18000, 24, 1, 0, 0)
APIC_Q35 = (IOAPIC, (1, 2, 0, 0, 0, 0), (1, 9, 0, 9, 1, 3),
            (3, 0xffffffff, 0, 1, 0, 0))
# Bus 0 is ISA; the timer at input 2 and the serial port at 4 of I/O APIC 2.
APIC_MP = ((1, 0, 0, 0, 0, 0), (2, 0xfec18000, 1, 2, 0, 0),
           (3, 0, 0x020200, 0, 0, 0), (3, 0, 0x040204, 0, 0, 0),
           (4, 1, 0x01ff00, 0, 0, 0))


def xenbus(*states):
    """A front-end that is opened, and the back-end's states. The list of
    devices is empty; "/" and 3 are its nodes; the watch is set; then the own
    state is read and written. A byte of 255 fires the watch or is an error."""
    data = b"\0" + b"\0\0" + b"\0" + b"\3" + b"\0" + b"\1" + b"\0"
    for state in states:
        # Fires; the poll succeeds; the state; enough for what follows.
        data += b"\1\0" + state + bytes(9)
    return data


def xenring(*looks):
    return b"\1\1" + b"".join(struct.pack("<BII", *look) for look in looks)


def xenstore(*messages):
    """Messages of type, number and payload, each told of at once."""
    data = b"\0"
    for kind, number, payload in messages:
        message = struct.pack("<4I", kind, number, 0, len(payload)) + payload
        while message:
            data += bytes([min(len(message), 253)]) + message[:253]
            message = message[253:]
    return data


def tty(*steps):
    """Each is the number of a step and what it takes, see fuzz_tty.c."""
    return b"\0" + b"".join(bytes([step]) + rest for step, rest in steps)


def typed(keys):
    return 0, bytes([len(keys)]) + keys


def main():
    for name, entries in MISTAKES.items():
        put("multiboot", name, multiboot(entries=entries))
        put("pvh", name, pvh(entries=entries))
        put("linux64", name, linux64(entries=entries))
    put("fdt", "cpus", cpus(
        [("reg", (0,))], [("reg", (1,)), ("enable-method", "psci")],
        [("reg", (2,)), ("status", "disabled")] + spin_table(0, 0x8000)))
    put("fdt", "cpus-two-cells", cpus([("reg", (1, 0x203))], cells=2))
    put("fdt", "cpus-twice", cpus([("reg", (1,))], [("reg", (1,))]))
    put("fdt", "cpus-threads", cpus([("reg", tuple(range(12)))]))
    put("fdt", "cpus-cells3", cpus([("reg", (1, 2, 3))], cells=3))
    put("fdt", "cpus-no-reg", cpus([("status", "fail")]))
    put("fdt", "cpus-no-release", cpus([("reg", (1,))] + spin_table()))
    put("fdt", "psci01-all", fdt(
        psci=[("compatible", "arm,psci"), ("method", "hvc"),
              ("cpu_suspend", (1,)), ("cpu_off", (2,)), ("cpu_on", (3,)),
              ("migrate", (4, 5))]))
    put("multiboot", "good", multiboot())
    put("multiboot", "no-map", multiboot(flags=0x205))
    put("multiboot", "nothing", multiboot(flags=0))
    put("multiboot", "entry-size-0", multiboot(entry_size=0))
    put("multiboot", "entry-without-fields", multiboot(tail=bytes(4)))
    put("multiboot", "entry-size-huge", multiboot(entry_size=0xfffffff0))
    put("multiboot", "map-too-long", multiboot(mmap_len=0xffffffff))
    put("multiboot", "map-empty", multiboot(mmap_len=0))
    put("multiboot", "map-cut", multiboot(mmap_len=30))
    put("multiboot", "map-outside", multiboot(mmap_addr=0xfffffff0))
    put("multiboot", "modules-outside", multiboot(mods_addr=0xfffffff8))
    put("multiboot", "module-backwards",
        multiboot(mods=((0x201000, 0x200000),)))
    put("multiboot", "module-over-image",
        multiboot(mods=((0x104000, 0x106000),)))
    put("multiboot", "no-nul", multiboot(cmdline=b"x" * 3000)[:3000])
    put("multiboot", "long-cmdline", multiboot(cmdline=b"x" * 5000 + b"\0"))
    put("multiboot", "short", multiboot()[:60])
    put("pvh", "good", pvh())
    put("pvh", "bad-magic", pvh(magic=0x336ec579))
    put("pvh", "version-0", pvh(version=0))
    put("pvh", "no-entries", pvh(count=0))
    put("pvh", "more-entries", pvh(count=0xffffffff))
    put("pvh", "map-outside", pvh(memmap=(1 << 64) - 8))
    put("pvh", "modules-outside", pvh(modlist=(1 << 64) - 16))
    put("pvh", "module-wraps", pvh(mods=(((1 << 64) - 4096, 8192),)))
    put("pvh", "no-nul", pvh(cmdline=b"abc"))
    put("linux64", "good", linux64())
    put("linux64", "bad-magic", linux64(magic=0))
    put("linux64", "no-entries", linux64(count=0))
    put("linux64", "more-entries", linux64(count=255))
    put("linux64", "initrd-high", linux64(ext=(1, 0, 0)))
    put("linux64", "cmdline-high", linux64(ext=(0, 0, 1)))
    put("linux64", "no-nul", linux64(cmdline=b"abc"))
    put("linux64", "short", linux64()[:4000])
    put("acpi", "gic", acpi(madt(*GIC), GTDT))
    put("acpi", "x2apic", acpi(madt(*X2APIC), MCFG, HPET))
    put("acpi", "rsdt", acpi(madt(*CPUS), HPET, revision=0, rsdt=True))
    put("acpi", "searched", acpi(madt(*CPUS), fix=7))
    put("acpi", "bad-sums", acpi(madt(*CPUS), fix=0))
    put("acpi", "bad-table-sums", acpi(madt(*CPUS), fix=1))
    put("acpi", "entry-of-0", acpi(madt(*CPUS, entry(1, "", length=0))))
    put("acpi", "entry-too-long",
        acpi(madt(*CPUS, entry(1, "H", 0, length=200))))
    put("acpi", "madt-short", acpi((b"APIC", bytes(7))))
    put("acpi", "xsdt-absurd", acpi(madt(*CPUS), length=0xfffffff8))
    put("acpi", "xsdt-itself", acpi(madt(*CPUS), xsdt=[0x10000, 0xf0000]))
    put("acpi", "xsdt-nowhere",
        acpi(madt(*CPUS), xsdt=[0, 0x5000, (1 << 64) - 8, 0x20000]))
    put("acpi", "xsdt-long", acpi(madt(*CPUS), xsdt=[0x20000] * 70))
    put("acpi", "mcfg-absurd", acpi((b"MCFG", bytes(8) + struct.pack(
        "<QHBBIQHBBI", (1 << 64) - (1 << 20), 0, 0, 255, 0,
        0xb0000000, 0, 9, 3, 0))))
    put("acpi", "short", acpi(madt(*CPUS))[:30])
    put("apic", "q35", apic(0, *APIC_Q35))
    put("apic", "two", apic(0, *APIC_Q35, IOAPIC2, (1, 30, 0, 5, 3, 3)))
    put("apic", "overlap", apic(0, IOAPIC, (0, 0xfed18000, 23, 1, 0, 0)))
    put("apic", "nowhere", apic(0, IOAPIC, (1, 99, 0, 4, 0, 0)))
    put("apic", "nmi-on-isa", apic(0, IOAPIC, (2, 4, 0, 0, 0, 0),
                                   (1, 4, 0, 4, 0, 0)))
    put("apic", "high", apic(0, (0, 0xfec18000, 0xfffffff0, 0, 0, 0)))
    put("apic", "mp", apic(1, *APIC_MP))
    put("apic", "mp-all", apic(1, *APIC_MP, (3, 0, 0x05ff05, 0, 0, 0)))
    put("hyperv", "good", hyperv())
    put("hyperv", "kvm", hyperv(vendor=b"KVMKVMKVM\0\0\0"))
    put("hyperv", "other-interface", hyperv(interface=b"Hv#2"))
    put("hyperv", "few-leaves", hyperv(last=0x40000001))
    put("hyperv", "no-time", hyperv(sequence=0))
    put("hyperv", "no-rate", hyperv(scale=0))
    put("hyperv", "absurd-rate", hyperv(scale=1 << 40))
    put("hyperv", "restless", hyperv(times=255))
    put("hyperv", "wraps-to-0", hyperv(sequence=0xffffffff, times=1))
    put("hyperv", "cpus-of-all-banks", hyperv(cpus=range(0, 1024, 63)))
    put("hyperv", "all-pages", hyperv(ranges=[(0, 0xffffff)] * 4))
    put("xenbus", "comes-up", xenbus(b"\2", b"\4", b"\4", b"\5", b"\6"))
    put("xenbus", "comes-again", xenbus(b"\2", b"\4", b"\6", b"\2", b"\4"))
    put("xenbus", "goes-back", xenbus(b"\2", b"\4", b"\2"))
    put("xenbus", "vanishes", xenbus(b"\2", b"\4", b"\xf0"))
    put("xenbus", "mad", xenbus(b"\2", b"\xc9444444444"))
    put("xenbus", "store-fails", xenbus(b"\2", b"\4", b"\xfa"))
    put("xenbus", "ring", xenring((3, 1, 1), (2, 5, 2)))
    put("xenbus", "ring-jumps", xenring((3, 1, 1), (2, 6, 2)))
    put("xenbus", "ring-back", xenring((3, 2, 1), (2, 1, 2)))
    put("xenstore", "answers", xenstore(
        (4, 1, b"OK\0"), (2, 2, b"4"), (1, 3, b"vif\0vbd\0"),
        (6, 4, b"7\0"), (7, 5, b"OK\0")))
    put("xenstore", "errors", xenstore(
        (16, 1, b"ENOSPC\0"), (16, 2, b"ENOENT\0"), (16, 3, b"E\0"),
        (16, 4, b"")))
    put("xenstore", "events", xenstore(
        (15, 0, b"device\0" b"00000001\0"), (4, 1, b"OK\0"),
        (15, 0, b"x"), (2, 2, b"a\0b")))
    put("xenstore", "too-long", xenstore((4, 1, b"OK\0"),
                                         (2, 2, b"x" * 4000)))
    put("xenstore", "late", xenstore((4, 9, b"OK\0"), (4, 1, b"OK\0")))
    put("xenstore", "jumps", b"\0\xff" + struct.pack("<II", 2000, 0))
    put("pvclock", "good", pvclock())
    put("pvclock", "behind-hyperv", pvclock((b"Microsoft Hv", b"KVMKVMKVM")))
    put("pvclock", "restless", pvclock(times=255))
    put("pvclock", "half-written", pvclock(version=3))
    put("pvclock", "wraps", pvclock(version=0xfffffffe, times=3))
    put("pvclock", "slow", pvclock(mul=1, shift=-31))
    put("pvclock", "fast", pvclock(mul=0xffffffff, shift=31))
    put("pvclock", "no-date", pvclock(wall=(3, 0, 1000000000)))
    put("pvclock", "stolen-refused", pvclock(refused=1))
    put("pvclock", "stolen-unknown", pvclock(kind=1))
    put("pvclock", "stolen-nowhere", pvclock(stolen=(1 << 64) - 1))
    put("xen", "good", xen())
    put("xen", "behind-hyperv", xen((b"Microsoft Hv", b"XenVMMXenVMM")))
    put("xen", "date-half-written", xen(wall=(3, 5, 5, 0)))
    put("xen", "date-far", xen(wall=(2, 5, 5, 0xffff)))
    put("xen", "console-full", xen(console=(0, 1024, 0, 2048)))
    put("xen", "console-mad", xen(console=(0, 1025, 0, 2049)))
    put("xen", "console-jumps", xen(steps=b"\1\20" + bytes(4) + b"\6\377" +
                                    b"\377" * 4))
    put("xen", "grants-in-use", xen(grants=b"\2\2\40\10\0\41\2"))
    put("xen", "all-events", xen(words=(1 << 64) - 1,
                                 pending=[(1 << 64) - 1] * 64))
    put("mptable", "good", mptable(MP_CPU, *MP_REST))
    for config in range(1, 9):
        put("mptable", "default-%d" % config, mptable(config=config))
    put("mptable", "bad-sums", mptable(MP_CPU, flags=4))
    put("mptable", "no-table", mptable(MP_CPU, flags=3))
    put("mptable", "too-few", mptable(MP_CPU, count=9))
    put("mptable", "untold", mptable(MP_CPU, *MP_REST, count=0))
    put("mptable", "cut", mptable(MP_CPU, MP_CPU[:9]))
    put("mptable", "too-long", mptable(MP_CPU, length=0xffff))
    put("mptable", "unknown-type", mptable(MP_CPU, b"\5" + bytes(7)))
    read = 3, b"\x20"
    put("tty", "edits", tty(
        typed(b"ab\t\x7fc d\x17e\x12\x15f\x16\x03\n"), read))
    put("tty", "end-of-file", tty(typed(b"ab\4\4"), (3, b"\2"), read, read))
    put("tty", "signals", tty(typed(b"a\x03b\x1c\x1a\x13\x11\n"), read))
    put("tty", "full", tty((2, b"x\xff\x1f"), typed(b"\n"), (2, b"\n\xff\x1f"),
                           read))
    put("tty", "raw", tty((5, b"\x41"), (2, b"x\xff\x1f"), read, (5, b"\x41"),
                          read, typed(b"\x7f"), (5, b"\x41"), read))
    put("tty", "any-modes", tty((4, bytes(range(25))), typed(b"a\r\n\xc3\xa4"),
                                (6, b"\5a\tb\n\r"), (7, b""), read))


main()
