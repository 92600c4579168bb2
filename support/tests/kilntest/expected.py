# SPDX-License-Identifier: BSD-3-Clause
"""What is expected of a suite of programs that others wrote.

Every program is run and has to pass, but for those that a list in the
repository excludes, each with its reason:

  # a comment
  files: opens a file of its own
  	functional/fdopen
  	functional/stat

A line that begins at the margin is a reason, "KIND: words"; the indented ones
below it name programs. The list may only shrink: an excluded program that
passes is a failure, and so is a name that no program has, or that is there
twice. What was run and what is excluded make the whole, in every directory.
"""

import re

from .core import Failure

# What an image does not do yet; and what the suite itself does not do on
# Linux. Neither is counted when it is asked how much of the rest passes.
BEYOND = ("fork", "exec", "files", "network")
NATIVE = ("native",)
# Which passes now and then, natively too: not tried.
UNSTEADY = ("unsteady",)
# What an image should do, and does not.
OURS = ("ours",)
KINDS = BEYOND + NATIVE + UNSTEADY + OURS
UNCOUNTED = BEYOND + NATIVE + UNSTEADY

_REASON = re.compile(r"(\w+): (\S.*)")


class Reason:
    def __init__(self, kind, words):
        self.kind = kind
        self.words = words

    def __str__(self):
        return "%s: %s" % (self.kind, self.words)


class Expected:
    """A list: {name: Reason}. Failure, if there is anything wrong in it."""

    def __init__(self, text):
        self.excluded = {}
        reason = None
        used = True
        for number, line in enumerate(text.split("\n"), 1):
            if not line.strip() or line.startswith("#"):
                continue
            if line[0] not in " \t":
                if not used:
                    raise Failure("line %d: the reason before it is of "
                                  "nothing" % number)
                reason = self._reason(number, line)
                used = False
                continue
            name = line.strip()
            if not reason:
                raise Failure("line %d: %s has no reason" % (number, name))
            if name in self.excluded:
                raise Failure("line %d: %s is there twice" % (number, name))
            self.excluded[name] = reason
            used = True
        if not used:
            raise Failure("the last reason is of nothing")

    @staticmethod
    def _reason(number, line):
        m = _REASON.fullmatch(line)
        if not m or m.group(1) not in KINDS:
            raise Failure("line %d: a reason is one of %s, a colon and words"
                          % (number, ", ".join(KINDS)))
        return Reason(m.group(1), m.group(2))

    @classmethod
    def read(cls, path):
        with open(path, encoding="utf-8") as f:
            try:
                return cls(f.read())
            except Failure as e:
                raise Failure("%s: %s" % (path, e)) from None

    def reason(self, name):
        """Why @name is excluded, or None."""
        return self.excluded.get(name)

    def is_tried(self, name):
        """Whether it is known beforehand what @name does."""
        reason = self.reason(name)
        return not reason or reason.kind not in UNSTEADY


class Row:
    """What came of the programs of one directory."""

    def __init__(self):
        self.run = self.passed = self.excluded = self.total = 0
        self.uncounted = 0

    def add(self, other):
        for field in vars(self):
            setattr(self, field, getattr(self, field) + getattr(other, field))

    @property
    def share(self):
        """How much passes of what is counted, in percent."""
        counted = self.total - self.uncounted
        return 100.0 * self.passed / counted if counted else 100.0

    def __str__(self):
        return "%5d %6d %8d %5d %5.1f %%" % (
            self.run, self.passed, self.excluded, self.total, self.share)


class Tally:
    """The results of the programs @names against @expected.

    @names are all there are, or, for a sample (@whole false), some.
    """

    def __init__(self, expected, names, whole=True):
        self.expected = expected
        self.names = list(names)
        self.whole = whole
        self.passed = {}        # {name: whether}

    def result(self, name, passed):
        """@name was tried. What is wrong about that, or None."""
        if name not in self.names:
            raise Failure("%s is no program of this suite" % name)
        if name in self.passed:
            raise Failure("%s was run twice" % name)
        self.passed[name] = passed
        reason = self.expected.reason(name)
        if not reason:
            return None if passed else "fails"
        if passed and self.expected.is_tried(name):
            return "passes, and is excluded: " + str(reason)
        return None

    def problems(self):
        """What is wrong with the whole, in lines; at the end."""
        found = []
        if self.whole:
            found += ["%s is excluded and there is no such program" % name
                      for name in self.expected.excluded
                      if name not in self.names]
        found += ["%s was not run and is not excluded" % name
                  for name in self.names if name not in self.passed
                  and not self.expected.reason(name)]
        if not self.names:
            found.append("there is no program")
        return found

    def rows(self):
        """{directory: Row}"""
        rows = {}
        for name in self.names:
            row = rows.setdefault(name.rpartition("/")[0], Row())
            row.total += 1
            reason = self.expected.reason(name)
            if reason:
                row.excluded += 1
                row.uncounted += reason.kind in UNCOUNTED
            elif name in self.passed:
                row.run += 1
                row.passed += self.passed[name]
        return rows

    def table(self):
        """run, passed, excluded, total of each directory, and of all; and
        how much of what is counted passes.
        """
        rows = self.rows()
        width = max([len(name) for name in rows] + [5])
        text = "%-*s   run passed excluded total counted\n" % (width, "")
        whole = Row()
        for name, row in sorted(rows.items()):
            text += "%-*s %s\n" % (width, name, row)
            whole.add(row)
        return text + "%-*s %s\n" % (width, "total", whole)
