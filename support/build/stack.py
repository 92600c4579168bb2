#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""stack.py LIMIT DIRECTORY...: how deep the stack of the core can get.

Reads the call graphs with stack sizes (.ci, gcc's -fcallgraph-info=su) of all
objects below the directories, prints the deepest chains of direct calls, and
fails when one of them needs more than LIMIT bytes. Calls through pointers are
not followed: what is called that way is a chain of its own.
"""
import os
import re
import sys

NODE = re.compile(r'node: \{ title: "([^"]+)" label: "([^"]*)"')
EDGE = re.compile(r'edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"')
BYTES = re.compile(r"(\d+) bytes \((\w+(?:,\w+)?)\)")
RETURN_ADDRESS = 8
SHOWN = 10


def read_graphs(directories):
    frames, calls = {}, {}
    for top in directories:
        for directory, _, names in os.walk(top):
            for name in names:
                if name.endswith(".ci"):
                    _read(os.path.join(directory, name), frames, calls)
    return frames, calls


def _read(path, frames, calls):
    with open(path, encoding="utf-8", errors="replace") as src:
        for line in src:
            node = NODE.match(line)
            size = node and BYTES.search(node[2])
            if size:
                frames[node[1]] = (int(size[1]), size[2])
            edge = EDGE.match(line)
            if edge:
                calls.setdefault(edge[1], set()).add(edge[2])


class Depths:
    """The deepest chain from each function; a cycle counts once."""

    def __init__(self, frames, calls):
        self.frames, self.calls = frames, calls
        self.known, self.cycles = {}, set()

    def chain(self, func, above=()):
        """(bytes, functions) from @func down."""
        if func in above:
            self.cycles.add(" -> ".join(
                f.split(":")[-1] for f in above[above.index(func):] + (func,)))
            return 0, ()
        if func not in self.known:
            below = max((self.chain(c, above + (func,))
                         for c in self.calls.get(func, ())
                         if c in self.frames), default=(0, ()))
            self.known[func] = (self.frames[func][0] + RETURN_ADDRESS
                                + below[0], (func,) + below[1])
        return self.known[func]


def main(limit, *directories):
    frames, calls = read_graphs(directories)
    if not frames:
        sys.exit("error: no call graphs: build with STACK_USAGE=1 and gcc")
    depths = Depths(frames, calls)
    called = {c for targets in calls.values() for c in targets}
    chains = sorted(map(depths.chain, frames), reverse=True)
    for total, chain in [c for c in chains if c[1][0] not in called][:SHOWN]:
        print(f"{total:6} " + " ".join(
            f"{f.split(':')[-1]}({frames[f][0]})" for f in chain))
    for cycle in sorted(depths.cycles):
        print(f"recursion, counted once: {cycle}")
    unbounded = [f for f, (_, kind) in frames.items() if kind == "dynamic"]
    for func in sorted(unbounded):
        print(f"no bound known: {func}")
    deepest = chains[0][0]
    if deepest > int(limit):
        sys.exit(f"error: {deepest} bytes of stack, {limit} are allowed")


if __name__ == "__main__":
    main(*sys.argv[1:])
