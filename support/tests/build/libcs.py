# SPDX-License-Identifier: BSD-3-Clause
"""What holds of each C library whose sources are fetched: its tests call it."""
import os

from enginetest import (ARCH, HELLO, ROOT, Place, Skipped, compiled, expect,
                        expect_in, expect_not_in, make)

IMAGE = f"helloworld_qemu-{ARCH}"


class Libc:
    def __init__(self, name, version, sha, size):
        self.name = name
        self.version = version
        self.sha = sha
        self.size = size

    def hello(self, out, *args, **kw):
        return make(ROOT, f"A={HELLO}", f"T=kvm-{ARCH}-{self.name}",
                    f"O={out}", "-j2", *args, **kw)

    def fetched(self, out):
        """Skip, where the archive cannot be had."""
        try:
            self.hello(out, "fetch")
        except Exception as err:
            if "no source of" in str(err):
                raise Skipped("not available: "
                              f"{self.name}-{self.version}.tar.gz") from err
            raise

    def is_asked_for(self):
        """Without the archive make says what to put where."""
        with Place() as top:
            os.mkdir(top + "/folder")
            out = self.hello(top + "/o", ok=False,
                             env={"OFFLINE": "1", "UK_CACHE": top + "/cache",
                                  "UK_ARCHIVES": top + "/folder"})
            for part in (f"lib{self.name}: no source of "
                         f"{self.name}-{self.version}.tar.gz", self.sha,
                         f"{self.name}_{self.version}.orig.tar.gz",
                         f"{self.size} bytes",
                         f"Put the file into {top}/folder"):
                expect_in(part, out)
            expect(compiled(out) == [],
                   "something was compiled first:\n" + out)

    def is_compiled_once(self, member):
        """Two builds are the same, and the second compiles no @member."""
        with Place() as top:
            self.fetched(top + "/a")
            self.hello(top + "/a")
            out = self.hello(top + "/b")
            expect_not_in(f"lib{self.name}: {member}", out)
            for name in (IMAGE, f"lib{self.name}/libc.a"):
                with open(f"{top}/a/{name}", "rb") as one, \
                        open(f"{top}/b/{name}", "rb") as other:
                    expect(one.read() == other.read(), name + " differs")
            expect(self.hello(top + "/b") == "", "not stable")

    def is_cleaned(self):
        """Clean takes the archive away and leaves the sources."""
        with Place() as top:
            self.fetched(top + "/o")
            self.hello(top + "/o")
            self.hello(top + "/o", "clean")
            left = os.listdir(f"{top}/o/lib{self.name}")
            expect("origin" in left, str(left))
            expect(not [f for f in left if f.endswith((".a", ".o"))],
                   str(left))
            self.hello(top + "/o")
            expect(os.path.exists(f"{top}/o/{IMAGE}"), "no image")

    def is_alone(self):
        """One libc is in an image."""
        with Place() as top:
            libs = self.hello(top + "/o", "print-libs").split()
            expect("lib" + self.name in libs and "libnolibc" not in libs,
                   str(libs))
