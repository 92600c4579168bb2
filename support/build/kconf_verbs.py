# SPDX-License-Identifier: BSD-3-Clause
"""Configuration targets that ask, or hand the tree to somebody's script."""
import code
import os
import runpy
import shlex
import sys

import kconfiglib

from fail import Fail


def ask(tree):
    """A value for each option that .config does not say, line by line."""
    import oldconfig as face
    try:
        # An answer may make options visible that come before it.
        face.conf_changed = True
        while face.conf_changed:
            face.conf_changed = False
            for node in tree.kconf.node_iter():
                face.oldconfig(node)
    except EOFError as err:
        raise Fail("oldconfig has a question and nobody answers. Run it at a "
                   "terminal, or `make olddefconfig` for the defaults.") \
            from err


def window(tree):
    try:
        import tkinter
        import guiconfig as face
    except ImportError as err:
        raise Fail("guiconfig needs Python's Tk: install the package "
                   "python3-tk, or use `make menuconfig`.") from err
    try:
        face.menuconfig(tree.kconf)
    except tkinter.TclError as err:
        raise Fail(f"guiconfig: {err}. Without a display use `make "
                   "menuconfig`.") from err


def _top(tree):
    return os.path.join(tree.kconf.srctree, tree.kconf.kconfig_filenames[0])


def script(tree, path, arg=None):
    """Run @path as a program of its own, with kconf (the tree) and arg.

    Its arguments are those of kconfiglib's target of this name: the top
    Config.uk, then @arg if there is one.
    """
    if not os.path.isfile(path):
        raise Fail(f"scriptconfig: there is no script {path}. Name an "
                   "existing file with SCRIPT=.")
    sys.argv = [path, _top(tree)] + ([arg] if arg is not None else [])
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    runpy.run_path(path, {"kconf": tree.kconf, "arg": arg or ""}, "__main__")


def interact(tree):
    code.interact(
        banner="kconf is the tree with its configuration, kconfiglib the "
        'module. For example kconf.syms["UK_NAME"].str_value',
        local={"kconf": tree.kconf, "kconfiglib": kconfiglib}, exitmsg="")


def variables(tree):
    """The environment that the Config.uk files read, for a shell."""
    for name in sorted(tree.kconf.env_vars):
        print(f"{name}={shlex.quote(os.environ.get(name, ''))}")
