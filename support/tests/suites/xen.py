# SPDX-License-Identifier: BSD-3-Clause
"""Under a real Xen, in emulation: see rigs/xen/README.md."""

from kilntest import xenrig
from kilntest.core import test


@test("xen/arm64/domu/without a word of Xen it is a machine like others",
      arch="arm64", images=("hello",))
def plain(ctx):
    boot = xenrig.boot(ctx, ctx.image("hello"), "domu")
    boot.expect_status(0).expect_text("Hello, world!\n", "kiln: exit 0\n")
