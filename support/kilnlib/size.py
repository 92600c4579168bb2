# SPDX-License-Identifier: BSD-3-Clause
"""`kiln size`: bytes per library of an image, or between two images."""
import collections
import json
import os

from . import linkmap
from .elf import SHF_ALLOC, SHF_EXECINSTR, SHF_WRITE, SHT_NOBITS
from .errors import KilnError
from .symbolize import find_dbg, open_dbg

KINDS = ("text", "rodata", "data", "bss")
REST = "(linker script)"

EPILOG = """
The linker's map file, which the build writes beside the image, tells which
library a byte came from. "file" is the image that boots; .bss takes no room
there.
"""


def add_options(parser):
    """The options of `kiln size`."""
    add = parser.add_argument
    add("dbg", metavar="IMAGE.dbg", nargs="?",
        help="the image with symbols; default: the only one below build/")
    add("--diff", metavar="OTHER.dbg",
        help="show what IMAGE.dbg has more (+) or less (-) than this one")
    add("--map", metavar="FILE",
        help="the map file, where it is not IMAGE.map")
    add("--json", action="store_true")


def _kind(section):
    if section.type == SHT_NOBITS:
        return "bss"
    if section.flags & SHF_EXECINSTR:
        return "text"
    return "data" if section.flags & SHF_WRITE else "rodata"


def _map_text(dbg, path):
    image = dbg[:-4] if dbg.endswith(".dbg") else dbg
    tried = [path] if path else [image + ".map", dbg + ".map"]
    for name in tried:
        try:
            with open(name, encoding="utf-8", errors="replace") as file:
                return file.read()
        except OSError:
            continue
    raise KilnError(f"{dbg}: no map file of its link: {' or '.join(tried)} "
                    "cannot be read")


class Sizes:
    """{library: Counter of KINDS} of one image, and its file's length."""

    def __init__(self, dbg, map_path=None):
        elf = open_dbg(dbg)
        sections = [s for s in elf.sections if s.flags & SHF_ALLOC]
        self.libs = collections.defaultdict(collections.Counter)
        totals = collections.Counter()
        for section in sections:
            totals[_kind(section)] += section.size
        for addr, size, obj in linkmap.pieces(_map_text(dbg, map_path)):
            for section in sections:
                # lld and ld list what they dropped at address 0.
                if section.addr <= addr < section.addr + section.size:
                    self.libs[linkmap.library(obj)][_kind(section)] += size
                    break
        if not self.libs:
            raise KilnError(f"{dbg}: its map file places nothing in it")
        for kind in KINDS:
            left = totals[kind] - sum(c[kind] for c in self.libs.values())
            if left:
                self.libs[REST][kind] = left
        image = dbg[:-4] if dbg.endswith(".dbg") else dbg
        self.file = os.path.getsize(image) if os.path.exists(image) else None

    def total(self):
        """Counter of KINDS over all libraries."""
        return sum(self.libs.values(), collections.Counter())


def _row(name, counts, show):
    cells = [show(counts.get(k, 0)) for k in KINDS]
    return (f"{name:24}" + "".join(f"{c:>10}" for c in cells)
            + f"{show(sum(counts.get(k, 0) for k in KINDS)):>10}")


def _table(libs, total, show):
    print(f"{'library':24}" + "".join(f"{k:>10}" for k in (*KINDS, "all")))
    order = sorted(libs, key=lambda n: (-abs(sum(libs[n].values())), n))
    for name in order:
        print(_row(name, libs[name], show))
    print(_row("total", total, show))


def _plain(value):
    return str(value) if value else "-"


def _signed(value):
    return f"{value:+d}" if value else "-"


def _difference(new, old):
    libs = {}
    for name in set(new.libs) | set(old.libs):
        counts = {k: new.libs[name][k] - old.libs[name][k] for k in KINDS}
        if any(counts.values()):
            libs[name] = counts
    total = {k: new.total()[k] - old.total()[k] for k in KINDS}
    return libs, total


def main(opts):
    """Returns the exit status."""
    new = Sizes(find_dbg(opts.dbg), opts.map)
    libs, total, length, show = new.libs, new.total(), new.file, _plain
    if opts.diff:
        old = Sizes(opts.diff)
        libs, total = _difference(new, old)
        show = _signed
        if None not in (new.file, old.file):
            length = new.file - old.file
        else:
            length = None
    if opts.json:
        print(json.dumps({"libraries": libs, "total": total,
                          "file": length}, indent=2, sort_keys=True))
        return 0
    _table(libs, total, show)
    if length is not None:
        print(f"{'file':24}{show(length):>50}")
    return 0
