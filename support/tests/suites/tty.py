# SPDX-License-Identifier: BSD-3-Clause
"""
What is typed at QEMU's serial port, to a program that reads lines: by its C
library, lib/posix-fdio, lib/posix-tty, and the port's interrupts.
"""

from kilntest import core, guest

NLINES = 1000


def echo(ctx, keys):
    boot = guest.boot(ctx, ctx.image("probe-tty"), args=("echo",),
                      stdin=keys + "quit\n")
    ctx.write("console", str(boot))
    return boot.expect_status(0).expect_text("ready, keys interrupt\n")


def edited(ctx):
    """Echo comes with the keys, before or after the program is ready."""
    boot = echo(ctx, "abc\x7fd\ngo\tne\x15left\n")
    boot.expect_text("abc\b \bd", "got <abd>\n", "got <left>\n")


def flood(ctx):
    """More than fits: what is not read yet stays with who sends it."""
    lines = ["%d %s" % (i, "x" * 48) for i in range(NLINES)]
    boot = echo(ctx, "\n".join(lines) + "\n")
    got = boot.console.count("got <")
    core.expect(got == NLINES, "%d of %d lines\n%s" % (got, NLINES, boot))
    boot.expect_text(*("got <%s>\n" % line for line in lines))


def end_of_file(ctx):
    """A program that reads to the end is told it; this one calls it 1."""
    boot = guest.boot(ctx, ctx.image("probe-tty"), args=("echo",),
                      stdin="last\nand half\x04\x04")
    boot.expect_status(1).expect_text("got <last>\n", "got <and half>\n")


for _arch in ("x86_64", "arm64"):
    for _name, _fn in (("a line is edited, echoed and read", edited),
                       ("a flood of lines is read without a loss", flood),
                       ("the end of the file is typed", end_of_file)):
        core.add("tty/%s/%s" % (_arch, _name), _fn, arch=_arch,
                 images=("probe-tty",))
