# SPDX-License-Identifier: BSD-3-Clause
"""The images that tests boot: what they are built from, built once a run.

An image is an application tree, a defconfig of it, option lines put after
that, and arguments for make. Everything lands below the run's directory; a
second run with the same directory rebuilds what changed. A directory belongs
to one run at a time, and its images are built before the first test: so none
changes while a test uses it, whatever happens to the sources meanwhile.
"""

import fcntl
import glob
import os
import re
import tempfile
import time

from . import core, proc

BUILD_TIMEOUT = 600


def default_out(root):
    """A directory that stays between runs, one for each tree."""
    tag = 2166136261
    for byte in os.fsencode(root):
        tag = (tag ^ byte) * 16777619 & 0xffffffff
    return os.path.join(tempfile.gettempdir(), "kiln-tests-%d" % os.getuid(),
                        "%s-%08x" % (os.path.basename(root), tag))


_claims = []
_MOST_RUNS = 16


def claim(out):
    """Make @out this process's own until it ends; False: another has it."""
    os.makedirs(out, exist_ok=True)
    lock = os.open(os.path.join(out, ".run"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return False
    _claims.append(lock)
    return True


def claim_default(root):
    """default_out(), or the first beside it that no other run has."""
    first = default_out(root)
    for out in [first] + ["%s-%d" % (first, n)
                          for n in range(2, _MOST_RUNS + 1)]:
        if claim(out):
            return out
    raise core.Failure("%d runs use %s and those beside it"
                       % (_MOST_RUNS, first))


class Spec:
    def __init__(self, app, config=(), make=(), prints=(), fetches=False):
        self.app = app              # directory, from the project's top
        self.config = tuple(config)
        self.make = tuple(make)
        self.prints = tuple(prints)     # goals whose output is kept
        # Needs sources from outside, which need not be available.
        self.fetches = fetches


WERROR = ("CONFIG_WERROR=y",)
MUSL = WERROR + ("CONFIG_LIBMUSL=y",)
NEWLIB = WERROR + ("CONFIG_LIBMUSL=n", "CONFIG_LIBNEWLIB=y")


def _cases_of(lib):
    """Its cases and those of every C library, for an image with no others."""
    return ("CONFIG_LIBUKTEST_ALL=n",
            'CONFIG_LIBUKTEST_LIBS="%s libuktestlibc"' % lib)


# Large stacks have little memory at first, so that most threads' grow.
DEMAND = ("CONFIG_LIBUKALLOCSTACK_DEMAND=y", "CONFIG_LIBUKALLOCSTACK_EAGER=8")
# Of the one that the architecture has. They start the interrupt controller, so
# not everybody has them.
BUTTON = ("CONFIG_LIBBUTTON_ACPI=y", "CONFIG_LIBBUTTON_GPIO=y")

SPECS = {
    "hello": Spec("apps/helloworld", WERROR),
    # With another C library.
    "hello-musl": Spec("apps/helloworld", MUSL, fetches=True),
    "hello-musl-lto": Spec("apps/helloworld", MUSL + (
        "CONFIG_OPTIMIZE_LTO=y",), fetches=True),
    "hello-musl-least": Spec("apps/helloworld", MUSL + tuple(
        "CONFIG_LIBMUSL_%s=n" % part for part in (
            "COMPLEX", "CRYPT", "CXX", "ICONV", "MATH", "NETWORK", "REGEX")),
        fetches=True),
    "musl": Spec("support/tests/musl", MUSL, fetches=True),
    "musl-cxx": Spec("support/tests/musl", MUSL + (
        "CONFIG_APPMUSL_CXX=y",), ("COMPILER=clang",), fetches=True),
    "musl-threads": Spec("support/tests/musl", MUSL + tuple(
        "CONFIG_%s=y" % part for part in (
            "APPMUSL_THREADS", "LIBUKSCHEDSMP", "LIBUKFILE", "LIBPOSIX_FDTAB",
            "LIBPOSIX_FDIO", "LIBPOSIX_TTY", "LIBPOSIX_MMAP", "LIBPOSIX_FUTEX",
            "LIBPOSIX_PROCESS_MULTITHREADING", "LIBPOSIX_SIGNAL")),
        fetches=True),
    "uktest-musl": Spec("support/tests/image", MUSL + _cases_of("libmusl"),
                        fetches=True),
    "uktest-musl-smp": Spec(
        "support/tests/image", MUSL + _cases_of("libmusl") + (
            "CONFIG_LIBUKSCHEDSMP=y",), fetches=True),
    # Suites from outside: all their programs, with the malloc that they know
    # of Linux, and a few, with the image's.
    **{suite + part: Spec("support/tests/outside", MUSL + (
        "CONFIG_APPOUTSIDE_%s=y" % suite.upper(),) + config, fetches=True)
       for suite in ("libctest", "posix")
       for part, config in (
           ("", ("CONFIG_LIBMUSL_UKALLOC=n",)),
           ("-sample", ("CONFIG_APPOUTSIDE_SAMPLE=y",)))},
    "hello-newlib": Spec("apps/helloworld", NEWLIB, fetches=True),
    "hello-newlib-lto": Spec("apps/helloworld", NEWLIB + (
        "CONFIG_OPTIMIZE_LTO=y",), fetches=True),
    "hello-newlib-least": Spec("apps/helloworld", NEWLIB + tuple(
        "CONFIG_LIBNEWLIB_%s=n" % part for part in (
            "COMPLEX", "CXX", "MATH", "REGEX")), fetches=True),
    # The same program with another library.
    "newlib": Spec("support/tests/musl", NEWLIB, fetches=True),
    "newlib-cxx": Spec("support/tests/musl", NEWLIB + (
        "CONFIG_APPMUSL_CXX=y",), ("COMPILER=clang",), fetches=True),
    "newlib-threads": Spec("support/tests/musl", NEWLIB + (
        "CONFIG_LIBUKSCHED=y", "CONFIG_LIBUKLOCK=y"), fetches=True),
    # With its own malloc.
    "uktest-newlib": Spec(
        "support/tests/image", NEWLIB + _cases_of("libnewlib") + (
            "CONFIG_LIBNEWLIB_UKALLOC=n",), fetches=True),
    "uktest-newlib-smp": Spec(
        "support/tests/image", NEWLIB + _cases_of("libnewlib") + (
            "CONFIG_LIBUKSCHEDSMP=y",), fetches=True),
    "hello-region": Spec("apps/helloworld", WERROR + (
        "CONFIG_LIBUKBOOT_INITREGION=y",)),
    "uktest": Spec("support/tests/image", WERROR),
    "uktest-clang": Spec("support/tests/image", WERROR + DEMAND + (
        "CONFIG_LIBUKBOOT_INITREGION=y",), ("COMPILER=clang",)),
    # Its console is the one without open files.
    "uktest-preempt": Spec("support/tests/image", WERROR + DEMAND + (
        "CONFIG_LIBPOSIX_FDIO=n",
        "CONFIG_LIBUKSCHEDSMP=y", "CONFIG_LIBUKSCHED_SMP=n",
        "CONFIG_LIBUKSCHED_STATS=y")),
    "uktest-smp": Spec("support/tests/image", WERROR + DEMAND + BUTTON + (
        "CONFIG_LIBUKSCHEDSMP=y", "CONFIG_LIBUKSCHED_STATS=y")),
    "uktest-la57": Spec("support/tests/image", WERROR + (
        "CONFIG_LIBUKSCHEDSMP=y", "CONFIG_ARCH_X86_64_LA57=y")),
    # Whose system calls are logged and counted.
    "strace": Spec("support/tests/strace", WERROR),
    # Which keeps calls by the instruction out of the core's memory.
    "range": Spec("support/tests/range", WERROR),
    # A program that is linked in needs no instruction for them.
    "uktest-untrapped": Spec("support/tests/image", WERROR + BUTTON + (
        "CONFIG_LIBSYSCALL_SHIM_HANDLER=n",)),
    # Without what only KVM's machines have.
    "hello-xen": Spec("apps/helloworld", WERROR + (
        "CONFIG_PLAT_KVM=n", "CONFIG_PLAT_XEN=y")),
    "hello-la57": Spec("apps/helloworld", WERROR + (
        "CONFIG_ARCH_X86_64_LA57=y",)),
    "uktest-many": Spec("support/tests/image", WERROR + (
        "CONFIG_LIBUKSCHEDSMP=y", "CONFIG_LIBUKLCPU_MAX=256")),
    # What costs too much for everybody.
    "uktest-debug": Spec("support/tests/image", WERROR + (
        "CONFIG_LIBUKSCHEDSMP=y", "CONFIG_LIBUKSCHEDSMP_WATCHDOG=y",
        "CONFIG_LIBUKSCHEDSMP_WATCHDOG_MS=0",
        "CONFIG_LIBUKSCHED_STATS=y", "CONFIG_LIBUKSCHED_DEBUG=y",
        "CONFIG_LIBUKLOCK_DEBUG=y", "CONFIG_LIBUKLOCK_HELD_MS=5",
        "CONFIG_LIBUKFALLOC_DEBUG=y", "CONFIG_LIBUKFALLOC_FAIL=y",
        "CONFIG_LIBUKALLOCPOOL_DEBUG=y",
        "CONFIG_LIBUKDEBUG_SYMBOLS=y", "CONFIG_LIBUKALLOC_DEBUG=y",
        "CONFIG_LIBUKALLOC_PROTECT=y", "CONFIG_LIBUKALLOC_DEBUG_LEVEL=0")),
    "probe-debug": Spec("support/tests/probe", WERROR + (
        "CONFIG_LIBUKALLOC_DEBUG=y", "CONFIG_LIBUKALLOC_PROTECT=y",
        "CONFIG_LIBUKFALLOC_FAIL=y", "CONFIG_LIBUKDEBUG_SYMBOLS=y")),
    # Whose requests for memory fail when they are told to.
    "hello-debug": Spec("apps/helloworld", WERROR + (
        "CONFIG_LIBUKALLOC_DEBUG=y", "CONFIG_LIBUKDEBUG_SYMBOLS=y")),
    "hello-smp-debug": Spec("apps/helloworld", WERROR + (
        "CONFIG_LIBUKALLOC_DEBUG=y", "CONFIG_LIBUKDEBUG_SYMBOLS=y",
        "CONFIG_LIBUKFALLOC_FAIL=y",
        "CONFIG_LIBUKSCHED=y", "CONFIG_LIBUKSCHEDSMP=y")),
    # The default heap is another one; in hello without frames, and with them.
    "hello-bbuddy": Spec("apps/helloworld", WERROR + (
        "CONFIG_LIBUKBOOT_INITBBUDDY=y",)),
    "hello-smp-bbuddy": Spec("apps/helloworld", WERROR + (
        "CONFIG_LIBUKALLOC_DEBUG=y", "CONFIG_LIBUKDEBUG_SYMBOLS=y",
        "CONFIG_LIBUKSCHED=y", "CONFIG_LIBUKSCHEDSMP=y",
        "CONFIG_LIBUKBOOT_INITBBUDDY=y")),
    "uktest-bbuddy": Spec("support/tests/image", WERROR + (
        "CONFIG_LIBUKSCHEDSMP=y", "CONFIG_LIBUKSCHED_STATS=y",
        "CONFIG_LIBUKALLOCPOOL_DEBUG=y", "CONFIG_LIBUKBOOT_INITBBUDDY=y")),
    "probe-again": Spec("support/tests/probe", WERROR + (
        "CONFIG_LIBUKSCHED=y", "CONFIG_LIBUKSCHEDSMP=y",
        "CONFIG_APPPROBE_AGAIN=y")),
    # Descriptors 0 to 2 are open files, of a terminal.
    "probe-tty": Spec("support/tests/probe", WERROR + (
        "CONFIG_LIBUKSCHED=y", "CONFIG_LIBUKLOCK=y", "CONFIG_LIBUKFILE=y",
        "CONFIG_LIBPOSIX_FDTAB=y", "CONFIG_LIBPOSIX_FDIO=y")),
    "probe": Spec("support/tests/probe", WERROR, prints=("print-init",)),
}


class Images:
    def __init__(self, root, out):
        self.root = root
        self.out = out
        self.paths = {}
        self.printed = {}
        self.missing = {}
        self.sealed = False

    def get(self, name, arch):
        """The runnable file; Failure if it was not built, Skip if sources
        of it are not to be had.
        """
        if (name, arch) in self.missing:
            raise core.Skip(self.missing[(name, arch)])
        path = self.paths.get((name, arch))
        if not path:
            raise core.Failure("image %s for %s is not there: see build/%s/%s"
                               % (name, arch, name, arch))
        return path

    def dbg(self, name, arch):
        """The ELF with symbols."""
        return self.get(name, arch) + ".dbg"

    def dir(self, name, arch):
        return os.path.join(self.out, "images", name + "-" + arch)

    def prints(self, name, arch, goal):
        """What make @goal printed when the image was built."""
        self.get(name, arch)
        return self.printed[(name, arch, goal)]

    def seal(self):
        """From now on tests use the images: none may change."""
        self.sealed = True

    def build(self, name, arch, jobs=2):
        """Build one image; returns make's output, Failure if it fails."""
        out = self.dir(name, arch)
        os.makedirs(out, exist_ok=True)
        return self._build(name, arch, out, jobs)

    def _make(self, name, arch, *goals):
        if self.sealed:
            raise AssertionError("tests use the images: too late for make "
                                 + " ".join(goals))
        spec = SPECS[name]
        out = self.dir(name, arch)
        flags = os.environ.get("UK_CFLAGS", "") + " -fstack-usage"
        # make check reads the stack usage.
        env = dict(os.environ, UK_CFLAGS=flags,
                   UK_DEFCONFIG=os.path.join(out, "test.defconfig"))
        for var in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS"):
            env.pop(var, None)
        return proc.run(
            ["make", "--no-print-directory", "-C", self.root,
             "A=" + os.path.join(self.root, spec.app), "O=" + out,
             "C=" + os.path.join(out, ".config")] + list(spec.make) +
            list(goals), timeout=BUILD_TIMEOUT, env=env)

    def build_libraries(self, name, arch, jobs=2):
        """Of one image only the in-tree libraries of levels 0 to 3, each as
        <lib>.ld.o; returns how many, Failure if one fails.
        """
        out = self.dir(name, arch)
        os.makedirs(out, exist_ok=True)
        self._defconfig(SPECS[name], arch, out)
        self._steps(name, arch, ("defconfig",), ("print-libs",))
        with open(os.path.join(out, "libs.txt"), encoding="utf-8") as f:
            words = [line.split() for line in f]
        paths = [w[-1] for w in words if w and not w[0].endswith(".test")
                 and w[1] in "0123" and w[-1] != "-"]
        core.expect(paths, "no library in %s/libs.txt" % out)
        self._steps(name, arch, ["-j%d" % jobs] + paths)
        return len(paths)

    def _fetch(self, name, arch):
        """Skip, if an archive is nowhere to be found."""
        done = self._make(name, arch, "fetch")
        missing = re.search(r"no source of (\S+)\. Tried:", done.out)
        if missing:
            self.missing[(name, arch)] = "not available: " + missing.group(1)
            raise core.Skip(self.missing[(name, arch)])

    def _steps(self, name, arch, *steps):
        """Run make with the goals of each step; returns what it printed."""
        log = ""
        for goals in steps:
            done = self._make(name, arch, *goals)
            log += done.out
            if done.status or done.timed_out:
                raise core.Failure("$ %s\n%s" % (
                    " ".join(done.argv), "\n".join(
                        log.rstrip().split("\n")[-30:])))
        return log

    def _build(self, name, arch, out, jobs):
        self._defconfig(SPECS[name], arch, out)
        log = self._steps(name, arch, ("defconfig",))
        if SPECS[name].fetches:
            self._fetch(name, arch)
        log += self._steps(name, arch, ("-j%d" % jobs,))
        for goal in SPECS[name].prints:
            done = self._make(name, arch, goal)
            core.expect(done.status == 0, done.out)
            self.printed[(name, arch, goal)] = done.out
        self.paths[(name, arch)] = self._find(out, arch)
        return log

    def _defconfig(self, spec, arch, out):
        path = os.path.join(self.root, spec.app, "defconfigs", "kvm-" + arch)
        with open(path, encoding="utf-8") as f:
            text = f.read()
        if text and not text.endswith("\n"):
            text += "\n"
        with open(os.path.join(out, "test.defconfig"), "w",
                  encoding="utf-8") as f:
            f.write(text + "".join(line + "\n" for line in spec.config))

    @staticmethod
    def _find(out, arch):
        found = glob.glob(os.path.join(out, "*_*-" + arch))
        if len(found) != 1:
            raise core.Failure("%d images *_*-%s in %s"
                               % (len(found), arch, out))
        return found[0]


def build_all(session, tests):
    """Build what @tests need, one image at a time with all jobs."""
    wanted = []
    for t in tests:
        for name in t.images:
            key = (name, t.arch)
            if key not in wanted:
                wanted.append(key)
    for name, arch in wanted:
        start = time.monotonic()
        status, detail = "ok", ""
        try:
            log = session.images.build(name, arch, session.jobs)
            with open(os.path.join(session.images.dir(name, arch),
                                   "build.log"), "w",
                      encoding="utf-8") as f:
                f.write(log)
        except core.Failure as e:
            status, detail = "FAIL", str(e)
        except core.Skip as e:
            status, detail = "skip", str(e)
        session.report(core.Result("build/%s/%s" % (name, arch), status,
                                   detail, time.monotonic() - start))
    session.images.seal()
