# SPDX-License-Identifier: BSD-3-Clause
"""Images whose default heap is another one than the configuration's default."""

import re

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


# What a program gets of the general heap on that machine, KiB: all but the
# image, its stacks and page tables.
GRANTED = {"x86_64": 960, "arm64": 4096}


def useful(machine, mem, granted):
    """The general heap: small blocks take all there is; when they are freed,
    one block may have a good part of it, and small ones all again.
    """
    def run(ctx):
        boot = guest.boot(ctx, ctx.image("probe"), machine=machine, mem=mem,
                          args=("heap", "all"))
        boot.expect_status(0)
        told = re.findall(r"^round \d: (\d+) bytes in small blocks, (\d+) in "
                          r"one$", boot.console, re.M)
        core.expect(len(told) == 3, str(boot))
        small = [int(found[0]) for found in told]
        whole = [int(found[1]) for found in told]
        core.expect(min(small) >= granted << 10 and
                    min(small) > max(small) * 0.98 and
                    min(whole) > max(small) * 0.4, str(boot))
    return run


def all_and_again(image):
    def run(ctx):
        boot = guest.boot(ctx, ctx.image(image), mem="64M", params="uktest."
                          "filter=on_demand.a_heap_that_had_all_frames*")
        boot.expect_status(0).expect_text("1..1\n", "ok 1 ")
    return run


for _arch in ARCHS:
    _machine, _mib = LITTLE[_arch]
    core.add("heaps/%s/slab: all of %d MiB is of use" % (_arch, _mib),
             useful(_machine, "%dM" % _mib, GRANTED[_arch]), arch=_arch,
             images=("probe",))
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
