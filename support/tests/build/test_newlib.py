#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""lib/newlib: its sources are fetched, compiled once, and then only linked."""
import os

from enginetest import (ARCH, HELLO, ROOT, Place, Skipped, compiled, expect,
                        expect_in, expect_not_in, main, make, read, test,
                        write)

SHA = "58dd9e3eaedf519360d92d84205c3deef0b3fc286685d1c562e245914ef72c66"
IMAGE = f"helloworld_qemu-{ARCH}"


def hello(out, *args, **kw):
    return make(ROOT, f"A={HELLO}", f"T=kvm-{ARCH}-newlib", f"O={out}", "-j2",
                *args, **kw)


def fetched(out):
    """Skip, where the archive cannot be had."""
    try:
        hello(out, "fetch")
    except Exception as err:
        if "no source of" in str(err):
            raise Skipped("not available: newlib-3.3.0.tar.gz") from err
        raise


@test
def without_the_archive_make_says_what_to_put_where():
    with Place() as top:
        os.mkdir(top + "/folder")
        out = hello(top + "/o", ok=False,
                    env={"OFFLINE": "1", "UK_CACHE": top + "/cache",
                         "UK_ARCHIVES": top + "/folder"})
        for part in ("libnewlib: no source of newlib-3.3.0.tar.gz", SHA,
                     "newlib_3.3.0.orig.tar.gz", "18361083 bytes",
                     f"Put the file into {top}/folder"):
            expect_in(part, out)
        expect(compiled(out) == [], "something was compiled first:\n" + out)


@test
def newlib_and_musl_in_one_image_are_refused_by_name():
    with Place() as top:
        both = read(f"{HELLO}/defconfigs/kvm-{ARCH}-newlib") \
            + "CONFIG_LIBMUSL=y\n"
        write(top + "/dc", both)
        args = [f"A={HELLO}", f"O={top}/o", f"C={top}/.config"]
        make(ROOT, *args, "defconfig", f"UK_DEFCONFIG={top}/dc")
        out = make(ROOT, *args, ok=False)
        expect(compiled(out) == [], "something was compiled first:\n" + out)
        expect_in("2 libcs are switched on: LIBMUSL, LIBNEWLIB", out)


@test
def two_builds_compile_it_once_and_are_the_same():
    with Place() as top:
        fetched(top + "/a")
        hello(top + "/a")
        out = hello(top + "/b")
        expect_not_in("libnewlib: vfprintf", out)
        for name in (IMAGE, "libnewlib/libc.a"):
            with open(f"{top}/a/{name}", "rb") as one, \
                    open(f"{top}/b/{name}", "rb") as other:
                expect(one.read() == other.read(), name + " differs")
        expect(hello(top + "/b") == "", "not stable")
        libs = hello(top + "/b", "print-libs").split()
        expect("libnewlib" in libs and "libnolibc" not in libs, str(libs))
        hello(top + "/b", "clean")
        left = os.listdir(top + "/b/libnewlib")
        expect("origin" in left, str(left))
        expect(not [f for f in left if f.endswith((".a", ".o"))], str(left))


if __name__ == "__main__":
    main()
