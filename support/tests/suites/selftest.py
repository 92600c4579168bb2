# SPDX-License-Identifier: BSD-3-Clause
"""The runner's own rules: what it must never take for success."""

import fcntl
import os
import re
import shutil
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


@test("selftest/the time of a case is from its announcement to its result")
def case_times(ctx):
    done = proc.run(["sh", "-c", "echo boot; sleep 0.3; echo 1..2; "
                     "echo '# run s.a'; sleep 1; echo 'ok 1 - s: a'; "
                     "echo '# run s.b'; echo 'ok 2 - s: b'"])
    rep = tap.parse(done.out, done.times)
    expect(len(done.times) == done.out.count("\n"), done.times)
    expect(0.9 < rep.cases[0].seconds < 20, rep.cases[0].seconds)
    expect(rep.cases[1].seconds < rep.cases[0].seconds,
           rep.cases[1].seconds)


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


@test("selftest/two runs do not share a directory")
def two_runs(ctx):
    code = ("import sys; sys.path.insert(0, sys.argv[1]); "
            "from kilntest import images; "
            "print(images.claim(sys.argv[2]), "
            "images.claim_default(sys.argv[3]))")
    env = dict(os.environ, TMPDIR=ctx.dir)
    tests = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
    argv = [sys.executable, "-Bc", code, tests, ctx.session.out, "/tree"]

    done = proc.run(argv, env=env)
    first = done.out.split()[-1]
    expect(done.out.split()[0] == "False",
           "the directory of this run was given away: " + done.out)
    # As if that run went on.
    lock = os.open(os.path.join(first, ".run"), os.O_RDWR)
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        second = proc.run(argv, env=env).out.split()[-1]
    finally:
        os.close(lock)
    expect(second == first + "-2", second)
    third = proc.run(argv, env=env).out.split()[-1]
    expect(third == first, "a directory is not used again: " + third)


@test("selftest/images do not change while tests run")
def sealed_images(ctx):
    try:
        ctx.session.images.build("hello", "x86_64")
    except AssertionError as e:
        expect("too late" in str(e), str(e))
        return
    raise core.Failure("an image was built under the tests that use it")


# Tests that need a rig of each kind, run by a session of their own.
RIGS = """
import sys
sys.path.insert(0, sys.argv[1] + "/support/tests")
from kilntest import core, kvmrig, xenrig
session = core.Session(sys.argv[1], sys.argv[2], None)
for arch in "x86_64", "arm64":
    core.add("xen/" + arch, lambda ctx: xenrig.ready(ctx, ctx.arch), arch=arch)
    core.add("kvm/" + arch, lambda ctx: kvmrig.ready(ctx, 1), arch=arch)
core.add("headers", lambda ctx: xenrig.ready(ctx, "headers", "include/xen"))
session.run(core.registry())
print("%d skipped" % session.count("skip"))
"""


@test("selftest/a rig whose packages cannot be had is skipped by name")
def no_packages(ctx):
    tools = os.path.join(ctx.dir, "bin")
    os.makedirs(tools, exist_ok=True)
    # As without a network.
    apt = os.path.join(tools, "apt-get")
    with open(apt, "w", encoding="ascii") as f:
        f.write("#!/bin/sh\necho E: Failed to fetch >&2\nexit 100\n")
    os.chmod(apt, 0o755)
    out = os.path.join(ctx.dir, "out")
    shutil.rmtree(out, ignore_errors=True)
    done = proc.run([sys.executable, "-c", RIGS, ctx.root, out],
                    env=dict(os.environ, PATH=tools + ":" +
                             os.environ["PATH"]))
    lines = done.out.rstrip("\n").split("\n")
    expect(lines[-1] == "5 skipped", done.out)
    for line in lines[:-1]:
        expect(re.search(r"\(skipped: package \S+ is not available\)$", line),
               done.out)
