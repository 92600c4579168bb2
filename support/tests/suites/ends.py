# SPDX-License-Identifier: BSD-3-Clause
"""How a machine ends, by each way that it may have."""

from kilntest import core, guest

ARCHS = ("x86_64", "arm64")


def asked(ctx):
    """Nobody else sees to it: what was begun is undone."""
    for how in ("poweroff", "reboot"):
        boot = guest.boot(ctx, ctx.image("probe"), params="probe.trace=1",
                          args=("asked", how))
        boot.expect_status(143).expect_text("probe down EARLY 143\n")
        boot.expect_match(r"^kiln: exit 143$")
        boot.expect_no_text("it is mine")


def asked_mine(ctx):
    boot = guest.boot(ctx, ctx.image("probe"), args=("asked", "mine"))
    boot.expect_status(0).expect_text("asked for 0\n", "it is mine\n")


TESTS = (
    ("what the host asks for is an orderly end", asked),
    ("a program may see to what the host asks for", asked_mine),
)


def register():
    for arch in ARCHS:
        for name, fn in TESTS:
            core.add("ends/%s/%s" % (arch, name), fn, arch=arch,
                     images=("probe",))


register()
