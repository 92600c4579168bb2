# SPDX-License-Identifier: BSD-3-Clause
"""The power button: whoever presses it ends the image in order."""

import contextlib
import random
import time

from kilntest import core, guest

from . import ends

CASE = "uktest.filter=on_demand.the_button_is_%swaited_for"
SAID = "press the button"

# Machine and CPU, of which the first two can have several. And the images that
# have the driver: one whose threads are preempted and one whose are not.
MACHINES = {
    "x86_64": (("q35", "max"), ("pc", "max"), ("pc,hpet=off", "qemu64,-apic")),
    "arm64": (("virt,gic-version=3", "max"),
              ("virt,gic-version=2", "cortex-a57")),
}
IMAGES = ("uktest-smp", "uktest-untrapped")

# Milliseconds of a boot in which the button is pressed.
BOOT_MS = 600


def presses(times):
    """Press it when the image waits; it may have ended before the last one."""
    def act(ctl):
        ctl.wait_for(SAID)
        ctl.qmp("system_powerdown")
        with contextlib.suppress(OSError, core.Failure):
            for _ in range(times - 1):
                ctl.qmp("system_powerdown")
    return act


def in_order(end, status=143):
    return ends.told(end, status) and end.reasons() == [ends.OFF] and \
        not end.done.timed_out


def pressed(machine, cpu):
    def test(ctx):
        for image in IMAGES:
            for how, times in (("", 1), ("", 3), ("not_", 1)):
                if how and image == "uktest-untrapped":
                    continue    # nobody interrupts a thread there
                end = ends.run(ctx, machine, cpu, CASE % how,
                               ("-no-reboot",), image=image,
                               meanwhile=presses(times))
                ctx.case("%s, %s, %d times" % (
                    image, "computing" if how else "waiting", times),
                         in_order(end), str(end), end.done.seconds)
    return test


def at_any_time(times):
    """Early ones may be lost; then another one does it. With more CPUs than
    one, all of which must be told."""
    def test(ctx):
        rand = random.Random(4711)
        for i in range(times):
            machine, cpu = rand.choice(MACHINES[ctx.arch][:2])
            delay = rand.randrange(BOOT_MS)

            def press(ctl, delay=delay):
                time.sleep(delay / 1000)
                with contextlib.suppress(OSError, core.Failure):
                    while not ctl.ended():
                        ctl.qmp("system_powerdown")
                        time.sleep(0.5)

            end = ends.run(ctx, machine, cpu, CASE % "",
                           ("-no-reboot", "-smp", "2"),
                           image=rand.choice(IMAGES), meanwhile=press)
            ctx.case("%d: %s, after %d ms" % (i, machine, delay),
                     in_order(end), str(end), end.done.seconds)
    return test


def not_there(ctx):
    """A machine without that button boots like others."""
    boot = guest.boot(ctx, ctx.image("uktest-untrapped"), machine="microvm",
                      params="uktest.filter=button*")
    boot.expect_status(0).expect_no_text("cannot be used")


def register():
    for arch, places in MACHINES.items():
        for machine, cpu in places:
            core.add("buttons/%s/%s, %s" % (arch, machine, cpu),
                     pressed(machine, cpu), arch=arch, images=IMAGES)
        core.add("buttons/%s/pressed at any time of a boot" % arch,
                 at_any_time(8), arch=arch, images=IMAGES)
        core.add("buttons/%s/pressed at any time of a boot, 500 times" % arch,
                 at_any_time(500), arch=arch, images=IMAGES, soak=True)
    core.add("buttons/x86_64/none", not_there, arch="x86_64",
             images=("uktest-untrapped",))


register()
