# SPDX-License-Identifier: BSD-3-Clause
"""The files a configuration becomes.

  auto.conf   for make: CONFIG_X=value for what is set
  config.h    for the compiler; rewritten only when it changes
  opt/X       the value of option X; rewritten only when it changes. Objects of
              the tree depend on the ones their sources mention.
  inputs.mk   the Config.uk files that were read
"""
import os
import shutil

import kconfiglib

from fail import warn
from kconf_trees import write_if_changed

MAKE_ESCAPES = str.maketrans({"$": "$$", "#": r"\#"})


def _auto_conf(kconf):
    lines = ["# Written by support/build/kconf.py.\n"]
    for sym in kconf.unique_defined_syms:
        value = _value(sym)
        if value is not None:
            lines.append(f"CONFIG_{sym.name}={value.translate(MAKE_ESCAPES)}\n")
    return "".join(lines)


def _value(sym):
    """As in .config, or None for what is not set."""
    if sym.type == kconfiglib.UNKNOWN or not sym.config_string:
        return None
    if sym.type in (kconfiglib.BOOL, kconfiglib.TRISTATE):
        return sym.str_value if sym.tri_value else None
    if sym.type == kconfiglib.STRING:
        return f'"{kconfiglib.escape(sym.str_value)}"'
    return sym.str_value or None


def _options(kconf, directory):
    os.makedirs(directory, exist_ok=True)
    names = set()
    for sym in kconf.unique_defined_syms:
        names.add(sym.name)
        path = os.path.join(directory, sym.name)
        value = _value(sym) or ""
        if value or os.path.exists(path):
            write_if_changed(path, value)
    # An option that no Config.uk defines any more reads as not set.
    for name in set(os.listdir(directory)) - names:
        write_if_changed(os.path.join(directory, name), "")


def write_all(kconf, config):
    kdir = os.environ["KCONFIG_DIR"]
    header = os.environ["KCONFIG_AUTOHEADER"]
    os.makedirs(os.path.dirname(header), exist_ok=True)
    os.makedirs(kdir, exist_ok=True)
    _options(kconf, os.path.join(kdir, "opt"))
    kconf.write_autoconf(
        header, "/* Written by support/build/kconf.py. */\n")
    inputs = [os.path.abspath(os.path.join(kconf.srctree, f))
              for f in kconf.kconfig_filenames]
    write_if_changed(
        os.path.join(kdir, "inputs.mk"),
        "kconf_inputs := " + " \\\n\t".join(inputs) + "\n\n"
        + "".join(f"{f}:\n" for f in inputs))
    shutil.copyfile(config, os.path.join(os.environ["BUILD_DIR"], "config"))
    # Last, and new every time: the time stamp says that all of it is done.
    with open(os.environ["KCONFIG_AUTOCONFIG"], "w", encoding="utf-8") as out:
        out.write(_auto_conf(kconf))


def add_fixed(kconf, path):
    """What a minimal configuration leaves out but another host needs."""
    text = open(path, encoding="utf-8").read()
    for sym in kconf.unique_defined_syms:
        if (sym.name.startswith("ARCH_") and sym.choice is not None
                and sym.str_value == "y" or sym.name == "UK_NAME"):
            line = sym.config_string
            if line not in text:
                text += line
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def follow_directory(kconf):
    """True if the configuration came along from another application.

    An image that was called like that one's directory gets the name of this
    one's.
    """
    then = kconf.syms["UK_DEFNAME"].user_value
    if then in (None, os.environ["UK_NAME"]):
        return False
    name = kconf.syms["UK_NAME"]
    if name.user_value == then:
        name.unset_value()
    return True


def _used_copy():
    return os.path.join(os.environ["KCONFIG_DIR"], "defconfig.used")


def note_defconfig(path):
    os.makedirs(os.environ["KCONFIG_DIR"], exist_ok=True)
    shutil.copyfile(path, _used_copy())


def check_defconfig_age():
    """With T=: say when the defconfig was edited after its .config was made."""
    path = os.environ.get("UK_T_DEFCONFIG")
    if not path or not os.path.exists(_used_copy()):
        return
    with open(path, "rb") as now, open(_used_copy(), "rb") as then:
        if now.read() != then.read():
            warn(f"{path} was edited after this configuration was made from "
                 f"it; `make T={os.path.basename(path)} defconfig` takes the "
                 "change over")
