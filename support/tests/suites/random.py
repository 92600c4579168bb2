# SPDX-License-Identifier: BSD-3-Clause
"""Where random numbers come from, by what a machine has to offer."""

import re

from kilntest import core, guest
from kilntest.core import expect

LOADER, PARAM, CPU, JITTER = 0x1, 0x2, 0x4, 0x10

SEEDS = ("00112233445566778899aabbccddeeff" * 2,
         "00112233445566778899aabbccddeefe" * 2)
# Time that counts instructions has no jitter: two boots are alike.
NO_JITTER = ("--accel=tcg", "--qemu-arg=-icount",
             "--qemu-arg=shift=0,sleep=off")
NO_LOADER = {"x86_64": (), "arm64": ("--machine=virt,dtb-randomness=off",)}
NO_CPU = {"x86_64": ("--cpu=max,-rdrand,-rdseed",),
          "arm64": ("--cpu=cortex-a57",)}


def boot(ctx, name, extra, params=""):
    """What uk_random_ready() and _sources() say, and a number; the console."""
    run = guest.boot(ctx, ctx.image("uktest"), mem="64M", extra=extra,
                     params="ukdebug.console=2 "
                     "uktest.filter=on_demand.random_* " + params)
    ctx.write("console-" + name, str(run))
    run.expect_status(0)
    found = re.search(r"ready (\d), sources (0x[0-9a-f]+|0), "
                      r"number ([0-9a-f]{16})", run.console)
    expect(found, str(run))
    return bool(int(found[1])), int(found[2], 16), found[3], run.console


def cpu(ctx):
    ready, sources, _, _ = boot(ctx, "cpu", ("--cpu=max",))
    expect(ready and sources & CPU, hex(sources))


def loader(ctx):
    ready, sources, _, _ = boot(ctx, "loader", NO_CPU["arm64"])
    expect(ready and sources & LOADER and not sources & CPU, hex(sources))


def nothing(ctx):
    """Without any source it goes on, and says so once; zeros are none."""
    extra = NO_CPU[ctx.arch] + NO_LOADER[ctx.arch] + NO_JITTER
    for i, params in enumerate(("", "random.seed=" + "0" * 64)):
        ready, sources, _, console = boot(ctx, "nothing-%d" % i, extra, params)
        expect(not ready and sources & (LOADER | PARAM | CPU) == 0,
               hex(sources))
        expect(console.count("random numbers can be guessed") == 1, console)


def param(ctx):
    """Where there is nothing else the seed decides, and is enough."""
    extra = NO_CPU[ctx.arch] + NO_LOADER[ctx.arch] + NO_JITTER
    numbers = set()
    for i, seed in enumerate(SEEDS):
        ready, sources, number, console = boot(
            ctx, "seed-%d" % i, extra, "random.seed=" + seed)
        expect(ready and sources & PARAM, hex(sources))
        expect("random numbers can be guessed" not in console, console)
        numbers.add(number)
    expect(len(numbers) == 2, numbers)


def boots(ctx):
    """Machines with nothing but time differ, be it enough of it or not."""
    extra = NO_CPU[ctx.arch] + NO_LOADER[ctx.arch] + ("--accel=tcg",)
    first = boot(ctx, "first", extra)
    expect(first[1] == JITTER, hex(first[1]))
    second = boot(ctx, "second", extra)
    expect(first[2] != second[2], first[2])


def same_seed(ctx):
    """One seed for two boots, which differ by their time alone."""
    extra = NO_CPU[ctx.arch] + NO_LOADER[ctx.arch] + ("--accel=tcg",)
    numbers = set()
    for name in ("first", "second"):
        ready, sources, number, _ = boot(ctx, name, extra,
                                         "random.seed=" + SEEDS[0])
        expect(ready and sources == PARAM, hex(sources))
        numbers.add(number)
    expect(len(numbers) == 2, numbers)


for _arch in ("x86_64", "arm64"):
    for _name, _run in (
            ("random numbers come from the CPU", cpu),
            ("without a source random numbers can be guessed", nothing),
            ("random.seed is enough where there is nothing else", param),
            ("two boots with nothing but jitter differ", boots),
            ("two boots with the same seed differ", same_seed)):
        core.add("image/%s/%s" % (_arch, _name), _run, arch=_arch,
                 images=("uktest",))
core.add("image/arm64/random numbers come from the device tree's seed", loader,
         arch="arm64", images=("uktest",))
