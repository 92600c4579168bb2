# SPDX-License-Identifier: BSD-3-Clause
"""Images whose default heap is another one than the configuration's default."""

from kilntest import core, guest
from suites.faults import WATCHED
from suites.inimage import run_image

ARCHS = ("x86_64", "arm64")

# heap -> images: hello, and the tests on all CPUs with frames on demand.
HEAPS = {"bbuddy": ("hello-bbuddy", "uktest-bbuddy")}

# MiB in which hello boots, with all of it as its heap.
LITTLE = {"x86_64": ("q35", 2), "arm64": ("virt-gic3", 5)}


def tests(image, cases):
    def run(ctx):
        filters = ctx.case_filter or cases
        ctx.case_filter = filters
        run_image(image, None, None, cpus=4)(ctx)
    return run


def little(image):
    """The heap has memory of its own to show for it."""
    def run(ctx):
        machine, mib = LITTLE[ctx.arch]
        boot = guest.boot(ctx, ctx.image(image), machine=machine,
                          mem="%dM" % mib, params="ukdebug.console=2")
        boot.expect_status(0).expect_text("Hello")
        told = boot.expect_match(r"info: libukheapmem: heap of (\d+) KiB$")
        core.expect(int(told[1]) >= 256, str(boot))
    return run


def all_and_again(image):
    def run(ctx):
        boot = guest.boot(ctx, ctx.image(image), mem="64M", params="uktest."
                          "filter=on_demand.a_heap_that_had_all_frames*")
        boot.expect_status(0).expect_text("1..1\n", "ok 1 ")
    return run


for _arch in ARCHS:
    for _heap, (_hello, _uktest) in HEAPS.items():
        _name = "heaps/%s/%s" % (_arch, _heap)
        core.add(_name + ": hello in little memory", little(_hello),
                 arch=_arch, images=(_hello,))
        core.add(_name + ": what uses the heap", tests(_uktest, WATCHED),
                 arch=_arch, images=(_uktest,))
        core.add(_name + ": all tests", tests(_uktest, None), arch=_arch,
                 images=(_uktest,), soak=True)
        core.add(_name + ": all memory is taken and comes back",
                 all_and_again(_uktest), arch=_arch, images=(_uktest,))
