# SPDX-License-Identifier: BSD-3-Clause
"""What a configuration says that has no effect: one line each, once.

A published defconfig must not fail because an option is gone, and its owner
must not wonder why nothing happened.
"""
import os
import re

import kconfiglib
from kconfiglib import BOOL, TRISTATE, expr_str, expr_value

from fail import Fail, warn
from kconf_trees import write_if_changed

LINE = re.compile(r"\s*CONFIG_(\w+)\s*=\s*(.*?)\s*$")
UNSET = re.compile(r"\s*# CONFIG_(\w+) is not set\s*$")


class Report:
    def __init__(self, kconf):
        self.kconf = kconf
        self.lines = []

    def add(self, line):
        if line not in self.lines:
            self.lines.append(line)

    def flush(self):
        """Print what was not printed for this build directory before."""
        memory = os.path.join(os.environ["KCONFIG_DIR"], "reported")
        try:
            with open(memory, encoding="utf-8") as src:
                old = src.read().splitlines()
        except OSError:
            old = []
        for line in self.lines:
            if line not in old:
                warn(line)
        write_if_changed(memory, "".join(f"{x}\n" for x in self.lines))

    def parse_warnings(self):
        """What kconfiglib saw; assignments are reported by our own words."""
        for text in self.kconf.warnings:
            if " set more than once" in text or "undefined symbol" in text \
                    or "is not a valid value" in text:
                continue
            self.add(" ".join(text.removeprefix("warning: ").split()))
        self.kconf.warnings.clear()

    def assignments(self, path, written_by_us=False):
        """Each assignment in @path that did not become the symbol's value.

        In a .config (@written_by_us) most lines are not a person's wish: what
        is off or has no prompt follows from the rest.
        """
        wanted = {}
        with open(path, encoding="utf-8", errors="replace") as src:
            for number, line in enumerate(src, 1):
                match = LINE.match(line)
                if match:
                    wanted[match[1]] = (number, match[2])
                    continue
                match = UNSET.match(line)
                if match:
                    wanted[match[1]] = (number, "n")
                elif line.strip() and not line.lstrip().startswith("#"):
                    self.add(f"{path}:{number}: not an assignment, ignored: "
                             f"{line.strip()}")
        for name, (number, value) in wanted.items():
            if written_by_us and (value == "n" or self._follows(name)):
                continue
            why = self._without_effect(name, value)
            if why:
                self.add(f"{path}:{number}: CONFIG_{name}={value}: {why}")

    def _follows(self, name):
        sym = self.kconf.syms.get(name)
        return sym is not None and sym.nodes and \
            not any(node.prompt for node in sym.nodes)

    def _without_effect(self, name, value):
        sym = self.kconf.syms.get(name)
        if sym is None or not sym.nodes:
            return None if value == "n" else "no such option, ignored"
        text = value
        if sym.type == kconfiglib.STRING:
            if not re.fullmatch(r'"(?:[^"\\]|\\.)*"', value):
                return "not a string in double quotes, ignored"
            text = kconfiglib.unescape(value[1:-1])
        elif sym.type in (BOOL, TRISTATE):
            if value not in ("y", "n"):
                return "invalid value for a switch (y or n), ignored"
        elif not _is_number(sym, value):
            return "invalid value for a number, ignored"
        if sym.str_value == text or _same_number(sym, text):
            return None
        return f"no effect, it is {sym.str_value or 'not set'}: " \
               f"{self._reason(sym, value)}"

    @staticmethod
    def _reason(sym, value):
        prompts = [n for n in sym.nodes if n.prompt]
        if not prompts:
            return "it has no prompt; what needs it selects it"
        if not sym.visibility:
            unmet = " || ".join(expr_str(n.prompt[1]) for n in prompts)
            return f"it depends on {unmet}"
        if sym.choice is not None:
            return f"the choice fell on {sym.choice.selection.name}" \
                if sym.choice.selection else "nothing of the choice is set"
        if value == "n" and sym.str_value == "y":
            who = [s.name for s in sym.kconfig.unique_defined_syms
                   if _is_on(s) and any(t is sym for t, *_ in s.selects)]
            return "selected by " + " ".join(who)
        return "out of the range that is allowed"

    def selects(self):
        """`select` and `imply` of options that nobody defines."""
        for sym in self.kconf.unique_defined_syms:
            for node in sym.nodes:
                for verb, targets in (("select", node.selects),
                                      ("imply", node.implies)):
                    for target, cond, *_ in targets:
                        if not target.nodes:
                            self.add(f"{node.filename}:{node.linenr}: "
                                     f"{sym.name} does {verb} {target.name}: "
                                     "no such option, ignored")


def _is_on(sym):
    return sym.type in (BOOL, TRISTATE) and sym.tri_value == 2


def _is_number(sym, value):
    base = 16 if sym.type == kconfiglib.HEX else 10
    try:
        int(value, base)
        return True
    except ValueError:
        return False


def _same_number(sym, text):
    if sym.type not in (kconfiglib.INT, kconfiglib.HEX) or not sym.str_value:
        return False
    base = 16 if sym.type == kconfiglib.HEX else 10
    return int(sym.str_value, base) == int(text, base)


def check_libc(kconf):
    """Exactly one libc: what selects HAVE_LIBC, or the built-in one."""
    have = kconf.syms.get("HAVE_LIBC")
    found = [s.name for s in kconf.unique_defined_syms
             if _is_on(s) and have is not None
             and any(t is have and expr_value(cond)
                     for t, cond, *_ in s.selects)]
    nolibc = kconf.syms.get("LIBNOLIBC")
    if nolibc is not None and _is_on(nolibc):
        found.append("LIBNOLIBC")
    if len(found) > 1:
        raise Fail(f"{len(found)} libcs are switched on: {', '.join(found)}. "
                   "An image has exactly one: leave one of them on (with "
                   "another libc, what needs the built-in one says `select "
                   "LIBNOLIBC if !HAVE_LIBC`).")
