# SPDX-License-Identifier: BSD-3-Clause
"""
The cases with threads (tests/threads_*.c of libraries) in orders that seeds
decide: see hosted/steps.c. What fails is seen again with

    STEPS_SEED=N OUT/tsan-gcc/steps uktest.filter=suite.case
"""

import os
import random
import time

from kilntest import core, proc, taprun
from kilntest.core import test

from . import hosted

SEEDS = range(1, 7)
SOAK_SECONDS = 600

# A run that does not end is ended by the program itself, after so many steps.
TIMEOUT = 300


def build(ctx):
    # The objects are those of tsan/gcc; only one of all builds at a time.
    out = os.path.join(ctx.session.out, "tsan-gcc")
    hosted.build(ctx, out, "steps")
    return os.path.join(out, "steps")


def run_seed(ctx, program, seed):
    """Returns what it printed; a Failure names the seed."""
    argv = [program]
    if ctx.case_filter:
        argv.append("uktest.filter=" + ctx.case_filter)
    done = proc.run(argv, timeout=TIMEOUT,
                    env=dict(os.environ, STEPS_SEED=str(seed)))
    if done.status == 0 and not done.timed_out:
        return done
    ctx.write("output-%d" % seed, done.out)
    try:
        taprun.report(ctx, done.out, done.status, done.timed_out,
                      taprun.uktest_status)
    except core.Failure as e:
        raise core.Failure("with STEPS_SEED=%d: %s" % (seed, e)) from e
    raise core.Failure("with STEPS_SEED=%d" % seed)


@test("steps/gcc", alone=True)
def gcc(ctx):
    program = build(ctx)
    for seed in SEEDS:
        done = run_seed(ctx, program, seed)
    taprun.report(ctx, done.out, done.status, done.timed_out,
                  taprun.uktest_status)


@test("steps/search", alone=True, soak=True)
def search(ctx):
    program = build(ctx)
    end = time.monotonic() + SOAK_SECONDS
    while time.monotonic() < end:
        run_seed(ctx, program, random.getrandbits(63))


@test("steps/a seed is an order of its own, and the same each time",
      alone=True)
def same(ctx):
    """By the steps it takes to have all done, which the order decides."""
    program = build(ctx)
    seen = []
    for seed in (1, 1, 2):
        done = proc.run([program, "uktest.filter=mutex"], timeout=TIMEOUT,
                        env=dict(os.environ, STEPS_SEED=str(seed),
                                 STEPS_COUNT="1"))
        core.expect(done.status == 0, done.out)
        seen.append([line for line in done.out.split("\n")
                     if line.startswith("# steps: a run of ")])
    core.expect(seen[0] and seen[0] == seen[1] and seen[0] != seen[2],
                "seed 1: %s\nagain: %s\nseed 2: %s" % tuple(seen))
