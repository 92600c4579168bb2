# SPDX-License-Identifier: BSD-3-Clause
"""System calls: what the log says of them, and that none is made by a trap
where nobody takes it."""

import os
import re

from kilntest import core, guest, proc
from kilntest.core import expect

GOLDEN = os.path.join("support", "tests", "strace", "golden", "log")
INSTRUCTION = {"x86_64": r"\t(syscall|sysenter)\b", "arm64": r"\tsvc\t#0x0\b"}
OBJDUMP = {"x86_64": "objdump", "arm64": "aarch64-linux-gnu-objdump"}


def no_instruction(image):
    def run(ctx):
        done = proc.run([OBJDUMP[ctx.arch], "-d", "--no-show-raw-insn",
                         ctx.image(image) + ".dbg"], timeout=120)
        expect(done.status == 0 and len(done.out) > 10000, done.out[-2000:])
        found = [line for line in done.out.splitlines()
                 if re.search(INSTRUCTION[ctx.arch], line)]
        expect(found == [], "\n".join(found))
    return run


def traced(ctx, params=""):
    """The lines of the log, addresses as names, and the whole Boot."""
    boot = guest.boot(ctx, ctx.image("strace"), mem="64M",
                      params="ukdebug.console=2 " + params)
    ctx.write("console", str(boot))
    lines = [re.sub(r"0x[0-9a-f]{16}", "ADDRESS", m[1]) for m in
             re.finditer(r"libsyscall_shim: (.*?)\r?$", boot.console, re.M)]
    return lines, boot


def golden(ctx):
    lines, boot = traced(ctx)
    boot.expect_status(0)
    lines += re.findall(r"^calls .*?(?=\r?$)", boot.console, re.M)
    text = "".join(line + "\n" for line in lines)
    path = os.path.join(ctx.root, GOLDEN)
    if ctx.session.update_golden:
        with open(path, "w", encoding="ascii") as f:
            f.write(text)
    with open(path, encoding="ascii") as f:
        expect(f.read() == text, "expected %s, got\n%s" % (GOLDEN, text))


def picked(params, names):
    def run(ctx):
        lines, boot = traced(ctx, "syscall_shim.strace=" + params)
        boot.expect_status(0)
        expect({re.match(r"\[main\] (\w+)", line)[1] for line in lines}
               == names, "\n".join(lines))
    return run


def unknown(ctx):
    lines, boot = traced(ctx, "syscall_shim.strace=write,clsoe,exit*")
    expect(boot.status not in (0, None), str(boot))
    expect('strace: there is no system call "clsoe' in " ".join(lines),
           str(boot))


# What is wrong with the frame that a handler returns with.
FRAMES = {"all": ("its_pc", "its_low_pc", "its_sp"),
          "x86_64": ("fp_that_is_not_aligned", "fp_that_is_nowhere")}


def frames(ctx):
    """Each ends the program, by SIGSEGV and in order."""
    names = ["a_frame_ends_the_program_by_" + name for name in
             FRAMES["all"] + FRAMES.get(ctx.arch, ())]
    for name in names + ["a_frame_ends_the_program_where_its_stack_is_full"]:
        boot = guest.boot(ctx, ctx.image("uktest"), mem="64M",
                          params="ukdebug.console=1 uktest.filter=on_demand."
                          + name)
        ctx.write("console-" + name, str(boot))
        boot.expect_status(128 + 11)
        boot.expect_text("the program is ended by signal 11")


def in_range(ctx):
    boot = guest.boot(ctx, ctx.image("range"), mem="64M")
    ctx.write("console", str(boot))
    boot.expect_status(0)


for _arch in ("x86_64", "arm64"):
    core.add("calls/%s/no instruction in hello" % _arch,
             no_instruction("hello"), arch=_arch, images=("hello",))
    core.add("calls/%s/no instruction in the tests" % _arch,
             no_instruction("uktest-untrapped"), arch=_arch,
             images=("uktest-untrapped",), soak=True)
    core.add("calls/%s/the log shows arguments and results" % _arch, golden,
             arch=_arch, images=("strace",))
    core.add("calls/%s/the log shows picked calls" % _arch,
             picked("close,e*", {"close", "exit_group"}), arch=_arch,
             images=("strace",))
    core.add("calls/%s/the log shows all others" % _arch,
             picked("!close,p*,w*,f*,m*,o*,d*,s*",
                    {"exit_group", "vhangup", "reboot", "syscall"}),
             arch=_arch, images=("strace",))
    core.add("calls/%s/a signal's frame that cannot be ends the program"
             % _arch, frames, arch=_arch, images=("uktest",))
    core.add("calls/%s/calls by the instruction do not use the core's memory"
             % _arch, in_range, arch=_arch, images=("range",))
    core.add("calls/%s/a name that no call has ends the boot" % _arch,
             unknown, arch=_arch, images=("strace",))
