#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""lib/newlib: its sources are fetched, compiled once, and then only linked."""
from enginetest import (ARCH, HELLO, ROOT, Place, compiled, expect, expect_in,
                        main, make, read, test, write)
from libcs import Libc

NEWLIB = Libc(
    "newlib", "3.3.0",
    "58dd9e3eaedf519360d92d84205c3deef0b3fc286685d1c562e245914ef72c66",
    18361083)


@test
def without_the_archive_make_says_what_to_put_where():
    NEWLIB.is_asked_for()


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
    NEWLIB.is_compiled_once("vfprintf")


@test
def clean_takes_the_archive_away_and_leaves_the_sources():
    NEWLIB.is_cleaned()


@test
def one_libc_is_in_an_image():
    NEWLIB.is_alone()


if __name__ == "__main__":
    main()
