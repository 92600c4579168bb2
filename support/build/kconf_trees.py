# SPDX-License-Identifier: BSD-3-Clause
"""Which Config.uk files belong to an image, as lists that Config.uk sources.

In $(KCONFIG_DIR): arch.uk plats.uk drivers.uk libs.uk app.uk, and replaced.mk
for make. A directory without Config.uk is passed over. An external library
that registers the name of one in the tree takes that one's place.
"""
import glob
import os
import re

from fail import say

ADDLIB = re.compile(r"\$\(call\s+addlib(?:_s|_tree|_tree_s)?\s*,\s*([\w.+-]+)")


def _paths(var):
    return [p for p in os.environ.get(var, "").split(":") if p]


def _names(directory):
    """The library names that a directory's Makefile.uk registers."""
    try:
        with open(os.path.join(directory, "Makefile.uk"),
                  encoding="utf-8", errors="replace") as src:
            return set(ADDLIB.findall(src.read()))
    except OSError:
        return set()


def _within(pattern):
    base = os.environ["UK_BASE"]
    excluded = set(_paths("KCONFIG_EXCLUDEDIRS"))
    return [d for d in sorted(glob.glob(os.path.join(base, pattern)))
            if os.path.isdir(d) and os.path.realpath(d) not in excluded]


def _replaced(internal, external):
    """The directories of @internal that an external one stands in for."""
    wanted = {name: d for d in external for name in _names(d)}
    gone = {}
    for directory in internal if wanted else ():
        for name in _names(directory) & wanted.keys():
            gone[directory] = (name, wanted[name])
    return gone


def write_if_changed(path, text):
    try:
        with open(path, encoding="utf-8") as old:
            if old.read() == text:
                return False
    except OSError:
        pass
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as new:
        new.write(text)
    return True


def _write_list(name, directories):
    lines = [f'source "{d}/Config.uk"\n' for d in directories
             if os.path.isfile(os.path.join(d, "Config.uk"))]
    write_if_changed(os.path.join(os.environ["KCONFIG_DIR"], name),
                     "".join(lines))


def write_lists():
    excluded = set(_paths("KCONFIG_EXCLUDEDIRS"))
    app = os.environ.get("KCONFIG_EAPP_DIR", "")
    external = [d for d in _paths("KCONFIG_ELIB_DIRS")
                if d not in excluded and d != app]
    libs, drivers = _within("lib/*"), _within("drivers/*/*")

    gone = _replaced(libs + drivers, external)
    for directory, (name, by) in gone.items():
        say(f"notice: {name} is taken from {by}, not from {directory}")

    def here(dirs):
        return [d for d in dirs if d not in gone]

    _write_list("arch.uk", _within("arch/*"))
    _write_list("plats.uk", _within("plat/*") + _paths("KCONFIG_EPLAT_DIRS"))
    _write_list("drivers.uk", here(drivers))
    _write_list("libs.uk", here(libs) + [os.path.join(
        os.environ["KCONFIG_LIB_BASE"])] + external)
    _write_list("app.uk", [app] if app else [])
    write_if_changed(
        os.path.join(os.environ["KCONFIG_DIR"], "replaced.mk"),
        "replaced_dirs :=" + "".join(f" {d}" for d in sorted(gone)) + "\n")


def _nodes(node):
    node = node.list
    while node:
        yield node
        node = node.next


def gather_parts(top):
    """Make one menu "Parts" of those that the libraries each bring."""
    for menu in _nodes(top):
        rest = list(_nodes(menu))
        parts = [n for n in rest if n.prompt and n.prompt[0] == "Parts"]
        if len(parts) < 2:
            continue
        inside = [n for part in parts for n in _nodes(part)]
        for node in inside:
            node.parent = parts[0]
        _chain(parts[0], inside)
        _chain(menu, [n for n in rest if n not in parts[1:]])


def _chain(parent, nodes):
    parent.list = nodes[0]
    for node, after in zip(nodes, nodes[1:] + [None]):
        node.next = after
