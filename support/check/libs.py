# SPDX-License-Identifier: BSD-3-Clause
"""Libraries: README, tests, exports; includes agree with LEVEL and DEPS."""

import os
import re

from checklib import ROOT, closure, files, libraries, problem, read

README_LINES = 60
COMPILER = {"stdint.h", "stddef.h", "stdbool.h", "stdarg.h", "limits.h",
            "float.h", "stdalign.h", "stdnoreturn.h"}
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]', re.M)
# Headers that a build makes.
GENERATED = {"uk/bits/config.h": "",
             **{"uk/bits/syscall_%s.h" % name: "libsyscall_shim"
                for name in ("nrs", "nrs2", "provided", "ids", "stubs", "map",
                             "thunks", "r_static", "static")}}
# In Makefile.uk, for what is needed without any of its headers.
WITHOUT_HEADER = re.compile(r"^#\s*(lib\w+) without a header: \S", re.M)


def header_owners(libs):
    """Name as included -> owner: "" for level 0, else the library."""
    owners = {}
    for path in files(".h"):
        m = re.match(r"(.*?)\binclude/(uk/.*)$", path)
        if path.startswith("include/") or path.startswith("arch/"):
            m = re.match(r"(?:arch/\w+/)?include/(.*)$", path)
            if m:
                owners[m.group(1)] = ""
            continue
        for lib in libs.values():
            prefix = lib.dir + "/include/"
            name = path[len(prefix):]
            # A libc has these too; below it they are the compiler's.
            if path.startswith(prefix) and \
                    not (lib.level == 4 and name in COMPILER):
                owners[name] = lib.name
    owners.update(GENERATED)
    return owners


def lib_files(lib):
    return [p for p in files(".c", ".h", ".S", under=lib.dir)]


def is_test(lib, path):
    return path.startswith(lib.dir + "/tests/")


def test_closure(libs, lib):
    """What a test may include: its library, uktest, what these stand on."""
    names = closure(libs, lib.name) | closure(libs, "libuktest")
    for dep in re.findall(r"^%s_TEST_DEPS[ \t]*[:+]?=[ \t]*(.*)$"
                          % re.escape(lib.var), lib.text, re.M):
        for word in dep.split():
            names |= closure(libs, word)
    return names


def check_includes(libs, lib, owners):
    used = set()
    for path in lib_files(lib):
        allowed = set(lib.deps) | {lib.name}
        if is_test(lib, path):
            allowed = test_closure(libs, lib)
        text = read(path)
        for m in INCLUDE.finditer(text):
            line = text.count("\n", 0, m.start()) + 1
            kind, name = m.groups()
            if kind == '"':
                check_private(lib, path, line, name)
                continue
            owner = owners.get(name)
            if owner is None:
                if lib.level is not None and lib.level <= 3 and \
                        name not in COMPILER:
                    problem(path, line, "<%s> belongs to nobody" % name)
                continue
            # Two libcs have headers of one name; an image has one of them.
            if owner and owner != lib.name and lib.level == 4 and \
                    libs[owner].level == 4:
                continue
            if owner:
                if not is_test(lib, path):
                    used.add(owner)
                if owner not in allowed:
                    problem(path, line, "<%s> is %s's, which is not in "
                            "%s_DEPS" % (name, owner, lib.var))
    excused = set(WITHOUT_HEADER.findall(lib.text))
    for dep in lib.deps:
        if dep not in used and dep not in excused:
            problem(lib.makefile, 0, "%s is in %s_DEPS and nothing of it is "
                    "included; if that is right, say \"# %s without a "
                    "header: the reason\"" % (dep, lib.var, dep))


def check_private(lib, path, line, name):
    """A "..." include stays inside the library."""
    for base in (os.path.dirname(path), lib.dir):
        target = os.path.normpath(os.path.join(base, name))
        if os.path.exists(os.path.join(ROOT, target)):
            if not target.startswith(lib.dir + "/"):
                problem(path, line, '"%s" leaves the library' % name)
            return


def check_order(path):
    """Compiler headers before uk/, uk/ in order; own headers are free."""
    text = read(path)
    names = [(text.count("\n", 0, m.start()) + 1, m.group(2))
             for m in INCLUDE.finditer(text) if m.group(1) == "<"]
    own = True
    last = ""
    for line, name in names:
        if name in COMPILER:
            if last.startswith("uk/") and not own:
                problem(path, line, "<%s> comes after uk/ headers" % name)
            if own and last.startswith("uk/"):
                own = False
            last = name
            continue
        if not name.startswith("uk/") or "/bits/" in name:
            continue
        if not last.startswith("uk/") or own:
            own = own and not last
        elif sort_key(name) < sort_key(last):
            problem(path, line, "<%s> is out of order after <%s>"
                    % (name, last))
        last = name


def sort_key(name):
    return name


def check_docs(lib):
    base = os.path.join(ROOT, lib.dir)
    readme = os.path.join(lib.dir, "README.md")
    if not os.path.exists(os.path.join(ROOT, readme)):
        problem(lib.makefile, 0, "%s has no README.md" % lib.name)
    elif read(readme).count("\n") > README_LINES:
        problem(readme, 0, "%d lines, %d are allowed"
                % (read(readme).count("\n"), README_LINES))
    if lib.level and lib.level <= 3 and \
            not os.path.exists(os.path.join(base, "exportsyms.uk")):
        problem(lib.makefile, 0, "%s has no exportsyms.uk" % lib.name)
    if lib.dir.startswith("lib/"):
        check_tests(lib)


def check_tests(lib):
    listed = set(lib.tests)
    if not listed:
        problem(lib.makefile, 0, "%s has no tests" % lib.name)
    for path in files(".c", under=lib.dir + "/tests"):
        name = os.path.basename(path)
        if name.startswith("test_") and path not in listed:
            problem(path, 0, "is not in %s_TESTS-y, so it never runs"
                    % lib.var)


def check_sources(lib):
    """Every source of the library is in its Makefile.uk."""
    listed = set(lib.srcs)
    for path in files(".c", ".S", under=lib.dir):
        rel = path[len(lib.dir) + 1:]
        if rel.startswith("tests/") or path in listed:
            continue
        if path.endswith(".lds.S") or "$(" in lib.text and \
                os.path.basename(path) in lib.text:
            continue
        problem(path, 0, "is not in %s_SRCS" % lib.var)


def run():
    libs = libraries()
    owners = header_owners(libs)
    for lib in libs.values():
        check_includes(libs, lib, owners)
        check_docs(lib)
        check_sources(lib)
    for path in files(".c", ".h"):
        if path.startswith(("lib/", "drivers/", "arch/", "plat/",
                            "include/")):
            check_order(path)
