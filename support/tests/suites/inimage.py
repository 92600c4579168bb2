# SPDX-License-Identifier: BSD-3-Clause
"""The libraries' tests in an image, on both architectures."""

from kilntest import core, guest, taprun
from kilntest.core import expect

# Where they run; the first one in make test, all in soak.
WHERE = {
    "x86_64": [("q35", None), ("pc", None), ("microvm-bare", None),
               ("q35", "qemu64")],
    "arm64": [("virt-gic3", "max"), ("virt-gic2", "cortex-a53"),
              ("virt-el2", "cortex-a72")],
}

# uktest.limit_ms as it is when nobody sets it.
LIMIT_SECONDS = 10


def run_image(image, machine, cpu, cpus=1, mem="64M"):
    """Cases on several CPUs may take longer: see cpus.py."""
    limit = LIMIT_SECONDS * (10 if cpus > 1 else 1)

    def run(ctx):
        params = "uktest.limit_ms=%d" % (limit * 1000)
        if ctx.case_filter:
            params += " uktest.filter=" + ctx.case_filter
        boot = guest.boot(ctx, ctx.image(image), machine=machine, cpu=cpu,
                          mem=mem, params=params,
                          extra=("--cpus", str(cpus)),
                          timeout=300 if cpus > 1 else guest.TIMEOUT)
        ctx.write("console", str(boot))
        taprun.report(ctx, boot.console, boot.status, boot.timed_out,
                      taprun.uktest_status, boot.done.times, limit)
    return run


def held(ctx):
    """arm64 tells how fast its counter runs; a PC may not."""
    boot = guest.boot(ctx, ctx.image("uktest-debug"), mem="64M",
                      params="uktest.filter=on_demand.a_mutex_is_held*")
    boot.expect_status(0)
    boot.expect_match(r'warn: libuklock: "main" held mutex 0x\w+ for \d+ ms')


def limited(ctx):
    boot = guest.boot(ctx, ctx.image("uktest-preempt"), mem="64M",
                      params="ukdebug.console=2 uktest.filter=on_demand."
                      "the_hard_limit_of_cpu*")
    ctx.write("console", str(boot))
    boot.expect_status(128 + 9).expect_text("info: ", "it was reached")


def many_interrupts(ctx):
    boot = guest.boot(ctx, ctx.image("uktest-preempt"), mem="64M",
                      params="uktest.limit_ms=55000 uktest.filter=on_demand."
                      "a_hundred_thousand_interrupts*")
    ctx.write("console", str(boot))
    boot.expect_status(0).expect_text("1..1\n", "ok 1 ")


def watched(ctx):
    """A CPU that stands still is named, in the log."""
    boot = guest.boot(ctx, ctx.image("uktest-debug"), mem="64M",
                      params="ukschedsmp.watchdog_ms=50 ukdebug.console=1 "
                      "uktest.filter=on_demand.watchdog*",
                      extra=("--cpus", "2"))
    boot.expect_status(0).expect_text("1..3\n")
    boot.expect_match(r'err: libukschedsmp: CPU 0 has not let others run for '
                      r'\d+ ms, in "main"')
    boot.expect_match(r'err: libukschedsmp: CPU 1 has not taken interrupts '
                      r'for \d+ ms, in "stuck"')


def by_icount(image, machine, case):
    """Where one instruction takes a nanosecond and idle time is skipped."""
    def run(ctx):
        boot = guest.boot(ctx, ctx.image(image), machine=machine, mem="64M",
                          params="uktest.filter=on_demand." + case,
                          extra=("--accel", "tcg", "--qemu-arg=-icount",
                                 "--qemu-arg=shift=0,sleep=off"))
        ctx.write("console", str(boot))
        boot.expect_status(0).expect_text("1..1\n", "ok 1 ")
    return run


# The clock that is chosen, in one line, by what the machine lacks.
CLOCKS = {
    "x86_64": [
        ("q35", "clock hpet, 100000 kHz"),
        ("q35,hpet=off", "clock pmtimer, 3579 kHz"),
        ("pc,acpi=off,hpet=off",
         r"clock tsc-unsteady, \d+ kHz, measured with pit"),
        ("microvm", r"clock tsc-unsteady, \d+ kHz, measured with pit"),
        ("microvm,pit=off",
         r"clock tsc-unsteady, \d+ kHz, measured with tsc-guessed"),
    ],
    "arm64": [("virt", "clock arm-virtual, 62500 kHz")],
}


def clocks(machine, line):
    def run(ctx):
        boot = guest.boot(ctx, ctx.image("uktest"), mem="64M",
                          params="ukdebug.console=2 uktest.filter="
                          "timer.time_goes_forward",
                          extra=["--accel", "tcg", "--machine", machine])
        ctx.write("console", str(boot))
        boot.expect_status(0).expect_match("info: libuktime: %s$" % line)
        expect(boot.console.count("libuktime: clock ") == 1, str(boot))
        told = "nobody tells the rate of the TSC" in boot.console
        expect(told == ("guessed" in line), str(boot))
    return run


# MiB of memory, None for what loading takes and 1 more; and whether only soak
# tries it.
FRAMES = {
    "x86_64": ((None, False), (16, True), (512, True), (3584, True),
               (8192, False)),
    "arm64": ((None, False), (512, True), (8192, False)),
}


def frames(mem):
    """All frames of a small and of a large machine."""
    def run(ctx):
        image = ctx.image("uktest")
        kib = mem * 1024 if mem else guest.least_kib(ctx, image) + 1024
        boot = guest.boot(ctx, image, mem="%dk" % kib,
                          params="uktest.filter=frames,heap,fallocbuddy")
        ctx.write("console", str(boot))
        boot.expect_status(0).expect_match(r"^ok \d+ - frames: all memory")
    return run


def sparse(ctx):
    """An area that is larger than the machine's memory."""
    boot = guest.boot(ctx, ctx.image("uktest"), mem="128M",
                      params="uktest.filter=vmem_image.four_pages_of_a_gib*")
    ctx.write("console", str(boot))
    boot.expect_status(0).expect_text("1..1\n", "ok 1 ")


def big_heap(ctx):
    boot = guest.boot(ctx, ctx.image("uktest"), mem="1536M",
                      params="uktest.filter=on_demand.a_gib_is_allocated*")
    ctx.write("console", str(boot))
    boot.expect_status(0).expect_text("1..1\n", "ok 1 ")


def more_cpus(machine):
    """Cases that need more CPUs are skipped where there is one."""
    def run(ctx):
        halts = "on_demand.a_cpu_that_is_not_meant_or_comes_late_halts"
        boot = guest.boot(ctx, ctx.image("uktest"), machine=machine,
                          mem="64M", params="uktest.filter=lcpu," + halts,
                          extra=("--cpus", "4"))
        ctx.write("console", str(boot))
        boot.expect_status(0).expect_match(r"^ok \d+ - lcpu: a cpu that")
        boot.expect_match(r"^ok \d+ - on_demand: a cpu that is not meant")
        boot.expect_no_text("# SKIP")
    return run


def pics_alone(ctx):
    """The lines of a CPU without an APIC: none of the cases is skipped."""
    boot = guest.boot(ctx, ctx.image("uktest"), machine="pc",
                      cpu="qemu64,-apic", mem="64M", params="uktest.filter="
                      "isa_line,on_demand.the_pics_take_the_interrupts")
    ctx.write("console", str(boot))
    boot.expect_status(0).expect_match(r"^ok \d+ - on_demand: the pics take")
    boot.expect_match(r"^ok \d+ - isa_line: a level comes until")
    boot.expect_no_text("# SKIP")


# Where local and I/O APICs are found by ACPI, and by the MP table.
APICS = ("q35", "q35,pic=off,pit=off,hpet=off", "pc", "microvm",
         "microvm,acpi=off", "microvm,pic=off,pit=off,rtc=off")


def apics(machine):
    def run(ctx):
        boot = guest.boot(ctx, ctx.image("uktest"), mem="64M",
                          params="ukdebug.console=2 uktest.filter="
                          "apic,on_demand.the_apics_take_the_interrupts,"
                          "on_demand.the_local_apics_timer*",
                          extra=["--machine", machine])
        ctx.write("console", str(boot))
        boot.expect_status(0)
        boot.expect_match(r"libukintctlr: APIC: (24|48) lines, 176 messages$")
        boot.expect_match(r"^ok \d+ - on_demand: the apics take")
        boot.expect_no_text("# SKIP", "err:")
    return run


def pci_device(machine):
    """One that interrupts when it is told to."""
    def run(ctx):
        boot = guest.boot(ctx, ctx.image("uktest"), mem="64M",
                          params="uktest.filter=on_demand.a_pci_device_"
                          "interrupts*",
                          extra=["--machine", machine, "--qemu-arg=-device",
                                 "--qemu-arg=edu"])
        ctx.write("console", str(boot))
        boot.expect_status(0).expect_text("1..2\n")
    return run


def timers(machine, cpu, name):
    """Timers interrupt, by the timer @name; emulated: KVM has others."""
    def run(ctx):
        cases = "timer,timer_interrupt,timer_lapic"
        if name == "pit":
            cases = "timer,timer_interrupt,on_demand.the_pit_waits*"
        boot = guest.boot(ctx, ctx.image("uktest"), mem="64M", cpu=cpu,
                          params="ukdebug.console=2 uktest.filter=" + cases,
                          extra=["--machine", machine, "--accel=tcg"])
        ctx.write("console", str(boot))
        boot.expect_status(0)
        boot.expect_match(r"info: libuktime: timer %s$" % name)
        boot.expect_no_text("# SKIP")
    return run


TIMERS = (("q35", None, "lapic"), ("q35,hpet=off", None, "lapic"),
          ("microvm,pic=off,pit=off,rtc=off", None, "lapic"),
          ("pc", "qemu64,-apic", "pit"), ("pc,hpet=off", "qemu64,-apic", "pit"))


def messages(machine, answer, image="uktest", params=""):
    """A device that sends them, beside what CPUs can send themselves."""
    def run(ctx):
        boot = guest.boot(ctx, ctx.image(image), machine=machine,
                          mem="64M", params=params + "ukdebug.console=2 "
                          "uktest.filter=gic_msi,"
                          "on_demand.a_pci_device_interrupts*",
                          extra=("--qemu-arg=-device", "--qemu-arg=edu",
                                 "--cpus", "2"))
        ctx.write("console", str(boot))
        boot.expect_status(0).expect_match(answer)
        boot.expect_no_text("no messages of CPUs here")
        boot.expect_match(r"^ok \d+ - on_demand: a pci device interrupts")
    return run


# Where each block of the heap has addresses of its own, in "uktest-debug".
OWN_ADDRESSES = "ukalloc.debug=1 ukalloc.protect=on "

# A GICv2m and an ITS, the latter also when the boot is at EL2.
MESSAGES = {
    "virt-gic2": "GICv2: 256 lines, 64 messages",
    "virt-gic3": "GICv3: 224 lines, 128 messages",
    "virt-el2": "GICv3: 224 lines, 128 messages",
}


def register():
    for machine, cpu, name in TIMERS:
        core.add("image/x86_64/%s: timer %s" % (machine, name),
                 timers(machine, cpu, name), arch="x86_64",
                 images=("uktest",))
    for arch, places in CLOCKS.items():
        for machine, line in places:
            core.add("image/%s/%s: clock" % (arch, machine),
                     clocks(machine, line), arch=arch, images=("uktest",))
        for image in ("uktest", "uktest-preempt"):
            core.add("image/%s/sleeps are as long as asked/%s" % (arch, image),
                     by_icount(image, WHERE[arch][0][0], "sleeps_end_in_time*"),
                     arch=arch, images=(image,))
        core.add("image/%s/a mutex is spun for" % arch,
                 by_icount("uktest-smp", WHERE[arch][0][0], "spinning_helps*"),
                 arch=arch, images=("uktest-smp",))
    for arch, sizes in FRAMES.items():
        core.add("image/%s/a sparse GiB in 128 MiB" % arch, sparse, arch=arch,
                 images=("uktest",))
        core.add("image/%s/1 GiB of 1.5 GiB is allocated" % arch, big_heap,
                 arch=arch, images=("uktest",))
        for mem, soak in sizes:
            size = "%d MiB" % mem if mem else "little memory"
            core.add("image/%s/frames of %s" % (arch, size), frames(mem),
                     arch=arch, images=("uktest",), soak=soak)
    for machine in ("pc", "q35"):
        core.add("image/x86_64/%s: APICs and a PCI device" % machine,
                 pci_device(machine), arch="x86_64", images=("uktest",))
    for machine in APICS:
        core.add("image/x86_64/%s: APICs" % machine, apics(machine),
                 arch="x86_64", images=("uktest",))
    for machine, answer in MESSAGES.items():
        core.add("image/arm64/%s: messages" % machine,
                 messages(machine, answer), arch="arm64", images=("uktest",))
    # What the ITS is told of is not where the heap shows it.
    core.add("image/arm64/virt-gic3: messages, watched heap",
             messages("virt-gic3", MESSAGES["virt-gic3"], "uktest-debug",
                      OWN_ADDRESSES), arch="arm64", images=("uktest-debug",))
    core.add("image/x86_64/a CPU without an APIC", pics_alone, arch="x86_64",
             images=("uktest",))
    for machine in ("virt-gic3", "virt-el2"):
        core.add("image/arm64/other CPUs start/" + machine,
                 more_cpus(machine), arch="arm64", images=("uktest",))
    for arch, places in WHERE.items():
        for i, (machine, cpu) in enumerate(places):
            name = "image/%s/%s" % (arch, machine)
            if cpu:
                name += "," + cpu
            core.add(name, run_image("uktest", machine, cpu), arch=arch,
                     images=("uktest",), soak=i > 0)
    for name, cpu in (("la57", "max,la57=on"), ("la57-none", "max,la57=off")):
        core.add("image/x86_64/" + name,
                 run_image("uktest-la57", "q35", cpu, cpus=4), arch="x86_64",
                 images=("uktest-la57",))
    # clang passes the x86_64 tests, and builds both. Its image's heap gives
    # nothing back.
    core.add("image/x86_64/clang",
             run_image("uktest-clang", "q35", None, mem="1G"),
             arch="x86_64", images=("uktest-clang",))
    for arch, places in WHERE.items():
        core.add("image/%s/debug" % arch,
                 run_image("uktest-debug", *places[0], cpus=2), arch=arch,
                 images=("uktest-debug",))
        core.add("image/%s/preempt" % arch,
                 run_image("uktest-preempt", *places[0]), arch=arch,
                 images=("uktest-preempt",))
        core.add("image/%s/smp" % arch,
                 run_image("uktest-smp", *places[0], cpus=4), arch=arch,
                 images=("uktest-smp",))
        core.add("image/%s/a CPU that stands still is reported" % arch,
                 watched, arch=arch, images=("uktest-debug",))
        core.add("image/%s/100000 interrupts up a semaphore" % arch,
                 many_interrupts, arch=arch, images=("uktest-preempt",))
        core.add("image/%s/the hard limit of CPU time ends a program" % arch,
                 limited, arch=arch, images=("uktest-preempt",))
    core.add("image/arm64/a mutex held for long is logged", held,
             arch="arm64", images=("uktest-debug",))
    core.add("image/arm64/clang",
             run_image("uktest-clang", "virt-gic3", "max", mem="1G"),
             arch="arm64", images=("uktest-clang",))


def listed(ctx):
    boot = guest.boot(ctx, ctx.image("uktest"), mem="64M",
                      params="uktest.list=1")
    boot.expect_status(0).expect_text("uktest.no_case_at_all_is_a_failure\n")
    boot.expect_no_text("# run")


def filtered(ctx):
    boot = guest.boot(ctx, ctx.image("uktest"), mem="64M",
                      params="uktest.filter=uktest.no_case*")
    boot.expect_status(0).expect_text("1..1\n")


def nothing(ctx):
    boot = guest.boot(ctx, ctx.image("uktest"), mem="64M",
                      params="uktest.filter=nosuchsuite")
    boot.expect_status(1).expect_text("Bail out!")


class Collected:
    """In place of a test's context: the cases that failed, by name."""

    def __init__(self):
        self.failed = {}
        self.passed = []

    def case(self, name, ok, detail="", seconds=0.0):
        if ok:
            self.passed.append(name)
        else:
            self.failed[name] = detail

    def skip_case(self, name, reason):
        pass


def slow(ctx):
    """In the guest where it has a clock, here where it has none."""
    case = "on_demand.a_case_that_takes_half_a_second"
    for limit_ms, late in ((200, True), (60000, False)):
        boot = guest.boot(ctx, ctx.image("uktest"), mem="64M",
                          params="uktest.filter=%s uktest.limit_ms=%d"
                          % (case, limit_ms))
        found = Collected()
        taprun.report(found, boot.console, boot.status, boot.timed_out,
                      taprun.uktest_status, boot.done.times, limit_ms / 1000)
        expect(list(found.failed) == ([case] if late else []) and
               found.passed == ([] if late else [case]),
               "failed: %s\n%s" % (found.failed, boot))
        if not late:
            boot.expect_status(0)
            continue
        expect("allowed are 0.2 s" in found.failed[case], found.failed[case])
        if ctx.arch == "arm64":
            boot.expect_status(1).expect_match(
                r"^#   took \d{3,} ms, allowed are 200$")


def on_demand(ctx):
    """Nothing of the kind runs unasked, or is listed."""
    boot = guest.boot(ctx, ctx.image("uktest"), mem="64M",
                      params="uktest.list=1")
    boot.expect_status(0).expect_no_text("on_demand.")


def three_cpus(machine, case):
    """What firmware's tables say agrees with what QEMU was told."""
    def run(ctx):
        boot = guest.boot(ctx, ctx.image("uktest"), machine=machine,
                          mem="64M", params="uktest.filter=on_demand." + case,
                          extra=["--cpus", "3"])
        boot.expect_status(0).expect_text("1..1\n", "ok 1 ")
    return run


for _machine, _cases in (
        ("pc", ("the_madt_lists_three_cpus",)),
        ("q35", ("the_madt_lists_three_cpus",)),
        ("microvm", ("the_madt_lists_three_cpus",
                     "the_mp_table_lists_three_cpus"))):
    for _case in _cases:
        core.add("image/x86_64/%s: %s" % (_machine, _case.replace("_", " ")),
                 three_cpus(_machine, _case), arch="x86_64",
                 images=("uktest",))


def overrun(ctx):
    """The crash is that thread's; the case is the main thread's."""
    boot = guest.boot(ctx, ctx.image("uktest"), mem="64M", params="uktest."
                      "filter=on_demand.a_thread_that_overran*")
    boot.expect_text('#   crashed: stack overflow: thread "smasher" has used '
                     "more than its ")


def overflow(image):
    """At once, and on another stack; so all of the screen is there."""
    def run(ctx):
        boot = guest.boot(ctx, ctx.image(image), mem="64M", params="uktest."
                          "filter=on_demand.a_thread_that_overflows*",
                          extra=("--cpus", "2"))
        ctx.write("console", str(boot))
        boot.expect_status(134)
        boot.expect_match(r"^kiln: crash: page fault: write to unmapped memory")
        boot.expect_match(r"^ +hint +\d{1,4} bytes below the stack of thread "
                          r"'digger': it overflowed")
        boot.expect_match(r"#1 .* dig\S*\+0x")
    return run


for _arch in WHERE:
    for _image in ("uktest", "uktest-smp", "uktest-clang"):
        core.add("image/%s/a stack overflow is named/%s" % (_arch, _image),
                 overflow(_image), arch=_arch, images=(_image,))
    core.add("image/%s/a thread that overran its stack is named" % _arch,
             overrun, arch=_arch, images=("uktest",))
    for _fn, _name in ((listed, "uktest.list names the cases and runs none"),
                       (filtered, "uktest.filter picks one case"),
                       (nothing, "a filter that picks nothing fails"),
                       (slow, "a case over its time limit fails"),
                       (on_demand, "cases on demand wait for a filter")):
        core.add("image/%s/%s" % (_arch, _name), _fn, arch=_arch,
                 images=("uktest",))
register()
