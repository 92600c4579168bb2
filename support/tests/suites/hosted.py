# SPDX-License-Identifier: BSD-3-Clause
"""The libraries' tests as a host program under ASan and UBSan."""

import os
import re
import statistics

from kilntest import core, proc, taprun
from kilntest.core import expect, test

MAKE = "support/tests/hosted/Makefile"
BUILD_TIMEOUT = 600


def build(ctx, out, *args):
    done = proc.run(["make", "-f", os.path.join(ctx.root, MAKE), "O=" + out,
                     "-j%d" % ctx.session.jobs] + list(args),
                    timeout=BUILD_TIMEOUT)
    expect(done.status == 0, "does not build:\n" + done.out)
    return os.path.join(out, "hosted")


def run(ctx, program):
    env = dict(os.environ,
               ASAN_OPTIONS="detect_leaks=0:abort_on_error=0:exitcode=99",
               UBSAN_OPTIONS="print_stacktrace=1")
    argv = [program]
    if ctx.case_filter:
        argv.append("uktest.filter=" + ctx.case_filter)
    done = proc.run(argv, timeout=120, env=env)
    ctx.write("output", done.out)
    taprun.report(ctx, done.out, done.status, done.timed_out,
                  taprun.uktest_status)


# alone: its build keeps all CPUs busy.
@test("hosted/gcc", alone=True)
def gcc(ctx):
    run(ctx, build(ctx, os.path.join(ctx.session.out, "hosted-gcc")))


@test("hosted/a million changes of a page table", alone=True, soak=True)
def page_tables(ctx):
    program = build(ctx, os.path.join(ctx.session.out, "hosted-gcc"))
    done = proc.run([program, "ukpaging.ptmodel_steps=125000",
                     "uktest.limit_ms=600000", "uktest.filter=ptmodel.*"],
                    timeout=900)
    expect(done.status == 0 and "\nok 1 - ptmodel" in done.out, done.out)


@test("hosted/ten million requests of address spaces", alone=True, soak=True)
def address_spaces(ctx):
    program = build(ctx, os.path.join(ctx.session.out, "hosted-gcc"))
    done = proc.run([program, "ukvmem.model_steps=2500000",
                     "uktest.limit_ms=600000", "uktest.filter=vmem.areas_are*"],
                    timeout=900)
    expect(done.status == 0 and "\nok 1 - vmem" in done.out, done.out)


@test("hosted/millions of random requests for memory", alone=True, soak=True)
def heaps(ctx):
    program = build(ctx, os.path.join(ctx.session.out, "hosted-gcc"))
    done = proc.run([program, "ukallocregion.model_runs=3000",
                     "ukallocslab.model_steps=1000000",
                     "uktest.limit_ms=600000", "uktest.filter="
                     "allocregion_model.*,allocslab_model.*"], timeout=900)
    expect(done.status == 0 and "\nok 2 - " in done.out, done.out)


# Of each trace what the heap took at most per byte in use, and a hundredth.
MEMORY = {"http": 1.221, "kv": 1.105, "database": 1.070, "queue": 1.161,
          "churn": 1.096}


def memory(line):
    """What a heap took for each byte in use, of what heaps-kiln says."""
    peak, taken = re.search(r" peak=(\d+) taken=(\d+)", line).groups()
    return int(taken) / int(peak)


@test("hosted/traces of calls are replayed by our heap and the host's",
      alone=True, soak=True)
def traces(ctx):
    """What `make bench-heaps` runs, without the heaps of others."""
    ratios = []
    out = os.path.join(ctx.session.out, "hosted-heaps")
    build(ctx, out, "heaps")
    for trace, limit in MEMORY.items():
        said = []
        for program in ("heaps-kiln", "heaps-libc"):
            done = proc.run([os.path.join(out, program), trace], timeout=120)
            expect(done.status == 0, "%s %s: %s" % (program, trace, done.out))
            said.append(done.out)
        ours, hosts = (line.split(" taken=")[0] for line in said)
        expect(ours == hosts and "ops=" in ours, said)
        ratios.append(memory(said[0]))
        expect(ratios[-1] <= limit, "%s: %.3f bytes are taken for each in "
               "use, at most %.3f were" % (trace, ratios[-1], limit))
    expect(statistics.geometric_mean(ratios) <= 1.12, ratios)


@test("hosted/clang", alone=True, soak=True)
def clang(ctx):
    run(ctx, build(ctx, os.path.join(ctx.session.out, "hosted-clang"),
                   "CC=clang"))


def on_demand(case):
    """A case that takes too long for each run."""
    def run_it(ctx):
        program = build(ctx, os.path.join(ctx.session.out, "hosted-gcc"))
        done = proc.run([program, "uktest.limit_ms=0",
                         "uktest.filter=on_demand." + case], timeout=600)
        expect(done.status == 0 and "\nok 1 " in done.out, done.out)
    return run_it


for _what in ("for frames", "of a buddy heap"):
    _name = "a million random requests " + _what
    core.add("hosted/" + _name, on_demand(_name.replace(" ", "_")),
             alone=True, soak=True)


@test("hosted/a sanitizer's report fails the run", alone=True)
def sanitizer(ctx):
    """The harness itself: a program that overflows must not pass."""
    src = ctx.write("overflow.c", """
int main(int argc, char **argv)
{
	char buf[4];
	volatile int i = 4 + argc - 1;
	buf[i] = argv[0][0];
	return buf[i - 4] & 0;
}
""")
    program = os.path.join(ctx.dir, "overflow")
    done = proc.run(["gcc", "-g", "-fsanitize=address,undefined",
                     "-fno-sanitize-recover=all", "-o", program, src])
    expect(done.status == 0, done.out)
    done = proc.run([program])
    expect(done.status != 0, "an overflow went by")
