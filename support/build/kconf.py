#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Kconfig for Kiln: kconf.py VERB [FILE], called by support/build/kconfig.mk.

Around kconfiglib this adds: the lists of Config.uk files of all trees, one
line for each thing in a configuration that has no effect (and it goes on),
the check for a single libc, and the files that make and the objects read:
auto.conf, config.h and one small file per option (so that an object can
depend on the options it reads).
"""
import os
import random
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True

import hosttool  # noqa: E402

hosttool.provide_kconfiglib()

import kconf_files   # noqa: E402
import kconf_report  # noqa: E402
import kconf_trees   # noqa: E402
import kconf_verbs   # noqa: E402
import kconfiglib    # noqa: E402
from fail import Fail, say  # noqa: E402


class Tree:
    """The parsed Config.uk tree of one image and its configuration file."""

    def __init__(self):
        self.config = os.environ["KCONFIG_CONFIG"]
        self.moved = False
        kconf_trees.write_lists()
        try:
            self.kconf = kconfiglib.Kconfig(
                os.path.join(os.environ["UK_BASE"], "Config.uk"),
                warn_to_stderr=False, suppress_traceback=False)
        except (kconfiglib.KconfigError, kconfiglib._KconfigIOError) as err:
            raise Fail(f"Kconfig error: {str(err).strip()}\n"
                       "Correct the Config.uk file named above.") from err
        self.kconf.warn_assign_undef = True
        kconf_trees.gather_parts(self.kconf.top_node)
        self.report = kconf_report.Report(self.kconf)

    def load(self, path):
        try:
            self.kconf.load_config(path)
        except OSError as err:
            raise Fail(f"cannot read the configuration {path}: "
                       f"{err.strerror}") from err
        self.report.assignments(path, path == self.config)
        if kconf_files.follow_directory(self.kconf):
            self.moved = True

    def save(self):
        os.makedirs(os.path.dirname(self.config) or ".", exist_ok=True)
        self.kconf.write_config(self.config)

    def settle(self):
        """Correct the file for a menu, which reads it by itself."""
        if os.path.exists(self.config):
            self.kconf.load_config(self.config)
            if kconf_files.follow_directory(self.kconf):
                self.save()

    def finish(self):
        """Say what has no effect, and refuse what cannot be built."""
        self.report.parse_warnings()
        self.report.selects()
        self.report.flush()


def defconfig(tree, path=None):
    if path is None:
        say("No defconfig named: every option gets its default.")
    elif not os.path.isfile(path):
        raise Fail(f"there is no defconfig {path}. Name an existing file "
                   "with UK_DEFCONFIG=, or one of defconfigs/ with T=.")
    else:
        tree.load(os.path.abspath(path))
    tree.save()
    if path is not None:
        kconf_files.note_defconfig(path)
    tree.finish()
    say(f"Configuration written to {tree.config}")


def olddefconfig(tree, _=None):
    if os.path.exists(tree.config):
        tree.load(tree.config)
    tree.save()
    tree.finish()


def oldconfig(tree, _=None):
    if os.path.exists(tree.config):
        tree.load(tree.config)
    kconf_verbs.ask(tree)
    tree.save()
    tree.finish()


def menuconfig(tree, _=None):
    import menuconfig as face
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Fail("menuconfig needs a terminal. Without one use "
                   "`make UK_DEFCONFIG=FILE defconfig`.")
    tree.settle()
    tree.report.parse_warnings()
    tree.report.flush()
    face.menuconfig(tree.kconf)


def guiconfig(tree, _=None):
    tree.settle()
    kconf_verbs.window(tree)


def savedefconfig(tree, path):
    tree.load(tree.config)
    tree.kconf.write_min_config(path)
    kconf_files.add_fixed(tree.kconf, path)
    tree.finish()
    say(f"Saved as {path}")


def sync(tree, _=None):
    tree.load(tree.config)
    if tree.moved:
        tree.save()
    tree.finish()
    kconf_report.check_libc(tree.kconf)
    kconf_files.write_all(tree.kconf, tree.config)
    kconf_files.check_defconfig_age()


def _hold(tree):
    """What KCONFIG_ALLCONFIG=FILE sets stays; the options left over."""
    fixed = os.environ.get("KCONFIG_ALLCONFIG")
    if fixed:
        tree.load(fixed)
    return [s for s in tree.kconf.unique_defined_syms if s.user_value is None]


def everything(value):
    def verb(tree, _=None):
        for sym in _hold(tree):
            if sym.choice is None and sym.type == kconfiglib.BOOL:
                sym.set_value(value)
        tree.save()
        tree.report.flush()
    return verb


def _number_by_lot(sym, lot):
    """A value at an end of the range that holds now, or inside it."""
    for low, high, cond in sym.ranges:
        if kconfiglib.expr_value(cond):
            base = 16 if sym.type == kconfiglib.HEX else 10
            low, high = int(low.str_value, base), int(high.str_value, base)
            value = lot.choice((low, high, lot.randint(low, high)))
            sym.set_value(hex(value) if base == 16 else str(value))
            return


def randconfig(tree, _=None):
    """Every switch, choice and number with a range by lot.

    KCONFIG_SEED= repeats a run; what KCONFIG_ALLCONFIG=FILE sets stays.
    """
    seed = os.environ.get("KCONFIG_SEED") or str(random.randrange(1 << 31))
    lot = random.Random(seed)
    syms = _hold(tree)
    for sym in syms:
        if sym.choice is None and sym.type == kconfiglib.BOOL:
            sym.set_value(lot.choice((0, 2)))
    for choice in tree.kconf.unique_choices:
        able = [s for s in choice.syms if s.visibility]
        if able and choice.user_selection is None:
            lot.choice(able).set_value(2)
    for sym in syms:
        if sym.type in (kconfiglib.INT, kconfiglib.HEX):
            _number_by_lot(sym, lot)
    tree.save()
    say(f"KCONFIG_SEED={seed} repeats this configuration")


def listnewconfig(tree, _=None):
    tree.load(tree.config)
    for sym in tree.kconf.unique_defined_syms:
        if sym.visibility and sym.user_value is None and sym.choice is None:
            print(sym.config_string, end="")


def with_config(verb):
    """@verb on the tree with its configuration, if there is one yet."""
    def run(tree, *args):
        if os.path.exists(tree.config):
            tree.load(tree.config)
        verb(tree, *args)
    return run


VERBS = {
    "defconfig": defconfig, "olddefconfig": olddefconfig,
    "oldconfig": oldconfig, "menuconfig": menuconfig,
    "guiconfig": guiconfig, "savedefconfig": savedefconfig, "sync": sync,
    "allyesconfig": everything(2), "allnoconfig": everything(0),
    "randconfig": randconfig, "listnewconfig": listnewconfig,
    "script": with_config(kconf_verbs.script),
    "interact": with_config(kconf_verbs.interact),
    "variables": with_config(kconf_verbs.variables),
}


def main(argv):
    if len(argv) < 2 or argv[1] not in VERBS:
        raise Fail("usage: kconf.py " + "|".join(VERBS) + " [FILE]")
    VERBS[argv[1]](Tree(), *argv[2:])


if __name__ == "__main__":
    try:
        main(sys.argv)
    except Fail as err:
        sys.exit(f"error: {err}")
    except KeyboardInterrupt:
        sys.exit(130)
