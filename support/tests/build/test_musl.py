#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""lib/musl: its sources are fetched, compiled once, and then only linked."""
from enginetest import ARCH, HELLO, ROOT, Place, main, make, test
from libcs import Libc

MUSL = Libc("musl", "1.2.3",
            "7d5b0b6062521e4627e099e4c9dc8248d32a30285e959b7eecaa780cf8cfd4a4",
            1058642)


@test
def without_the_archive_make_says_what_to_put_where():
    MUSL.is_asked_for()


@test
def an_image_with_nolibc_needs_no_archive():
    with Place() as top:
        env = {"OFFLINE": "1", "UK_CACHE": top + "/cache"}
        make(ROOT, f"A={HELLO}", f"T=kvm-{ARCH}", f"O={top}/o", "fetch",
             env=env)


@test
def two_builds_compile_it_once_and_are_the_same():
    MUSL.is_compiled_once("printf.c")


@test
def clean_takes_the_archive_away_and_leaves_the_sources():
    MUSL.is_cleaned()


@test
def one_libc_is_in_an_image():
    MUSL.is_alone()


if __name__ == "__main__":
    main()
