# SPDX-License-Identifier: BSD-3-Clause
"""Under a real Xen, in emulation: see rigs/xen/README.md."""

import os
import sys

from kilntest import core, taprun, xenrig
from kilntest.core import test

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__)))))
from kilnlib import linkmap  # noqa: E402  pylint: disable=wrong-import-position

# The rig's mode in which an image of this architecture meets Xen.
MODE = {"x86_64": "pvh", "arm64": "dom0"}

HALTED = "Hardware Dom0 halted: "
CRASHED = "Hardware Dom0 crashed: "

CASES = ("xen,xen_cpuid,xen_console,xen_events,xen_events_machine,xen_date,"
         "xen_timer_machine,xen_grants,xen_grants_machine,xen_store,xen_bus,"
         "xen_bus_hostile,xen_ring,xen_runstate,timer,"
         "timer_interrupt")
# For a case, whose CPUs may be more than those of the host.
LIMIT_MS = 100000
TIMER = {
    "x86_64": r"info: libuktime: on Xen, clock xen, timer xen$",
    "arm64": r"info: libuktime: on Xen, clock arm-virtual, timer arm-virtual$",
}


def hello(ctx, image="hello"):
    boot = xenrig.boot(ctx, ctx.image(image), MODE[ctx.arch])
    boot.expect_status(0).expect_text("Hello, world!\n", "kiln: exit 0\n")
    boot.expect_xen(HALTED)


def named(ctx):
    core.expect(ctx.image("hello-xen").endswith("_xen-" + ctx.arch),
                ctx.image("hello-xen"))
    hello(ctx, "hello-xen")


# Of a library that is left out nothing is left in the image.
KVM_ONLY = ("libuart_ns16550", "libtimer_pit", "libtimer_hpet",
            "libtimer_pvclock")


def leaner(ctx):
    """What config says (build/test_configs.py) the image shows."""
    found = {}
    for name in ("hello", "hello-xen"):
        with open(ctx.image(name) + ".map", encoding="utf-8") as f:
            found[name] = {linkmap.library(path) for _, _, path
                           in linkmap.pieces(f.read())}
    core.expect("libuart_ns16550" in found["hello"], str(found["hello"]))
    for name in KVM_ONLY:
        core.expect(name not in found["hello-xen"], name)
    for name in ("libxen_core", "libxen_console"):
        core.expect(name in found["hello-xen"], name)


def status(ctx):
    boot = xenrig.boot(ctx, ctx.image("probe"), MODE[ctx.arch],
                       "probe -- exit 77")
    boot.expect_status(77).expect_xen(HALTED)


def crash(ctx):
    boot = xenrig.boot(ctx, ctx.image("probe"), MODE[ctx.arch],
                       "probe -- fault null-read")
    boot.expect_status(134).expect_xen(CRASHED)


def refused(ctx):
    """What is wrong is shown although stage EARLY is all there is."""
    boot = xenrig.boot(ctx, ctx.image("probe"), MODE[ctx.arch],
                       "probe probe.nosuch=1 -- exit 0")
    boot.expect_status(120).expect_text("probe.nosuch").expect_xen(HALTED)


def run_chosen(ctx, names, **kw):
    boot = xenrig.boot(ctx, ctx.image("uktest"), MODE[ctx.arch],
                       "uktest ukdebug.console=2 uktest.limit_ms=%d "
                       "uktest.filter=%s" % (LIMIT_MS, names), **kw)
    rep = taprun.report(ctx, boot.console, boot.status, boot.timed_out,
                        taprun.uktest_status, boot.done.times)
    for case in rep.cases:
        core.expect(case.skip is None, "%s was skipped\n%s"
                    % (case.name, boot))
    return boot


def run_cases(ctx, names, **kw):
    boot = run_chosen(ctx, names, **kw)
    boot.expect_match(TIMER[ctx.arch])
    return boot


def cases(ctx):
    boot = run_cases(ctx, CASES)
    boot.expect_match(r"info: libxen_core: on Xen 4\.\d+, as its first domain$")
    boot.expect_match(r"info: libxen_console: console by calls$")


def cpus(ctx):
    boot = run_cases(ctx, "cpus", cpus=2)
    boot.expect_match(r"2 of 2 CPUs are up$")


def stolen(ctx):
    """Xen has fewer CPUs than it gives to its domain."""
    boot = run_chosen(ctx, "on_demand.cpus_that_share_one*", cpus=2,
                      extra=("-x", "dom0_max_vcpus=3"))
    boot.expect_match(r"3 of 3 CPUs are up$")


@test("xen/arm64/domu/without a word of Xen it is a machine like others",
      arch="arm64", images=("hello",))
def plain(ctx):
    boot = xenrig.boot(ctx, ctx.image("hello"), "domu")
    boot.expect_status(0).expect_text("Hello, world!\n", "kiln: exit 0\n")


for _arch in MODE:
    core.add("xen/%s/an image of CONFIG_PLAT_XEN has nothing of KVM's" % _arch,
             leaner, arch=_arch, images=("hello", "hello-xen"))
    for _name, _run, _image in (
            ("hello boots, and Xen is told of the end", hello, "hello"),
            ("an image of CONFIG_PLAT_XEN boots", named, "hello-xen"),
            ("the status is on the console", status, "probe"),
            ("a crash is told as a crash", crash, "probe"),
            ("a boot that is refused says why", refused, "probe"),
            ("calls, events, timer, console", cases, "uktest")):
        core.add("xen/%s/%s" % (_arch, _name), _run, arch=_arch,
                 images=(_image,))
# Not on x86_64: QEMU's firmware has no XSDT, and what Xen 4.17 makes of that
# for its first domain tells of no CPUs.
core.add("xen/arm64/2 CPUs come up, each with its timer", cpus, arch="arm64",
         images=("uktest",))
core.add("xen/arm64/CPUs that share one see time stolen", stolen,
         arch="arm64", images=("uktest",))
