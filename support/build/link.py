#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Run the linker and say in the project's words what it complains about.

link.py --libs libs.txt [--orphans-from-outside] -- LINKER...

A section that the linker script does not place is an error. With external
libraries in the image (--orphans-from-outside) the linker is told to warn:
then one from the tree is still an error here, one from outside a warning.
"""
import re
import subprocess
import sys

import libs_txt

ORPHAN = re.compile(r"orphan section [`'](?P<section>[^']+)' from "
                    r"[`'](?P<object>[^']+)'")


def owner_of(libs, path):
    path = re.sub(r"\(.*", "", path)
    for lib in libs:
        if path in lib.files or f"/{lib.name}/" in path:
            return lib
    return None


def main(argv):
    split = argv.index("--")
    libs = libs_txt.read(argv[argv.index("--libs") + 1])
    lenient = "--orphans-from-outside" in argv[:split]
    run = subprocess.run(argv[split + 1:], stderr=subprocess.PIPE, text=True)
    failed = run.returncode != 0
    for line in run.stderr.splitlines():
        match = ORPHAN.search(line)
        if not match:
            print(line, file=sys.stderr)
            continue
        lib = owner_of(libs, match["object"])
        outside = lib is not None and lib.home == "outer"
        name = lib.name if lib else match["object"]
        text = f"section {match['section']} of {name} ({match['object']}) " \
               "has no place in the linker script"
        if lenient and outside:
            print(f"warning: {text}", file=sys.stderr)
        else:
            print(f"error: {text}: place it in the platform's linker.lds.S, "
                  "or use a section that has a place", file=sys.stderr)
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
