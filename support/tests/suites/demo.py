# SPDX-License-Identifier: BSD-3-Clause
"""The README's first command."""

import os

from kilntest import proc
from kilntest.core import expect, test


@test("demo/make demo boots hello and ends 0", alone=True)
def demo(ctx):
    env = dict(os.environ)
    for var in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "O"):
        env.pop(var, None)
    done = proc.run(["make", "demo"], timeout=300, env=env, cwd=ctx.root)
    expect(done.status == 0, "status %d\n%s" % (done.status, done.out))
    expect("Hello" in done.out, done.out)
    expect("guest exit status 0" in done.out, done.out)
