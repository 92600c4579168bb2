# SPDX-License-Identifier: BSD-3-Clause
"""The runner's own rules: what it must never take for success."""

import os
import sys
import time

from kilntest import core, proc, tap
from kilntest.core import expect, test


@test("selftest/a missing plan is a failure")
def missing_plan(ctx):
    rep = tap.parse("ok 1 - a\n")
    expect("there is no plan line" in rep.problems, rep.problems)


@test("selftest/an empty plan is a failure")
def empty_plan(ctx):
    expect(tap.parse("1..0\n").problems, "1..0 was accepted")
    expect(not tap.parse("1..0 # skip no tool\n").problems,
           "an explained skip was refused")


@test("selftest/a lost case is a failure")
def lost_case(ctx):
    rep = tap.parse("1..3\nok 1 - a\nok 2 - b\n")
    expect(rep.problems == ["3 cases planned, 2 reported"], rep.problems)
    rep = tap.parse("1..2\nok 1 - a\nok 3 - c\n")
    expect(rep.problems, "a gap in the numbers was accepted")


@test("selftest/the case that hangs is named")
def hanging_case(ctx):
    rep = tap.parse("1..2\n# run s.a\nok 1 - s: a\n# run s.b\nboom\n")
    expect(rep.running == "s.b", rep.running)
    expect("ended inside s.b" in rep.problems, rep.problems)


@test("selftest/results and reasons are read")
def results(ctx):
    rep = tap.parse("1..3\r\n# run s.a\r\nok 1 - s: a\r\n# run s.b\r\n"
                    "#   x.c:1: expected c\r\nnot ok 2 - s: b\r\n"
                    "ok 3 - s: c # SKIP no device\r\nkiln: exit 1\r\n")
    expect(not rep.problems, rep.problems)
    expect([c.ok for c in rep.cases] == [True, False, True], "results")
    expect(rep.cases[1].name == "s: b", rep.cases[1].name)
    expect(rep.cases[1].notes == ["#   x.c:1: expected c"], "notes")
    expect(rep.cases[2].skip == "no device", rep.cases[2].skip)


@test("selftest/a child that hangs is killed with its children")
def hanging_child(ctx):
    pidfile = os.path.join(ctx.dir, "pid")
    done = proc.run(["sh", "-c", 'sleep 1000 & echo $! >"$1"; wait', "sh",
                     pidfile], timeout=1)
    expect(done.timed_out, "no time-out")
    with open(pidfile, encoding="ascii") as f:
        pid = int(f.read())
    for _ in range(50):
        try:
            with open("/proc/%d/stat" % pid, encoding="ascii") as f:
                if f.read().split()[2] == "Z":
                    return
        except FileNotFoundError:
            return
        time.sleep(0.1)
    raise core.Failure("the child's child %d still runs" % pid)


@test("selftest/a run without any test fails")
def no_test(ctx):
    run = os.path.join(ctx.root, "support", "tests", "run")
    done = proc.run([sys.executable, run, "--out", ctx.dir,
                     "-k", "there is no such test"])
    expect(done.status == 1, "status %d\n%s" % (done.status, done.out))
    expect(done.out.endswith("\n0 passed, 1 failed\n"), done.out)
