# SPDX-License-Identifier: BSD-3-Clause
"""lib/musl: its cases in an image, programs that use it, what it is made of."""

import os
import re
import shutil

from kilntest import core, guest, proc
from kilntest.core import expect

from . import inimage

# A machine; who takes code apart; instructions that make system calls, and
# others that a program has no use of.
ARCHS = {"x86_64": ("q35", ("objdump",), ("syscall", "sysenter"),
                    ("int", "hlt")),
         "arm64": ("virt-gic3", ("aarch64-linux-gnu-objdump", "objdump"),
                   ("svc",), ("hvc", "smc"))}
# A program's words, its status, what it shows.
ENDS = (
    (("return", "3"), 3, "main, atexit: first\natexit: last\ndestructor\n"),
    (("exit", "258"), 2, "main, atexit: first\natexit: last\ndestructor\n"),
    (("flush", "7"), 7, "main, atexit: first\natexit: last\ndestructor\n"),
    (("_Exit", "4"), 4, ""),
    (("quick_exit", "5"), 5, "at_quick_exit\n"),
    (("nonsense",), 99, "nonsense: Invalid argument\nmain, atexit: first\n"
     "atexit: last\ndestructor\n"),
)
OBJECTS = ("made global\nmade heap\nmade one\nmade two\nmade static\n"
           "made in thread\ngone two\ngone one\ngone heap\ngone in thread\n"
           "gone static\ngone global\n")


def shown(boot):
    """What the program wrote, without the lines around it."""
    text = boot.console.partition("Kiln ")[2].partition("\n")[2]
    return text.rpartition("kiln: exit")[0]


def run(ctx, image="musl", **more):
    return guest.boot(ctx, ctx.image(image), mem="64M", **more)


def ends(ctx, image="musl"):
    for args, status, text in ENDS:
        boot = run(ctx, image, args=args)
        boot.expect_status(status)
        expect(shown(boot) == text, str(boot))


def crashes(ctx):
    run(ctx, args=("abort",)).expect_status(134)
    boot = run(ctx, args=("assert",)).expect_status(134)
    boot.expect_text("Assertion failed: status == 1 (")


def environment(ctx, image="musl"):
    boot = run(ctx, image, params='env.vars=[ "A=1" "PATH=/bin:/usr bin" ]')
    boot.expect_status(0)
    expect(shown(boot) == "A=1\nPATH=/bin:/usr bin\ndestructor\n",
           str(boot))
    boot = run(ctx, image).expect_status(0)
    expect(shown(boot) == "destructor\n", str(boot))


def words(ctx, image="musl"):
    boot = run(ctx, image, args=("words", "a b", ""))
    boot.expect_status(0).expect_text("1: words\n2: a b\n3: \n")


def stdin(ctx, image="musl"):
    boot = run(ctx, image, args=("echo",), stdin="some text\n")
    boot.expect_status(0).expect_text("read: some text\n")


def objects(ctx, image="musl-cxx"):
    boot = run(ctx, image, args=("objects",)).expect_status(20)
    made = "".join(line + "\n" for line in shown(boot).split("\n")
                   if line.startswith(("made", "gone")))
    expect(made == OBJECTS, str(boot))


def leaves(ctx):
    """The program goes on without its first thread, to its end."""
    boot = run(ctx, "musl-threads", args=("leave",)).expect_status(0)
    expect(shown(boot) == "main, alone\natexit: first\natexit: last\n"
           "destructor\n", str(boot))
    boot = run(ctx, "musl-threads", args=("leave", "kill"))
    boot.expect_status(128 + 9).expect_text("alone\n")


def many_threads(ctx):
    boot = guest.boot(ctx, ctx.image("uktest-musl-smp"), mem="64M",
                      params="uktest.limit_ms=600000 uktest.filter="
                      "on_demand.a_hundred_thousand_threads*",
                      extra=("--cpus", "2"), timeout=600)
    ctx.write("console", str(boot))
    boot.expect_status(0).expect_text("1..1\n", "ok 1 ")


def instructions(ctx, path, words):
    """Which of @words are in the code of @path, and in what functions."""
    for name in filter(shutil.which, ARCHS[ctx.arch][1]):
        done = proc.run([name, "-d", "--no-show-raw-insn", path], timeout=300,
                        limit=128 << 20)
        expect(not done.timed_out, path + " is too large")
        if done.status == 0:
            break
    else:
        raise core.Skip("no objdump for " + ctx.arch)
    expect(done.out.count("\n") > 10000, "nothing was looked at")
    found, where = [], ""
    for line in done.out.split("\n"):
        if line.endswith(">:"):
            where = line.split()[1]
        # On arm64 the words are separated by tabs.
        if re.split(r"[\t ]", line.partition(":\t")[2].strip())[0] in words:
            found.append(where + line)
    return found


def traps(ctx, lib="musl", others=("musl-cxx", "musl-threads", "hello-musl",
                                    "hello-musl-lto")):
    """No instruction that would leave the program, or that does something else
    where there is one privilege level, is in musl; and none of those that make
    system calls is in all of an image that has it, whatever it was linked with.
    """
    archive = os.path.join(os.path.dirname(ctx.image(lib)), "lib" + lib,
                           "libc.a")
    _, _, calls, more = ARCHS[ctx.arch]
    found = instructions(ctx, archive, calls + more)
    for image in (lib,) + others:
        found += instructions(ctx, ctx.image(image) + ".dbg", calls)
    expect(not found, "\n".join(found))


def traps_are_seen(ctx):
    """What looks for them finds those of an image that tries them out."""
    calls = ARCHS[ctx.arch][2]
    found = instructions(ctx, ctx.image("uktest") + ".dbg", calls)
    expect([line for line in found if line.startswith("<call_probe")],
           "\n".join(found))


def hello(image):
    def hello_there(ctx):
        boot = run(ctx, image, args=("a", "b"))
        boot.expect_status(0)
        expect(shown(boot) == "Hello, world!\nargument: a\nargument: b\n",
               str(boot))
    return hello_there


for _arch, (_machine, _, _, _) in ARCHS.items():
    # Threads that give way; and that are taken the CPU from, on one and two.
    for _image, _cpus in (("uktest-musl", 1), ("uktest-musl-smp", 1),
                          ("uktest-musl-smp", 2)):
        core.add("musl/%s/cases, %d CPU%s/%s"
                 % (_arch, _cpus, "s" * (_cpus > 1), _image),
                 inimage.run_image(_image, _machine, None, _cpus),
                 arch=_arch, images=(_image,))
    core.add("musl/%s/a hundred thousand threads" % _arch, many_threads,
             arch=_arch, images=("uktest-musl-smp",), soak=True)
    for _name, _fn, _images in (
            ("main's return and each exit do what they have to", ends,
             ("musl",)),
            ("abort and a failed assertion end in the crash screen", crashes,
             ("musl",)),
            ("the environment is on the command line", environment,
             ("musl",)),
            ("arguments come as they are", words, ("musl",)),
            ("stdin is the console", stdin, ("musl",)),
            ("objects of C++ are made and destroyed", objects, ("musl-cxx",)),
            ("a program ends with its last thread, by itself or killed",
             leaves, ("musl-threads",)),
            ("there is no instruction of a system call", traps,
             ("musl", "musl-cxx", "musl-threads", "hello-musl",
              "hello-musl-lto")),
            ("an instruction of a system call is found", traps_are_seen,
             ("uktest",)),
            ("hello", hello("hello-musl"), ("hello-musl",)),
            ("hello, optimised at link time", hello("hello-musl-lto"),
             ("hello-musl-lto",)),
            ("hello with every option off", hello("hello-musl-least"),
             ("hello-musl-least",))):
        core.add("musl/%s/%s" % (_arch, _name), _fn, arch=_arch,
                 images=_images, soak=_images == ("hello-musl-least",))
