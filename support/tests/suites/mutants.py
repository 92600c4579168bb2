# SPDX-License-Identifier: BSD-3-Clause
"""Mutants: one-line changes that break the code, and the test that must see.

Each patch of support/check/mutants is applied to a copy of the tree, the test
that its line "Test:" names is run there, and must fail; on the copy without
the patch it must pass. The copy and its builds are shared, so a mutant costs
what it changed.
"""

import glob
import os
import re
import shutil
import subprocess
import sys
import threading

from kilntest import core, proc
from kilntest.core import expect

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.realpath(__file__)))))
PATCHES = os.path.join(ROOT, "support", "check", "mutants")
TIMEOUT = 900

_one_at_a_time = threading.Lock()
_good = {}          # test -> it passes on the unchanged copy


def header(path):
    with open(path, encoding="utf-8") as f:
        m = re.search(r"^Test: (\S.*)$", f.read(), re.M)
    return m.group(1) if m else None


def copy_tree(ctx):
    """The tree as it is, without what is ignored; once a run."""
    copy = os.path.join(ctx.session.out, "mutants", "tree")
    if _good.get("") == copy:
        return copy
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT,
        stdout=subprocess.PIPE, check=True).stdout.decode().split("\0")
    wanted = set()
    for name in filter(None, listed):
        src = os.path.join(ROOT, name)
        if not os.path.isfile(src):
            continue
        wanted.add(name)
        dst = os.path.join(copy, name)
        if not same(src, dst):
            os.makedirs(os.path.dirname(dst), exist_ok=True)
            shutil.copy(src, dst)
    for path, dirs, names in os.walk(copy):
        for name in names:
            full = os.path.join(path, name)
            if os.path.relpath(full, copy) not in wanted:
                os.remove(full)
    _good[""] = copy
    return copy


def same(a, b):
    try:
        with open(a, "rb") as fa, open(b, "rb") as fb:
            return fa.read() == fb.read() and \
                os.access(a, os.X_OK) == os.access(b, os.X_OK)
    except OSError:
        return False


def run_test(ctx, copy, name):
    """(passed, output) of test @name of the copy."""
    argv = [sys.executable, os.path.join(copy, "support", "tests", "run"),
            "--out", os.path.join(ctx.session.out, "mutants", "out"),
            "--soak", "-v"]
    m = re.match(r"((?:hosted|tsan|steps)/\w+|image/\w+/[\w.,-]+)/(.+)$", name)
    if m:
        argv += ["-k", m.group(1), "--case", m.group(2)]
    else:
        argv += ["-k", name]
    done = proc.run(argv, timeout=TIMEOUT)
    ctx.write("output", done.out)
    expect(not done.timed_out, "no end within the time limit\n" + done.out)
    return done.status == 0, done.out


def patch(copy, path, *args):
    done = subprocess.run(["patch", "-p1", "-s", "-i", path] + list(args),
                          cwd=copy, stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.STDOUT, check=False)
    expect(done.returncode == 0, "does not apply:\n" + done.stdout)


def mutant(path):
    def run(ctx):
        name = header(path)
        expect(name, "has no line \"Test: NAME\"")
        with _one_at_a_time:
            copy = copy_tree(ctx)
            if name not in _good:
                _good[name], out = run_test(ctx, copy, name)
                expect(_good[name], "%s fails without the mutant\n%s"
                       % (name, out[-3000:]))
            expect(_good[name], name + " fails without the mutant")
            patch(copy, path)
            try:
                passed, out = run_test(ctx, copy, name)
            finally:
                patch(copy, path, "-R")
        expect(not passed, "%s does not notice\n%s" % (name, out[-3000:]))
        expect(re.search(r"^FAIL .*", out, re.M),
               "the run failed before any test\n" + out[-3000:])
        builds = re.findall(r"^FAIL +\S+ +(build/.*)$", out, re.M)
        expect(not builds, "the mutant does not build: %s" % builds)
    return run


for _path in sorted(glob.glob(os.path.join(PATCHES, "*.patch"))):
    core.add("mutants/" + os.path.basename(_path)[:-len(".patch")],
             mutant(_path), soak=True)
