# SPDX-License-Identifier: BSD-3-Clause
"""arm64: device trees that are not where the loader says.

QEMU puts the image into memory and starts four instructions of ours, which
enter it as a loader would, with an address in x0 that the test chooses.
"""

import os
import re
import struct

from kilntest import core, proc

RAM = 0x40000000
STUB = 0x42000000
IMAGE = 0x48000000

# sentence: address of the device tree, status, words on the console. Without
# a kernel QEMU leaves its own tree at the start of RAM.
TREES = (
    ("where it is", RAM, 0, r"^Kiln "),
    ("nowhere", 0, 120, r"device tree at 0x0: "),
    ("not aligned", RAM + 4, 120, r"device tree at 0x40000004: "),
    ("empty memory", 0x44000000, 120, r"device tree at 0x44000000: "),
    ("a device", 0x0a000000, 120, r"device tree at 0xa000000: "),
    ("inside the image", IMAGE, 120, r"device tree at 0x48000000: "),
    ("missing memory", 0x200000000, 134,
     r"^kiln: crash: external abort: nothing answers at that address"),
    ("beyond all memory", 1 << 60, 120, r"device tree at 0x1000000000000000"),
)


def stub(tree):
    """movz and movk x0, movz x4 and br x4 with the MMU off."""
    words = [0xd2800000 | (tree & 0xffff) << 5]
    for i in (1, 2, 3):
        words.append(0xf2800000 | i << 21 | (tree >> 16 * i & 0xffff) << 5)
    words.append(0xd2a00004 | (IMAGE >> 16) << 5)
    words.append(0xd61f0080)
    return struct.pack("<%dI" % len(words), *words)


def trees(ctx):
    for name, tree, status, words in TREES:
        path = os.path.join(ctx.dir, "stub")
        with open(path, "wb") as f:
            f.write(stub(tree))
        done = proc.run([
            "qemu-system-aarch64", "-M", "virt", "-accel", "tcg", "-cpu",
            "max", "-m", "256M", "-nodefaults", "-no-user-config",
            "-display", "none", "-no-reboot", "-serial", "stdio",
            "-device", "loader,force-raw=on,addr=%#x,file=%s"
            % (IMAGE, ctx.image("probe").replace(",", ",,")),
            "-device", "loader,force-raw=on,addr=%#x,cpu-num=0,file=%s"
            % (STUB, path.replace(",", ",,"))], timeout=30)
        text = done.out.replace("\r", "")
        end = r"^kiln: %sexit %d$" % ("crash, " if status == 134 else "",
                                      status)
        ok = not done.timed_out and re.search(words, text, re.M) and \
            re.search(end, text, re.M)
        ctx.case("is " + name, bool(ok), "$ %s\n%s" % (" ".join(done.argv),
                                                       text), done.seconds)


core.add("boot/arm64/a device tree that", trees, arch="arm64",
         images=("probe",))
