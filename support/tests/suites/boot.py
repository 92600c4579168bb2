# SPDX-License-Identifier: BSD-3-Clause
"""Boots: every machine, from the least memory up; how an image ends."""

import glob
import os
import re
import shutil

from kilntest import core, guest, proc
from kilntest.core import expect

ARCHS = ("x86_64", "arm64")
STATUSES = (0, 1, 72, 127, 128, 200, 255)

# Memory sizes of the matrix. QEMU leaves holes below 4G in its own places on
# each machine, so sizes on both sides of them are here.
MEM = {
    "x86_64": ("8M", "64M", "512M", "3G", "4G", "8G"),
    "arm64": ("16M", "64M", "512M", "3G", "4G", "8G"),
}
MEM_ODD = {
    "x86_64": ("2M", "3M", "4M", "5000k", "17M", "1023M", "2047M", "3071M",
               "3584M", "4095M", "4097M", "5G"),
    "arm64": ("9M", "17M", "1023M", "2047M", "3071M", "4095M", "4097M", "5G"),
}
# One of the matrix in make test, for each machine.
SAMPLE = {
    "pc": "3G", "q35": "4G", "microvm": "64M", "microvm-bare": "8M",
    "q35-nohpet": "512M", "virt-gic2": "512M", "virt-gic3": "4G",
    "virt-el2": "64M",
}
CPUS = {
    "x86_64": ("qemu64", "Opteron_G4", "Nehalem", "Haswell", "max"),
    "arm64": ("cortex-a53", "cortex-a57", "cortex-a72", "cortex-a76",
              "neoverse-n1", "max"),
}


def hello(machine, mem, cpu=None, protocol=None):
    def run(ctx):
        extra = ["--protocol", protocol] if protocol else []
        boot = guest.boot(ctx, ctx.image("hello"), machine=machine, mem=mem,
                          cpu=cpu, extra=extra)
        ctx.write("console", str(boot))
        boot.expect_status(0).expect_text("Hello")
        boot.expect_match(r"^kiln: exit 0$")
    return run


def register_matrix():
    for arch in ARCHS:
        for machine in guest.MACHINES[arch]:
            for mem in MEM[arch] + MEM_ODD[arch]:
                core.add("boot/%s/hello/%s/%s" % (arch, machine, mem),
                         hello(machine, mem), arch=arch, images=("hello",),
                         soak=mem != SAMPLE[machine])
        for cpu in CPUS[arch]:
            machine = "q35" if arch == "x86_64" else "virt-gic3"
            core.add("boot/%s/hello/cpu/%s" % (arch, cpu),
                     hello(machine, "64M", cpu), arch=arch,
                     images=("hello",),
                     soak=cpu not in ("qemu64", "cortex-a53", "max"))
    for machine in ("pc", "q35"):
        core.add("boot/x86_64/hello/%s/pvh" % machine,
                 hello(machine, "64M", protocol="pvh"), arch="x86_64",
                 images=("hello",))


def least_memory(ctx):
    """kiln run knows the least memory: below it refuses, at it boots."""
    image = ctx.image("hello")
    least = guest.least_kib(ctx, image)
    guest.boot(ctx, image, mem="%dk" % (least - 4)).expect_status(126)
    guest.boot(ctx, image, mem="%dk" % least).expect_status(0)


def exit_statuses(ctx):
    for how in ("exit", "call-exit"):
        for status in STATUSES:
            boot = guest.boot(ctx, ctx.image("probe"),
                              args=(how, str(status)))
            name = "main returns %d" if how == "exit" else "exit(%d)"
            ok = boot.status == status and \
                re.search(r"^kiln: exit %d$" % status, boot.console, re.M)
            ctx.case(name % status, bool(ok), str(boot), boot.done.seconds)


def only_low_bits(ctx):
    guest.boot(ctx, ctx.image("probe"), args=("exit", "256")).expect_status(0)
    guest.boot(ctx, ctx.image("probe"), args=("exit", "-1")).expect_status(255)


def arguments(ctx):
    args = ["args", "plain", "two words", 'quo"te', "back\\slash", "",
            "a=b,c", "--", "-x", "x.y=z", "\u00e4"]
    boot = guest.boot(ctx, ctx.image("probe"), args=args)
    boot.expect_status(0)
    for i, arg in enumerate(args, 1):
        boot.expect_text("argv[%d]=<%s>\n" % (i, arg))
    boot.expect_text("argc=%d, argv[argc] is NULL" % (len(args) + 1))


def blank_in_path(ctx):
    """QEMU's multiboot loader splits at blanks that are part of a path."""
    top = os.path.join(ctx.dir, "a directory with blanks")
    os.makedirs(top, exist_ok=True)
    image = os.path.join(top, "my probe")
    shutil.copy(ctx.image("probe"), image)
    initrd = os.path.join(top, "my initrd")
    with open(initrd, "wb") as f:
        f.write(bytes(5000))
    boot = guest.boot(ctx, image, params="ukboot.print_bootinfo=1",
                      args=("args", "one", "two words"), initrd=initrd)
    boot.expect_status(0).expect_text(
        "argv[0]=<my probe>\n", "argv[1]=<args>\n", "argv[2]=<one>\n",
        "argv[3]=<two words>\n", "argc=4,")
    m = boot.expect_match(r"^bootinfo: initrd (\w+)-(\w+)$")
    expect(int(m.group(2), 16) - int(m.group(1), 16) == 5000, str(boot))
    boot = guest.boot(ctx, image, args=("exit", "5"), extra=("--dry-run",))
    boot.expect_status(0)
    if ctx.arch == "x86_64":
        boot.expect_text("a link instead")


def bad_value(ctx):
    boot = guest.boot(ctx, ctx.image("probe"), params="probe.fail=many",
                      args=("exit", "0"))
    boot.expect_status(120)
    boot.expect_text("probe.fail", "many", "0 to 4294967295")
    boot.expect_match(r"^kiln: exit 120$")


def unknown_parameter(ctx):
    boot = guest.boot(ctx, ctx.image("probe"), params="probe.nosuch=1",
                      args=("exit", "0"))
    boot.expect_status(120).expect_text("probe.nosuch")


def help_parameter(ctx):
    boot = guest.boot(ctx, ctx.image("probe"), params="help",
                      args=("args",))
    boot.expect_text("probe.fail", "Stage (1 to 7) whose init entry is to "
                     "fail", "probe.trace")
    boot.expect_no_text("argv[0]")
    expect(not boot.timed_out, str(boot))


def unclosed_quote(ctx):
    boot = guest.boot(ctx, ctx.image("probe"), params='probe.trace="1',
                      extra=())
    boot.expect_status(120).expect_match(r"(?i)quote")


def failing_init(ctx):
    for stage, name in enumerate(("EARLY", "MEM", "CPU", "SCHED", "DEV",
                                  "SERVICE", "LATE"), 1):
        boot = guest.boot(ctx, ctx.image("probe"),
                          params="probe.fail=%d probe.trace=1" % stage)
        text = boot.console
        ok = boot.status == 120 and "appprobe:init_" + name in text
        # Up to it, then down again in reverse, without itself.
        ups = re.findall(r"probe up (\w+)", text)
        downs = re.findall(r"probe down (\w+) (-?\d+)", text)
        ok = ok and ups[-1:] == [name] and len(ups) == stage
        ok = ok and [d[0] for d in downs] == ups[-2::-1]
        ctx.case("a failing init of stage %s names itself" % name, ok,
                 str(boot), boot.done.seconds)


def init_order(ctx):
    """What make print-init prints is what happens."""
    boot = guest.boot(ctx, ctx.image("probe"),
                      params="probe.trace=1 ukboot.trace=1",
                      args=("exit", "7")).expect_status(7)
    stages = "EARLY MEM CPU SCHED DEV SERVICE LATE".split()
    expect(re.findall(r"probe up (\w+)", boot.console) == stages, str(boot))
    downs = re.findall(r"probe down (\w+) (\d+)", boot.console)
    expect(downs == [(s, "7") for s in reversed(stages)], str(boot))

    printed = ctx.session.images.prints("probe", ctx.arch, "print-init")
    planned = re.findall(r"^ +((?:lib|app)[\w-]+:\w+)(?: +undone by (\w+))?$",
                         printed, re.M)
    expect(planned, "print-init names nothing\n" + printed)
    inits = [name for name, _ in planned if not name.endswith(":NULL")]
    terms = [name for name, term in reversed(planned) if term]
    for what, want in (("init", inits), ("term", terms)):
        real = re.findall(r": %s (\S+)$" % what, boot.console, re.M)
        expect(real == want, "%s in print-init:\n%s\nreal:\n%s\n%s" % (
            what, "\n".join(want), "\n".join(real), boot))


def echo(ctx):
    lines = ["hello", "with blanks  inside", "x" * 100, "last"]
    boot = guest.boot(ctx, ctx.image("probe"), args=("echo",),
                      stdin="\n".join(lines) + "\nquit\n")
    boot.expect_status(0)
    for line in lines:
        boot.expect_text("got <%s>\n" % line)


def much_output(ctx):
    boot = guest.boot(ctx, ctx.image("probe"), args=("print", "2000"))
    boot.expect_status(0)
    got = re.findall(r"^line (\d+) of 2000, and some more text behind it$",
                     boot.console, re.M)
    expect([int(n) for n in got] == list(range(2000)),
           "%d of 2000 lines arrived whole and in order" % len(got))


def log_level(ctx):
    """ukdebug.console says what of the log is shown; 2 is info."""
    image = ctx.image("probe")
    loud = guest.boot(ctx, image, params="ukdebug.console=2",
                      args=("exit", "0")).expect_status(0)
    loud.expect_text("info: ", "probe reaches LATE")
    # What the machine is: a line for each step and device.
    base = {"x86_64": "0x3f8", "arm64": "0x9000000"}[ctx.arch]
    loud.expect_match(r"info: libukboot: \w+ boot, loader .*, \d+ KiB RAM$")
    loud.expect_match(r"info: libuart_\w+: console at %s$" % base)
    loud.expect_match(r"info: libukfallocbuddy: \d+ KiB in frames$")
    quiet = guest.boot(ctx, image, params="ukdebug.console=0",
                       args=("exit", "0")).expect_status(0)
    quiet.expect_no_text("probe reaches").expect_match(r"^kiln: exit 0$")


def time_limit(ctx):
    boot = guest.boot(ctx, ctx.image("probe"), args=("hang",), timeout=5)
    expect(boot.status == 124, "status %d\n%s" % (boot.status, boot))
    boot.expect_text("hanging")
    # Another test may run the same image now; it has not our argument.
    left = [pid for pid, words in proc.qemus(ctx.image("probe")).items()
            if any("hang" in word for word in words)]
    expect(not left, "QEMU still runs: %s" % left)


# name -> cause and hint that the crash screen must show.
FAULTS = {
    "null-read": ("page fault: read near address 0, through a NULL pointer",
                  "a NULL pointer, 0x8 bytes into what it should point to"),
    "null-write": ("page fault: write near address 0, through a NULL pointer",
                   "a NULL pointer"),
    "null-call": ("page fault: jump near address 0, through a NULL pointer",
                  "a call through a NULL pointer"),
    "rodata-write": ("page fault: write to a read-only page",
                     "a write to constants"),
    "text-write": ("page fault: write to a read-only page",
                   "a write to code"),
    "data-exec": ("page fault: execution of a no-execute page",
                  "data was executed"),
    "stack-exec": ("page fault: execution of a no-execute page",
                   "data was executed"),
    "heap-exec": ("page fault: execution of a no-execute page", None),
    "alias-write": ("page fault: write to a read-only page", None),
    "alias-exec": ("page fault: execution of a no-execute page", None),
    "wild-read": ("page fault: read of unmapped memory",
                  "an error number used as a pointer: -32768"),
    "stack-overflow": ("stack overflow: the page below a stack was accessed",
                       "the stack ended here"),
    "undefined": ("invalid instruction", None),
    "breakpoint": ("breakpoint", None),
    "assert": ("assertion failed: null == 1 at faults.c:", None),
    "crash": ("deliberate, with 42 and text", None),
}
FAULTS_ARCH = {
    "x86_64": {"divide": ("division by zero", None),
               "noncanonical": ("general protection fault", None)},
    # QEMU's TCG does not check the alignment of sp.
    "arm64": {"svc": ("system call instruction (SVC)", None)},
}


def faults(ctx):
    wanted = dict(FAULTS, **FAULTS_ARCH[ctx.arch])
    for name, (cause, hint) in sorted(wanted.items()):
        boot = guest.boot(ctx, ctx.image("probe"), args=("fault", name),
                          timeout=30)
        problem = fault_problem(boot, cause, hint)
        ctx.case("fault " + name, not problem,
                 "%s\n%s" % (problem, boot), boot.done.seconds)


def fault_problem(boot, cause, hint):
    """What is wrong with a crash, or None."""
    if boot.timed_out:
        return "no end"
    if boot.status != 134:
        return "status %d, not 134" % boot.status
    if not re.search(r"^kiln: crash, exit 134$", boot.console, re.M):
        return "no line \"kiln: crash, exit 134\""
    if "still alive" in boot.console:
        return "the fault went by"
    if "kiln: crash: " + cause not in boot.console:
        return "the cause is not \"%s\"" % cause
    if hint and not re.search("^ +hint +" + re.escape(hint), boot.console,
                              re.M):
        return "the hint is not \"%s\"" % hint
    return None


def crash_in_crash(ctx):
    """A fault of a sink while the screen is written: both are told, once, to
    the others.
    """
    for fault in ("crash-twice", "crash-at-once"):
        boot = guest.boot(ctx, ctx.image("probe"), args=("fault", fault))
        problem = fault_problem(boot, "page fault: read near address 0", None)
        expect(not problem, "%s\n%s" % (problem, boot))
        boot.expect_match(r"^kiln: crash inside a crash: invalid instruction")
        for line in ("kiln: crash: ", "kiln: crash inside", "kiln: crash, "):
            expect(boot.console.count(line) == 1, "%s\n%s" % (line, boot))


def crash_screen(ctx):
    """Cause, address, registers, a stack trace through our functions."""
    boot = guest.boot(ctx, ctx.image("probe"), args=("fault", "null-read"))
    boot.expect_status(134)
    for reg in {"x86_64": ("rip", "rsp", "rax", "r15"),
                "arm64": ("pc", "sp", "x0", "x29")}[ctx.arch]:
        boot.expect_match(r"(?i)\b%s\b[ :=]+(0x)?[0-9a-f]{8,16}" % reg)
    # kiln run names the functions from the image with symbols.
    boot.expect_text("null_read", "probe_fault", "main")


def canaries(ctx):
    """Each boot has its own, and the first byte in memory is 0."""
    seen = set()
    for _ in range(2):
        boot = guest.boot(ctx, ctx.image("probe"), args=("canary",))
        boot.expect_status(0)
        seen.add(boot.expect_match(r"^canary ([0-9a-f]{14}00)$").group(1))
    expect(len(seen) == 2, "both boots have " + " ".join(seen))
    expect("5bd1e995c3a1ff00" not in seen, "the canary was not seeded")


def smashed_stack(ctx):
    boot = guest.boot(ctx, ctx.image("probe"), args=("fault", "smash"))
    problem = fault_problem(boot, "stack smashed: ", None)
    expect(not problem, "%s\n%s" % (problem, boot))
    boot.expect_text("probe_smash", "smashed with 0x41")


# Who is compiled without: what is running when the canary changes.
UNPROTECTED = {"libukboot", "libuksp"}


def protection(ctx):
    """{library: how its last C file was compiled}, as the build kept it."""
    out = ctx.session.images.dir("probe", ctx.arch)
    found = {}
    for path in glob.glob(os.path.join(out, "*", "*.o.cmd")):
        with open(path, encoding="utf-8") as f:
            flags = re.findall(r" -f(no-)?stack-protector(-\w+)?(?= )",
                               f.read())
        if flags and "S.o" not in path:
            lib = os.path.basename(os.path.dirname(path))
            found[lib] = "".join(flags[-1])
    return found


def unprotected_chain(ctx):
    """What calls the canary's seeding and returns must not check it; all
    others do.
    """
    found = protection(ctx)
    expect(len(found) > 20, "%s" % found)
    without = {lib for lib, how in found.items() if how == "no-"}
    expect(without == UNPROTECTED, "without: %s" % without)
    strong = {lib for lib, how in found.items() if how == "-strong"}
    expect({"appprobe", "libukconsole", "libukdebug"} <= strong,
           "strong: %s" % strong)
    out = ctx.session.images.dir("probe", ctx.arch)
    for lib in sorted(UNPROTECTED):
        names = proc.run(["nm", "-u", os.path.join(out, lib + ".ld.o")])
        expect(names.status == 0, names.out)
        expect("__stack_chk_fail" not in names.out,
               lib + " is protected:\n" + names.out)
    names = proc.run(["nm", "-u", os.path.join(out, "libukconsole.ld.o")])
    expect("__stack_chk_fail" in names.out,
           "nothing is protected:\n" + names.out)


TESTS = (
    ("least memory is known, refused below, enough", least_memory, "hello"),
    ("status", exit_statuses, "probe"),
    ("only the low 8 bits of the status count", only_low_bits, "probe"),
    ("arguments arrive as given", arguments, "probe"),
    ("arguments arrive as given from a path with blanks", blank_in_path,
     "probe"),
    ("a bad value stops the boot and names the parameter", bad_value,
     "probe"),
    ("an unknown parameter stops the boot", unknown_parameter, "probe"),
    ("help lists the parameters", help_parameter, "probe"),
    ("an unclosed quote stops the boot", unclosed_quote, "probe"),
    ("init", failing_init, "probe"),
    ("print-init is the real order", init_order, "probe"),
    ("console input arrives", echo, "probe"),
    ("much output arrives whole", much_output, "probe"),
    ("the console's log level is a parameter", log_level, "probe"),
    ("a hanging guest is ended at the time limit", time_limit, "probe"),
    ("crash", faults, "probe"),
    ("a crash inside a crash is told, and ends", crash_in_crash, "probe"),
    ("the crash screen tells registers and stack", crash_screen, "probe"),
    ("two boots have different canaries", canaries, "probe"),
    ("a smashed stack ends in the crash screen", smashed_stack, "probe"),
    ("the boot chain does without a canary", unprotected_chain, "probe"),
)


def register():
    register_matrix()
    for arch in ARCHS:
        for name, fn, image in TESTS:
            core.add("boot/%s/%s" % (arch, name), fn, arch=arch,
                     images=(image,))


register()
