# SPDX-License-Identifier: BSD-3-Clause
"""As much of ELF64 (little endian) as the build's checks need.

Layouts: System V gABI, chapters "ELF Header", "Sections", "Symbol Table";
archives: ar(5) in the System V/GNU form.
"""
import struct
from collections import namedtuple

SHT_SYMTAB, SHT_NOBITS, SHF_ALLOC, SHN_UNDEF, SHN_COMMON = 2, 8, 2, 0, 0xfff2
LOCAL, GLOBAL, WEAK = 0, 1, 2

Section = namedtuple("Section", "name type flags addr offset size link")
Symbol = namedtuple("Symbol", "name value size bind type shndx")


class BadElf(Exception):
    pass


class Elf:
    def __init__(self, data, name):
        self.data, self.name = data, name
        if data[:6] != b"\x7fELF\x02\x01":
            raise BadElf(f"{name} is not a 64-bit little-endian ELF file")
        shoff, = struct.unpack_from("<Q", data, 40)
        entsize, count, strndx = struct.unpack_from("<HHH", data, 58)
        raw = [struct.unpack_from("<IIQQQQII", data, shoff + i * entsize)
               for i in range(count)]
        strings = raw[strndx][4] if count else 0
        self.sections = [Section(self._string(strings + r[0]), r[1], r[2],
                                 r[3], r[4], r[5], r[6]) for r in raw]

    def _string(self, offset):
        return self.data[offset:self.data.index(b"\0", offset)].decode(
            "utf-8", "replace")

    def symbols(self):
        for table in self.sections:
            if table.type != SHT_SYMTAB:
                continue
            strings = self.sections[table.link].offset
            for at in range(table.offset, table.offset + table.size, 24):
                name, info, _, shndx, value, size = struct.unpack_from(
                    "<IBBHQQ", self.data, at)
                yield Symbol(self._string(strings + name), value, size,
                             info >> 4, info & 15, shndx)

    def is_lto(self):
        return any(s.name.startswith(".gnu.lto_") for s in self.sections)

    def at(self, addr, size):
        """@size bytes of the image at address @addr."""
        for s in self.sections:
            if s.flags & SHF_ALLOC and s.type != SHT_NOBITS \
                    and s.addr <= addr and addr + size <= s.addr + s.size:
                start = s.offset + addr - s.addr
                return self.data[start:start + size]
        raise BadElf(f"{self.name}: nothing at {addr:#x}")

    def string_at(self, addr):
        out = b""
        while not out.endswith(b"\0"):
            out += self.at(addr + len(out), 1)
        return out[:-1].decode("utf-8", "replace")


def members(path):
    """(name, bytes) of the objects in the archive @path, else of the file."""
    with open(path, "rb") as src:
        data = src.read()
    if data[:8] != b"!<arch>\n":
        yield path, data
        return
    long_names, at = b"", 8
    while at + 60 <= len(data):
        name = data[at:at + 16].rstrip()
        size = int(data[at + 48:at + 58])
        body = data[at + 60:at + 60 + size]
        if name == b"//":
            long_names = body
        elif name not in (b"/", b"/SYM64/"):
            if name[:1] == b"/":
                start = int(name[1:])
                name = long_names[start:long_names.index(b"/", start)]
            yield f"{path}({name.rstrip(b'/').decode()})", body
        at += 60 + size + (size & 1)
