# SPDX-License-Identifier: BSD-3-Clause
"""clang-format over the changed lines, and only over them: blanks and braces.

Changed means: against the commit KILN_BASE, by default the one before HEAD,
with what is not committed yet. Files that are new as a whole count too.
"""

import os
import re
import shutil
import subprocess

from checklib import ROOT, problem

HUNK = re.compile(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@")
# Comments, strings and directives (with their tables of values and macros of
# many lines) are one token each.
TOKEN = re.compile(r"""
    \s+
    | ^[ \t]*\#(?:\\\n|[^\n])*
    | \\\n
    | /\*.*?\*/ | //[^\n]*
    | "(?:\\.|[^"\\])*" | '(?:\\.|[^'\\])*'
    | \w+ | .
    """, re.S | re.M | re.X)
# clang-format takes `} *name;` for a product and `:::` for labels.
UNSURE = {"*", "&", ":", "\\", "#"}


def git(*args):
    done = subprocess.run(["git"] + list(args), cwd=ROOT, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          check=False, errors="replace")
    return done.stdout if done.returncode == 0 else None


def base():
    for ref in (os.environ.get("KILN_BASE"), "HEAD~1"):
        if ref and git("rev-parse", "--verify", "-q", ref + "^{commit}"):
            return ref
    # The first commit, or none yet: everything is new.
    return git("hash-object", "-t", "tree", "/dev/null").strip()


def changed_lines():
    """{path: [(first, last)]} of the working tree against the base."""
    ranges = {}
    path = None
    diff = git("diff", "-U0", "--no-color", "--no-ext-diff", base(), "--",
               "*.c", "*.h") or ""
    for line in diff.split("\n"):
        if line.startswith("+++ "):
            path = line[6:] if line.startswith("+++ b/") else None
        m = HUNK.match(line)
        if m and path:
            first = int(m.group(1))
            count = int(m.group(2)) if m.group(2) is not None else 1
            if count:
                ranges.setdefault(path, []).append((first, first + count - 1))
    new = git("ls-files", "-o", "--exclude-standard", "*.c", "*.h") or ""
    for path in new.split("\n"):
        if path:
            ranges[path] = [(1, 1 << 20)]
    return ranges


def check_file(path, ranges):
    with open(os.path.join(ROOT, path), encoding="utf-8") as f:
        text = f.read()
    total = text.count("\n")
    argv = ["clang-format", "--assume-filename=" + path, "--style=file"]
    argv += ["--lines=%d:%d" % (a, min(b, total)) for a, b in ranges
             if a <= total]
    done = subprocess.run(argv, cwd=ROOT, input=text, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False)
    if done.returncode:
        problem(path, 0, "clang-format: " + done.stderr.strip())
        return
    compare(path, tokens(text), tokens(done.stdout))


def tokens(text):
    """[(token, what is before it: "", " " or "\\n", line)]"""
    found = []
    before = "\n"
    line = 1
    for m in TOKEN.finditer(text):
        token = m.group(0)
        if token.isspace() or token == "\\\n":
            if "\n" in token:
                before = "\n"
            elif before != "\n":
                before = " "
        else:
            found.append((token, before, line))
            before = ""
        line += token.count("\n")
    return found


def plain(token):
    return re.sub(r"[\s\\]+", "", token)


def compare(path, old, new):
    """Blanks between tokens and the place of braces must agree.

    Where a line is broken and how a table is aligned is the author's: there
    a person reads better than clang-format.
    """
    if [plain(t[0]) for t in old] != [plain(t[0]) for t in new]:
        problem(path, 0, "clang-format would change more than blanks")
        return
    last = ""
    for (token, is_, line), (_, want, _) in zip(old, new):
        if token in ("{", "else") and last in (")", "}", "else", "do"):
            if is_ != want:
                problem(path, line, "format: \"%s\" belongs on %s" % (
                    token, "a line of its own" if want == "\n"
                    else "the line before"))
        elif is_ != want and "\n" not in (is_, want) and \
                not {token, last} & UNSURE and \
                not (last == ")" and token[0] in "-\""):
            problem(path, line, "format: %s between \"%s\" and \"%s\"" % (
                "a blank" if want else "no blank", last, token))
        last = token


def run():
    if not os.path.exists(os.path.join(ROOT, ".clang-format")):
        problem(".clang-format", 0, "is not there")
        return
    if not shutil.which("clang-format"):
        problem("support/check/style.py", 0, "clang-format is not installed")
        return
    for path, ranges in sorted(changed_lines().items()):
        if os.path.isfile(os.path.join(ROOT, path)):
            check_file(path, ranges)
