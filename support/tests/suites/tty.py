# SPDX-License-Identifier: BSD-3-Clause
"""What is typed at QEMU's serial port, by lib/posix-tty's cases on demand."""

from kilntest import core, guest

# Digits, a blank, 48 letters and the line's end: 52,890 bytes.
FLOOD = "".join("%d %s\n" % (i, "x" * 48) for i in range(1000))

CASES = (
    ("a line is edited, echoed and read",
     "a_line_that_is_typed_at_the_machine_is_read", "abc\x7fd\n",
     "abc\b \bd\n"),
    ("a flood of lines is read without a loss",
     "a_flood_of_lines_is_read_without_a_loss", FLOOD, ""),
)


def typed(case, keys, echo):
    def run(ctx):
        boot = guest.boot(ctx, ctx.image("uktest"), mem="64M",
                          params="uktest.filter=on_demand." + case,
                          stdin=keys)
        ctx.write("console", str(boot))
        boot.expect_status(0).expect_text("1..1\n", "ok 1 ", echo)
    return run


for _arch in ("x86_64", "arm64"):
    for _name, _case, _keys, _echo in CASES:
        core.add("tty/%s/%s" % (_arch, _name), typed(_case, _keys, _echo),
                 arch=_arch, images=("uktest",))
