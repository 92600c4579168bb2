# SPDX-License-Identifier: BSD-3-Clause
"""lib/newlib: its cases in an image, programs that use it. What does not
depend on the library is asked as of musl.
"""

import functools

from kilntest import core

from . import inimage, musl


# Those whose archives are others, by the compiler or what is left out.
SOAK = (("hello-newlib-least",), ("newlib-cxx",))


def of(check, **more):
    return functools.partial(check, **more)


def crashes(ctx):
    musl.run(ctx, "newlib", args=("abort",)).expect_status(134)
    boot = musl.run(ctx, "newlib", args=("assert",)).expect_status(134)
    boot.expect_text('assertion "status == 1" failed: file ')


for _arch, (_machine, _, _, _) in musl.ARCHS.items():
    # Threads that are taken the CPU from, on two; that give way.
    for _image, _cpus in (("uktest-newlib-smp", 2), ("uktest-newlib", 1)):
        core.add("newlib/%s/cases, %d CPU%s/%s"
                 % (_arch, _cpus, "s" * (_cpus > 1), _image),
                 inimage.run_image(_image, _machine, None, _cpus),
                 arch=_arch, images=(_image,), soak=_cpus == 1)
    for _name, _fn, _images in (
            ("main's return and each exit do what they have to",
             of(musl.ends, image="newlib"), ("newlib",)),
            ("the same, where there may be threads",
             of(musl.ends, image="newlib-threads"), ("newlib-threads",)),
            ("abort and a failed assertion end in the crash screen", crashes,
             ("newlib",)),
            ("the environment is on the command line",
             of(musl.environment, image="newlib"), ("newlib",)),
            ("arguments come as they are", of(musl.words, image="newlib"),
             ("newlib",)),
            ("stdin is the console", of(musl.stdin, image="newlib"),
             ("newlib",)),
            ("objects of C++ are made and destroyed",
             of(musl.objects, image="newlib-cxx"), ("newlib-cxx",)),
            ("there is no instruction of a system call",
             of(musl.traps, lib="newlib",
                others=("hello-newlib", "hello-newlib-lto")),
             ("newlib", "hello-newlib", "hello-newlib-lto")),
            ("hello", musl.hello("hello-newlib"), ("hello-newlib",)),
            ("hello, optimised at link time", musl.hello("hello-newlib-lto"),
             ("hello-newlib-lto",)),
            ("hello with every option off", musl.hello("hello-newlib-least"),
             ("hello-newlib-least",))):
        core.add("newlib/%s/%s" % (_arch, _name), _fn, arch=_arch,
                 images=_images, soak=_images in SOAK)
