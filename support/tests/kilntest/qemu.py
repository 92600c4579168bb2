# SPDX-License-Identifier: BSD-3-Clause
"""What the QEMU of this machine has, asked over QMP, so that no list of its
machines and CPUs is kept here.
"""

import functools
import json
import re
import subprocess
import threading

from . import core

PROGRAMS = {"x86_64": "qemu-system-x86_64", "arm64": "qemu-system-aarch64"}
LIMIT = 120         # seconds


def _ask(arch, *commands):
    """The answers to @commands, (name, arguments) each; None: an error.

    Each is waited for: QEMU drops what it has not written when it ends.
    """
    qemu = subprocess.Popen(
        [PROGRAMS[arch], "-M", "none", "-accel", "tcg", "-S", "-nodefaults",
         "-display", "none", "-qmp", "stdio"], text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    late = threading.Timer(LIMIT, qemu.kill)
    late.start()

    def say(name, arguments):
        json.dump({"execute": name, "arguments": arguments}, qemu.stdin)
        qemu.stdin.write("\n")
        qemu.stdin.flush()
        for line in qemu.stdout:
            answer = json.loads(line)
            if "return" in answer or "error" in answer:
                return answer.get("return")
        raise core.Failure("QEMU for %s has no answer to %s" % (arch, name))

    try:
        say("qmp_capabilities", {})
        return [say(*command) for command in commands]
    finally:
        late.cancel()
        qemu.kill()
        qemu.communicate()


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
