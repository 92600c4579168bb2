#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""print_deps.py LIBS.TXT DOT: the libraries in link order with what they use.

Writes the same as a graph for graphviz to the file DOT.
"""
import os
import sys

import libs_txt


def dot(libs):
    yield "digraph kiln {\n\trankdir=BT;\n\tnode [shape=box];\n"
    for level in range(5):
        here = [lib for lib in libs if (4 if lib.level is None else lib.level)
                == level and not lib.name.endswith(".test")]
        if here:
            names = "; ".join(f'"{lib.name}"' for lib in here)
            yield f"\tsubgraph level_{level} {{ rank=same; {names}; }}\n"
    for lib in libs:
        for dep in lib.deps:
            yield f'\t"{lib.name}" -> "{dep}";\n'
    yield "}\n"


def main(manifest, graph):
    libs = libs_txt.read(manifest)
    with open(graph, "w", encoding="utf-8") as out:
        out.writelines(dot(libs))
    for lib in libs:
        level = "-" if lib.level is None else lib.level
        print(f"{level} {lib.name}: {' '.join(lib.deps)}".rstrip(" :"))
    print(f"graph: {graph}", flush=True)


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except BrokenPipeError:
        # The reader has seen enough; nothing may be left to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
