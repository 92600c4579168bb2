# SPDX-License-Identifier: BSD-3-Clause
"""The images that tests boot: what they are built from, built once a run.

An image is an application tree, a defconfig of it, option lines put after
that, and arguments for make. Everything lands below the run's directory; a
second run with the same directory rebuilds what changed.
"""

import fcntl
import glob
import os
import tempfile
import threading
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


class Spec:
    def __init__(self, app, config=(), make=()):
        self.app = app              # directory, from the project's top
        self.config = tuple(config)
        self.make = tuple(make)


WERROR = ("CONFIG_WERROR=y",)

SPECS = {
    "hello": Spec("apps/helloworld", WERROR),
    "uktest": Spec("support/tests/image", WERROR),
    "uktest-clang": Spec("support/tests/image", WERROR, ("COMPILER=clang",)),
    "probe": Spec("support/tests/probe", WERROR),
}


class Images:
    def __init__(self, root, out):
        self.root = root
        self.out = out
        self.paths = {}
        self.lock = threading.Lock()

    def get(self, name, arch):
        """The runnable file; Failure if it was not built."""
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

    def build(self, name, arch, jobs=2):
        """Build one image; returns make's output, Failure if it fails."""
        out = self.dir(name, arch)
        os.makedirs(out, exist_ok=True)
        with open(os.path.join(out, ".lock"), "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            return self._build(name, arch, out, jobs)

    def make(self, name, arch, *goals):
        """Run make for the image as build() does; returns proc.Done."""
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

    def _build(self, name, arch, out, jobs):
        self._defconfig(SPECS[name], arch, out)
        log = ""
        for goal in ("defconfig", "-j%d" % jobs):
            done = self.make(name, arch, goal)
            log += done.out
            if done.status or done.timed_out:
                raise core.Failure("$ %s\n%s" % (
                    " ".join(done.argv), "\n".join(
                        log.rstrip().split("\n")[-30:])))
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
        found = glob.glob(os.path.join(out, "*_qemu-" + arch))
        if len(found) != 1:
            raise core.Failure("%d images *_qemu-%s in %s"
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
        session.report(core.Result("build/%s/%s" % (name, arch), status,
                                   detail, time.monotonic() - start))
