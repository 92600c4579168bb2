# SPDX-License-Identifier: BSD-3-Clause
"""What is expected of a suite of programs that others wrote.

Every program is run and has to pass, but for those that a list in the
repository excludes, each with its reason:

  # a comment
  files: opens a file of its own
  	functional/fdopen
  	functional/stat

A line that begins at the margin is a reason, "KIND: words", or, where it is
one architecture's, "KIND on x86_64: words"; the indented ones below it name
programs. The list may only shrink: an excluded program that passes is a
failure, and so is a name that no program has, or that is there twice. What was
run and what is excluded make the whole, in every directory.

The suite must pass on Linux first, run from the same sources. What does not is
excluded as "native"; that is tried there, and the rest of the list in images.
"""

import re

from .core import Failure

# What an image does not do yet.
BEYOND = ("fork", "exec", "files", "network")
# What fails on Linux; and what passes there now and then, and is never tried.
NATIVE = ("native",)
UNSTEADY = ("unsteady",)
# None of these is counted when it is asked how much of the rest passes.
UNCOUNTED = BEYOND + NATIVE + UNSTEADY
# What an image should do, and does not; and what the emulator does wrong.
OURS = ("ours", "machine")
KINDS = UNCOUNTED + OURS

_REASON = re.compile(r"(\w+)(?: on (\w+))?: (\S.*)")


class Reason:
    def __init__(self, kind, arch, words):
        self.kind = kind
        self.arch = arch        # None: all
        self.words = words

    def __str__(self):
        return "%s: %s" % (self.kind, self.words)


class Expected:
    """The list for one architecture: Failure, if anything is wrong in it."""

    def __init__(self, text, arch=None):
        self.excluded = {}      # {name: Reason}
        self.names = set()      # those of other architectures too
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
            if name in self.names:
                raise Failure("line %d: %s is there twice" % (number, name))
            self.names.add(name)
            if not reason.arch or reason.arch == arch:
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
        return Reason(*m.groups())

    @classmethod
    def read(cls, path, arch=None):
        with open(path, encoding="utf-8") as f:
            try:
                return cls(f.read(), arch)
            except Failure as e:
                raise Failure("%s: %s" % (path, e)) from None

    def reason(self, name):
        """Why @name is excluded, or None."""
        return self.excluded.get(name)


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

    @names are all there are, or, for a sample (@whole false), some. @native:
    on Linux, not in an image.
    """

    def __init__(self, expected, names, whole=True, native=False):
        self.expected = expected
        self.names = list(names)
        self.whole = whole
        self.tried = NATIVE if native else BEYOND + OURS
        self.passed = {}        # {name: whether}

    def to_try(self):
        """The names whose result() is asked for."""
        return [name for name in self.names
                if not self.expected.reason(name)
                or self.expected.reason(name).kind in self.tried]

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
        if passed and reason.kind in self.tried:
            return "passes, and is excluded: " + str(reason)
        return None

    def problems(self):
        """What is wrong with the whole, in lines; at the end."""
        found = []
        if self.whole:
            found += ["%s is excluded and there is no such program" % name
                      for name in sorted(self.expected.names)
                      if name not in self.names]
        found += ["%s was not tried" % name for name in self.to_try()
                  if name not in self.passed]
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
