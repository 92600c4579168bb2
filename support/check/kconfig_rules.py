# SPDX-License-Identifier: BSD-3-Clause
"""Runs in `make scriptconfig` with kconf (the tree) and arg (facts.json)."""

import json

from kconfiglib import BOOL, Symbol, expr_items


# Parts that external libraries select and published configurations set by
# name. Each has a prompt, in the menu Parts; no other part has one.
NAMED_PARTS = set("""
LIBSYSCALL_SHIM LIBPOSIX_MMAP LIBPOSIX_PROCESS LIBUKALLOC
LIBUKALLOCPOOL LIBUKALLOCREGION
LIBUKARGPARSE LIBUKBLKDEV LIBUKBUS LIBUKCPIO LIBUKDEBUG LIBUKLIBPARAM
LIBUKLOCK LIBUKMMAP LIBUKMPI LIBUKNETDEV LIBUKRANDOM LIBUKSCHED LIBUKSGLIST
LIBUKSIGNAL LIBUKSTREAMBUF LIBUKVMEM
""".split())


def rule(node, text):
    print("RULE %s\t%d\t%s" % (node.filename, node.linenr, text))


def has_prompt(sym):
    return any(n.prompt for n in sym.nodes)


def menus(node):
    """Titles of the menus around @node."""
    titles = []
    node = node.parent
    while node:
        if node.prompt:
            titles.append(node.prompt[0])
        node = node.parent
    return titles


def free_of_dependencies(sym):
    return sym.direct_dep is kconf.y


def selected_by(sym):
    """The symbols with a select of @sym, with the node that has it."""
    for other in kconf.unique_defined_syms:
        for node in other.nodes:
            for target, _ in node.selects:
                if target is sym:
                    yield other, node


def reaches(sym, target, seen):
    """Does @sym select or depend on @target, itself or through others?"""
    if sym in seen:
        return False
    seen.add(sym)
    nexts = [t for node in sym.nodes for t, _ in node.selects]
    nexts += [i for i in expr_items(sym.direct_dep) if isinstance(i, Symbol)]
    return any(n is target for n in nexts)


def has_edge(sym, target):
    """Does the library @sym need @target, or an option of its own?"""
    options = [s for s in kconf.unique_defined_syms
               if s.name.startswith(sym.name + "_")
               and sym in expr_items(s.direct_dep)]
    return any(reaches(s, target, set()) for s in [sym] + options)


def check_symbols():
    for sym in kconf.unique_defined_syms:
        if sym.type is not BOOL or not sym.nodes:
            continue
        is_lib = sym.name.startswith("LIB")
        if is_lib and not has_prompt(sym) and not free_of_dependencies(sym):
            rule(sym.nodes[0], "%s has no prompt, so it is a part, and parts "
                 "depend on nothing" % sym.name)
        in_parts = "Parts" in menus(sym.nodes[0])
        if sym.name in NAMED_PARTS and not (has_prompt(sym) and in_parts):
            rule(sym.nodes[0], "%s is set by name elsewhere: give it a "
                 "prompt, in the menu Parts" % sym.name)
        elif in_parts and sym.name not in NAMED_PARTS:
            rule(sym.nodes[0], "%s is in the menu Parts, but nobody outside "
                 "sets it by name: take its prompt away" % sym.name)
        for other, node in selected_by(sym):
            if not free_of_dependencies(sym):
                rule(node, "%s selects %s, which has dependencies"
                     % (other.name, sym.name))
            elif is_lib and has_prompt(sym) and not in_parts and \
                    "support/tests/" not in node.filename:
                rule(node, "%s selects %s, which is a choice: it has a "
                     "prompt, and is not in the menu Parts"
                     % (other.name, sym.name))


def check_deps(facts):
    for name, makefile, switch, deps in facts:
        if not switch:
            continue
        sym = kconf.syms.get(switch)
        if not sym or not sym.nodes:
            print("RULE %s\t0\t%s is switched by CONFIG_%s, which no Config.uk "
                  "defines" % (makefile, name, switch))
            continue
        for dep, dep_switch in deps:
            if not dep_switch:
                continue
            target = kconf.syms.get(dep_switch)
            if not target or not has_edge(sym, target):
                rule(sym.nodes[0], "%s has %s in DEPS, and %s neither "
                     "selects nor depends on %s"
                     % (name, dep, switch, dep_switch))


with open(arg, encoding="utf-8") as _facts:
    check_symbols()
    check_deps(json.load(_facts))
