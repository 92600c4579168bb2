# SPDX-License-Identifier: BSD-3-Clause
"""How a machine ends, by each way that it may have.

That it ended by the right one is QEMU's word: the event SHUTDOWN has the
reason, and the exit device is the end of QEMU itself, without an event.
"""

import contextlib
import fcntl
import os
import re
import select
import struct
import subprocess
import termios
import time

from kilntest import control, core, guest, proc, xenrig

from . import xen

ARCHS = ("x86_64", "arm64")
QEMU = {
    "x86_64": ["qemu-system-x86_64", "-display", "none"],
    "arm64": ["qemu-system-aarch64", "-display", "none"],
}
DEBUG_EXIT = ("-device", "isa-debug-exit,iobase=0xf4,iosize=4")
PANIC = ("-device", "pvpanic")

OFF = "guest-shutdown"
RESET = "guest-reset"
PANICKED = "guest-panic"

SAID = "warn: libkvmplat: nothing switches this machine off: it is reset"

# The CPU that each machine takes, how it is switched off, and whether make test
# has it: (options, CPU, reason, sample).
MACHINES = {
    "x86_64": (
        ("pc", "max", OFF, True),
        ("q35", "max", OFF, True),
        ("q35,i8042=off", "max", OFF, False),
        ("q35,smm=off", "max", OFF, False),
        ("pc-q35-2.4", "qemu64", OFF, False),
        ("pc-i440fx-2.0", "qemu64", OFF, False),
        ("pc,acpi=off", "max", RESET, False),
        ("q35,acpi=off", "max", OFF, False),
        ("pc-i440fx-1.4", "qemu64", OFF, True),
        ("isapc", "max", RESET, True),
        ("microvm", "max", OFF, True),
        ("microvm,pic=off,pit=off,rtc=off", "max", OFF, True),
        ("microvm,acpi=off", "max", RESET, True),
    ),
    "arm64": (
        ("virt,gic-version=2", "cortex-a57", OFF, True),
        ("virt,gic-version=3", "max", OFF, True),
        ("virt,virtualization=on", "max", OFF, True),
        ("virt,acpi=off", "max", OFF, False),
        ("virt-2.6", "cortex-a57", OFF, False),
    ),
}

# What only ACPI's tables tell the way of; a crash reads none.
TABLES = ("pc-i440fx-1.4", "q35,acpi=off", "microvm",
          "microvm,pic=off,pit=off,rtc=off")


class End:
    """What QEMU and the console say of the end."""

    def __init__(self, done, events):
        self.done = done
        self.events = events
        self.console = done.out.replace("\r", "")

    def reasons(self):
        return [reason for name, reason in self.events if name == "SHUTDOWN"]

    def __str__(self):
        return "$ %s\n%s%s[status %d%s]" % (
            " ".join(self.done.argv), self.console, self.events,
            self.done.status, ", timed out" if self.done.timed_out else "")


def run(ctx, machine, cpu, line, extra=(), image="probe", timeout=30,
        meanwhile=None, start=True):
    """Boot; kiln run has always the exit device, and -no-reboot. @meanwhile is
    called with the guest's Control, and starts the guest if @start is False."""
    events = []

    def act(ctl):
        ctl.qmp("cont" if start else "query-status")
        if meanwhile:
            meanwhile(ctl)
        events.extend(ctl.events())

    def qemu(options, watch):
        return proc.run(
            QEMU[ctx.arch] + [
                "-M", machine, "-cpu", cpu, "-accel", "tcg", "-m", "64M",
                "-nodefaults", "-no-user-config", "-serial", "stdio", "-S",
                "-kernel", ctx.image(image), "-append",
                "%s %s" % (image, line)] + list(extra) +
            [word.partition("=")[2] for word in options],
            timeout=timeout, watch=watch)

    return End(control.during(qemu, act), events)


def told(end, status, crash=False):
    return re.search("^kiln: %sexit %d$" % ("crash, " if crash else "",
                                            status), end.console, re.M)


def ways(machine, cpu, off):
    """By the machine's own way, and by a device that carries a status."""
    def test(ctx):
        def case(name, ok, end):
            ctx.case(name, bool(ok) and not end.done.timed_out, str(end),
                     end.done.seconds)

        once = ("-no-reboot",)
        for status in (0, 77):
            end = run(ctx, machine, cpu, "-- exit %d" % status, once)
            case("status %d" % status, told(end, status) and
                 end.reasons() == [off] and
                 (SAID in end.console) == (off == RESET), end)
        end = run(ctx, machine, cpu, "-- fault null-read", once)
        case("crash", told(end, 134, True) and
             end.reasons() == [RESET if machine in TABLES else off], end)
        end = run(ctx, machine, cpu, "-- reboot", once)
        case("restart", told(end, 0) and end.reasons() == [RESET], end)
        end = run(ctx, machine, cpu, "-- reboot",
                  ("-action", "reboot=shutdown"))
        case("restart that the user refuses", end.reasons() == [RESET], end)
        if ctx.arch == "x86_64":
            for args, status in (("exit 0", 0), ("exit 77", 77),
                                 ("exit 200", 200 & 127),
                                 ("fault null-read", 134 & 127)):
                end = run(ctx, machine, cpu, "-- " + args, DEBUG_EXIT + once)
                case("%s by the exit device" % args,
                     end.done.status == status * 2 + 1 and
                     end.reasons() == [], end)
            end = run(ctx, machine, cpu, "-- reboot", DEBUG_EXIT + once)
            case("a restart beside the exit device",
                 end.reasons() == [RESET], end)
    return test


def panic(ctx):
    """A crash, and only a crash, is told."""
    for machine in ("pc", "q35"):
        for args, reason in (("fault null-read", PANICKED), ("exit 3", OFF)):
            end = run(ctx, machine, "max", "-- " + args,
                      PANIC + ("-no-reboot",))
            ctx.case("%s, %s" % (machine, args), end.reasons() == [reason],
                     str(end), end.done.seconds)


def restarts(ctx):
    """The machine is there again and again."""
    def twice(ctl):
        ctl.wait_for("Kiln ", 3)
        with contextlib.suppress(ConnectionError):
            ctl.qmp("quit")

    for machine, cpu, _, sample in MACHINES[ctx.arch]:
        if sample:
            end = run(ctx, machine, cpu, "-- reboot", meanwhile=twice)
            resets = end.events.count(("RESET", RESET))
            ctx.case(machine, resets > 1, str(end)[:4000], end.done.seconds)


def asked(ctx):
    """Nobody else sees to it: what was begun is undone."""
    machine, cpu = MACHINES[ctx.arch][1][:2]
    for how, reason in (("poweroff", OFF), ("reboot", RESET)):
        end = run(ctx, machine, cpu, "probe.trace=1 -- asked " + how,
                  ("-no-reboot",))
        ok = told(end, 143) and end.reasons() == [reason] and \
            "probe down EARLY 143\n" in end.console and \
            "it is mine" not in end.console
        ctx.case(how, bool(ok), str(end), end.done.seconds)


def asked_in_a_boot(ctx):
    """Nothing is undone before all is begun, whoever lets whom run."""
    machine, cpu = MACHINES[ctx.arch][1][:2]
    for image, stage in (("probe", 1), ("probe", 6), ("probe-tty", 6),
                         ("probe-tty", 7)):
        end = run(ctx, machine, cpu,
                  "probe.trace=1 probe.ask=%d -- exit 3" % stage,
                  ("-no-reboot",), image=image)
        up = re.findall(r"^probe up (.+)$", end.console, re.M)
        down = re.findall(r"^probe down (\w+) 143$", end.console, re.M)
        up = [name for name in up if "for good" not in name]
        ctx.case("%s, stage %d" % (image, stage),
                 told(end, 143) and end.reasons() == [OFF] and
                 len(up) == 7 and down == up[::-1] and
                 end.console.index("probe up LATE") <
                 end.console.index("probe down"), str(end), end.done.seconds)


def asked_mine(ctx):
    boot = guest.boot(ctx, ctx.image("probe"), args=("asked", "mine"))
    boot.expect_status(0).expect_text("asked for 0\n", "it is mine\n")


def slow_reader(ctx):
    """The console's reader comes when the machine is about to end: what it
    has no room for then is in the UART, and must leave it first."""
    argv = QEMU[ctx.arch] + [
        "-M", MACHINES[ctx.arch][1][0], "-cpu", "max", "-accel", "tcg", "-m",
        "64M", "-nodefaults", "-no-user-config", "-no-reboot", "-serial",
        "stdio", "-kernel", ctx.image("probe"), "-append", "probe -- exit 77"]
    whole = proc.run(argv).out.encode()
    for kept in (1, 8, 15):
        r, w = os.pipe()
        size = fcntl.fcntl(w, fcntl.F_SETPIPE_SZ, 4096)
        os.write(w, b"x" * (size - len(whole) + kept))
        child = proc.spawn(argv, stdin=subprocess.DEVNULL, stdout=w)
        os.close(w)
        got = b""
        end = time.monotonic() + 30
        while _waiting(r) < size and time.monotonic() < end:
            time.sleep(0.001)
        time.sleep(0.01)
        while select.select([r], [], [], 30)[0]:
            data = os.read(r, 65536)
            if not data:
                break
            got += data
        os.close(r)
        proc.reap(child)
        got = got.lstrip(b"x")
        ctx.case("%d bytes" % kept, got == whole, "%s\n%s" % (whole, got))


def _waiting(pipe):
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0" * 4))[0]


def asked_mine_to_restart(ctx):
    """A program that then ends by itself need not know."""
    machine, cpu = MACHINES[ctx.arch][1][:2]
    end = run(ctx, machine, cpu, "-- asked mine-reboot", ("-no-reboot",))
    core.expect(told(end, 0) and end.reasons() == [RESET] and
                "asked for 1\n" in end.console, str(end))


# case of uktest: statuses that may be told, of which one is; reasons.
OF_CPUS = (
    ("another_cpu_ends_while_the_first_computes", {21}, {OFF}),
    ("another_cpu_ends_while_the_first_holds_a_lock", {22}, {OFF}),
    ("another_cpu_ends_while_the_first_is_halted", {23}, {OFF}),
    ("all_cpus_end_at_once", {30, 31, 32, 33}, {OFF}),
    ("the_first_cpu_ends_while_the_others_log", {25}, {OFF}),
    ("the_first_cpu_ends_while_the_others_write", {26}, {OFF}),
    ("a_thread_ends_while_others_of_its_cpu_write", {27}, {OFF}),
    ("all_cpus_terminate_at_once", None, {OFF}),
    ("cpus_crash_while_others_terminate", None, {OFF}),
    ("an_interrupt_switches_the_machine_off", None, {OFF}),
    ("an_interrupt_restarts_the_machine", None, {RESET}),
)
SMP = {"x86_64": ("q35", "pc"),
       "arm64": ("virt,gic-version=3", "virt,gic-version=2")}


def of_cpus(machine):
    def test(ctx):
        for name, statuses, reasons in OF_CPUS:
            end = run(ctx, machine, "max", "uktest.filter=on_demand." + name,
                      ("-no-reboot", "-smp", "4"), image="uktest-smp")
            lines = re.findall(r"^kiln: (?:crash, )?exit (\d+)$",
                               end.console, re.M)
            ok = not end.done.timed_out and len(end.reasons()) == 1 and \
                set(end.reasons()) == reasons
            if statuses:
                ok = ok and len(lines) == 1 and int(lines[0]) in statuses
            if name == "all_cpus_end_at_once":
                ok = ok and end.console.count("all is undone") == 1
            # Nor does anything of a program come after it.
            if "write" in name:
                ok = ok and end.console.endswith("\nkiln: exit %s\n" %
                                                 "".join(lines))
            ctx.case(name.replace("_", " "), ok, str(end), end.done.seconds)
    return test


def xen_restarts(ctx):
    """Its tools hear of a restart as of one."""
    boot = xenrig.boot(ctx, ctx.image("probe"), xen.MODE[ctx.arch],
                       "probe -- reboot")
    boot.expect_text("kiln: exit 0\n")
    boot.expect_xen("Hardware Dom0 shutdown: rebooting machine")


TESTS = (
    ("what the host asks for is an orderly end", asked),
    ("what the host asks for in a boot comes after it", asked_in_a_boot),
    ("a program may see to what the host asks for", asked_mine),
    ("a program that sees to a restart ends as if told", asked_mine_to_restart),
    ("the last line waits for its reader", slow_reader),
)


def register():
    for arch in ARCHS:
        for machine, cpu, off, sample in MACHINES[arch]:
            core.add("ends/%s/%s" % (arch, machine), ways(machine, cpu, off),
                     arch=arch, images=("probe",), soak=not sample)
        core.add("ends/%s/a restart begins anew" % arch, restarts, arch=arch,
                 images=("probe",))
        core.add("ends/%s/a restart on Xen" % arch, xen_restarts, arch=arch,
                 images=("probe",))
        for machine in SMP[arch]:
            core.add("ends/%s/4 CPUs, %s" % (arch, machine), of_cpus(machine),
                     arch=arch, images=("uktest-smp",))
        for name, fn in TESTS:
            core.add("ends/%s/%s" % (arch, name), fn, arch=arch,
                     images=("probe", "probe-tty"))


core.add("ends/x86_64/a crash is told to pvpanic", panic, arch="x86_64",
         images=("probe",))
register()
