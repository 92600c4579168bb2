# SPDX-License-Identifier: BSD-3-Clause
"""One image after the other on a machine that nobody resets.

The probe's command "again" leaves interrupt controllers, timers and registers
in disorder and enters its initrd, here itself, by a boot protocol; each image
sees to it that time, interrupts, threads and CPUs work.
"""

from kilntest import core, guest

TIMES = 3
STATUS = 42
TIMEOUT = 30

MACHINES = {
    "x86_64": ("q35", "pc"),
    "arm64": ("virt-gic2", "virt-gic3"),
}


def again(machine, cpus):
    def run(ctx):
        image = ctx.image("probe-again")
        done = guest.boot(ctx, image, machine=machine, initrd=image,
                          mem="128M", args=("again", str(TIMES)),
                          extra=["--cpus", str(cpus)], timeout=TIMEOUT)
        done.expect_status(STATUS)
        for left in range(TIMES + 1):
            done.expect_text("again: %d left" % left)
        for text in ("again: quiet\n", "again: 20 sleeps\n",
                     "again: timers of %d of %d CPUs\n" % (cpus, cpus)):
            core.expect(done.console.count(text) == TIMES + 1,
                        "not each time: %s%s" % (text, done))
    return run


def other(machine):
    """The next image's threads take turns: it has interrupts on when they
    begin, of whatever kind comes."""
    def run(ctx):
        for left in range(3):
            done = guest.boot(ctx, ctx.image("probe-again"), machine=machine,
                              initrd=ctx.image("probe-tty"), mem="128M",
                              args=("again", str(left + 1)), timeout=TIMEOUT)
            said = "again: %d left" % (left + 1) in done.console and \
                'probe: built without "again"\n' in done.console
            ctx.case("%d left" % (left + 1), said and done.status == 1,
                     str(done), done.done.seconds)
    return run


def register():
    for arch, machines in MACHINES.items():
        for machine in machines:
            for cpus in (1, 2):
                core.add("again/%s/%s/%d CPUs"
                         % (arch, machine, cpus), again(machine, cpus),
                         arch=arch, images=("probe-again",))
            core.add("again/%s/%s/threads that take turns" % (arch, machine),
                     other(machine), arch=arch,
                     images=("probe-again", "probe-tty"))


register()
