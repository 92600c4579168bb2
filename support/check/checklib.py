# SPDX-License-Identifier: BSD-3-Clause
"""What the checks share: which files there are, which libraries, problems."""

import os
import re
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.realpath(__file__))))

# The application whose image holds every part.
TEST_APP = "support/tests/image"

_problems = []


def problem(path, line, text):
    """Report a broken rule; @line 0 is for the file as a whole."""
    _problems.append((path, line, text))


def problems():
    return sorted(set(_problems))


def files(*suffixes, under=""):
    """Paths below the project's top, tracked or new, never ignored ones."""
    out = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z", "--",
         under or "."], cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    found = sorted(set(p for p in out.decode().split("\0") if p))
    return [p for p in found if not suffixes or p.endswith(suffixes)
            if os.path.isfile(os.path.join(ROOT, p))]


def read(path):
    with open(os.path.join(ROOT, path), encoding="utf-8",
              errors="replace") as f:
        return f.read()


class Library:
    """The facts of one Makefile.uk."""

    def __init__(self, makefile):
        self.makefile = makefile
        self.dir = os.path.dirname(makefile)
        text = re.sub(r"\\\n", " ", read(makefile))
        self.text = text
        m = re.search(r"\$\(call addlib(?:_s)?,\s*([A-Za-z0-9_-]+)", text)
        self.name = m.group(1) if m else None
        if not self.name:
            return
        self.var = self.name.upper().replace("-", "_")
        level = re.search(r"^%s_LEVEL\s*:?=\s*(\d)" % re.escape(self.var),
                          text, re.M)
        self.level = int(level.group(1)) if level else None
        self.deps = self._words("DEPS(?:-y|-\\$\\([^)]*\\))?")
        self.srcs = self._paths("SRCS")
        self.tests = self._paths("TESTS")

    def _words(self, what):
        words = []
        for m in re.finditer(r"^%s_%s[ \t]*[:+]?=[ \t]*(.*)$"
                             % (re.escape(self.var), what), self.text, re.M):
            words += [w for w in m.group(1).split("#")[0].split()
                      if re.match(r"[A-Za-z]", w)]
        return words

    def _paths(self, what):
        words = []
        for m in re.finditer(r"^%s_%s-\S+[ \t]*[:+]?=[ \t]*(.*)$"
                             % (re.escape(self.var), what), self.text, re.M):
            words += m.group(1).split("#")[0].split()
        base = "$(%s_BASE)/" % self.var
        return [w.replace(base, self.dir + "/").split("|")[0] for w in words]


def libraries(arch=None):
    """The in-tree libraries by name; of libarch @arch's, or both (one of them
    under another key) if that is None.
    """
    libs = {}
    for path in files("Makefile.uk"):
        if not path.startswith(("lib/", "drivers/", "arch/", "plat/")):
            continue
        if arch and path.startswith("arch/") and \
                not path.startswith("arch/%s/" % arch):
            continue
        lib = Library(path)
        if lib.name and lib.level is not None:
            key = lib.name if lib.name not in libs else path
            libs[key] = lib
    return libs


def closure(libs, name, seen=None):
    """@name and everything it depends on."""
    seen = set() if seen is None else seen
    if name in libs and name not in seen:
        seen.add(name)
        for dep in libs[name].deps:
            closure(libs, dep, seen)
    return seen


def make(out, *goals, arch="x86_64", **variables):
    """Run make for the tests' image with everything it writes in @out."""
    env = {k: v for k, v in os.environ.items() if k not in
           ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "O", "A", "C", "T", "L")}
    app = os.path.join(ROOT, TEST_APP)
    env["UK_DEFCONFIG"] = os.path.join(app, "defconfigs", "kvm-" + arch)
    argv = ["make", "-s", "-C", ROOT, "A=" + app, "O=" + out,
            "C=" + os.path.join(out, ".config")]
    argv += ["%s=%s" % v for v in variables.items()]
    return subprocess.run(argv + list(goals), env=env, text=True, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
