# SPDX-License-Identifier: BSD-3-Clause
"""Cases with threads (tests/threads_*.c of libraries) under ThreadSanitizer."""

import os
import platform

from kilntest import core, proc, taprun
from kilntest.core import expect, test

from . import hosted

# At its first report it is over: the case that was announced last has failed.
OPTIONS = "halt_on_error=1:exitcode=66:second_deadlock_stack=1"
TIMEOUT = 300

# Where the kernel randomises addresses too far for ThreadSanitizer's shadow,
# the program ends so, before its first line.
NO_SHADOW = "unexpected memory mapping"


def start(argv, timeout=TIMEOUT):
    """Run @argv, without address randomisation if it must be."""
    env = dict(os.environ, TSAN_OPTIONS=OPTIONS)
    done = proc.run(argv, timeout=timeout, env=env)
    if done.status != 0 and NO_SHADOW in done.out:
        done = proc.run(["setarch", platform.machine(), "-R"] + argv,
                        timeout=timeout, env=env)
    return done


def run(ctx, *args):
    out = os.path.join(ctx.session.out, "tsan-" + ctx.test.name.split("/")[1])
    hosted.build(ctx, out, "threads", *args)
    argv = [os.path.join(out, "threads")]
    if ctx.case_filter:
        argv.append("uktest.filter=" + ctx.case_filter)
    done = start(argv)
    ctx.write("output", done.out)
    taprun.report(ctx, done.out, done.status, done.timed_out,
                  taprun.uktest_status)


@test("tsan/gcc", alone=True)
def gcc(ctx):
    run(ctx)


@test("tsan/clang", alone=True, soak=True)
def clang(ctx):
    run(ctx, "CC=clang")


RACE = """
#include <pthread.h>

static int ready, data;

static void *producer(void *arg)
{
	data = 1;
	__atomic_store_n(&ready, 1, ORDER);
	return arg;
}

int main(void)
{
	pthread_t thread;

	if (pthread_create(&thread, 0, producer, 0))
		return 1;
	while (!__atomic_load_n(&ready, __ATOMIC_ACQUIRE))
		;
	data++;
	pthread_join(thread, 0);
	return data == 2 ? 0 : 1;
}
"""


@test("tsan/a race fails the run", alone=True)
def race(ctx):
    """The harness itself: the same program with and without its release."""
    src = ctx.write("race.c", RACE)
    for order, passes in (("RELEASE", True), ("RELAXED", False)):
        program = os.path.join(ctx.dir, order)
        done = proc.run(["gcc", "-g", "-O1", "-fsanitize=thread", "-pthread",
                         "-DORDER=__ATOMIC_" + order, "-o", program, src])
        expect(done.status == 0, done.out)
        done = start([program], timeout=60)
        expect(not done.timed_out and (done.status == 0) == passes and
               ("data race" in done.out) != passes,
               "%s: status %s\n%s" % (order, done.status, done.out))
