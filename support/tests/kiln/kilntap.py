# SPDX-License-Identifier: BSD-3-Clause
"""unittest cases of support/kiln, told as TAP; names are the sentences."""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
KILN = os.path.join(ROOT, "support", "kiln")
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(ROOT, "support"))
sys.path.insert(0, os.path.join(ROOT, "support", "tests"))

ARCHS = ("x86_64", "arm64")
_SOURCE = os.path.join(HERE, "guest")
_COMMON = ["-std=gnu11", "-O1", "-g", "-Wall", "-Wextra", "-Werror",
           "-Wno-array-bounds", "-ffreestanding", "-fno-pic", "-fno-pie",
           "-fno-stack-protector", "-fno-asynchronous-unwind-tables",
           "-mgeneral-regs-only", "-nostdlib", "-static",
           "-Wl,--build-id=none", "-Wl,-N", "-Wl,--no-warn-rwx-segments",
           "-Wl,-T," + os.path.join(_SOURCE, "guest.lds"),
           "-Wl,--defsym=main=guest_main"]
_BUILD = {
    "x86_64": (["gcc", "-m32", "-march=i686", "-fcf-protection=none",
                "-Wl,--section-start=.head=0x100000"], "x86.c",
               ["objcopy", "-O", "elf64-x86-64"],
               ["objcopy", "-S"]),
    "arm64": (["aarch64-linux-gnu-gcc", "-mstrict-align",
               "-mno-outline-atomics",
               "-Wl,--section-start=.head=0x40200000"], "arm64.c",
              ["aarch64-linux-gnu-objcopy"],
              ["aarch64-linux-gnu-objcopy", "-O", "binary", "-j", ".head",
               "-j", ".text", "-j", ".rodata", "-j", ".data"]),
}


def build_guest(out, arch):
    """Compile the test guest into the directory out; returns the image."""
    compiler, own, to_dbg, to_image = _BUILD[arch]
    image = os.path.join(out, f"guest_qemu-{arch}")
    objects = []
    for name in ("guest.c", own):
        objects.append(f"{image}.lib{name[:-2]}.o")
        flags = [f for f in compiler + _COMMON if not f.startswith("-Wl,")]
        subprocess.run(flags + ["-c", os.path.join(_SOURCE, name), "-o",
                                objects[-1]], check=True)
    subprocess.run(compiler + _COMMON + objects +
                   [f"-Wl,-Map={image}.map", "-o", image + ".elf"],
                   check=True)
    subprocess.run(to_dbg + [image + ".elf", image + ".dbg"], check=True)
    subprocess.run(to_image + [image + ".dbg", image], check=True)
    return image


class Guests(unittest.TestCase):
    """Cases that need the test guest of each architecture."""

    @classmethod
    def setUpClass(cls):
        cls.dir = tempfile.mkdtemp(prefix="kiln-test-")
        cls.addClassCleanup(shutil.rmtree, cls.dir)
        cls.images = {a: build_guest(cls.dir, a) for a in ARCHS}
        cls.env = {**os.environ, "XDG_CACHE_HOME": cls.dir}

    def kiln(self, *args, stdin="", **keywords):
        """Run kiln to its end."""
        return subprocess.run(
            [sys.executable, KILN, *args], input=stdin, env=self.env,
            capture_output=True, text=True, timeout=60, check=False,
            **keywords)

    def run_guest(self, arch, *words, options=(), **keywords):
        """kiln run the test guest with these words."""
        return self.kiln("run", self.images[arch], "--accel", "tcg",
                         "--timeout", "30", *options, "--", *words,
                         **keywords)

    def write(self, name, data):
        """A file with these bytes; returns its path."""
        path = os.path.join(self.dir, name)
        with open(path, "wb") as file:
            file.write(data)
        return path


class _Tap(unittest.TestResult):
    """Prints a line as each case ends."""

    def _line(self, test, ok, why=""):
        for line in why.splitlines():
            print("#   " + line)
        name = test.id().split(".")[-2:]
        if len(name) < 2 or not name[1].startswith("test_"):
            name, self.broken = ["set-up", test.id()], True
        self.number = getattr(self, "number", 0) + 1
        print(f"{'' if ok else 'not '}ok {self.number} - {name[0]}: "
              + name[1].removeprefix("test_").replace("_", " "), flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self._line(test, True)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self._line(test, False, self.failures[-1][1])

    def addError(self, test, err):
        super().addError(test, err)
        self._line(test, False, self.errors[-1][1])

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self._line(test, True, "")
        print(f"# skipped: {reason}")


def main():
    """Run the cases of the calling program; ends the process."""
    suite = unittest.defaultTestLoader.loadTestsFromModule(
        sys.modules["__main__"])
    print(f"1..{suite.countTestCases()}", flush=True)
    result = _Tap()
    suite.run(result)
    done = getattr(result, "number", 0)
    sys.exit(0 if done and result.wasSuccessful() else 1)
