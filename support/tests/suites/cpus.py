# SPDX-License-Identifier: BSD-3-Clause
"""Machines with several CPUs: each comes up and works, or is left out by name.

The cases are lib/uklcpu's; here they are given machines whose CPUs are
numbered with gaps, told by other tables, or broken.
"""

import os
import re

from kilntest import core, guest
from kilntest.core import expect
from suites import firmware, machines


# CPUs of a guest that wait for each other are slow where the host has fewer,
# and slower still where those have more to do.
LIMIT_MS = 100000
TIMEOUT = 300


def smp(cpus, topology):
    """@topology: of QEMU's -smp; "" is one socket, told by ACPI if any."""
    if not topology:
        return ("--cpus", str(cpus))
    if topology == "MP table":
        return ("--cpus", str(cpus), "--machine", "microvm,acpi=off")
    return ("--qemu-arg=-smp", "--qemu-arg=%d,%s" % (cpus, topology))


def all_cpus(machine, cpus, topology, filters, image="uktest"):
    """Suites that use every CPU of the machine; none may be skipped."""
    def run(ctx):
        boot = guest.boot(ctx, ctx.image(image), machine=machine,
                          mem="64M", params="ukdebug.console=2 uktest.filter="
                          + filters + " uktest.limit_ms=%d" % LIMIT_MS,
                          extra=smp(cpus, topology), timeout=TIMEOUT)
        ctx.write("console", str(boot))
        boot.expect_status(0)
        boot.expect_match(r"%d of %d CPUs are up" % (cpus, cpus))
        boot.expect_no_text("# SKIP")
    return run


def many_cpus(machine, cpus, topology):
    """An emulator with more CPUs than the host by so much may not run one for
    half a second: that one is left out by name, and few are."""
    def run(ctx):
        boot = guest.boot(ctx, ctx.image("uktest-many"), machine=machine,
                          mem="512M", params="ukdebug.console=2 uktest.filter="
                          "cpus.every*,cpus.a_call*,cpus.calls*,cpus.time*,"
                          "smp.every*,smp.as_many* uktest.limit_ms=%d"
                          % LIMIT_MS, extra=smp(cpus, topology),
                          timeout=TIMEOUT)
        ctx.write("console", str(boot))
        boot.expect_status(0).expect_no_text("# SKIP")
        up = int(boot.expect_match(r"(\d+) of %d CPUs are up" % cpus).group(1))
        lost = re.findall(r"CPU \d+, hardware id \w+, does not start, error "
                          r"110: it is left out$", boot.console, re.M)
        expect(up + len(lost) == cpus and len(lost) <= 4, str(boot))
    return run


def crash_of_one(machine, answers):
    """Each CPU is on the screen, once; @answers: also with interrupts off."""
    def run(ctx):
        boot = guest.boot(ctx, ctx.image("uktest"), machine=machine,
                          mem="64M", params="uktest.filter=on_demand.cpu_1_"
                          "crashes*", extra=("--cpus", "4"))
        ctx.write("console", str(boot))
        boot.expect_status(134)
        boot.expect_text("kiln: crash: on purpose, by CPU 1\n")
        boot.expect_match(r'^  cpu       1, hardware id 0x1, in "boot"$')
        boot.expect_match(r'^kiln: cpu 0, hardware id 0, in "main"$')
        boot.expect_match(r'^kiln: cpu 2, hardware id 0x2, '
                          + ('in "boot"$' if answers else "does not answer$"))
        boot.expect_match(r'^kiln: cpu 3, hardware id 0x3, in "boot"$')
        expect(boot.console.count("kiln: stack trace\n") == 3 + answers,
               str(boot))
        # The names below it are told apart as well.
        boot.expect_match(r'^kiln: cpu 0, hardware id 0, in "main"\n'
                          r"(  .*\n)*  #\d 0x\w+ uk_test_on_demand_cpu_1_")
    return run


def crash_of_all(machine):
    def run(ctx):
        boot = guest.boot(ctx, ctx.image("uktest"), machine=machine,
                          mem="64M", params="uktest.filter=on_demand.all_"
                          "other_cpus_crash*", extra=("--cpus", "4"))
        ctx.write("console", str(boot))
        boot.expect_status(134)
        expect(boot.console.count("kiln: crash: on purpose") == 1, str(boot))
        boot.expect_no_text("inside a crash")
        expect(len(set(re.findall(r"^kiln: cpu (\d), ", boot.console,
                                  re.M))) == 3, str(boot))
    return run


# Numberings with gaps: affinities 0 to 15 and 0x100 to 0x103; APIC ids 0, 1,
# 2, 4, 5, 6.
CPUS = {
    "x86_64": [("q35", 6, "sockets=2,cores=3"), ("microvm", 4, ""),
               ("microvm", 4, "MP table"), ("pc", 8, "")],
    "arm64": [("virt-gic3", 20, ""), ("virt-gic2", 8, ""),
              ("virt-el2", 4, "")],
}


# The first numbering with a gap that a machine has, and one without.
HARDWARE_IDS = {
    "x86_64": [("q35", 6, "sockets=2,cores=3", (0, 1, 2, 4, 5, 6)),
               ("pc", 4, "", (0, 1, 2, 3))],
    "arm64": [("virt-gic3", 20, "", (*range(16), *range(0x100, 0x104))),
              ("virt-gic2", 4, "", (0, 1, 2, 3))],
}


def hardware_ids(machine, cpus, topology, ids):
    """The ids are the machine's, whatever firmware lists."""
    def run(ctx):
        boot = guest.boot(ctx, ctx.image("uktest"), machine=machine,
                          mem="64M", params="ukdebug.console=2 uktest.filter="
                          "on_demand.hardware_ids_are_told",
                          extra=smp(cpus, topology), timeout=TIMEOUT)
        ctx.write("console", str(boot))
        boot.expect_status(0)
        found = re.findall(r"info: libuklcpu: CPU (\d+) has hardware id "
                           r"(\w+)$", boot.console, re.M)
        expect([(int(i), int(hwid, 16)) for i, hwid in found] ==
               list(enumerate(ids)), str(found))
    return run


# An image with room for 256 CPUs, on what QEMU 7.2 emulates at most without
# x2APIC, and with more than one region of redistributors has room for.
MANY = {
    "x86_64": [("q35", 255, ""), ("q35", 180, "sockets=6,cores=15,threads=2")],
    "arm64": [("virt-gic3", 123, ""), ("virt-gic3", 140, "")],
}


# Where threads of several CPUs meet; the whole of the suites runs with 4.
THREADS = {
    "x86_64": [("microvm", 8), ("pc", 3)],
    "arm64": [("virt-gic3", 8), ("virt-gic2", 3)],
}


def limited(cpus, params, *lines):
    def run(ctx):
        boot = guest.boot(ctx, ctx.image("uktest"), mem="64M",
                          params="ukdebug.console=2 uktest.filter=cpus.every*"
                          + params, extra=("--cpus", str(cpus)))
        ctx.write("console", str(boot))
        boot.expect_status(0)
        for line in lines:
            boot.expect_match(line)
    return run


def not_enabled(ctx):
    """Firmware lists room for CPUs that are not there."""
    boot = guest.boot(ctx, ctx.image("uktest"), machine="q35", mem="64M",
                      params="ukdebug.console=2 uktest.filter=cpus",
                      extra=("--qemu-arg=-smp", "--qemu-arg=2,maxcpus=4"))
    ctx.write("console", str(boot))
    boot.expect_status(0).expect_match("2 of 2 CPUs are up")


def boot_with(ctx, cpus, change, machine="virt-gic2"):
    """@machine with a changed device tree: what the cases say of its CPUs."""
    path = os.path.join(ctx.dir, "v.dtb")
    done = machines.qemu(["-M", "%s,dumpdtb=%s" % (
        guest.MACHINES["arm64"][machine][1], path), "-smp", str(cpus)])
    expect(done.status == 0, done.out)
    with open(path, "rb") as f:
        tree = machines.Tree(f.read()).shrunk()
    change(tree)
    with open(path, "wb") as f:
        f.write(tree.data)
    boot = guest.boot(ctx, ctx.image("uktest"), machine=machine,
                      mem="64M", params="ukdebug.console=2 uktest.filter="
                      "cpus.every*,cpus.a_call*,cpus.one_that_f*", extra=(
                          "--cpus", str(cpus), "--qemu-arg=-dtb",
                          "--qemu-arg=" + path))
    ctx.write("console", str(boot))
    return boot


def never_comes(ctx):
    """CPU 1 is said to wait in a spin table, and nobody waits there."""
    boot = boot_with(ctx, 3, firmware.with_spin_table)
    boot.expect_match(r"err: libuklcpu: CPU 1, hardware id 0x1, does not "
                      r"start, error 110: it is left out$")
    boot.expect_status(0).expect_match("2 of 3 CPUs are up")
    boot.expect_match(r"^ok \d+ - cpus: one that failed is left out and not "
                      r"started again$")


def cannot_be_used(ctx):
    """One has failed by its status, one is started in an unknown way."""
    def change(tree):
        status = firmware.add_string(tree, "status")
        at = tree.find("cpu@2", "enable-method")
        tree.data[at:at + 4] = b"dnno"
        at = tree.find("cpu@1", "enable-method") - 12
        firmware.splice(tree, at, 0, firmware.prop(status, b"fail\0"))

    boot = boot_with(ctx, 4, change)
    boot.expect_match("CPU 0x1 has failed, by its status: left out")
    boot.expect_match("CPU 0x2 has an enable-method that is not known")
    boot.expect_status(0).expect_match("2 of 2 CPUs are up")


def without_redistributor(ctx):
    """The tree has one redistributor only, so CPU 1 can have no interrupt."""
    def change(tree):
        at = tree.find("intc@", "reg")
        # Two pairs of two cells each: the length of the second.
        tree.put(at + 24, 0).put(at + 28, 0x20000)

    boot = boot_with(ctx, 2, change, "virt-gic3")
    boot.expect_match(r"err: libuklcpu: CPU 1, hardware id 0x1, does not "
                      r"start, error 5: it is left out$")
    boot.expect_status(0).expect_match("1 of 2 CPUs are up")


def without_memory(ctx):
    boot = guest.boot(ctx, ctx.image("uktest"), mem="64M",
                      params="uktest.filter=on_demand.a_cpu_that_there_is_no*",
                      extra=("--cpus", "2"))
    ctx.write("console", str(boot))
    boot.expect_status(0).expect_text("1..1\n", "ok 1 ")


def without_psci(fault, *lines):
    """Nobody can be asked to start a CPU, or to end the machine."""
    def run(ctx):
        def change(tree):
            firmware.reserve(tree)
            fault(tree)

        done = firmware.stub_boot(ctx, "uktest", "uktest ukdebug.console=2 "
                                  "uktest.filter=cpus.every*,timer", change,
                                  timeout=15)
        text = done.out.replace("\r", "")
        expect(all(line in text for line in lines) and
               "\nnot ok" not in text, machines.show(done))
    return run


def psci_without_method(tree):
    at = tree.find("psci", "method")
    expect(tree.data[at:at + 4] == b"smc\0", "the method is not smc")
    tree.data[at:at + 3] = b"xyz"


def psci_of_nobody(tree):
    at = tree.find("psci", "compatible")
    for old in (b"arm,psci-1.0\0", b"arm,psci-0.2\0", b"arm,psci\0"):
        where = tree.data.index(old, at)
        tree.data[where:where + 3] = b"xyz"


def parked(machine):
    """gdb keeps CPU 1 from running, after connecting has stopped all."""
    def run(ctx):
        def park(ctl):
            ctl.gdb("?")
            ctl.gdb("vCont;c:1", answers=False)

        boot = guest.boot(ctx, ctx.image("uktest"), machine=machine,
                          mem="64M", params="ukdebug.console=2 uktest.filter="
                          "timer,cpus.every*", extra=(
                              "--cpus", "2", "--qemu-arg=-S"), meanwhile=park)
        ctx.write("console", str(boot))
        boot.expect_match("err: libuklcpu: CPU 1, hardware id 0x1, does not "
                          "start, error 110: it is left out$")
        boot.expect_status(0).expect_match("1 of 2 CPUs are up")
    return run


def switched_off(ctx):
    """That is "disabled", which says it waits to be started (Devicetree
    Specification v0.4, 3.8)."""
    def change(tree):
        status = firmware.add_string(tree, "status")
        at = tree.find("cpu@1", "enable-method") - 12
        firmware.splice(tree, at, 0, firmware.prop(status, b"disabled\0"))

    boot = boot_with(ctx, 3, change)
    boot.expect_status(0).expect_match("3 of 3 CPUs are up")


def by_spin_table(ctx):
    done = firmware.stub_boot(ctx, "uktest", "uktest ukdebug.console=2 "
                              "uktest.filter=cpus", firmware.with_spin_table)
    text = done.out.replace("\r", "")
    expect("2 of 2 CPUs are up" in text and "\nkiln: exit 0\n" in text and
           "\nnot ok" not in text, machines.show(done))


def register():
    for arch, places in THREADS.items():
        for machine, cpus in places:
            core.add("cpus/%s/threads on %d CPUs/%s" % (arch, cpus, machine),
                     all_cpus(machine, cpus, "", "intctlr*,cpus_held,smp,"
                              "smp_locks,mpmc_threads,preempt_fp",
                              "uktest-smp"),
                     arch=arch, images=("uktest-smp",))
    for arch, places in CPUS.items():
        for machine, cpus, topology in places:
            core.add("cpus/%s/%d CPUs/%s%s" % (
                arch, cpus, machine, topology and ", " + topology),
                     all_cpus(machine, cpus, topology, "cpus,lcpu_fdt,"
                              "lcpu_sipi"), arch=arch, images=("uktest",))
        for machine, cpus, topology in MANY[arch]:
            core.add("cpus/%s/%d CPUs/%s%s" % (
                arch, cpus, machine, topology and ", " + topology),
                     many_cpus(machine, cpus, topology), arch=arch,
                     images=("uktest-many",), soak=True, alone=True)
    for arch, places in HARDWARE_IDS.items():
        for machine, cpus, topology, ids in places:
            core.add("cpus/%s/hardware ids of %d CPUs/%s" % (
                arch, cpus, machine),
                     hardware_ids(machine, cpus, topology, ids), arch=arch,
                     images=("uktest",))
    # SeaBIOS waits for all CPUs of a q35 itself.
    for arch, machine in (("arm64", "virt-gic3"), ("x86_64", "microvm")):
        core.add("cpus/%s/a CPU that gdb keeps from running is left out"
                 % arch, parked(machine), arch=arch,
                 images=("uktest",))
    for arch, machine in (("arm64", "virt-gic3"), ("x86_64", "q35")):
        for name, fn in (
                ("a crash stops every CPU and shows it",
                 crash_of_one(machine, arch == "x86_64")),
                ("CPUs that crash at once share one screen",
                 crash_of_all(machine)),
                ("no more CPUs are used than a parameter allows",
                 limited(4, " uklcpu.max=2", "2 of 4 CPUs are up")),):
            core.add("cpus/%s/%s" % (arch, name), fn, arch=arch,
                     images=("uktest",))
    for arch, name, fn in (
            ("x86_64", "CPUs that the image has no room for are left alone",
             limited(70, "", "6 CPUs are left alone",
                     "64 of 64 CPUs are up")),
            ("x86_64", "a CPU that is not enabled is none", not_enabled),
            ("arm64", "a CPU that never comes is left out", never_comes),
            ("arm64", "CPUs that cannot be used are left out",
             cannot_be_used),
            ("arm64", "a CPU without a redistributor is left out",
             without_redistributor),
            ("arm64", "a CPU without memory stays off", without_memory),
            ("x86_64", "a CPU without memory stays off", without_memory),
            ("arm64", "a CPU that is off by its status is started",
             switched_off),
            ("arm64", "a CPU is taken from its spin table", by_spin_table),
            ("arm64", "a PSCI without a method is refused by name",
             without_psci(psci_without_method, ": method of the PSCI node\n",
                          "\nkiln: exit 120\n"))):
        core.add("cpus/%s/%s" % (arch, name), fn, arch=arch,
                 images=("uktest",))
    # It takes all the time there is, as nobody can end the machine.
    core.add("cpus/arm64/no CPU starts where there is no PSCI",
             without_psci(psci_of_nobody, "CPU 1, hardware id 0x1, does not "
                          "start, error 38: it is left out\n",
                          "1 of 2 CPUs are up", "\nkiln: exit 0\n",
                          "this machine has no PSCI\n"),
             arch="arm64", images=("uktest",), soak=True)


register()
