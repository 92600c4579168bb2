# SPDX-License-Identifier: BSD-3-Clause
"""Mutants: enough of them, each applies and names its test."""

import re
import subprocess

from checklib import ROOT, files, problem, read

ENOUGH = 20


def run():
    patches = files(".patch", under="support/check/mutants")
    if len(patches) < ENOUGH:
        problem("support/check/mutants", 0, "%d mutants, at least %d are due"
                % (len(patches), ENOUGH))
    for path in patches:
        text = read(path)
        if not re.search(r"^Test: \S", text, re.M):
            problem(path, 1, "has no line \"Test: NAME\"")
        changed = re.findall(r"^[-+](?![-+])", text, re.M)
        if len(changed) > 4:
            problem(path, 0, "changes more than a line or two")
        done = subprocess.run(
            ["patch", "-p1", "-s", "--dry-run", "-f", "-i",
             ROOT + "/" + path], cwd=ROOT, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode:
            problem(path, 0, "does not apply: " + done.stdout.strip())
