# SPDX-License-Identifier: BSD-3-Clause
"""Text: SPDX lines, blanks, width, length of functions and files, #if."""

import os
import re

from checklib import ROOT, files, problem, read

TOP = {".ci", ".clang-format", ".editorconfig", ".gitignore", "COPYING.md",
       "Config.uk", "Makefile", "Makefile.uk", "README.md", "apps", "arch",
       "drivers", "include", "lib", "plat", "support"}
WIDTH = 80
LONG_FUNCTION = 60
LONG_FILE = 800
SPDX = "SPDX-License-Identifier: BSD-3-Clause"
CODE = (".c", ".h", ".S", ".lds", ".py", ".sh")
PROSE = (".md",)
# The C standard has typedefs, and an <assert.h> to be included twice.
LIBC = re.compile(r"^lib/nolibc/")
# Fixtures are bytes, goldens are what a program printed.
DATA = re.compile(r"/(golden|corpus|fixtures)/|\.(patch|dtb|bin|txt|json)$")
# Above it a comment must say "Long because …".
EXCUSE = re.compile(r"\blong because\b", re.I)


def is_script(path, text):
    return text.startswith("#!")


def check_lines(path, lines):
    for i, line in enumerate(lines, 1):
        if line != line.rstrip():
            problem(path, i, "blanks at the end of the line")
        if len(line.expandtabs(8)) > WIDTH and wide_matters(path, line):
            problem(path, i, "%d columns, %d are allowed"
                    % (len(line.expandtabs(8)), WIDTH))


def wide_matters(path, line):
    """A URL, a table row of prose and a make function cannot be broken."""
    if path.endswith(PROSE + (".mk", "Makefile", "Makefile.uk")):
        return False
    return "http" not in line


def functions(lines):
    """(first line, last line, comment above) of each function in C."""
    start = None
    for i, line in enumerate(lines):
        if line == "{" and i > 0 and not lines[i - 1].endswith("="):
            start = i
        elif line.startswith("}") and start is not None:
            yield start + 1, i + 1, comment_above(lines, start)
            start = None


def comment_above(lines, i):
    """The text between the last blank line before the head and the body."""
    j = i
    while j > 0 and lines[j - 1].strip():
        j -= 1
    return " ".join(lines[j:i])


def check_xen(path, lines):
    """An image is the same wherever it boots: what is Xen's is a file of its
    own, or found out at boot."""
    if path.startswith(("drivers/xen/", "plat/")):
        return
    for i, line in enumerate(lines, 1):
        if re.match(r"\s*#\s*(el)?if(n?def)?\b.*XEN", line):
            problem(path, i, "#if about Xen: that is for drivers/xen and plat")


def check_c(path, lines):
    for i, line in enumerate(lines, 1):
        if re.match(r" (?!\*)", line):
            problem(path, i, "is indented with a space")
    for first, last, above in functions(lines):
        if last - first - 1 > LONG_FUNCTION and not EXCUSE.search(above):
            problem(path, first, "function of %d lines; above %d the "
                    "comment before it says \"Long because ...\""
                    % (last - first - 1, LONG_FUNCTION))
        for i in range(first, last - 1):
            if re.match(r"\s*#\s*(if|ifdef|ifndef)\b", lines[i]):
                problem(path, i + 1, "#if inside a function")
    for i, line in enumerate(lines, 1):
        if re.match(r"typedef\s+struct\b", line) and not LIBC.match(path):
            problem(path, i, "typedef of a struct")
        if re.search(r"\b(TODO|FIXME|XXX)\b(?!\(#\d+\))", line):
            problem(path, i, "TODO without a ticket: say TODO(#number)")
    if path.endswith(".h") and not path.endswith("nolibc/include/assert.h"):
        if "#pragma once" not in lines:
            problem(path, 1, "no #pragma once")


def check_file(path):
    if DATA.search(path):
        return
    text = read(path)
    lines = text.split("\n")
    if "\0" in text:
        return
    if text and not text.endswith("\n"):
        problem(path, len(lines), "no newline at the end of the file")
    if text.endswith("\n\n"):
        problem(path, len(lines), "blank line at the end of the file")
    if "\r" in text:
        problem(path, 1, "carriage returns")
    lines = lines[:-1]
    check_lines(path, lines)
    if path.endswith(CODE) or is_script(path, text):
        if not any(SPDX in line for line in lines[:2]):
            problem(path, 1, "no SPDX line at the head")
    if path.endswith((".c", ".h")):
        check_c(path, lines)
    if path.endswith((".c", ".h", ".S")):
        check_xen(path, lines)
    if path.endswith((".c", ".h", ".S")) and len(lines) > LONG_FILE:
        if not EXCUSE.search("\n".join(lines[:20])):
            problem(path, 1, "%d lines; above %d the head of the file says "
                    "\"Long because ...\"" % (len(lines), LONG_FILE))


def check_top(paths):
    """Everything has its place below one of the directories."""
    for name in sorted({path.split("/")[0] for path in paths} - TOP):
        problem(name, 0, "does not belong at the top of the tree")


def run():
    check_top(files())
    for path in files():
        if not os.path.islink(os.path.join(ROOT, path)):
            check_file(path)
