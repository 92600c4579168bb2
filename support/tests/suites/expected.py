# SPDX-License-Identifier: BSD-3-Clause
"""The list of what is excluded of others' suites: what it never accepts."""

from kilntest import core
from kilntest.core import expect, test
from kilntest.expected import Expected, Tally

LIST = """# What this is.
files: opens one
	dir/a

ours: too slow
	dir/b
unsteady: not always
	other/c
"""
NAMES = ("dir/a", "dir/b", "dir/d", "dir/e", "other/c")


def refused(text):
    """Why @text is no list."""
    try:
        Expected(text)
    except core.Failure as e:
        return str(e)
    raise core.Failure("was accepted:\n" + text)


def tally(**results):
    found = Tally(Expected(LIST), NAMES)
    wrong = [found.result("dir/" + name, passed)
             for name, passed in results.items()]
    return found, wrong


@test("expected/a list with a reason for each name is read")
def is_read(ctx):
    found = Expected(LIST)
    expect(sorted(found.excluded) == ["dir/a", "dir/b", "other/c"],
           found.excluded)
    expect(str(found.reason("dir/b")) == "ours: too slow", "b")
    expect(found.reason("dir/d") is None, "d")
    expect(not Expected("# nothing\n").excluded, "an empty list")


@test("expected/a reason of one architecture is not another's")
def one_arch(ctx):
    text = "machine on arm64: is slow\n\ta\nours: is large\n\tb\n"
    expect(sorted(Expected(text, "arm64").excluded) == ["a", "b"], "arm64")
    found = Expected(text, "x86_64")
    expect(sorted(found.excluded) == ["b"], "x86_64")
    wrong = Tally(found, ("b",)).problems()
    expect("a is excluded and there is no such program" in wrong, wrong)


@test("expected/what fails on Linux is tried there, and the rest in images")
def where(ctx):
    text = ("files: f\n\ta\nnative: f\n\tb\nunsteady: f\n\tc\nours: f\n\td\n"
            "machine: f\n\te\n")
    found = Expected(text)
    expect(Tally(found, "abcdef").to_try() == ["a", "d", "e", "f"], "image")
    linux = Tally(found, "abcdef", native=True)
    expect(linux.to_try() == ["b", "f"], "Linux")
    expect(linux.result("b", True) == "passes, and is excluded: native: f",
           "on Linux")
    expect(linux.result("f", False) == "fails", "on Linux")


@test("expected/a list without reasons or with a name twice is refused")
def is_refused(ctx):
    expect("line 1: dir/a has no reason" in refused("\tdir/a\n"), "none")
    for reason in ("files", "files:", "files: ", "much: words", ": words"):
        expect("line 2: a reason is" in refused("#\n%s\n\ta\n" % reason),
               reason)
    expect("line 3: the reason before" in refused("#\nfiles: x\nours: y\n\ta"),
           "a reason of nothing")
    expect("the last reason" in refused("files: x\n\ta\nours: y\n"), "last")
    expect("line 4: a is there twice"
           in refused("files: x\n\ta\nours: y\n\ta\n"), "twice")


@test("expected/what fails and is not excluded is a failure")
def failing(ctx):
    found, wrong = tally(a=False, b=False, d=True, e=False)
    expect(wrong == [None, None, None, "fails"], wrong)
    expect(found.problems() == [], found.problems())


@test("expected/an excluded program that passes is a failure")
def excluded_passes(ctx):
    _, wrong = tally(a=False, b=True)
    expect(wrong == [None, "passes, and is excluded: ours: too slow"], wrong)
    found = Tally(Expected(LIST), NAMES)
    expect(found.result("other/c", True) is None, "an unsteady one")


@test("expected/an excluded name that no program has is a failure")
def excluded_nothing(ctx):
    names = ("dir/a", "dir/d", "other/c")
    found = Tally(Expected(LIST), names)
    found.result("dir/a", False)
    found.result("dir/d", True)
    expect(found.problems() == ["dir/b is excluded and there is no such "
                                "program"], found.problems())
    sample = Tally(Expected(LIST), names, whole=False)
    sample.result("dir/a", False)
    sample.result("dir/d", True)
    expect(sample.problems() == [], sample.problems())


@test("expected/a program that was not run is a failure")
def not_run(ctx):
    found, _ = tally(b=False, d=True)
    expect(found.problems() == ["dir/a was not tried", "dir/e was not tried"],
           found.problems())
    expect(Tally(Expected(""), ()).problems() == ["there is no program"],
           "no program")
    for name, why in (("dir/d", "twice"), ("dir/x", "no program")):
        try:
            found.result(name, True)
        except core.Failure as e:
            expect(why in str(e), str(e))
        else:
            raise core.Failure(name + " was accepted")


@test("expected/run and excluded make the total of every directory")
def table(ctx):
    found, _ = tally(a=False, d=True, e=False)
    rows = found.rows()
    for row in rows.values():
        expect(row.run + row.excluded == row.total, str(row))
    # Of b, d and e, which are counted, one passes.
    expect(found.table() ==
           "        run passed excluded total counted\n"
           "dir       2      1        2     4  33.3 %\n"
           "other     0      0        1     1 100.0 %\n"
           "total     2      1        3     5  33.3 %\n", found.table())
