# SPDX-License-Identifier: BSD-3-Clause
"""Cases of system calls on the Linux below: what they expect is so there."""

import os
import platform

from kilntest import core, proc, taprun
from kilntest.core import expect, test

MAKE = "support/tests/native/Makefile"


@test("native/linux gives what the image is to give")
def linux(ctx):
    # The newest call among them is epoll_pwait2; one limit is 6.16's.
    release = tuple(int(n) for n in platform.release().split(".")[:2])
    if platform.machine() != "x86_64" or release < (6, 16):
        raise core.Skip("needs Linux 6.16 on x86_64")
    out = os.path.join(ctx.session.out, "native")
    done = proc.run(["make", "-f", os.path.join(ctx.root, MAKE), "O=" + out],
                    timeout=300)
    expect(done.status == 0, "does not build:\n" + done.out)
    done = proc.run([os.path.join(out, "native")], timeout=60)
    ctx.write("output", done.out)
    taprun.report(ctx, done.out, done.status, done.timed_out)
