#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""lib/musl: its sources are fetched, compiled once, and then only linked."""
import os

from enginetest import (ARCH, HELLO, ROOT, Place, Skipped, compiled, expect,
                        expect_in, expect_not_in, main, make, test)

SHA = "7d5b0b6062521e4627e099e4c9dc8248d32a30285e959b7eecaa780cf8cfd4a4"
IMAGE = f"helloworld_qemu-{ARCH}"


def hello(out, *args, **kw):
    return make(ROOT, f"A={HELLO}", f"T=kvm-{ARCH}-musl", f"O={out}", "-j2",
                *args, **kw)


def fetched(out):
    """Skip, where the archive cannot be had."""
    try:
        hello(out, "fetch")
    except Exception as err:
        if "no source of" in str(err):
            raise Skipped("not available: musl-1.2.3.tar.gz") from err
        raise


@test
def without_the_archive_make_says_what_to_put_where():
    with Place() as top:
        os.mkdir(top + "/folder")
        out = hello(top + "/o", ok=False,
                    env={"OFFLINE": "1", "UK_CACHE": top + "/cache",
                         "UK_ARCHIVES": top + "/folder"})
        for part in ("libmusl: no source of musl-1.2.3.tar.gz", SHA,
                     "musl_1.2.3.orig.tar.gz", "1058642 bytes",
                     f"Put the file into {top}/folder"):
            expect_in(part, out)
        expect(compiled(out) == [], "something was compiled first:\n" + out)


@test
def an_image_with_nolibc_needs_no_archive():
    with Place() as top:
        env = {"OFFLINE": "1", "UK_CACHE": top + "/cache"}
        make(ROOT, f"A={HELLO}", f"T=kvm-{ARCH}", f"O={top}/o", "fetch",
             env=env)


@test
def two_builds_compile_it_once_and_are_the_same():
    with Place() as top:
        fetched(top + "/a")
        hello(top + "/a")
        out = hello(top + "/b")
        expect_not_in("libmusl: printf.c", out)
        for name in (IMAGE, "libmusl/libc.a"):
            with open(f"{top}/a/{name}", "rb") as one, \
                    open(f"{top}/b/{name}", "rb") as other:
                expect(one.read() == other.read(), name + " differs")
        expect(hello(top + "/b") == "", "not stable")


@test
def clean_takes_the_archive_away_and_leaves_the_sources():
    with Place() as top:
        fetched(top + "/o")
        hello(top + "/o")
        hello(top + "/o", "clean")
        left = os.listdir(top + "/o/libmusl")
        expect("origin" in left, str(left))
        expect(not [f for f in left if f.endswith((".a", ".o"))], str(left))
        hello(top + "/o")
        expect(os.path.exists(f"{top}/o/{IMAGE}"), "no image")


@test
def one_libc_is_in_an_image():
    with Place() as top:
        libs = hello(top + "/o", "print-libs").split()
        expect("libmusl" in libs and "libnolibc" not in libs, str(libs))


if __name__ == "__main__":
    main()
