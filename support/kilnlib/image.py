# SPDX-License-Identifier: BSD-3-Clause
"""
What an image file is: architecture, boot protocols, load range.

Everything is read from the file's own headers, never from its name; a file
that no protocol of ours can start is refused with the reason.

x86_64: an ELF64 file with a multiboot header in its first 8 KiB (Multiboot
Specification 0.6.96, 3.1.1; QEMU wants the address fields, flag bit 16, in
an ELF64 file) or a PVH entry note (Xen's public/elfnote.h: owner "Xen", type
18). arm64: a raw Image (the Linux kernel's arm64 boot protocol, "Call the
kernel image").
"""
import os
import re
import struct

from .elf import PT_LOAD, Elf, ElfError
from .errors import Refused

KIB = 1024
MIB = 1024 * KIB
PAGE = 4 * KIB

MULTIBOOT_MAGIC = 0x1BADB002
MULTIBOOT_SEARCH = 8 * KIB
MULTIBOOT_ADDRESSES = 1 << 16
PVH_NOTE = ("Xen", 18)
ARM64_MAGIC_AT = 56
ARM64_MAGIC = b"ARM\x64"

# QEMU's layout of an arm64 guest, 7.2: the image at its text_offset in RAM,
# or 2 MiB further if that is below 4 KiB; the initrd not below the middle of
# RAM or 128 MiB; the device tree on the next 2 MiB boundary.
ARM64_RAM_BASE = 0x40000000
ARM64_ALIGN = 2 * MIB
ARM64_INITRD_MAX = 128 * MIB
ARM64_DTB_ROOM = 64 * KIB

# SeaBIOS (pc, q35) keeps 256 KiB at the top of RAM and, while it starts, a
# copy of its own code below them: 344 to 384 KiB measured with QEMU 7.2. A
# multiboot image is copied in when it has finished; a PVH image is there
# before, and an image of more than a page or two does not survive it.
SEABIOS_PVH_MIN = MIB + 256 * KIB
SEABIOS_PVH_ROOM = 384 * KIB


def _round_up(value, align):
    return (value + align - 1) // align * align


class Image:
    """A file that `kiln run` can boot."""

    def __init__(self, path, arch, protocols):
        self.path = path
        self.arch = arch
        self.protocols = protocols      # {name: physical entry address}
        self.load_end = 0               # x86_64: first address behind it
        self.size_in_memory = 0         # arm64: image_size
        self.text_offset = 0            # arm64
        self.multiboot_at = None        # file offset of the header

    @property
    def name(self):
        """The program's name, as its first argument: hello_qemu-x86_64 is
        hello."""
        return re.sub(r"(?<=.)_[a-z]+-(x86_64|arm64)$", "",
                      os.path.basename(self.path))

    @property
    def dbg(self):
        """The file with this image's symbols, or None."""
        path = self.path + ".dbg"
        return path if os.path.isfile(path) else None

    def protocol(self, asked=None):
        """The protocol that starts it, by QEMU's choice or as asked."""
        if asked and asked not in self.protocols:
            raise Refused(f"{self.path}: has no {asked} entry, only "
                          + ", ".join(self.protocols))
        return asked or next(iter(self.protocols))

    def entry(self, protocol):
        """Physical address of the first instruction, as QEMU loads it."""
        if self.arch == "arm64":
            return ARM64_RAM_BASE + self._arm64_offset()
        return self.protocols[protocol]

    def _arm64_offset(self):
        extra = ARM64_ALIGN if self.text_offset < PAGE else 0
        return self.text_offset + extra

    def min_mem(self, machine, protocol, initrd_len=0):
        """Bytes of memory below which QEMU cannot even load it."""
        if self.arch == "arm64":
            return self._arm64_min(initrd_len)
        least = (max(_round_up(self.load_end, PAGE), MIB + PAGE)
                 + _round_up(initrd_len, PAGE))
        if protocol == "multiboot":
            least += PAGE       # the command line and the list of modules
        if self._beside_seabios(machine, protocol):
            least = max(least, SEABIOS_PVH_MIN)
        return least

    @staticmethod
    def _beside_seabios(machine, protocol):
        return protocol == "pvh" and machine.split(",")[0] != "microvm"

    def may_be_overwritten(self, machine, protocol, mem):
        """May the firmware have written over it in so little memory?"""
        return (self._beside_seabios(machine, protocol) and
                mem < self.load_end + SEABIOS_PVH_ROOM)

    def _arm64_min(self, initrd_len):
        end = self._arm64_offset() + self.size_in_memory
        mem = _round_up(end + initrd_len, ARM64_ALIGN) + ARM64_DTB_ROOM
        while True:
            initrd = max(min(mem // 2, ARM64_INITRD_MAX), end)
            dtb = _round_up(_round_up(initrd, PAGE) + initrd_len,
                            ARM64_ALIGN)
            if dtb + ARM64_DTB_ROOM <= mem:
                return mem
            mem += ARM64_DTB_ROOM


def _multiboot(path, data):
    """(file offset, entry, end of load) of the header, or None."""
    for at in range(0, min(len(data), MULTIBOOT_SEARCH) - 31, 4):
        magic, flags, check = struct.unpack_from("<III", data, at)
        if magic != MULTIBOOT_MAGIC or (magic + flags + check) & 0xffffffff:
            continue
        if not flags & MULTIBOOT_ADDRESSES:
            raise Refused(f"{path}: its multiboot header has no load "
                          "addresses (flag bit 16), which QEMU wants of an "
                          "ELF64 file")
        _, load, load_end, bss_end, entry = struct.unpack_from(
            "<IIIII", data, at + 12)
        end = bss_end or load_end or load + len(data) - at
        return at, entry, end
    return None


def _pvh_entry(elf):
    for owner, kind, desc in elf.notes():
        if (owner, kind) == PVH_NOTE and len(desc) >= 4:
            return struct.unpack_from("<I", desc)[0]
    return None


def _sibling_hint(path):
    return (" (the runnable file beside it is the one without .dbg)"
            if path.endswith(".dbg") else "")


def _from_elf(path, data):
    try:
        elf = Elf(data)
        pvh = _pvh_entry(elf)
    except ElfError as err:
        raise Refused(f"{path}: {err}") from None
    if elf.arch is None:
        raise Refused(f"{path}: an ELF file for machine number "
                      f"{elf.machine}; images are x86_64 or arm64")
    if elf.arch == "arm64":
        raise Refused(f"{path}: an arm64 ELF file; what boots is the raw "
                      "Image that the build writes beside it"
                      + _sibling_hint(path))

    multiboot = _multiboot(path, data)
    image = Image(path, "x86_64", {})
    ends = [s.paddr + s.memsz for s in elf.segments if s.type == PT_LOAD]
    if multiboot:
        image.multiboot_at, entry, end = multiboot
        image.protocols["multiboot"] = entry
        ends.append(end)
    if pvh is not None:
        image.protocols["pvh"] = pvh
    if not image.protocols:
        raise Refused(f"{path}: an x86_64 ELF file without a boot header: "
                      "no multiboot header in its first 8 KiB and no PVH "
                      "note")
    image.load_end = max(ends)
    return image


def _from_arm64(path, data):
    text_offset, size = struct.unpack_from("<QQ", data, 8)
    image = Image(path, "arm64", {"arm64": 0})
    image.text_offset = text_offset
    image.size_in_memory = max(size, len(data))
    return image


def read(path):
    """The Image in the file at path; Refused if it is none."""
    try:
        with open(path, "rb") as file:
            data = file.read()
    except OSError as err:
        raise Refused(f"{path}: {err.strerror}") from None
    if data[:4] == b"\x7fELF":
        return _from_elf(path, data)
    if data[ARM64_MAGIC_AT:ARM64_MAGIC_AT + 4] == ARM64_MAGIC:
        return _from_arm64(path, data)
    raise Refused(f"{path}: neither an ELF file nor an arm64 Image")


def find(path):
    """
    Like read(), but a file with symbols leads to the image beside it.
    Returns (image, a line about it or None).
    """
    if path.endswith(".dbg"):
        beside = path[:-4]
        if os.path.isfile(beside):
            return read(beside), f"running {beside}, the image of {path}"
        raise Refused(f"{path}: holds the symbols; the image to run, "
                      f"{beside}, does not exist")
    return read(path), None
