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

from . import qemutypes
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

# SeaBIOS on pc and q35, as measured with QEMU 7.2 (SeaBIOS 1.16.2). It leaves
# its tables in the last 128 KiB of RAM, where a multiboot module must not lie.
# While it starts it also uses what is below the last 256 KiB, down to so far
# from the top of RAM: a multiboot image is copied in when it has finished, but
# a PVH image is there before and would be written over. With exactly 1280 KiB
# there are no such 256 KiB above the first MiB, and it stays out of there.
SEABIOS_TABLES = 128 * KIB
SEABIOS_START = {"pc": 376 * KIB, "q35": 388 * KIB}
SEABIOS_STAYS_OUT = MIB + 256 * KIB
SEABIOS_STAYS_OUT_TABLES = 8 * KIB

# QEMU puts a PVH initrd below the room for ACPI tables at the top of RAM, one
# byte and then down to a page; microvm leaves no such room. RAM is a multiple
# of 8 KiB.
PVH_ACPI_ROOM = 160 * KIB
QEMU_RAM_UNIT = 8 * KIB


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
        """Bytes of memory from which on any amount is enough to load it."""
        if self.arch == "arm64":
            return self._arm64_min(initrd_len)
        seabios = _seabios(machine)
        least = end = self._end()
        if protocol == "multiboot":
            # The command line and the list of modules come last.
            least += _round_up(initrd_len, PAGE) + PAGE
            if initrd_len and seabios:
                least += SEABIOS_TABLES
            return least
        if initrd_len:
            least += _pvh_initrd_room(machine, initrd_len)
        if seabios:
            least = max(least, end + SEABIOS_START[seabios])
        return least

    def lone_mem(self, machine, protocol, initrd_len=0):
        """One amount below min_mem() that is enough too, or None."""
        if protocol != "pvh" or not _seabios(machine):
            return None
        room = (_pvh_initrd_room(machine, initrd_len) if initrd_len
                else SEABIOS_STAYS_OUT_TABLES)
        if self._end() + room > SEABIOS_STAYS_OUT:
            return None
        return SEABIOS_STAYS_OUT

    def fits(self, mem, machine, protocol, initrd_len=0):
        """Are mem bytes of memory enough to load it?"""
        return (mem >= self.min_mem(machine, protocol, initrd_len) or
                _round_up(mem, QEMU_RAM_UNIT) ==
                self.lone_mem(machine, protocol, initrd_len))

    def _end(self):
        return max(_round_up(self.load_end, PAGE), MIB + PAGE)

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


def _seabios(machine):
    """The key of this QEMU machine in SEABIOS_START; None: it has qboot."""
    name = qemutypes.name(machine)
    if name == "microvm":
        return None
    return "q35" if "q35" in name else "pc"


def _pvh_initrd_room(machine, initrd_len):
    """Bytes at the top of RAM down to where the initrd begins."""
    return (_round_up(initrd_len + 1, PAGE) +
            (PVH_ACPI_ROOM if _seabios(machine) else 0))


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
