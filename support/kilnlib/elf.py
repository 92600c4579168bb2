# SPDX-License-Identifier: BSD-3-Clause
"""
A reader for the parts of ELF64 that the tools need.

It reads the file once and checks every offset against its size, because the
files come from users: what does not fit is an ElfError that names the part.
Little-endian only; both architectures are.
"""
import bisect
import collections
import struct

EM_X86_64 = 62
EM_AARCH64 = 183
ARCH_OF_MACHINE = {EM_X86_64: "x86_64", EM_AARCH64: "arm64"}

PT_LOAD = 1
PT_NOTE = 4
SHT_SYMTAB = 2
SHT_NOBITS = 8
SHF_WRITE = 1
SHF_ALLOC = 2
SHF_EXECINSTR = 4
STT_NOTYPE = 0
STT_FUNC = 2

Segment = collections.namedtuple(
    "Segment", "type flags offset vaddr paddr filesz memsz align")
Section = collections.namedtuple(
    "Section", "name type flags addr offset size link entsize")
Symbol = collections.namedtuple("Symbol", "name type bind shndx value size")


class ElfError(Exception):
    """The file is not an ELF64 file, or a damaged one."""


def _unpack(fmt, data, offset, what):
    try:
        return struct.unpack_from(fmt, data, offset)
    except (struct.error, OverflowError):
        raise ElfError(f"{what} lies outside the file") from None


def _string(data, offset):
    end = data.find(b"\0", offset)
    if offset >= len(data) or end < 0:
        raise ElfError("a name lies outside its string table")
    return data[offset:end].decode("utf-8", "replace")


class Elf:
    """An ELF64 file: segments, sections, notes and symbols."""

    def __init__(self, data):
        if data[:4] != b"\x7fELF":
            raise ElfError("not an ELF file")
        if data[4:6] != b"\x02\x01":
            raise ElfError("not a 64-bit little-endian ELF file")
        self.data = data
        (self.type, self.machine, _, self.entry, self.phoff, self.shoff, _,
         _, self.phentsize, self.phnum, self.shentsize, self.shnum,
         self.shstrndx) = _unpack("<HHIQQQIHHHHHH", data, 16, "its header")
        self.segments = self._segments()
        self.sections = self._sections()
        self._functions = None

    @classmethod
    def load(cls, path):
        """Read the file at path."""
        with open(path, "rb") as file:
            return cls(file.read())

    @property
    def arch(self):
        """Our name of the architecture, or None."""
        return ARCH_OF_MACHINE.get(self.machine)

    def _segments(self):
        return [Segment(*_unpack("<IIQQQQQQ", self.data,
                                 self.phoff + i * self.phentsize,
                                 f"program header {i}"))
                for i in range(self.phnum)]

    def _sections(self):
        raw = [_unpack("<IIQQQQIIQQ", self.data,
                       self.shoff + i * self.shentsize,
                       f"section header {i}")
               for i in range(self.shnum)]
        if not raw or self.shstrndx >= len(raw):
            return []
        names = self._bytes(raw[self.shstrndx][4], raw[self.shstrndx][5])
        return [Section(_string(names, r[0]), r[1], r[2], r[3], r[4], r[5],
                        r[6], r[9]) for r in raw]

    def _bytes(self, offset, size):
        if offset + size > len(self.data):
            raise ElfError("a section lies outside the file")
        return self.data[offset:offset + size]

    def section(self, name):
        """The section of that name, or None."""
        return next((s for s in self.sections if s.name == name), None)

    def notes(self):
        """Yield (owner, type, descriptor) of each note."""
        for seg in self.segments:
            if seg.type != PT_NOTE:
                continue
            data = self._bytes(seg.offset, seg.filesz)
            pos = 0
            while pos + 12 <= len(data):
                namesz, descsz, kind = struct.unpack_from("<III", data, pos)
                name = data[pos + 12:pos + 12 + namesz].rstrip(b"\0")
                desc = pos + 12 + (namesz + 3 & ~3)
                if desc + descsz > len(data):
                    raise ElfError("a note lies outside its segment")
                yield (name.decode("utf-8", "replace"), kind,
                       data[desc:desc + descsz])
                pos = desc + (descsz + 3 & ~3)

    def symbols(self):
        """Yield each entry of the symbol table."""
        for sec in self.sections:
            if sec.type != SHT_SYMTAB or sec.link >= len(self.sections):
                continue
            strtab = self.sections[sec.link]
            names = self._bytes(strtab.offset, strtab.size)
            table = self._bytes(sec.offset, sec.size - sec.size % 24)
            for name, info, _, shndx, value, size in struct.iter_unpack(
                    "<IBBHQQ", table):
                yield Symbol(_string(names, name), info & 15, info >> 4,
                             shndx, value, size)

    def symbol(self, name):
        """The value of the symbol of that name, or None."""
        for sym in self.symbols():
            if sym.name == name and sym.shndx != 0:
                return sym.value
        return None

    def _code_section(self, addr):
        return next((s for s in self.sections if s.flags & SHF_EXECINSTR and
                     s.addr <= addr < s.addr + s.size), None)

    def in_code(self, addr):
        """Does an executable section hold addr?"""
        return self._code_section(addr) is not None

    def function(self, addr):
        """
        (name, offset) of the code symbol at or before addr, or of the
        section where none comes before it; None outside the code.
        """
        if self._functions is None:
            found = {}
            for sym in self.symbols():
                # $x, $d: arm64 mapping symbols, no names of anything.
                if (sym.type in (STT_FUNC, STT_NOTYPE) and sym.name and
                        not sym.name.startswith(("$", ".L")) and
                        self.in_code(sym.value)):
                    old = found.get(sym.value)
                    if not old or (sym.type, sym.bind) > old[:2]:
                        found[sym.value] = (sym.type, sym.bind, sym.name)
            self._functions = sorted((v, s[2]) for v, s in found.items())
        section = self._code_section(addr)
        if not section:
            return None
        at = bisect.bisect_right(self._functions, (addr, "\U0010ffff")) - 1
        if at < 0 or self._functions[at][0] < section.addr:
            return section.name, addr - section.addr
        value, name = self._functions[at]
        return name, addr - value
