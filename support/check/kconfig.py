# SPDX-License-Identifier: BSD-3-Clause
"""Config.uk: parts depend on nothing, choices are not selected, DEPS agree.

The rules themselves are in kconfig_rules.py, which runs inside the build
engine's Kconfig front end.
"""

import json
import os
import re
import tempfile

from checklib import ROOT, libraries, make, problem

RULES = os.path.join(ROOT, "support/check/kconfig_rules.py")


def switch_of(lib):
    """The option behind $(call addlib_s,name,$(CONFIG_X)), or None."""
    m = re.search(r"addlib_s,\s*[\w-]+\s*,\s*\$\(CONFIG_(\w+)\)", lib.text)
    return m.group(1) if m else None


def run():
    libs = libraries()
    facts = []
    for lib in libs.values():
        deps = [[d, switch_of(libs[d]) if d in libs else None]
                for d in lib.deps]
        facts.append([lib.name, lib.makefile, switch_of(lib), deps])
    with tempfile.TemporaryDirectory(prefix="kiln-check-") as tmp:
        path = os.path.join(tmp, "facts.json")
        with open(path, "w", encoding="utf-8") as f:
            json.dump(facts, f)
        done = make(tmp, "scriptconfig", SCRIPT=RULES, SCRIPT_ARG=path)
    if done.returncode:
        problem("Config.uk", 0, "cannot be read:\n" + done.stdout)
    for line in done.stdout.split("\n"):
        if line.startswith("RULE "):
            where, number, text = line[5:].split("\t")
            problem(os.path.relpath(where, ROOT), int(number), text)
