#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Who owns each symbol of an image, and who may use it.

Run before the link, over the objects of all libraries: no weak symbol in
levels 0 to 3, one owner per symbol, each use between libraries covered by
DEPS (or by contract.syms), every symbol defined, and of libgcc only the
integer helpers in the core. Says what to write where.
"""
import argparse
import fnmatch
import glob
import os
import re
import subprocess
import sys

import elf
import libs_txt
from fail import Fail

# Integer arithmetic that gcc and clang may leave to a call (libgcc's manual,
# "Routines for integer arithmetic"). Whatever else libgcc has needs floating
# point, unwinding or a libc.
INTEGER_HELPERS = re.compile(
    r"__(ashl|ashr|lshr|mul|u?div|u?mod|u?divmod|neg|cmp|ucmp|clz|ctz|ffs|"
    r"parity|popcount|clrsb)[dt]i[234]?$|__u?divmodti4$|__bswap[ds]i2$")

IMAGE_LIMIT = 3 << 29   # 1.5 GiB, of the last 2 GiB of the address space


class Use:
    """What one library's files define and want."""

    def __init__(self, lib, nm):
        self.lib = lib
        self.defined = {}    # name -> file
        self.weak = {}
        self.wanted = {}
        self.size = 0
        for path in lib.files:
            for name, data in elf.members(path):
                self._member(name, data, nm)
        for name in self.defined.keys() | self.weak.keys():
            self.wanted.pop(name, None)

    def _member(self, name, data, nm):
        obj = elf.Elf(data, name)
        self.size += sum(s.size for s in obj.sections
                         if s.flags & elf.SHF_ALLOC)
        if obj.is_lto():
            self._lto(name, nm)
            return
        for sym in obj.symbols():
            if sym.bind == elf.LOCAL or not sym.name:
                continue
            # Assemblers name it in each object that has thread-local data.
            if sym.name == "_GLOBAL_OFFSET_TABLE_":
                continue
            if sym.shndx == elf.SHN_UNDEF:
                self.wanted.setdefault(sym.name, (name, sym.bind == elf.WEAK))
            elif sym.bind == elf.WEAK:
                self.weak[sym.name] = name
            else:
                self._define(sym.name, name)

    def _define(self, sym, file):
        if sym in self.defined and self.lib.is_archive:
            return
        if sym in self.defined:
            raise Fail(f"{sym} is defined twice in {self.lib.name}: in "
                       f"{self.defined[sym]} and in {file}. Rename one, or "
                       "make it static.")
        self.defined[sym] = file

    def _lto(self, path, nm):
        out = subprocess.run([nm, path], check=True, text=True,
                             stdout=subprocess.PIPE).stdout
        for line in out.splitlines():
            kind, sym = line.split()[-2:]
            if kind in "Uwv":
                self.wanted.setdefault(sym, (path, kind != "U"))
            elif kind in "WV":
                self.weak[sym] = path
            elif kind.isupper():
                self._define(sym, path)


class Contract:
    """Symbols that a lower level may use though a higher one owns them."""

    def __init__(self, path):
        with open(path, encoding="utf-8") as src:
            self.patterns = [line.split()[0] for line in src
                             if line.split() and line[0] != "#"]

    def has(self, name):
        return any(fnmatch.fnmatchcase(name, p) for p in self.patterns)


class Image:
    def __init__(self, args):
        self.args = args
        self.libs = libs_txt.read(args.libs)
        self.uses = [Use(lib, args.nm) for lib in self.libs if lib.files]
        self.contract = Contract(args.contract)
        self.closure = libs_txt.closure(self.libs)
        self.given = set().union(*map(script_symbols, args.script),
                                 *map(given_symbols, args.extra))
        self.owner = {}
        self.problems = []

    def add(self, text):
        if text not in self.problems:
            self.problems.append(text)

    def makefile(self, lib):
        return os.path.relpath(lib.dir, self.args.base) + "/Makefile.uk" \
            if lib.home == "tree" else lib.dir + "/Makefile.uk"

    def find_owners(self):
        for use in self.uses:
            for name, file in use.defined.items():
                # Members of an archive give way to the image's own objects.
                if name in self.owner and not use.lib.is_archive:
                    self.add(f"{name} has two owners: {self.owner[name].name} "
                             f"and {use.lib.name} ({file}). Rename one of "
                             "them, or keep it out of exportsyms.uk.")
                self.owner.setdefault(name, use.lib)
        for use in self.uses:
            for name in use.weak:
                self.owner.setdefault(name, use.lib)

    def check_weak(self):
        for use in self.uses:
            if not use.lib.is_core:
                continue
            for name, file in use.weak.items():
                self.add(f"{name} is a weak symbol of {use.lib.name} ({file}): "
                         "levels 0 to 3 have none. Let what may be replaced "
                         "be registered, or choose a file in Makefile.uk.")
            for name, (file, weak) in use.wanted.items():
                if weak:
                    self.add(f"{use.lib.name} refers weakly to {name} "
                             f"({file}): levels 0 to 3 have no weak symbols.")

    def check_wanted(self):
        for use in self.uses:
            for name, (file, weak) in use.wanted.items():
                owner = self.owner.get(name)
                if owner is None:
                    if not weak and name not in self.given:
                        self.check_missing(use.lib, name, file)
                elif owner is not use.lib:
                    self.check_edge(use.lib, name, owner)

    def check_edge(self, lib, name, owner):
        if lib.level is None or owner.name in self.closure[lib.name] \
                or self.contract.has(name):
            return
        base = lib.name.removesuffix(".test")
        what = f"{lib.name} uses {name} of {owner.name}, which its DEPS " \
               "do not lead to"
        if lib.name != base:
            how = f"add {owner.name} to {lib.var}_TEST_DEPS"
        elif owner.level is None or owner.level > lib.level:
            how = f"{owner.name} is of level {owner.level or 4}, above " \
                  f"{lib.level}: have it hand down what {lib.name} needs"
        else:
            how = f"add {owner.name} to {lib.var}_DEPS"
        self.add(f"{what}: {how} ({self.makefile(lib)})")

    def check_missing(self, lib, name, file):
        if INTEGER_HELPERS.match(name):
            return
        if not lib.is_core and libgcc_has(self.args.libgcc, name):
            return
        self.add(f"{lib.name} uses {name}, which nothing in this image "
                 f"defines ({file}). {self.advice(lib, name)}")

    def advice(self, lib, name):
        for use in self.uses:
            for path in use.lib.inner:
                for sym in elf.Elf(open(path, "rb").read(), path).symbols():
                    if sym.name == name and sym.shndx and sym.bind:
                        return f"{use.lib.name} has it but keeps it to " \
                               "itself: list it in its exportsyms.uk and " \
                               f"add {use.lib.name} to {lib.var}_DEPS."
        off = exported_by(self.args.base, name)
        if off:
            return f"It is exported by {off}, which is switched off or " \
                   f"lacks the file: select its option and add its library " \
                   f"to {lib.var}_DEPS."
        if lib.is_core and libgcc_has(self.args.libgcc, name):
            return "libgcc has it, but of libgcc the core uses only integer " \
                   "helpers."
        if name == "main":
            return "Give the application a main function, A=<application>."
        return "Correct the name, or add the library that has it."

    def check_size(self):
        total = sum(u.size for u in self.uses)
        if total > IMAGE_LIMIT:
            big = max(self.uses, key=lambda u: u.size)
            sections = [(s.size, s.name, n) for p in big.lib.files
                        for n, d in elf.members(p)
                        for s in elf.Elf(d, n).sections
                        if s.flags & elf.SHF_ALLOC]
            size, section, file = max(sections)
            self.add(f"the image has {total >> 20} MiB, more than the "
                     f"{IMAGE_LIMIT >> 20} MiB that fit below the end of the "
                     f"address space. Most is in {big.lib.name}: {size >> 20} "
                     f"MiB in {section} of {file}.")


def script_symbols(path):
    """Names that the linker script assigns."""
    with open(path, encoding="utf-8") as src:
        return set(re.findall(r"([A-Za-z_][\w.]*)\s*=[^=]", src.read()))


def given_symbols(path):
    """Names that a file from elsewhere defines. Archives of other languages
    have members that are no objects."""
    return {s.name for n, d in elf.members(path) if d[:4] == b"\x7fELF"
            for s in elf.Elf(d, n).symbols() if s.bind and s.shndx}


_libgcc = {}


def libgcc_has(path, name):
    if path not in _libgcc:
        _libgcc[path] = given_symbols(path)
    return name in _libgcc[path]


def exported_by(base, name):
    """The directory of the tree whose exportsyms.uk lists @name."""
    for pattern in ("lib/*", "drivers/*/*", "plat/*", "arch/*"):
        for path in sorted(glob.glob(f"{base}/{pattern}/exportsyms.uk")):
            with open(path, encoding="utf-8") as src:
                if name in {w for line in src
                            for w in line.split("#")[0].split()}:
                    return os.path.relpath(os.path.dirname(path), base)
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("libs", "contract", "base", "libgcc", "nm"):
        parser.add_argument(f"--{option}")
    for option in ("script", "extra"):
        parser.add_argument(f"--{option}", action="append", default=[])
    image = Image(parser.parse_args())
    image.find_owners()
    image.check_weak()
    image.check_wanted()
    image.check_size()
    if image.problems:
        raise Fail("\nerror: ".join(image.problems))


if __name__ == "__main__":
    try:
        main()
    except (Fail, elf.BadElf) as err:
        sys.exit(f"error: {err}")
