# SPDX-License-Identifier: BSD-3-Clause
"""Programs that print TAP: tests of the build engine and of the tools.

Every executable file test_* in support/tests/build and support/tests/kiln is
one. It is run from the project's top with O= set to a directory of its own.
Of its cases those with "soak" in a comment "# soak" are its own business: it
finds KILN_SOAK=1 in the environment when everything is to run.
"""

import os
import sys

from kilntest import core, proc, taprun

GROUPS = {"build": "engine", "kiln": "tools"}
# They build much, which takes long where others build as well.
TIMEOUT = 900
SOAK_TIMEOUT = 3600


def run_program(path):
    def run(ctx):
        out = os.path.join(ctx.dir, "out")
        os.makedirs(out, exist_ok=True)
        env = dict(os.environ, O=out, TMPDIR=out,
                   KILN_SOAK="1" if ctx.soak else "")
        for var in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
            env.pop(var, None)
        if not ctx.soak:
            env.pop("KILN_SOAK")
        argv = [path]
        if path.endswith(".py") and not os.access(path, os.X_OK):
            argv = [sys.executable, path]
        done = proc.run(argv, timeout=SOAK_TIMEOUT if ctx.soak else TIMEOUT,
                        env=env, cwd=ctx.root)
        ctx.write("output", done.out)
        taprun.report(ctx, done.out, done.status, done.timed_out)
    return run


def register(top):
    for directory, group in GROUPS.items():
        path = os.path.join(top, directory)
        for name in sorted(os.listdir(path)) if os.path.isdir(path) else ():
            full = os.path.join(path, name)
            if name.startswith("test_") and os.path.isfile(full) and \
                    (os.access(full, os.X_OK) or name.endswith(".py")):
                stem = name[len("test_"):].split(".")[0]
                core.add("%s/%s" % (group, stem), run_program(full))


register(os.path.dirname(os.path.dirname(os.path.realpath(__file__))))
