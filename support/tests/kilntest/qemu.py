# SPDX-License-Identifier: BSD-3-Clause
"""What the QEMU of this machine has, asked over QMP, so that no list of its
machines and CPUs is kept here.
"""

import functools
import json
import re

from . import core, proc

PROGRAMS = {"x86_64": "qemu-system-x86_64", "arm64": "qemu-system-aarch64"}


def _ask(arch, *commands):
    """The answers to @commands, (name, arguments) each; None: an error."""
    lines = [json.dumps({"execute": name, "arguments": arguments})
             for name, arguments in (("qmp_capabilities", {}), *commands,
                                     ("quit", {}))]
    done = proc.run([PROGRAMS[arch], "-M", "none", "-accel", "tcg", "-S",
                     "-nodefaults", "-display", "none", "-qmp", "stdio"],
                    stdin="\n".join(lines) + "\n")
    answers = [json.loads(line) for line in done.out.splitlines()
               if line.startswith("{")]
    answers = [a for a in answers if "return" in a or "error" in a]
    core.expect(done.status == 0 and len(answers) == len(lines), done.out)
    return [a.get("return") for a in answers[1:-1]]


@functools.lru_cache(None)
def machines(arch):
    """Every type and every alias, the older version first."""
    found = []
    for machine in _ask(arch, ("query-machines", {}))[0]:
        found += [machine[key] for key in ("name", "alias")
                  if key in machine]
    core.expect(len(found) > 10, "machines: %s" % found)
    return sorted(found, key=lambda name: [
        (int(part), "") if part.isdigit() else (-1, part)
        for part in re.split(r"(\d+)", name)])


@functools.lru_cache(None)
def cpus(arch):
    """{model: {property: value}}"""
    names = sorted(c["name"] for c in
                   _ask(arch, ("query-cpu-definitions", {}))[0])
    models = _ask(arch, *(("query-cpu-model-expansion", {
        "type": "full", "model": {"name": name}}) for name in names))
    core.expect(len(names) > 10, "CPUs: %s" % names)
    return {name: (model or {}).get("model", {}).get("props", {})
            for name, model in zip(names, models)}
