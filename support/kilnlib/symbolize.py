# SPDX-License-Identifier: BSD-3-Clause
"""
`kiln symbolize`: give the code addresses in a text their names.

Function and offset come from the image's own symbol table; file and line,
and the functions that were inlined there, from addr2line of binutils or LLVM
when one is installed. Lines of a stack trace get their name appended; below
any other line that mentions code addresses (registers) each one is named.

The library of a place is the object that the linker's map has there. Where
the whole image was optimised at link time that is one object; the library is
then the one whose directory, by the build's libs.txt, has the source file.
"""
import bisect
import glob
import os
import platform
import re
import shutil
import subprocess
import sys

from . import ROOT, linkmap
from .elf import PT_LOAD, SHF_EXECINSTR, Elf, ElfError
from .errors import KilnError

EPILOG = """
Reads a crash screen, or any text with addresses, from standard input:
  make run 2>&1 | tee log; kiln symbolize build/hello_qemu-x86_64.dbg < log
"""

PHYSICAL_MIN = 0x100000    # nothing is loaded below it
CRASH_LIBRARY = "libukdebug"

_FRAME = re.compile(r"^\s*#(\d+)\s+(0x[0-9a-f]+)\b\s*(.*?)\s*$", re.I)
_CPU = re.compile(r"(kiln: |  )cpu +\d+, hardware id ")
_VALUE = re.compile(r"\b(?:0x)?([0-9a-f]{16})\b|\b0x([0-9a-f]{6,15})\b",
                    re.I)
_TRIPLE = {"x86_64": "x86_64-linux-gnu", "arm64": "aarch64-linux-gnu"}


def add_options(parser):
    """The options of `kiln symbolize`."""
    parser.add_argument("dbg", metavar="IMAGE.dbg", nargs="?",
                        help="the image with symbols; default: the only "
                        "one below build/")


def open_dbg(path):
    """The Elf with symbols at path."""
    try:
        elf = Elf.load(path)
    except OSError as err:
        raise KilnError(f"{path}: {err.strerror}") from None
    except ElfError as err:
        raise KilnError(f"{path}: {err}") from None
    if next(elf.symbols(), None) is None:
        beside = path + ".dbg"
        hint = f"; {beside} has them" if os.path.exists(beside) else ""
        raise KilnError(f"{path}: has no symbols{hint}")
    return elf


def _addr2line(arch):
    """A program that reads line numbers of arch's files, or None."""
    names = [_TRIPLE.get(arch, "") + "-addr2line", "llvm-addr2line"]
    if platform.machine() == _TRIPLE.get(arch, "-").split("-", 1)[0]:
        names.append("addr2line")
    return next(filter(None, map(shutil.which, names)), None)


def _short(place):
    """file:line as seen from the tree, without a discriminator."""
    place = place.split(" (")[0]
    if place.startswith("??") or place.endswith((":?", ":0")):
        return None
    path, _, line = place.rpartition(":")
    # The build's paths are relative, and its directory is called build/.
    path = os.path.normpath(path.removeprefix("build/"))
    if path.startswith(ROOT + os.sep):
        path = os.path.relpath(path, ROOT)
    return f"{path}:{line}"


class Libraries:
    """Which library a place of an image belongs to."""

    def __init__(self, dbg):
        image = dbg.removesuffix(".dbg")
        text = _read(image + ".map") or _read(dbg + ".map")
        self._pieces = sorted((addr, addr + size, linkmap.library(obj))
                              for addr, size, obj in linkmap.pieces(text))
        self._homes = sorted(self._manifest(os.path.join(
            os.path.dirname(image), "libs.txt")), reverse=True)

    @staticmethod
    def _manifest(path):
        """(directory, library) of each line, see support/build/image.mk."""
        for line in _read(path).splitlines():
            fields = line.split()
            if len(fields) > 4 and not fields[0].endswith(".test"):
                yield fields[4] + os.sep, fields[0]

    def at(self, addr, source=None):
        """The library that has addr, or source (its file); or None."""
        found = bisect.bisect_right(self._pieces, (addr, float("inf"))) - 1
        if found >= 0 and addr < self._pieces[found][1]:
            name = self._pieces[found][2]
            if name != linkmap.WHOLE_IMAGE:
                return name
        if source is None:
            return None
        source = os.path.join(ROOT, source)
        return next((lib for home, lib in self._homes
                     if source.startswith(home)), None)


def _read(path):
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""


class Symbolizer:
    """Names for the addresses of one image."""

    def __init__(self, path):
        self.path = path
        self.elf = open_dbg(path)
        self._tool = _addr2line(self.elf.arch)
        self._places = {}
        self._libs = Libraries(path)
        if not self._tool:
            print("kiln symbolize: no addr2line for "
                  f"{self.elf.arch or 'this machine'} "
                  "(package binutils or llvm): names, but no lines",
                  file=sys.stderr)

    def virtual(self, addr):
        """addr, or where the image has that physical address; None if it
        is no address of its code."""
        if self.elf.in_code(addr):
            return addr
        for seg in self.elf.segments:
            # An image that may be loaded anywhere (arm64) has no address.
            if (seg.type == PT_LOAD and seg.paddr >= PHYSICAL_MIN and
                    0 <= addr - seg.paddr < seg.memsz):
                addr += seg.vaddr - seg.paddr
                return addr if self.elf.in_code(addr) else None
        return None

    def name(self, addr):
        """function+0xoffset, or None where the image has no code."""
        found = self.elf.function(addr)
        return f"{found[0]}+{found[1]:#x}" if found else None

    def load_places(self, addrs):
        """Look up file and line of all addrs in one go."""
        todo = sorted(set(addrs) - set(self._places))
        if not todo or not self._tool:
            return
        done = subprocess.run(
            [self._tool, "-e", self.path, "-a", "-f", "-i"],
            input="".join(f"{a:#x}\n" for a in todo), text=True,
            capture_output=True, check=False)
        at, lines = None, done.stdout.splitlines()
        while lines:
            line = lines.pop(0)
            if line.startswith("0x"):
                at = int(line, 16)
                self._places[at] = []
            elif at is not None and lines:
                self._places[at].append((line, _short(lines.pop(0))))

    def places(self, addr):
        """[(function, "file:line" or None)], innermost inlined one first."""
        return self._places.get(addr, [])


    def library(self, addr):
        """The library that the function at addr belongs to, or None."""
        places = self.places(addr)
        place = places[-1][1] if places else None
        return self._libs.at(addr, place and place.rpartition(":")[0])


def _probe_addr(number, addr):
    """Where the instruction of a frame is: a return address is behind it."""
    return addr if number == 0 else addr - 1


def _frame_lines(names, line, match):
    number, addr = int(match[1]), int(match[2], 16)
    at = names.virtual(_probe_addr(number, addr))
    if at is None:
        return [line]
    found = names.elf.function(at)
    offset = found[1] + (0 if number == 0 else 1)
    text = f"  #{number} {match[2]} {found[0]}+{offset:#x}"
    places = names.places(at)
    if not places or not places[-1][1]:
        return [text]
    lines = [f"{text} {places[-1][1]}"]
    return lines + [f"       inlined {name} {place or ''}".rstrip()
                    for name, place in reversed(places[:-1])]


def _blamed(names, match):
    """The library of a frame; the one that only tells of crashes is none."""
    at = names.virtual(_probe_addr(int(match[1]), int(match[2], 16)))
    library = None if at is None else names.library(at)
    return None if library == CRASH_LIBRARY else library


def _value_lines(names, line):
    lines = [line]
    for match in _VALUE.finditer(line):
        addr = int(match[1] or match[2], 16)
        at = names.virtual(addr)
        name = at is not None and names.name(at)
        if name:
            place = next((p for _, p in names.places(at)[-1:] if p), "")
            lines.append(f"       {addr:#x} is {name} {place}".rstrip())
    return lines


def annotate(names, text, frames_only=False):
    """
    The lines of text with names; frames_only: only the stack traces, and
    whose they are where there are several. The first frame of a trace whose
    library is known is followed by that.
    """
    rows, wanted = [], []
    for line in text.splitlines():
        frame = _FRAME.match(line)
        if frame:
            at = names.virtual(_probe_addr(int(frame[1]), int(frame[2], 16)))
            wanted.append(at)
        elif not frames_only:
            wanted += [names.virtual(int(m[1] or m[2], 16))
                       for m in _VALUE.finditer(line)]
        rows.append((line, frame))
    names.load_places(at for at in wanted if at is not None)
    out, blamed = [], None
    for line, frame in rows:
        if frame:
            lines = _frame_lines(names, line, frame)
            if int(frame[1]) == 0:
                blamed = None
            if not blamed:
                blamed = _blamed(names, frame)
                if blamed:
                    lines.insert(1, f"       library {blamed}")
            out += lines
        elif not frames_only:
            out += _value_lines(names, line)
        elif _CPU.match(line):
            out.append(line)
    return out


def find_dbg(path):
    """path, or the only image with symbols below build/."""
    if path:
        return path
    found = sorted(set(glob.glob("build/*.dbg") +
                       glob.glob("build/*/*.dbg")))
    if len(found) == 1:
        return found[0]
    what = "several" if found else "no"
    raise KilnError(f"name the image with symbols: there are {what} *.dbg "
                    "files below build/" + "".join("\n  " + f for f in found))


def main(opts):
    """Returns the exit status."""
    names = Symbolizer(find_dbg(opts.dbg))
    if not any(s.flags & SHF_EXECINSTR for s in names.elf.sections):
        raise KilnError(f"{names.path}: holds no code")
    text = sys.stdin.buffer.read().decode("utf-8", "replace")
    for line in annotate(names, text.replace("\r\n", "\n")):
        print(line)
    return 0
