# SPDX-License-Identifier: BSD-3-Clause
"""As a domain beside a Linux, under a real Xen: see rigs/xen/README.md.

Linux has Xen's own tools: xl, xenstored, xenconsoled. So these prove what only
they show: the console ring, the store, and what is told of an end.
"""

import re

from kilntest import core, taprun, xenrig

ARCHS = ("x86_64", "arm64")

# Xen's public/sched.h.
POWEROFF, REBOOT, CRASH = 0, 1, 3

# For a case, where a CPU is at best a part of one of the host's.
LIMIT_MS = 200000

HELLO = """\
domain guest 1 64 "hello"
ended guest 120
"""


# The first domain of xen.py has one CPU on x86_64; this one has two.
TWO = """\
domain second 2 64 "uktest ukdebug.console=2 uktest.limit_ms=%d \
uktest.filter=cpus.every*,cpus.time*,cpus.calls*"
ended second 240
""" % LIMIT_MS


def hello(ctx):
    two = ctx.arch == "x86_64"
    boot = xenrig.beside_linux(ctx, ctx.image("hello"),
                               HELLO + (TWO if two else ""), 1 + two, 500,
                               second=two and ctx.image("uktest"))
    boot.expect_status(0).expect_end(POWEROFF)
    boot.expect_text("Hello, world!\n", "kiln: exit 0\n")
    if two:
        boot.expect_end(POWEROFF, "second")
        ctx.case("2 CPUs come up and call each other", all(
            re.search("^second: " + line, boot.log, re.M)
            for line in (r".*2 of 2 CPUs are up$", "ok 4 - cpus: ",
                         "kiln: exit 0$")), str(boot), boot.done.seconds)


# xl leaves one alone: its state is s(hut down), c(rashed).
ENDS = """\
domain status 1 64 "probe -- exit 77"
ended status 120
domain crash 1 64 "probe -- fault null-read"
ended crash 120
domain again 1 64 "probe -- reboot" 'on_reboot = "destroy"'
ended again 120
domain kept 1 64 "probe -- fault null-read" 'on_crash = "preserve"'
ended kept 120
xl list | grep '^kept '
xl destroy kept
"""


def ends(ctx):
    boot = xenrig.beside_linux(ctx, ctx.image("probe"), ENDS)
    boot.expect_log(r"^status: kiln: exit 77$").expect_end(POWEROFF, "status")
    boot.expect_log(r"^crash: kiln: crash, exit 134$")
    boot.expect_end(CRASH, "crash").expect_end(REBOOT, "again")
    boot.expect_log(r"^kept: kiln: crash, exit 134$")
    boot.expect_end(CRASH, "kept").expect_log(r"^kept .* ---sc- ")




def uktest(names, cpus=1, more="", mem=64):
    """The line that begins a domain with these cases."""
    return ('domain guest %d %d "uktest ukdebug.console=2 uktest.limit_ms=%d '
            'uktest.filter=%s" %s\n' % (cpus, mem, LIMIT_MS, names, more))


RING = r"info: libxen_console: console by its ring$"
TIMER = {
    "x86_64": r"info: libuktime: on Xen, clock xen, timer xen$",
    "arm64": r"info: libuktime: on Xen, clock arm-virtual, timer arm-virtual$",
}


def run_cases(ctx, image, names, cpus, skips):
    boot = xenrig.beside_linux(ctx, ctx.image(image),
                               uktest(names, cpus) + "ended guest 400\n",
                               cpus=cpus, timeout=600)
    rep = taprun.report(ctx, boot.console, boot.status, boot.timed_out,
                        taprun.uktest_status)
    for case in rep.cases:
        core.expect(case.skip is None or re.match(skips, case.skip),
                    "%s was skipped: %s\n%s" % (case.name, case.skip, boot))
    boot.expect_match(TIMER[ctx.arch])
    boot.expect_match(RING)
    return boot


# What this machine has not.
LACKS = (r"no HPET|no PIT|.* on this machine$|this machine has no |"
         r"no line that is free on Xen$")
CASES = "xen*,timer*"
SMP_CASES = CASES + ",cpus,thread,smp,smp_locks"
MORE = {"x86_64": ",lcpu_sipi", "arm64": ",lcpu_fdt"}


def cases(ctx):
    run_cases(ctx, "uktest", CASES, 1, LACKS)


def smp(ctx):
    boot = run_cases(ctx, "uktest-smp", SMP_CASES + MORE[ctx.arch], 4,
                     LACKS)
    boot.expect_match(r"4 of 4 CPUs are up$")


# The other domain of drivers/xen/store/tests/image_peer.c. A node that is made
# by the first domain is its own; n0 takes from the other what it gave.
PEER = uktest("on_demand.store*") + """\
within 60 xl domid guest
at=/local/domain/$(xl domid guest)/data
while kill -0 $(cat /run/guest.pid) 2> /dev/null; do
	what=$(xenstore-read $at/turn 2> /dev/null)
	case $what in
	write) xenstore-write $at/watched 'by another' ;;
	count) xenstore-write $at/count 10 ;;
	keep) xenstore-write $at/kept secret; xenstore-chmod $at/kept n0 ;;
	nothing) ;;
	*) usleep 50000; continue ;;
	esac
	note "did: $what"
	xenstore-write $at/turn mine
done
ended guest 120
"""


def peer(ctx):
    boot = xenrig.beside_linux(ctx, ctx.image("uktest"), PEER)
    rep = taprun.report(ctx, boot.console, boot.status, boot.timed_out,
                        taprun.uktest_status)
    core.expect(len(rep.cases) == 3, "%d cases\n%s" % (len(rep.cases), boot))


# The program behind xl console, which gives no input without a terminal.
INPUT = """\
domain guest 1 64 "probe -- echo"
says guest 120 ready
id=$(xl domid guest)
(printf 'typed here\\n'; says guest 60 'got <typed'; printf 'quit\\n'
told guest 60 Exiting) | xenconsole --interactive $id > /dev/null &
ended guest 120
"""


def typed(ctx):
    boot = xenrig.beside_linux(ctx, ctx.image("probe"), INPUT)
    boot.expect_status(0).expect_text("got <typed here>\n")


# A restart is one; what is no order is answered, too. arm64 is not suspended.
NO_ORDER = {"x86_64": "crash", "arm64": "suspend"}
ORDERS = uktest("on_demand.xen_control_ends*") + """\
says guest 120 '# run'
at=/local/domain/$(xl domid guest)/control
note "features $(xenstore-read $at/feature-poweroff $at/feature-reboot | xargs)"
xenstore-write $at/shutdown NO_ORDER
says guest 60 'the order "NO_ORDER"'
note "answered <$(xenstore-read $at/shutdown)>"
xl reboot guest
told guest 120 'reason code 1'
within 120 sh -c "[ \$(grep -c '# run' $logs/guest-guest.log) = 2 ]"
xl shutdown guest
ended guest 120
"""


def orders(ctx):
    word = NO_ORDER[ctx.arch]
    boot = xenrig.beside_linux(ctx, ctx.image("uktest"),
                               ORDERS.replace("NO_ORDER", word))
    boot.expect_log(r"^rig: features 1 1$").expect_log(r"^rig: answered <>$")
    boot.expect_match(r'warn: libxen_control: the order "%s" is not ' % word)
    boot.expect_end(REBOOT).expect_end(POWEROFF)
    core.expect(len(re.findall(r"^kiln: exit 143$", boot.console, re.M)) == 2,
                "it did not end twice\n%s" % boot)


# drivers/xen/control/tests/image_suspend.c. What has a date of its own is told
# what it is now; a file system of 1 MiB has no room for a domain.
SAVED_MIB = 32
SUSPENDED_CASES = ("on_demand.xen_suspend*,xen_events_machine,"
                   "xen_grants_machine,xen_timer_machine")
SUSPEND = """\
now() {
	within 60 xl domid guest
	xenstore-write /local/domain/$(xl domid guest)/data/date $(date +%s)
	says guest 120 "turn $1,"
}
says guest 120 'turn 0,'
note "domain $(xl domid guest)"
saved guest
sleep 20
restored guest
now 1
note "domain $(xl domid guest)"
at=/local/domain/$(xl domid guest)/control/feature
note "features $(xenstore-read $at-poweroff $at-reboot $at-suspend | xargs)"
saved guest
restored guest
now 2
saved guest -c
now 3
mount -t tmpfs -o size=1m small /mnt
xl save guest /mnt/guest > /dev/null 2>&1 && note 'saved without room'
now 4
says guest 120 'kiln: exit'
"""


def suspend(cpus):
    def run(ctx):
        image = "uktest-smp" if cpus > 1 else "uktest"
        boot = xenrig.beside_linux(
            ctx, ctx.image(image),
            uktest(SUSPENDED_CASES, cpus, mem=SAVED_MIB) + SUSPEND,
            cpus=cpus, timeout=600)
        rep = taprun.report(ctx, boot.console, boot.status, boot.timed_out,
                            taprun.uktest_status)
        core.expect(len(rep.cases) > 9 and
                    not any(case.skip for case in rep.cases), str(boot))
        boot.expect_match(r"suspend: %d CPUs$" % cpus)
        boot.expect_match(r"suspend: turn 4, moved 2, stayed 2$")
        boot.expect_log(r"^rig: features 1 1 1$")
        boot.expect_no_text("saved without room")
        ids = re.findall(r"^rig: domain (\d+)$", boot.log, re.M)
        core.expect(len(set(ids)) == 2, "it is one domain: %s\n%s"
                    % (ids, boot))
    return run


OWN = uktest("on_demand.xen_control_leaves*",
             more="'on_reboot = \"destroy\"'") + """\
says guest 120 '# run'
xl reboot guest
ended guest 120
"""


def own(ctx):
    boot = xenrig.beside_linux(ctx, ctx.image("uktest"), OWN)
    boot.expect_status(0).expect_end(REBOOT)


TESTS = (
    ("hello boots, its console is read, xl sees the end", hello, "hello"),
    ("xl is told why a domain has ended", ends, "probe"),
    ("console, events, timer, grants, store", cases, "uktest"),
    ("the store, in which another domain writes", peer, "uktest"),
    ("what is typed at xl console is input", typed, "probe"),
    ("xl reboot and xl shutdown end an image in order", orders, "uktest"),
    ("a program may see to what xl asks for", own, "uktest"),
    ("4 CPUs, and threads on them", smp, "uktest-smp"),
)
# In make test, too.
ALWAYS = TESTS[0][0]


# Where Xen's tools can: xl of arm64 has no such commands.
SUSPENDED = (
    ("xl save, restore and save -c: it goes on", suspend(1), "uktest"),
    ("4 CPUs: xl save, restore and save -c: it goes on", suspend(4),
     "uktest-smp"),
)


def register():
    for arch in ARCHS:
        for name, fn, image in TESTS + (SUSPENDED if arch == "x86_64"
                                        else ()):
            core.add("xen/%s/xl/%s" % (arch, name), fn, arch=arch,
                     soak=name != ALWAYS, images=(image,) + (
                         ("uktest",) if name == ALWAYS else ()))


register()
