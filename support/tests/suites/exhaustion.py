# SPDX-License-Identifier: BSD-3-Clause
"""What there is as much of as there is memory, to its end and back; and random
calls, other ones each time. In soak: what `make test` has of it are cases of
the libraries.
"""

import random
import re

from kilntest import core, guest
from kilntest.core import expect

LIMIT = 600
SEEDS = 1000


def run(ctx, case, mem, params="", image="uktest"):
    boot = guest.boot(ctx, ctx.image(image), mem=mem, timeout=LIMIT,
                      params="ukdebug.console=2 uktest.limit_ms=%d "
                      "uktest.filter=%s %s" % (LIMIT * 1000, case, params))
    ctx.write("console-" + mem, str(boot))
    boot.expect_status(0).expect_text("1..1\n", "ok 1 ")
    return boot


def number(boot, what):
    found = re.search(r"info: \w+: (\d+) %s" % what, boot.console)
    expect(found, str(boot))
    return int(found[1])


def timers(ctx):
    case = "on_demand.a_million_timers*"
    expect(number(run(ctx, case, "1G"), "timers") == 1000000, "not all")
    few = number(run(ctx, case, "64M"), "timers")
    expect(10000 < few < 1000000, few)


def hostile(ctx):
    """The seed is on the console, and in the name of what is found."""
    seed = random.randrange(1 << 31)
    run(ctx, "hostile.*", "64M", "uktestfd.hostile_seed=%d "
        "uktestfd.hostile_seeds=%d" % (seed, SEEDS))


for _arch in ("x86_64", "arm64"):
    core.add("exhaustion/%s/a million timers, and as many as there is memory "
             "for" % _arch, timers, arch=_arch, images=("uktest",), soak=True)
    core.add("exhaustion/%s/random calls end and harm nobody" % _arch, hostile,
             arch=_arch, images=("uktest",), soak=True)
