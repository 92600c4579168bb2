# SPDX-License-Identifier: BSD-3-Clause
"""arm64: firmware and hypervisor, as QEMU plays them and as it never would.

QEMU's own PSCI answers by HVC on "virt" and by SMC with virtualization=on. A
stub (boot/stubs/arm64_el2.S) is a hypervisor that gives back every register,
loses vector registers, and has the second CPU wait in a spin table.
"""

import os
import re
import struct

from kilntest import core, guest, proc, taprun
from kilntest.core import expect
from suites import machines

RELEASE = machines.STUB + 0xf000
RESERVED = 0x10000


def two_cpus(machine):
    def run(ctx):
        boot = guest.boot(ctx, ctx.image("uktest"), machine=machine,
                          mem="64M", params="uktest.filter=psci_machine.*",
                          extra=["--cpus", "2"])
        ctx.write("console", str(boot))
        taprun.report(ctx, boot.console, boot.status, boot.timed_out,
                      taprun.uktest_status)
        boot.expect_match("^ok .*another cpu starts and stops$")
    return run


def started(machine):
    def run(ctx):
        boot = guest.boot(ctx, ctx.image("probe"), machine=machine, mem="64M",
                          args=("cpus",), extra=["--cpus", "4"])
        boot.expect_status(0)
        for cpu in (1, 2, 3):
            boot.expect_match("^cpu %d, method 1: SUCCESS$" % cpu)
            boot.expect_match("^cpu %d came$" % cpu)
    return run


def restart(ctx):
    """The first line of the image comes again, and again."""
    for machine in ("virt", "virt,virtualization=on"):
        done = proc.run([
            "qemu-system-aarch64", "-M", machine, "-cpu", "max", "-m", "64M",
            "-nodefaults", "-display", "none", "-serial", "stdio", "-kernel",
            ctx.image("uktest"), "-append",
            "uktest uktest.filter=on_demand.the_machine_restarts"], timeout=5)
        boots = re.findall(r"^Kiln ", done.out, re.M)
        ctx.case(machine, done.timed_out and len(boots) > 1,
                 machines.show(done), done.seconds)


def no_power_off(ctx):
    """PSCI 0.1 cannot end a machine: it says so, and runs on."""
    tree = machines.dumped(ctx).shrunk()
    at = tree.find("psci", "compatible")
    for old in (b"arm,psci-1.0\0", b"arm,psci-0.2\0"):
        where = tree.data.index(old, at)
        tree.data[where:where + 3] = b"old"
    # Not as -dtb: then QEMU would write this node anew.
    done = machines.through_stub(ctx, machines.stub(ctx), tree, timeout=3)
    text = done.out.replace("\r", "")
    expect(re.search(r"^kiln: exit 0$", text, re.M) and done.timed_out,
           machines.show(done))
    expect("the machine cannot be ended by PSCI: NOT_SUPPORTED" in text,
           machines.show(done))


def trapping_call(ctx):
    """A tree that says HVC where that is undefined: one crash, no loop."""
    machine = "virt,virtualization=on"
    tree = machines.dumped(ctx, machine).shrunk()
    at = tree.find("psci", "method")
    expect(tree.data[at:at + 4] == b"smc\0", "the method is not smc")
    tree.data[at:at + 3] = b"hvc"
    done = machines.through_stub(ctx, machines.stub(ctx), tree, machine,
                                 timeout=3)
    crashes = re.findall(r"^kiln: crash: .*$", done.out.replace("\r", ""),
                         re.M)
    expect(done.timed_out and crashes == ["kiln: crash: invalid instruction"],
           machines.show(done))


# The stub.

def splice(tree, at, length, data):
    """@data in the place of @length bytes of the structure block."""
    tree.data[at:at + length] = data
    grown = len(data) - length
    tree.set("size_struct", tree.field("size_struct") + grown)
    tree.set("off_strings", tree.field("off_strings") + grown)
    tree.set("totalsize", len(tree.data))


def add_string(tree, text):
    """The offset of a new name, in the string block at the tree's end."""
    at = tree.field("size_strings")
    tree.data += text.encode() + b"\0"
    tree.set("size_strings", at + len(text) + 1)
    tree.set("totalsize", len(tree.data))
    return at


def prop(name, data):
    return struct.pack(">III", 3, len(data), name) + data + \
        bytes(-len(data) % 4)


def with_spin_table(tree):
    """CPU 1 waits at RELEASE, in memory that is reserved."""
    release = add_string(tree, "cpu-release-addr")
    at = tree.find("cpu@1", "enable-method")
    method = tree.u32(at - 4)
    splice(tree, at - 12, 12 + (tree.u32(at - 8) + 3) // 4 * 4,
           prop(method, b"spin-table\0") +
           prop(release, struct.pack(">Q", RELEASE)))
    reserve(tree)


def reserve(tree):
    """A reservation block behind all else: that of QEMU is empty."""
    tree.data += bytes(-len(tree.data) % 8)
    tree.set("off_rsvmap", len(tree.data))
    tree.data += struct.pack(">4Q", machines.STUB, RESERVED, 0, 0)
    tree.set("totalsize", len(tree.data))


def stub_boot(ctx, image, command_line, change, timeout=30):
    machine = "virt,virtualization=on"
    dtb = os.path.join(ctx.dir, "v.dtb")
    done = machines.qemu(["-M", machine + ",dumpdtb=" + dtb, "-smp", "2",
                          "-kernel", ctx.image(image), "-append",
                          command_line])
    expect(done.status == 0 and os.path.exists(dtb), done.out)
    with open(dtb, "rb") as f:
        tree = machines.Tree(f.read()).shrunk()
    change(tree)
    path = os.path.join(ctx.dir, "tree")
    with open(path, "wb") as f:
        f.write(tree.data)
    entry = machines.stub(ctx, "arm64_el2.S", "-DRELEASE=%#x" % RELEASE)
    return machines.qemu(
        ["-M", machine, "-smp", "2"] +
        machines.load(ctx.image(image), machines.IMAGE) +
        machines.load(path, machines.TREE) +
        machines.load(entry, machines.STUB, start=True), timeout)


def registers(ctx):
    """Cases that need this hypervisor; PSCI is tried by both conduits."""
    def by_hvc(tree):
        at = tree.find("psci", "method")
        tree.data[at:at + 3] = b"hvc"
        reserve(tree)

    for conduit, change in (("smc", reserve), ("hvc", by_hvc)):
        done = stub_boot(ctx, "uktest", "uktest uktest.filter="
                         "on_demand.firmware*,on_demand.vector*,"
                         "on_demand.smccc*", change)
        text = done.out.replace("\r", "")
        ok = not done.timed_out and "\n1..3\n" in text and \
            re.search(r"^kiln: exit 0$", text, re.M) and \
            len(re.findall(r"^ok ", text, re.M)) == 3
        ctx.case("PSCI by " + conduit, bool(ok), machines.show(done),
                 done.seconds)


def spin_table(ctx):
    done = stub_boot(ctx, "probe", "probe -- cpus", with_spin_table)
    text = done.out.replace("\r", "")
    expect(not done.timed_out, machines.show(done))
    for line in ("cpu 1, method 2: SUCCESS", "cpu 1 came", "kiln: exit 0"):
        expect(re.search("^%s$" % line, text, re.M), machines.show(done))


def not_reserved(ctx):
    """The same tree, and the heap might be where the CPU waits."""
    def forget(tree):
        with_spin_table(tree)
        tree.set("off_rsvmap", len(tree.data))
        tree.data += bytes(16)
        tree.set("totalsize", len(tree.data))

    done = stub_boot(ctx, "probe", "probe -- cpus", forget)
    text = done.out.replace("\r", "")
    expect("cpu 1, method 2: it cannot be released\n" in text and
           "cpu 1 came" not in text, machines.show(done))


def serror(ctx):
    """The hypervisor makes one pending."""
    done = stub_boot(ctx, "uktest", "uktest uktest.filter=on_demand.an_serror*",
                     reserve)
    text = done.out.replace("\r", "")
    expect(re.search(r"^ok 1 - on_demand: an serror is an event", text, re.M)
           and "\nkiln: exit 0\n" in text, machines.show(done))


TESTS = (
    ("a machine restarts", restart, "uktest"),
    ("PSCI 0.1 cannot power off and says so", no_power_off, "probe"),
    ("a call that traps is made once", trapping_call, "probe"),
    ("a hypervisor sees and gives every register", registers, "uktest"),
    ("an SError is an event, or a crash", serror, "uktest"),
    ("a CPU leaves its spin table", spin_table, "probe"),
    ("a spin table in free memory is refused", not_reserved, "probe"),
)


def register():
    for machine in ("virt-gic3", "virt-el2"):
        core.add("firmware/arm64/psci with two CPUs/" + machine,
                 two_cpus(machine), arch="arm64", images=("uktest",))
        core.add("firmware/arm64/CPUs of the tree start/" + machine,
                 started(machine), arch="arm64", images=("probe",))
    for name, fn, image in TESTS:
        core.add("firmware/arm64/" + name, fn, arch="arm64", images=(image,))


register()
