# SPDX-License-Identifier: BSD-3-Clause
"""Budgets that are promised of the default image, as `make bench` measures
them: numbers that are the same on every machine.
"""

import json
import os

from kilntest import core, proc
from kilntest.core import expect


def kept(only):
    """The measures of group hello with @only in their key."""
    def test(ctx):
        done = proc.run([os.path.join(ctx.root, "support", "kiln"), "bench",
                         "--group", "hello", "--only", only, "--json",
                         "--jobs", "1", "--out", os.path.join(ctx.dir, "o")],
                        timeout=300, cwd=ctx.root)
        expect(done.status == 0, "status %d\n%s" % (done.status, done.out))
        for row in json.loads(done.out):
            ctx.case(row["key"], row["mark"] in ("budget", "stretch"),
                     "%s: %s of %s %s" % (row["mark"], row["figure"],
                                          row["budget"], row["unit"]))
    return test


core.add("budgets/hello's images are as small as promised", kept("image-"))
core.add("budgets/hello is in main as soon as promised", kept("boot-"))
