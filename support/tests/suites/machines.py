# SPDX-License-Identifier: BSD-3-Clause
"""Where an image may be started: memory, load addresses, device trees.

A hostile device tree is QEMU's own with one fault, put in at an offset that a
walk over its tokens finds; a stub (boot/stubs/arm64.S) enters the image with
it.
"""

import os
import re
import struct
from zlib import crc32

from kilntest import core, guest, proc
from kilntest.core import expect

STUBS = os.path.join("support", "tests", "boot", "stubs")

RAM = 0x40000000
STUB = 0x42000000
TREE = 0x44000000
IMAGE = 0x48000000

# The least memory that kiln run knows of: below it refuses, at it boots.

LEAST = {
    "x86_64": [(m, p) for m in ("pc", "q35", "microvm")
               for p in ("multiboot", "pvh")],
    "arm64": [(m, "arm64") for m in guest.MACHINES["arm64"]],
}

# Beyond it, in KiB, nothing may stand in the way.
BEYOND = (0, 4, 100)
INITRD_LEN = 100000
WITH_INITRD = ("pc", "q35", "virt-gic3")    # in make test


def least_memory(machine, protocol):
    def run(ctx):
        image = ctx.image("hello")
        extra = ["--protocol", protocol]
        least = guest.least_kib(ctx, image, machine, protocol)
        guest.boot(ctx, image, machine=machine, mem="%dk" % (least - 4),
                   extra=extra).expect_status(126)
        for more in BEYOND:
            boot = guest.boot(ctx, image, machine=machine, extra=extra,
                              mem="%dk" % (least + more))
            ctx.write("console-%d" % more, str(boot))
            boot.expect_status(0).expect_text("Hello")
    return run


def least_with_initrd(machine, protocol):
    """The program finds each byte of it."""
    def run(ctx):
        image = ctx.image("probe")
        extra = ["--protocol", protocol]
        data = bytes(i * i % 251 for i in range(INITRD_LEN))
        path = os.path.join(ctx.dir, "initrd")
        with open(path, "wb") as f:
            f.write(data)
        least = guest.least_kib(ctx, image, machine, protocol, path)
        guest.boot(ctx, image, machine=machine, mem="%dk" % (least - 4),
                   initrd=path, extra=extra).expect_status(126)
        for more in BEYOND:
            boot = guest.boot(ctx, image, machine=machine, initrd=path,
                              extra=extra, mem="%dk" % (least + more),
                              args=("initrd",))
            ctx.write("console-%d" % more, str(boot))
            boot.expect_status(0).expect_text(
                "initrd %d bytes, sum %08x\n" % (len(data), crc32(data)))
    return run


def lone_amount(ctx):
    """Less than the least, but for one amount that SeaBIOS leaves alone,
    which the image must fit into.
    """
    image = ctx.image("hello-region")
    extra = ["--protocol", "pvh"]
    least = guest.least_kib(ctx, image, "q35", "pvh")
    for mem in (1272, 1284, least - 8):
        boot = guest.boot(ctx, image, machine="q35", mem="%dk" % mem,
                          extra=extra)
        boot.expect_status(126).expect_text(
            "at least %dk, or exactly 1280k" % least)
    guest.boot(ctx, image, machine="q35", mem="1280k", extra=extra) \
        .expect_status(0).expect_text("Hello")


# Load addresses of an arm64 Image: the header says where, from the RAM's
# start (Linux arm64 boot protocol, "Call the kernel image").

OFFSETS = (
    (0x200000, 0), (0x400000, 0), (0x1000000, 0),
    (0x80000, 120), (0x100000, 120),
)


def load_addresses(ctx):
    with open(ctx.image("probe"), "rb") as f:
        image = f.read()
    expect(image[56:60] == b"ARM\x64" and image[8:16] == bytes(8),
           "not the Image header it was")
    for offset, status in OFFSETS:
        path = os.path.join(ctx.dir, "at-%x" % offset)
        with open(path, "wb") as f:
            f.write(image[:8] + struct.pack("<Q", offset) + image[16:])
        boot = guest.boot(ctx, path, params="ukboot.print_bootinfo=1",
                          args=("exit", "0"), timeout=30)
        text = r"^the load address is not a multiple of 2 MiB$" if status else \
            r"^bootinfo: %016x-[0-9a-f]+ text" % (RAM + offset)
        ok = not boot.timed_out and boot.status == status and \
            re.search(text, boot.console, re.M) and \
            re.search(r"^kiln: exit %d$" % status, boot.console, re.M)
        ctx.case("%#x %s" % (offset, "is refused" if status else "boots"),
                 bool(ok), "/%s/\n%s" % (text, boot), boot.done.seconds)


# Device trees.

class Tree:
    """A flattened device tree (Devicetree Specification v0.4, ch. 5)."""

    FIELDS = ("magic", "totalsize", "off_struct", "off_strings", "off_rsvmap",
              "version", "last_comp", "boot_cpu", "size_strings",
              "size_struct")

    def __init__(self, data):
        self.data = bytearray(data)

    def field(self, name):
        return self.u32(4 * self.FIELDS.index(name))

    def set(self, name, value):
        self.put(4 * self.FIELDS.index(name), value)
        return self

    def u32(self, at):
        return struct.unpack_from(">I", self.data, at)[0]

    def put(self, at, value):
        struct.pack_into(">I", self.data, at, value)
        return self

    def used(self):
        return max(self.field("off_struct") + self.field("size_struct"),
                   self.field("off_strings") + self.field("size_strings"))

    def shrunk(self):
        """The same without the free room at its end."""
        tree = Tree(self.data[:self.used()])
        return tree.set("totalsize", len(tree.data))

    def name_at(self, at):
        return bytes(self.data[at:self.data.index(0, at)]).decode()

    def find(self, node, prop=None):
        """Offset of the name of the first node that begins so, or of the
        value of its property."""
        at, inside, depth = self.field("off_struct"), 0, 0
        while True:
            token = self.u32(at)
            at += 4
            if token == 1:
                name = self.name_at(at)
                depth += 1
                if not inside and name.startswith(node) and \
                        (node or depth == 1):
                    if prop is None:
                        return at
                    inside = depth
                at += len(name) // 4 * 4 + 4
            elif token == 2:
                inside = 0 if inside == depth else inside
                depth -= 1
            elif token == 3:
                length = self.u32(at)
                name = self.name_at(self.field("off_strings") +
                                    self.u32(at + 4))
                if inside == depth and name == prop:
                    return at + 8
                at += 8 + (length + 3) // 4 * 4
            elif token == 9:
                raise AssertionError("no %s %s" % (node, prop))


def cut(tree):
    """The stream ends in the middle: the rest is not there any more."""
    middle = tree.field("off_struct") + tree.field("size_struct") // 8 * 4
    tree.data[middle:] = bytes(len(tree.data) - middle)


def no_memory(tree):
    tree.data[tree.find("memory")] = ord("x")
    at = tree.find("xemory", "device_type")
    tree.data[at] = ord("x")


NO_MEMORY = r"memory map: no free memory"

# sentence, what is done to a good tree, words of the refusal.
FAULTS = (
    ("with a bad magic number", lambda t: t.set("magic", 0xd00dfeee),
     r"wrong magic number"),
    ("of bytes in the wrong order",
     lambda t: t.set("magic", 0xedfe0dd0), r"wrong magic number"),
    ("of version 16", lambda t: t.set("version", 16), r"version is not 17"),
    ("that asks for version 18", lambda t: t.set("last_comp", 18),
     r"version is not 17"),
    ("with off_struct out of range",
     lambda t: t.set("off_struct", 0x7ffffff0), r"a block is not inside"),
    ("with off_struct not aligned",
     lambda t: t.set("off_struct", t.field("off_struct") + 2),
     r"a block is not inside"),
    ("with off_strings out of range",
     lambda t: t.set("off_strings", 0xfffffff0), r"a block is not inside"),
    ("with reservations in the header",
     lambda t: t.set("off_rsvmap", 32), r"a block is not inside"),
    ("with a huge size_struct", lambda t: t.set("size_struct", 0xffffffff),
     r"a block is not inside"),
    ("with a totalsize too small",
     lambda t: t.set("totalsize", t.used() - 1), r"a block is not inside"),
    ("with a totalsize of 0", lambda t: t.set("totalsize", 0),
     r"a block is not inside"),
    ("that uses more than 2 MiB",
     lambda t: t.set("totalsize", 1 << 24).set("size_struct", 1 << 22),
     r"longer than what may be read"),
    ("that is truncated", cut, r"malformed|a block is not inside"),
    ("with size_struct cut short",
     lambda t: t.set("size_struct", t.field("size_struct") // 8 * 4),
     r"malformed"),
    ("with an unknown token", lambda t: t.put(t.field("off_struct"), 5),
     r"malformed"),
    ("with address cells 3",
     lambda t: t.put(t.find("", "#address-cells"), 3),
     r"reg of a memory node"),
    ("with size cells 3", lambda t: t.put(t.find("", "#size-cells"), 3),
     r"reg of a memory node"),
    ("with a property that is too long",
     lambda t: t.put(t.find("memory", "reg") - 8, 0x7fffffff), r"malformed"),
    ("with a property's name out of range",
     lambda t: t.put(t.find("memory", "reg") - 4, 0x7fffffff), r"malformed"),
    ("without memory", no_memory, r"no memory node"),
    ("with memory of no bytes",
     lambda t: t.put(t.find("memory", "reg") + 8, 0)
     .put(t.find("memory", "reg") + 12, 0), NO_MEMORY),
    ("with memory that wraps",
     lambda t: t.put(t.find("memory", "reg"), 0xffffffff)
     .put(t.find("memory", "reg") + 8, 0x7fffffff), NO_MEMORY),
    ("of zeros", lambda t: t.put(0, 0), r"wrong magic number"),
)


def qemu(argv, timeout=30):
    return proc.run([
        "qemu-system-aarch64", "-accel", "tcg", "-cpu", "max", "-m", "256M",
        "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        "-serial", "stdio"] + argv, timeout=timeout)


def comma(path):
    return path.replace(",", ",,")


def load(path, addr, start=False):
    return ["-device", "loader,force-raw=on,addr=%#x,%sfile=%s" % (
        addr, "cpu-num=0," if start else "", comma(path))]


def dumped(ctx, machine="virt"):
    """QEMU's own tree."""
    path = os.path.join(ctx.dir, "v.dtb")
    done = qemu(["-M", machine + ",dumpdtb=" + comma(path)])
    expect(done.status == 0 and os.path.exists(path), done.out)
    with open(path, "rb") as f:
        return Tree(f.read())


def stub(ctx, source="arm64.S", *flags):
    path = os.path.join(ctx.dir, "stub")
    src = os.path.join(ctx.root, STUBS, source)
    for argv in (["aarch64-linux-gnu-gcc", "-nostdlib", "-static",
                  "-Wl,--build-id=none", "-Wl,-Ttext=%#x" % STUB,
                  "-DTREE=%#x" % TREE, "-DIMAGE=%#x" % IMAGE] +
                 list(flags) + [src, "-o", path + ".elf"],
                 ["aarch64-linux-gnu-objcopy", "-O", "binary", path + ".elf",
                  path]):
        done = proc.run(argv)
        expect(done.status == 0, done.out)
    return path


def through_stub(ctx, entry, tree, machine="virt", timeout=30):
    path = os.path.join(ctx.dir, "tree")
    with open(path, "wb") as f:
        f.write(tree.data)
    return qemu(["-M", machine] + load(ctx.image("probe"), IMAGE) +
                load(path, TREE) + load(entry, STUB, start=True), timeout)


def ended(done, status, words):
    text = done.out.replace("\r", "")
    return not done.timed_out and \
        re.search(r"^kiln: exit %d$" % status, text, re.M) and \
        re.search(words, text, re.M)


def show(done):
    return "$ %s\n%s" % (" ".join(done.argv), done.out.replace("\r", ""))


def hostile_trees(ctx):
    good = dumped(ctx).shrunk()
    entry = stub(ctx)
    done = through_stub(ctx, entry, good)
    ctx.case("as it should be boots", bool(ended(done, 0, "^Kiln ")),
             show(done), done.seconds)
    for name, fault, words in FAULTS:
        tree = Tree(good.data)
        fault(tree)
        expect(tree.data != good.data, name + ": nothing was done")
        done = through_stub(ctx, entry, tree)
        if words != NO_MEMORY:
            words = r"device tree at %#x: .*(%s)" % (TREE, words)
        ok = ended(done, 120, words)
        ctx.case("%s is refused" % name, bool(ok), show(done), done.seconds)


def given_tree(ctx):
    """QEMU doubles what a tree that it is given claims."""
    for machine, tree in (("virt", "whole"), ("virt", "shrunk"),
                          ("virt,gic-version=3", "whole")):
        data = dumped(ctx, machine)
        if tree == "shrunk":
            data = data.shrunk()
        path = os.path.join(ctx.dir, "given.dtb")
        with open(path, "wb") as f:
            f.write(data.data)
        done = qemu(["-M", machine, "-dtb", path, "-kernel",
                     ctx.image("probe"), "-append", "probe -- exit 0"])
        ctx.case("%s, %s" % (machine, tree), bool(ended(done, 0, "^Kiln ")),
                 show(done), done.seconds)


def at_el3(ctx):
    """Nobody below can be called: the line is there, the machine runs on."""
    done = qemu(["-M", "virt,secure=on"] +
                load(ctx.image("probe"), RAM + 0x200000, start=True),
                timeout=3)
    text = done.out.replace("\r", "")
    expect(re.search(r"entered at EL3; EL1 or EL2 is needed\nkiln: exit 120$",
                     text, re.M), show(done))
    expect(done.timed_out, "it ended\n" + show(done))


TESTS = (
    ("load address", load_addresses),
    ("a hostile device tree", hostile_trees),
    ("a device tree given to QEMU boots", given_tree),
    ("an image entered at EL3 says so and halts", at_el3),
)


def register():
    for arch, places in LEAST.items():
        for machine, protocol in places:
            core.add("boot/%s/least memory/%s/%s" % (arch, machine, protocol),
                     least_memory(machine, protocol), arch=arch,
                     images=("hello",))
            core.add("boot/%s/least memory with an initrd/%s/%s"
                     % (arch, machine, protocol),
                     least_with_initrd(machine, protocol), arch=arch,
                     images=("probe",), soak=machine not in WITH_INITRD)
    core.add("boot/x86_64/least memory/SeaBIOS beside a PVH image",
             lone_amount, arch="x86_64", images=("hello-region",))
    for name, fn in TESTS:
        core.add("boot/arm64/" + name, fn, arch="arm64", images=("probe",))


register()
