# SPDX-License-Identifier: BSD-3-Clause
"""lib/nolibc beside the host's libc, on random input."""

import os
import time

from kilntest import proc, taprun
from kilntest.core import expect, test

MAKE = "support/tests/hosted/glibc/Makefile"
SEED = 1


def compare(ctx, rounds, seed):
    out = os.path.join(ctx.session.out, "glibc")
    done = proc.run(["make", "-f", os.path.join(ctx.root, MAKE), "O=" + out],
                    timeout=300)
    expect(done.status == 0, "does not build:\n" + done.out)
    done = proc.run([os.path.join(out, "compare"), str(rounds), str(seed)],
                    timeout=1200)
    ctx.write("output", done.out)
    taprun.report(ctx, done.out, done.status, done.timed_out)


# The same input each time: a failure is one of the change that was tested.
@test("hosted/nolibc against glibc", alone=True)
def quick(ctx):
    compare(ctx, 50000, SEED)


@test("hosted/nolibc against glibc, at length", alone=True, soak=True)
def long(ctx):
    compare(ctx, 10000000, int(time.time()))
