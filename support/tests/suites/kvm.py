# SPDX-License-Identifier: BSD-3-Clause
"""Under a real KVM, nested in emulation: see rigs/kvm/README.md.

There an exit costs up to a millisecond and timers are late by some. So these
are cases that prove an order, a lower bound, or that something happens at all;
most of them are for make soak.
"""

import re

from kilntest import core, kvmrig, taprun
from kilntest.core import expect

from . import inimage

# For a case, which is slow there.
LIMIT_MS = 200000
# Seconds for all of them: 2 to 5 minutes where nothing else runs.
LONG = 1500

Q35 = ("-M", "q35,kernel-irqchip=split,pic=off,pit=off", "-bios", "qboot.rom")
MICROVM = ("-M", "microvm,pic=off,pit=off,rtc=off")
# qboot gives PCI devices no addresses.
Q35_PCI = Q35[:2] + ("-bios", "bios-256k.bin")
# With all of the interrupt controllers in the kernel.
Q35_WHOLE = ("-M", "q35", "-bios", "qboot.rom")
VIRT = ("-M", "virt,gic-version=host")
PLACE = {"x86_64": Q35, "arm64": VIRT}

CPU = ("-cpu", "host")
FOUR = ("-smp", "4")
EDU = ("-device", "edu")

CLOCK = r"info: libuktime: clock kvmclock, "
X2APIC = r"info: libukintctlr: x2APIC: \d+ lines, 176 messages$"
DEADLINE = (r"info: libuktime: on KVM, clock kvmclock, timer "
            r"lapic-deadline$")
COUNTS = r"info: libuktime: (on KVM, clock kvmclock, )?timer lapic$"
GIC = r"info: libukintctlr: GICv3: \d+ lines, [1-9]\d* messages$"
ARM_TIMER = r"info: libuktime: timer arm-virtual$"
FOUR_UP = r"4 of 4 CPUs are up$"
KEEPS = "this local APIC keeps what it masks"

PC_CASES = "timer,timer_interrupt,timer_lapic,pvclock_machine,apic"
NO_PIC = ",on_demand.neither_pics_nor_a_pit*"
ARM_CASES = "timer,timer_interrupt,timer_arm_event,gic,psci_machine,rtc_image"
RTC_CASES = "on_demand.rtc_*"
MSI_CASES = "on_demand.a_pci_device_interrupts*"
THREADS = ("smp,smp_locks,preempt*,thread*,waitq,mutex,semaphore,condvar,"
           "rwlock,completion,mbox,mpmc*,inherit,may_block,sched_idle,"
           "tls_ops,lock_debug,once,spinlock,stacks,vmem_smp,allocpool,"
           "frames,shootdown")
THREADED = r"the CPU runs a thread|hardware tells other CPUs"
# All but on_demand, and but a case of lock_irq in which a thread must get on
# between interrupts: here each of them takes longer than the time to the next.
# What is used for what is not looked at: the cases have clocks of their own.
EVERYTHING = ",".join(c + "*" for c in "abcdefghijkmnpqrstuvwxyz") + \
    ",la*,lc*,li*,low*,lock_d*,lock_irq.i*,once"
STOLEN = "stolen"
SHARED = "on_demand.cpus_that_share_one*"
BEYOND = "on_demand.a_cpu_whose_structure*"
EOI = "apic_eoi"

TRAPS = {
    "x86_64": "trap_cause,trap_events,traps,ctx,fpu_state,tls,cpu",
    "arm64": "trap_cause,trap_event,traps,ctx,tls",
}
MEMORY = ("pte,paging,pagetable,mmio,nofault,falloc,fallocbuddy,vmem,"
          "vmem_image,vmem_remap,vmem_thread,alloc,heap,allocslab,allocstack,"
          "stack_slots")
LACKS = (r"this CPU has no |the bus of this machine answers everywhere|"
         r"this machine has one CPU|threads do not run on three CPUs")


def run_cases(ctx, image, qemu, cases, lines=(), skips=None, params="", **kw):
    """All @cases pass, the log has @lines, and skipped is only what the
    expression @skips matches."""
    boot = kvmrig.boot(ctx, image, qemu, params + "ukdebug.console=2 "
                       "uktest.limit_ms=%d uktest.filter=%s"
                       % (LIMIT_MS, cases), **kw)
    rep = taprun.report(ctx, boot.console, boot.status, boot.timed_out,
                        taprun.uktest_status, boot.done.times)
    for line in lines:
        boot.expect_match(line)
    for case in rep.cases:
        expect(case.skip is None or (skips and re.match(skips, case.skip)),
               "%s was skipped: %s\n%s" % (case.name, case.skip, boot))
    return boot


def cases(names, lines, qemu=(), image="uktest", cpus=1, skips=None,
          place=None, cpu=CPU, timeout=300, params=""):
    def run(ctx):
        run_cases(ctx, ctx.image(image),
                  (place or PLACE[ctx.arch]) + tuple(cpu) + tuple(qemu),
                  names, lines, skips, params, cpus=cpus, timeout=timeout)
    return run


def by_protocol(place, protocol, names):
    def run(ctx):
        image = ctx.image("uktest")
        if protocol == "pvh":
            image = kvmrig.without_multiboot(ctx, image)
        run_cases(ctx, image, place + CPU, names,
                  (r"info: libukboot: %s boot, " % protocol, CLOCK, X2APIC,
                   DEADLINE), KEEPS)
    return run


STOP = """\
expect # run on_demand.sleeps_end_and_time_goes_on
sleep 1
stop
info status
sleep 4
cont
info status
"""


def stopped(ctx):
    """Its clock runs on or stands still; back it does not go."""
    boot = run_cases(ctx, ctx.image("uktest"), PLACE[ctx.arch] + CPU,
                     "on_demand.sleeps_end_and_time_goes_on*", steer=STOP)
    expect(re.search(r"VM status: paused.*VM status: running", boot.log,
                     re.S), "it was not stopped while the case ran\n%s"
           % boot)
    lines = boot.done.out.split("\n")
    begin, end = (next(i for i, line in enumerate(lines)
                       if line.startswith(start))
                  for start in ("# run ", "ok 1 "))
    took = boot.done.times[end] - boot.done.times[begin]
    expect(took >= 5, "the case took %.1f s, 4 of which it was stopped\n%s"
           % (took, boot))


def boot_traps_memory(arch, lines):
    return cases("boot,bootinfo,%s,%s" % (TRAPS[arch], MEMORY), lines,
                 skips=LACKS)


# In make test, too: one for each architecture.
ALWAYS = ("q35/by multiboot: kvmclock, x2APIC, TSC deadlines, no PIC or PIT",
          "virt: PSCI by hvc, GICv3, timer")

# arch -> (sentence, test, image)
TESTS = {
    "x86_64": (
        ("q35/by multiboot: kvmclock, x2APIC, TSC deadlines, no PIC or PIT",
         by_protocol(Q35, "multiboot", PC_CASES + NO_PIC), "uktest"),
        ("q35/by PVH: kvmclock, x2APIC, TSC deadlines, no PIC or PIT",
         by_protocol(Q35, "pvh", PC_CASES + NO_PIC), "uktest"),
        ("microvm/by multiboot: kvmclock, x2APIC, TSC deadlines",
         by_protocol(MICROVM, "multiboot", PC_CASES), "uktest"),
        ("microvm/by PVH: kvmclock, x2APIC, TSC deadlines",
         by_protocol(MICROVM, "pvh", PC_CASES), "uktest"),
        ("interrupt controllers in the kernel, with PIC and PIT",
         cases(PC_CASES, (CLOCK, X2APIC, DEADLINE), place=Q35_WHOLE,
               skips=KEEPS), "uktest"),
        ("a CPU without TSC deadlines counts down",
         cases("timer,timer_interrupt,timer_lapic", (CLOCK, COUNTS),
               cpu=("-cpu", "host,-tsc-deadline"), skips=KEEPS), "uktest"),
        ("no deadline is set by a TSC whose rate nobody tells",
         cases("timer.timers_run*,timer.a_*", (COUNTS,),
               cpu=("-cpu", "host,-kvmclock")), "uktest"),
        ("boot, traps and memory",
         boot_traps_memory("x86_64", ()), "uktest"),
        ("every case of the image",
         cases(EVERYTHING, (), skips=".", timeout=LONG),
         "uktest"),
        ("time is stolen, and counted",
         cases("%s,%s,%s" % (STOLEN, SHARED, EOI), (FOUR_UP,), qemu=FOUR,
               cpus=2), "uktest"),
        ("most interrupts end without an exit",
         cases("%s,timer_interrupt" % EOI, (DEADLINE,)), "uktest"),
        ("alarms of the RTC interrupt",
         cases(RTC_CASES, ()), "uktest"),
        ("a PCI device sends messages",
         cases(MSI_CASES, (X2APIC,), qemu=EDU, place=Q35_PCI), "uktest"),
        ("4 CPUs come up and call each other",
         cases("cpus,lcpu_sipi", (CLOCK, DEADLINE, FOUR_UP), qemu=FOUR,
               cpus=2), "uktest"),
        ("4 CPUs whose own memory has addresses of its own",
         cases("cpus,heap.a_block_is*,%s,%s" % (STOLEN, EOI),
               (CLOCK, FOUR_UP), qemu=FOUR, cpus=2, image="uktest-debug",
               params=inimage.OWN_ADDRESSES), "uktest-debug"),
        ("threads on 4 CPUs",
         cases(THREADS, (FOUR_UP,), qemu=FOUR, cpus=2, image="uktest-smp",
               skips=THREADED, timeout=LONG), "uktest-smp"),
    ),
    "arm64": (
        ("virt: PSCI by hvc, GICv3, timer",
         cases(ARM_CASES, (GIC, ARM_TIMER), skips="KVM |.*has one CPU"),
         "uktest"),
        ("boot, traps and memory",
         boot_traps_memory("arm64", ()), "uktest"),
        ("every case of the image",
         cases(EVERYTHING, (), skips=".", timeout=LONG),
         "uktest"),
        ("time is stolen, and counted",
         cases("%s,%s" % (STOLEN, SHARED), (FOUR_UP,), qemu=FOUR, cpus=2),
         "uktest"),
        ("a CPU beyond the first page of stolen time is told",
         cases(BEYOND, (), qemu=("-smp", "70"), cpus=2,
               image="uktest-many"), "uktest-many"),
        ("alarms of the RTC interrupt",
         cases(RTC_CASES, ()), "uktest"),
        ("a PCI device sends messages through the ITS",
         cases(MSI_CASES, (GIC,), qemu=EDU), "uktest"),
        ("4 CPUs come up and call each other",
         cases("cpus,lcpu_fdt", (GIC, ARM_TIMER, FOUR_UP), qemu=FOUR,
               cpus=2, skips="no messages of CPUs here"), "uktest"),
        ("another CPU starts and stops by PSCI",
         cases("psci_machine.another*", (), qemu=FOUR), "uktest"),
        ("threads on 4 CPUs",
         cases(THREADS, (FOUR_UP,), qemu=FOUR, cpus=2, image="uktest-smp",
               skips=THREADED, timeout=LONG), "uktest-smp"),
    ),
}


def register():
    for arch, tests in TESTS.items():
        for name, fn, image in tests + (
                ("time does not go back in a machine that is stopped",
                 stopped, "uktest"),):
            core.add("kvm/%s/%s" % (arch, name), fn, arch=arch,
                     soak=name not in ALWAYS, images=(image,))


register()
