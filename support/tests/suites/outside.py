# SPDX-License-Identifier: BSD-3-Clause
"""Suites that others wrote: musl's libc-test.

All programs of a suite are in one image, and each is run in a boot of its own.
Before that they run on Linux: the same objects, linked with musl's own libc.
What is not expected to pass is in support/tests/<suite>/excluded. `make test`
runs a few (support/tests/<suite>/sample).
"""

import os
import platform
import threading

from kilntest import core, guest, proc, suite
from kilntest.core import expect
from kilntest.expected import Expected, Tally

# How long a program may take, and one that is expected to fail.
LIMIT = 60
LIMIT_EXCLUDED = 20
ARCHS = ("x86_64", "arm64")
HOST = {"x86_64": "x86_64", "aarch64": "arm64"}.get(platform.machine())
# Programs that need more than other programs.
MEM = "128M"


def built(image):
    """{name: what programs.py made of it} of an image."""
    path = os.path.join(os.path.dirname(image), "appoutside", "programs",
                        "programs.txt")
    with open(path, encoding="utf-8") as f:
        return dict(line.rstrip("\n").split(" ", 1) for line in f)


def try_all(ctx, tally, programs, run):
    """@run(name, limit) gives (whether it passed, what to show)."""
    wrong = 0
    for name in tally.to_try():
        made = programs[name]
        if made == "in":
            limit = LIMIT_EXCLUDED if tally.expected.reason(name) else LIMIT
            passed, detail = run(name, limit)
        else:
            passed, detail = made == "compiles", made
        problem = tally.result(name, passed)
        if problem:
            wrong += 1
            ctx.case(name, False, problem + "\n" + detail)
        elif passed:
            ctx.case(name, True)
    table = tally.table()
    ctx.write("table", table)
    ctx.session.say("\n%s\n%s" % (ctx.test.name, table))
    problems = tally.problems()
    expect(not problems, "\n".join(problems))


def in_image(name, image, whole):
    def run_suite(ctx):
        path = ctx.image(image)
        programs = built(path)
        expected = Expected.read(suite.path(name, "excluded"), ctx.arch)

        def run(program, limit):
            boot = guest.boot(ctx, path, mem=MEM, args=(program,),
                              timeout=limit)
            return boot.status == 0 and not boot.timed_out, str(boot)

        try_all(ctx, Tally(expected, programs, whole), programs, run)
    return run_suite


_musl_lock = threading.Lock()


def native_musl(ctx, image):
    """musl as its authors build it, from the sources of @image; its lib/."""
    source = os.path.join(os.path.dirname(image), "libmusl", "origin",
                          "musl-1.2.3")
    out = os.path.join(ctx.session.out, "native-musl")
    with _musl_lock:
        os.makedirs(out, exist_ok=True)
        for argv in ((os.path.join(source, "configure"), "--disable-shared",
                      "CC=gcc", "AR=ar", "RANLIB=ranlib", "CROSS_COMPILE="),
                     ("make", "-j%d" % ctx.session.jobs, "lib/libc.a",
                      "lib/crt1.o", "lib/crti.o", "lib/crtn.o")):
            done = proc.run(argv, cwd=out, timeout=600)
            expect(done.status == 0, done.out[-3000:])
    return os.path.join(out, "lib")


def native_program(ctx, image):
    """The image's programs as a program of Linux."""
    lib = native_musl(ctx, image)
    app = os.path.join(os.path.dirname(image), "appoutside")
    out = os.path.join(ctx.dir, "programs")
    done = proc.run(
        ["gcc", "-static", "-nostdlib", "-no-pie", "-Wl,-z,noexecstack"] +
        [os.path.join(lib, part) for part in ("crt1.o", "crti.o")] +
        [os.path.join(app, "main.o"), "-Wl,--start-group",
         os.path.join(app, "programs", "programs.a"),
         os.path.join(lib, "libc.a"), "-lgcc", "-lgcc_eh", "-Wl,--end-group",
         os.path.join(lib, "crtn.o"), "-o", out], timeout=120)
    expect(done.status == 0, done.out[-3000:])
    return out


def on_linux(name, image):
    def run_suite(ctx):
        path = ctx.image(image)
        programs = built(path)
        program = native_program(ctx, path)
        expected = Expected.read(suite.path(name, "excluded"), ctx.arch)
        where = os.path.join(ctx.dir, "cwd")
        os.makedirs(where, exist_ok=True)

        def run(word, limit):
            done = proc.run([program, word], timeout=limit, cwd=where)
            return done.status == 0 and not done.timed_out, done.out

        try_all(ctx, Tally(expected, programs, native=True), programs, run)
    return run_suite


for _name in suite.SUITES:
    if HOST:
        core.add("%s/%s/on Linux first" % (_name, HOST),
                 on_linux(_name, _name), arch=HOST, images=(_name,),
                 soak=True)
    for _arch in ARCHS:
        core.add("%s/%s/a sample" % (_name, _arch),
                 in_image(_name, _name + "-sample", False), arch=_arch,
                 images=(_name + "-sample",))
        core.add("%s/%s/all" % (_name, _arch), in_image(_name, _name, True),
                 arch=_arch, images=(_name,), soak=True)
