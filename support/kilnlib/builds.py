# SPDX-License-Identifier: BSD-3-Clause
"""The images that measures need, each built once per run."""
import os
import resource
import shutil
import subprocess

from . import ROOT
from . import image as images
from .errors import KilnError, Missing

# What a make around us would otherwise hand down.
_MAKE_VARIABLES = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES",
                   "GNUMAKEFLAGS", "MAKEFILES", "A", "L", "P", "E", "C", "O",
                   "N", "V", "T", "CC", "COMPILER", "CROSS_COMPILE",
                   "UK_DEFCONFIG")


class Builds:
    """Builds application trees below one directory."""

    def __init__(self, out=None, jobs=2):
        base = out or os.path.join(
            os.environ.get("O") or os.path.join(ROOT, "build"), "bench")
        self.out = os.path.abspath(base)
        self._jobs = jobs
        self._done = {}

    def image(self, app, defconfig):
        """The Image of application @app with the configuration in a file.

        An app is named as in apps/, or by the absolute path of its tree.
        """
        key = (app, defconfig)
        if key not in self._done:
            name = os.path.basename(defconfig)
            self._done[key] = self._build(
                app, defconfig,
                os.path.join(self.out, os.path.basename(app), name))
        return self._done[key]

    def clean_build(self, app, defconfig):
        """CPU seconds of a build from nothing."""
        out = os.path.join(self.out, app, "clean-build")
        shutil.rmtree(out, ignore_errors=True)
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        self._build(app, defconfig, out)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        shutil.rmtree(out, ignore_errors=True)
        return (after.ru_utime + after.ru_stime
                - before.ru_utime - before.ru_stime)

    def _build(self, app, defconfig, out):
        if not os.path.exists(defconfig):
            raise KilnError(f"{defconfig}: no such configuration")
        if not shutil.which("make"):
            raise Missing("make", "make")
        os.makedirs(out, exist_ok=True)
        self._make(app, out, "defconfig", UK_DEFCONFIG=defconfig)
        self._make(app, out, "all")
        return self._find(out)

    def _make(self, app, out, goal, **extra):
        env = {k: v for k, v in os.environ.items()
               if k not in _MAKE_VARIABLES}
        env.update(extra)
        done = subprocess.run(
            ["make", "-C", ROOT, f"-j{self._jobs}",
             "A=" + os.path.join(ROOT, "apps", app), "O=" + out,
             "C=" + os.path.join(out, ".config"), goal],
            env=env, stdin=subprocess.DEVNULL, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        if done.returncode:
            tail = "\n".join(done.stdout.splitlines()[-15:])
            raise KilnError(f"{os.path.join('apps', app)}: make {goal} failed:"
                            f"\n{tail}")

    @staticmethod
    def _find(out):
        found = [f[:-4] for f in os.listdir(out) if f.endswith(".dbg") and
                 os.path.isfile(os.path.join(out, f[:-4]))]
        if len(found) != 1:
            raise KilnError(f"{out}: the build left {len(found)} images "
                            "with symbols, not one")
        return images.read(os.path.join(out, found[0]))
