# SPDX-License-Identifier: BSD-3-Clause
"""Suites that others wrote: musl's libc-test, the Open POSIX Test Suite.

All programs of a suite are in one image, and each is run in a boot of its own.
Before that they run on Linux: the same objects, linked with musl's own libc.
What is not expected to pass is in support/tests/<suite>/excluded. `make test`
runs a few (support/tests/<suite>/sample).
"""

import os
import platform
import sys
import threading

from kilntest import core, guest, proc, suite
from kilntest.core import expect, test
from kilntest.expected import Expected, Tally

# How long a program may take, and one that is expected to fail.
LIMIT = 60
LIMIT_EXCLUDED = 20
ARCHS = ("x86_64", "arm64")
HOST = {"x86_64": "x86_64", "aarch64": "arm64"}.get(platform.machine())
# A program of posix allocates for a second, as fast as it can.
MEM = {"libctest": "128M", "posix": "512M"}


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
            boot = guest.boot(ctx, path, mem=MEM[name], args=(program,),
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


# Whether a program can pass there is asked, not how often it does.
NATIVE_TRIES = 4


def on_linux(name, image):
    def run_suite(ctx):
        path = ctx.image(image)
        programs = built(path)
        program = native_program(ctx, path)
        expected = Expected.read(suite.path(name, "excluded"), ctx.arch)
        where = os.path.join(ctx.dir, "cwd")
        os.makedirs(where, exist_ok=True)

        def run(word, limit):
            # Some send a signal that may come before its handler is there.
            for _try in range(1 if expected.reason(word) else NATIVE_TRIES):
                done = proc.run([program, word], timeout=limit, cwd=where)
                if done.status == 0 and not done.timed_out:
                    return True, done.out
            return False, done.out

        names = [word for word in programs
                 if not word.startswith(suite.SUITES[name].SPARED)]
        try_all(ctx, Tally(expected, names, False, True), programs, run)
    return run_suite


# Programs that have the same names, and what cannot be built.
SMALL = {
    "a/1-1": "int same = 1; static int f(void) { return same; }\n"
             "int main(void) { return f(); }\n",
    "a/1-2": "int same = 2; int f(void) { return same; }\n"
             "int main(int n, char **v) { return f() + (n == 2 && *v[1]); }\n",
    "b/1-1": "int main(void) { return nonsense; }\n",
    "b/1-2": "void nobody(void); int main(void) { nobody(); return 0; }\n",
    "b/2-1": "int same;\n",
}


@test("outside/programs keep their names to themselves, and what lacks is told")
def programs_apart(ctx):
    for name, text in SMALL.items():
        path = os.path.join(ctx.dir, suite.Posix.START, name + ".c")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="ascii") as f:
            f.write(text)
    here = os.path.join(suite.TESTS, "outside")
    out = os.path.join(ctx.dir, "out")
    done = proc.run(
        [sys.executable, "-B", os.path.join(here, "programs.py"), "posix",
         ctx.dir, out] + ["--tool=%s=%s" % (t, t) for t in
                          ("nm", "ld", "ar", "objcopy")] + ["--", "gcc"])
    expect(done.status == 0, done.out)
    with open(os.path.join(out, "programs.txt"), encoding="utf-8") as f:
        made = dict(line.rstrip("\n").split(" ", 1) for line in f)
    expect(sorted(made) == sorted(SMALL), made)
    expect(made["a/1-1"] == made["a/1-2"] == "in", made)
    expect(made["b/1-1"].startswith("not ") and "nonsense" in made["b/1-1"],
           made)
    expect(made["b/1-2"] == "not nobody has nobody", made)
    expect(made["b/2-1"] == "compiles", made)

    program = os.path.join(ctx.dir, "programs")
    done = proc.run(["gcc", os.path.join(here, "main.c"),
                     os.path.join(out, "programs.a"), "-o", program])
    expect(done.status == 0, done.out)
    for words, status in ((("a/1-1",), 1), (("a/1-2",), 2),
                          (("a/1-2", "x"), 3), (("b/1-1",), 99)):
        done = proc.run([program, *words])
        expect(done.status == status, "%s: %s" % (words, done.status))
    expect(proc.run([program]).out == "a/1-1\na/1-2\n", "the list")


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
