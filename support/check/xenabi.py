# SPDX-License-Identifier: BSD-3-Clause
"""<uk/xen_abi.h> against Xen's own public headers, for both architectures.

The headers are Debian's libxen-dev, fetched once and kept beside the sources
that builds fetch ($UK_CACHE). Without network the check is skipped.
"""

import os
import subprocess

from checklib import ROOT, problem

RIG = "support/tests/rigs/xen"
COMPILERS = ("x86_64-linux-gnu-gcc", "aarch64-linux-gnu-gcc")
UNAVAILABLE = 77


def headers():
    """Their directory, or None and why they are not there."""
    cache = os.environ.get("UK_CACHE") or os.path.expanduser("~/.cache/kiln")
    out = os.path.join(cache, "xen-headers")
    if os.path.exists(os.path.join(out, "include/xen/xen.h")):
        return os.path.join(out, "include"), None
    done = subprocess.run([os.path.join(ROOT, RIG, "fetch"), "headers", out],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, check=False)
    if done.returncode == UNAVAILABLE:
        return None, done.stdout.rstrip().split("\n")[-1]
    if done.returncode:
        problem(RIG + "/fetch", 0, done.stdout.strip())
        return None, "see below"
    return os.path.join(out, "include"), None


def run():
    include, why = headers()
    if not include:
        return "skipped: " + why
    for cc in COMPILERS:
        done = subprocess.run(
            [cc, "-std=gnu11", "-ffreestanding", "-fsyntax-only", "-Wall",
             "-Werror", "-I", include, "-I", "drivers/xen/core/include",
             RIG + "/abi.c"], cwd=ROOT, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode:
            problem(RIG + "/abi.c", 0, "%s:\n%s" % (cc, done.stdout))
    return None
