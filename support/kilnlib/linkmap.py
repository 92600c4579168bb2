# SPDX-License-Identifier: BSD-3-Clause
"""
Which object each byte of an image came from, by the linker's map file.

Two dialects are read: GNU ld's (-Map) and LLVM lld's. Both are line
formats for people, so a line that does not look like an input section is
passed over; what is missing then shows as bytes nobody claims.
"""
import os
import re

WHOLE_IMAGE = "(whole-image LTO)"

# " .text.foo   0xffffffff80101000   0x1f0 /o/libukdebug.o"; the name alone
# on a line where it is long.
_GNU = re.compile(r"^ (?:(\S+)|) +0x([0-9a-f]+) +0x([0-9a-f]+) (\S.*)$")
_GNU_NAME = re.compile(r"^ (\S+)$")
# "  VMA  LMA  Size Align /o/libukdebug.o:(.text.foo)"
_LLD = re.compile(r"^ *([0-9a-f]+) +([0-9a-f]+) +([0-9a-f]+) +\d+ +"
                  r"(\S+):\((\S+)\)$")


def _gnu(lines):
    pending = False
    for line in lines:
        match = _GNU.match(line)
        if match and (match[1] or pending):
            yield int(match[2], 16), int(match[3], 16), match[4]
        pending = bool(_GNU_NAME.match(line))


def _lld(lines):
    for line in lines:
        match = _LLD.match(line)
        if match and match[4] != "<internal>":
            yield int(match[1], 16), int(match[3], 16), match[4]


def pieces(text):
    """Yield (address, size, object file) of each placed input section."""
    lines = text.splitlines()
    if lines and re.match(r"^ *VMA +LMA +Size", lines[0]):
        found = _lld(lines)
    else:
        start = next((i for i, line in enumerate(lines)
                      if line.startswith("Linker script and memory map")), 0)
        found = _gnu(lines[start:])
    return [p for p in found if p[1] and p[0]]


def library(path):
    """The library an object file of the build is, or a word for it."""
    archive = re.match(r"(.*\.a)\(.*\)$", path)
    base = os.path.basename(archive[1] if archive else path)
    if ".ltrans" in base or base.startswith("lto."):
        return WHOLE_IMAGE
    return re.sub(r"(\.ld)?\.[oa]$", "", base)
