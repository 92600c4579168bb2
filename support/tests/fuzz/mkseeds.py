#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Write the hand-made part of the corpora of the boot protocols.

Each seed is one good machine or one mistake that a loader can make. Memory
starts at BASE, see fuzz_loader.h. Of the device trees here are those with CPUs.
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


MISTAKES = {
    "unsorted": list(reversed(MAP)),
    "overlapping": MAP + [(0x80000, 0x1000000, 2), (0x100000, 0x3000, 1)],
    "zero-length": [(b, 0, t) for b, _, t in MAP] + MAP[3:4],
    "wrapping": [((1 << 64) - 0x1000, 0x2000, 1)] + MAP,
    "no-ram": [(b, n, 2) for b, n, _ in MAP],
    "unaligned": [(b + 123, max(n - 77, 0), t) for b, n, t in MAP],
    "too-many": [(0x1000000 + 0x4000 * i, 0x2000, 1) for i in range(120)],
}


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


main()
