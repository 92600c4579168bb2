# SPDX-License-Identifier: BSD-3-Clause
"""Suites from outside: which programs they have, and of what sources.

Each class: names(tree), common(tree, out, cc), sources(name); SPARED, how the
names begin of programs that only images run.

A program's name is its path in the suite's tree, without what all begin with
and without the suffix.
"""

import glob
import os
import subprocess

TESTS = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))


class LibcTest:
    """musl's libc-test: what is linked statically, of these directories."""

    SPARED = ()
    DIRS = ("api", "functional", "math", "regression")
    FLAGS = ("-Isrc/common", "-std=c99", "-D_POSIX_C_SOURCE=200809L",
             "-D_FILE_OFFSET_BITS=64", "-fno-builtin", "-frounding-math")
    # A function that is named must be there, not only be declared.
    API = ("-D_XOPEN_SOURCE=700", "-pedantic-errors", "-Werror",
           "-Wno-unused", "-fkeep-static-functions")
    COMMON = ("fdfill", "memfill", "mtest", "path", "print", "rand",
              "setrlim", "utf8", "vmfill")

    @classmethod
    def common(cls, tree, out, cc):
        """[(source, flags)] of what all programs share."""
        cls._options(tree, out, cc)
        return [("src/common/%s.c" % name, cls.FLAGS) for name in cls.COMMON]

    @staticmethod
    def _options(tree, out, cc):
        """Which options of POSIX the headers tell, for programs of api."""
        path = os.path.join(tree, "src", "common", "options.h.in")
        with open(path, encoding="ascii") as f:
            done = subprocess.run(list(cc) + ["-E", "-"], stdin=f,
                                  stdout=subprocess.PIPE, text=True,
                                  check=True)
        text = done.stdout.partition("optiongroups_unistd_end")[2]
        words = " ".join(line for line in text.split("\n")[1:]
                         if not line.startswith("#")).split()
        with open(os.path.join(out, "options.h"), "w",
                  encoding="ascii") as f:
            for name, value in zip(words[::2], words[1::2]):
                f.write("#define %s %s\n" % (name, value))

    @classmethod
    def names(cls, tree):
        paths = [path for part in cls.DIRS
                 for path in glob.glob(os.path.join(tree, "src", part, "*.c"))]
        start = len(os.path.join(tree, "src", ""))
        return [path[start:-2] for path in paths
                if not path.endswith("_dso.c")]

    @classmethod
    def sources(cls, name):
        """[(source, flags)] of one program."""
        flags = cls.FLAGS
        if name.startswith("api/"):
            flags += cls.API
        parts = [name]
        if name == "functional/tls_align":
            parts.append(name + "_dso")
        return [("src/%s.c" % part, flags) for part in parts]


class Posix:
    """The Open POSIX Test Suite: its programs of interfaces."""

    # They set the clock, and on Linux it is the machine's. All passed there
    # when they were tried once, but for those that are excluded.
    SPARED = ("clock_settime/", "clock_getcpuclockid/2-1",
              "pthread_cond_init/1-2", "pthread_cond_init/1-3",
              "pthread_cond_init/2-2")
    FLAGS = ("-Iinclude", "-std=gnu99", "-D_POSIX_C_SOURCE=200112L",
             "-D_XOPEN_SOURCE=600")
    START = "conformance/interfaces/"

    @staticmethod
    def common(_tree, _out, _cc):
        return []

    @classmethod
    def names(cls, tree):
        paths = glob.glob(os.path.join(tree, cls.START, "*",
                                       "[0-9]*-[0-9]*.c"))
        start = len(os.path.join(tree, cls.START))
        return [path[start:-2] for path in paths
                if not path.endswith("-buildonly.c")]

    @classmethod
    def sources(cls, name):
        return [(cls.START + name + ".c", cls.FLAGS)]


SUITES = {"libctest": LibcTest, "posix": Posix}


def path(suite, file):
    """A list of ours about @suite: excluded, sample."""
    return os.path.join(TESTS, suite, file)


def names(suite, tree, sample=False):
    """The programs of @suite, or those that the short run has."""
    found = sorted(SUITES[suite].names(tree))
    if not sample:
        return found
    with open(path(suite, "sample"), encoding="ascii") as f:
        some = [line.strip() for line in f if line.strip()
                and not line.startswith("#")]
    missing = [name for name in some if name not in found]
    if missing:
        raise SystemExit("%s has no %s" % (suite, ", ".join(missing)))
    return some
