# SPDX-License-Identifier: BSD-3-Clause
"""Tests, their results, and how they are run.

A test is a function registered with @test. It passes if it returns, fails if
it raises Failure (or anything else), and does not count if it raises Skip. A
test that stands for many cases (a TAP program, a matrix on one image) reports
each through ctx.case(), and then each counts.

Every result has a name "group/.../sentence"; -k matches it, and the mutants
of support/check/mutants name tests by it.
"""

import concurrent.futures
import fnmatch
import os
import re
import sys
import threading
import time
import traceback

from . import proc


class Failure(Exception):
    """What was expected did not happen; the text says what did."""


class Skip(Exception):
    """Cannot be tried on this machine; the text says why."""


class Test:
    def __init__(self, name, fn, arch=None, soak=False, images=(), alone=False):
        self.name = name
        self.fn = fn
        self.arch = arch
        self.soak = soak
        self.images = images
        self.alone = alone


_registry = []


def add(name, fn, **kw):
    """Register @fn(ctx) as test @name; see Test for the keywords."""
    if any(t.name == name for t in _registry):
        raise AssertionError("two tests are named " + name)
    _registry.append(Test(name, fn, **kw))


def test(name, **kw):
    """Decorator for add()."""
    def register(fn):
        add(name, fn, **kw)
        return fn
    return register


def registry():
    return list(_registry)


class Result:
    def __init__(self, name, status, detail="", seconds=0.0):
        self.name = name
        self.status = status        # "ok", "FAIL" or "skip"
        self.detail = detail
        self.seconds = seconds


class Context:
    """What a running test may use."""

    def __init__(self, session, test):
        self.session = session
        self.test = test
        self.root = session.root
        self.arch = test.arch
        self.soak = session.soak
        self.case_filter = session.case_filter
        self.cases = []
        self.dir = os.path.join(session.out, "work",
                                re.sub("[^A-Za-z0-9.-]+", "_", test.name))
        os.makedirs(self.dir, exist_ok=True)

    def image(self, name, arch=None):
        """Path of the built image @name; Failure if it does not build."""
        return self.session.images.get(name, arch or self.arch)

    def case(self, name, ok, detail="", seconds=0.0):
        """Report a case of its own; @name is put after the test's name."""
        self.note(name, "ok" if ok else "FAIL", detail, seconds)

    def skip_case(self, name, reason):
        self.note(name, "skip", reason, 0.0)

    def note(self, name, status, detail, seconds):
        res = Result(self.test.name + "/" + name, status, detail, seconds)
        self.cases.append(res)
        self.session.report(res)

    def write(self, name, text):
        """Keep @text as a file of this test; returns the path."""
        path = os.path.join(self.dir, name)
        with open(path, "w", encoding="utf-8", errors="replace") as f:
            f.write(text)
        return path


def expect(cond, text):
    if not cond:
        raise Failure(text)


class Session:
    def __init__(self, root, out, images, jobs=2, soak=False, case_filter="",
                 verbose=False):
        self.root = root
        self.out = out
        self.images = images
        self.jobs = jobs
        self.soak = soak
        self.case_filter = case_filter
        self.verbose = verbose
        self.update_golden = False
        self.results = []
        self.lock = threading.Lock()
        self.planned = 0
        self.done = 0

    def say(self, text):
        with self.lock:
            print(text, flush=True)

    def report(self, res):
        with self.lock:
            self.results.append(res)
            if res.status == "ok" and not self.verbose \
                    and res.name.count("/") > 1 and res.seconds < 0.05:
                return
            line = "%-4s %6.1fs  %s" % (res.status, res.seconds, res.name)
            if res.status == "skip" and res.detail:
                line += "  (skipped: " + res.detail + ")"
            print(line, flush=True)
            if res.status == "FAIL" and res.detail:
                for text in res.detail.rstrip("\n").split("\n")[-40:]:
                    print("    | " + text)
                sys.stdout.flush()

    def run_one(self, test):
        ctx = Context(self, test)
        start = time.monotonic()
        status, detail = "ok", ""
        try:
            test.fn(ctx)
        except Skip as e:
            status, detail = "skip", str(e)
        except Failure as e:
            status, detail = "FAIL", str(e)
        except proc.Interrupted:
            return
        except Exception:
            status, detail = "FAIL", traceback.format_exc()
        seconds = time.monotonic() - start

        # Where cases were reported they count, and the test only if it
        # failed or skipped beside them.
        if not ctx.cases or status != "ok":
            self.report(Result(test.name, status, detail, seconds))
        elif not self.verbose:
            bad = sum(c.status == "FAIL" for c in ctx.cases)
            self.say("%-4s %6.1fs  %s: %d cases" % (
                "FAIL" if bad else "ok", seconds, test.name, len(ctx.cases)))

    def run(self, tests):
        alone = [t for t in tests if t.alone]
        shared = [t for t in tests if not t.alone]
        for t in alone:
            self.run_one(t)
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as pool:
            futures = [pool.submit(self.run_one, t) for t in shared]
            for f in futures:
                f.result()

    def count(self, status):
        return sum(r.status == status for r in self.results)


def select(tests, patterns, archs, soak):
    """The tests that -k, --arch and --soak leave."""
    def wanted(t):
        if t.arch and t.arch not in archs:
            return False
        if t.soak and not soak:
            return False
        if not patterns:
            return True
        return any(t.name.startswith(p) or fnmatch.fnmatch(t.name, p) or
                   p.startswith(t.name + "/") for p in patterns)
    return [t for t in tests if wanted(t)]
