#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Build all programs of a suite into one archive.

Each program is compiled and linked by itself to one object, of which nothing
but its main is seen from outside, by another name; a table has the names and
these functions. A program without a main is compiled only. What does not
compile, or wants a function that nobody has, is left out: `programs.txt`
tells what became of each, one a line: "NAME in", "NAME compiles" or "NAME not
WHY".
"""

import argparse
import concurrent.futures
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
sys.dont_write_bytecode = True

from kilntest import suite  # noqa: E402


def parse_args():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("suite", choices=sorted(suite.SUITES))
    p.add_argument("tree", help="where its sources are")
    p.add_argument("out", help="directory for what is made")
    p.add_argument("--sample", action="store_true", help="only a few programs")
    p.add_argument("--tool", action="append", default=[], metavar="NAME=PATH",
                   help="nm, ld, ar, objcopy")
    p.add_argument("--known", action="append", default=[], metavar="FILE",
                   help="whose functions the image has")
    p.add_argument("cc", nargs="+", help="after --: how to compile")
    return p.parse_args()


class Wrong(Exception):
    """Why a program is left out."""


def run(*argv, cwd=None):
    done = subprocess.run(argv, stdout=subprocess.PIPE, cwd=cwd,
                          stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode:
        raise Wrong(done.stdout)
    return done.stdout


def symbols(nm, *files):
    """The global names that @files have, and those that they want."""
    have, want = set(), set()
    for line in run(nm, "-gP", *files).split("\n"):
        words = line.split()
        if len(words) > 1 and len(words[1]) == 1:
            (want if words[1] in "Uwv" else have).add(words[0])
    return have, want - have


class Builder:
    def __init__(self, args):
        self.args = args
        self.suite = suite.SUITES[args.suite]
        self.tool = dict(t.split("=", 1) for t in args.tool)
        # The linker has one.
        self.known = {"_GLOBAL_OFFSET_TABLE_"}
        if args.known:
            self.known |= symbols(self.tool["nm"], *args.known)[0]

    def path(self, name):
        return os.path.join(self.args.out, name)

    def compile(self, source, out, flags):
        run(*self.args.cc, "-I" + self.args.out, *flags, "-c", source,
            "-o", out, cwd=self.args.tree)

    def common(self):
        """What all programs share, as it is; and the names it has."""
        objects = []
        for source, flags in self.suite.common(self.args.tree, self.args.out,
                                               self.args.cc):
            objects.append(self.path(source.replace("/", "_") + ".o"))
            self.compile(source, objects[-1], flags)
        if objects:
            self.known |= symbols(self.tool["nm"], *objects)[0]
        return objects

    def program(self, number, name):
        """(what became of it, its object or None)."""
        parts = []
        try:
            for source, flags in self.suite.sources(name):
                parts.append(self.path("%d-%d.o" % (number, len(parts))))
                self.compile(source, parts[-1], flags)
            if len(parts) > 1:
                whole = self.path("%d.o" % number)
                run(self.tool["ld"], "-r", *parts, "-o", whole)
            else:
                whole = parts[0]
            have, want = symbols(self.tool["nm"], whole)
            missing = sorted(want - self.known)
            if missing:
                raise Wrong("nobody has " + " ".join(missing))
            if "main" not in have:
                return "compiles", None
            entry = "program_%d" % number
            out = self.path(entry + ".o")
            run(self.tool["objcopy"], "--redefine-sym", "main=" + entry,
                "--keep-global-symbol=" + entry, whole, out)
        except Wrong as e:
            lines = [line for line in str(e).split("\n")
                     if "error" in line or "nobody" in line]
            return "not " + (lines or ["?"])[0].strip(), None
        return "in", out

    def table(self, entries):
        """The object with main.c's programs[]."""
        text = "".join("int %s(int, char **);\n" % entry
                       for entry, _ in entries)
        text += "const struct { const char *name; int (*main)(int, char **); " \
            "} programs[] = {\n"
        text += "".join('\t{ "%s", %s },\n' % (name, entry)
                        for entry, name in entries)
        with open(self.path("table.c"), "w", encoding="ascii") as f:
            f.write(text + "\t{ 0, 0 }\n};\n")
        self.compile(self.path("table.c"), self.path("table.o"), ())
        return self.path("table.o")

    def build(self):
        names = suite.names(self.args.suite, self.args.tree,
                            self.args.sample)
        objects = self.common()
        entries = []
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            results = list(pool.map(self.program, range(len(names)), names))
        for number, (name, (_, path)) in enumerate(zip(names, results)):
            if path:
                entries.append(("program_%d" % number, name))
                objects.append(path)
        objects.append(self.table(entries))
        archive = self.path("programs.a")
        if os.path.exists(archive):
            os.unlink(archive)
        with open(archive + ".objects", "w", encoding="ascii") as f:
            f.write("\n".join(objects))
        run(self.tool["ar"], "rcsD", archive, "@" + archive + ".objects")
        with open(self.path("programs.txt"), "w", encoding="utf-8") as f:
            f.write("".join("%s %s\n" % (name, what)
                            for name, (what, _) in zip(names, results)))


def main():
    args = parse_args()
    os.makedirs(args.out, exist_ok=True)
    try:
        Builder(args).build()
    except Wrong as e:
        sys.exit("programs.py: %s" % e)


if __name__ == "__main__":
    main()
