# SPDX-License-Identifier: BSD-3-Clause
"""
Group hello: what the smallest useful image costs in bytes, memory and
instructions.

"Default" is apps/helloworld as it comes (log, asserts, crash screen),
"smallest" the same program with what can be left out left out. Entry to main
is counted from the image's first instruction, as its boot protocol enters it,
to the first one of main(), so firmware does not count.
"""
import os

from kilnlib import ROOT, count
from kilnlib import profile as profiles
from kilnlib.bench import Figure, Measure
from kilnlib.errors import KilnError
from kilnlib.image import KIB, MIB
from kilnlib.machine import Machine
from kilnlib.run import options

APP = "helloworld"
CONFIGS = os.path.join(ROOT, "apps", APP, "defconfigs")
ARCHS = ("x86_64", "arm64")
MACHINES = {"x86_64": ("pc", "q35", "microvm"), "arm64": ("virt",)}

MEM_STEP = 4 * KIB
MEM_MOST = 32 * MIB
MEM_SECONDS = 10
GROWTH_FROM = 32 * MIB
GROWTH_TO = 4096 * MIB
GIB = 1024 * MIB


def _default(builds, arch):
    return builds.image(APP, os.path.join(CONFIGS, f"kvm-{arch}"))


def _smallest(builds, arch):
    return builds.image(APP, os.path.join(CONFIGS, f"kvm-{arch}-smallest"))


def _image_bytes(pick, arch):
    return lambda builds: Figure(os.path.getsize(pick(builds, arch).path))


def _says_hello(image, machine, protocol, mem):
    opts = options(image.path, accel="tcg", machine=machine,
                   protocol=protocol, mem=f"{mem // KIB}k")
    outcome, console = count.boot(Machine(image, opts, check_mem=False),
                                  MEM_SECONDS)
    return outcome.returncode is not None and b"ello" in console.text and \
        console.told() == (0, False)


def _smallest_memory(arch, machine, protocol):
    def run(builds):
        image = _smallest(builds, arch)
        # `kiln run` refuses less.
        least = (image.lone_mem(machine, protocol) or
                 image.min_mem(machine, protocol))
        fails, works = least - MEM_STEP, MEM_MOST
        if _says_hello(image, machine, protocol, least):
            return Figure(least // KIB)
        if not _says_hello(image, machine, protocol, works):
            raise KilnError(f"{image.path}: does not say hello even with "
                            f"{works // MIB}M on {machine}")
        while works - fails > MEM_STEP:
            middle = (fails + works) // 2 // MEM_STEP * MEM_STEP
            if _says_hello(image, machine, protocol, middle):
                works = middle
            else:
                fails = middle
        return Figure(works // KIB)
    return run


def _entry_to_main(image, machine, mem=None, hist=False):
    """The Run, and the addresses of entry and main."""
    program = count.Program(image)
    first = image.entry(image.protocol())
    last = program.symbol("main")
    done = count.run(image, pcs=(first, last), machine=machine,
                     mem=mem and f"{mem // MIB}M",
                     hist=(first, last) if hist else None)
    return done, done.between(first, last)


def _boot(arch, machine):
    def run(builds):
        _, (insns, rep) = _entry_to_main(_default(builds, arch), machine)
        return Figure(insns, f"(+ {rep:,} r)" if rep else "")
    return run


def _boot_clock(arch, machine):
    def run(builds):
        app = os.path.join(ROOT, "support", "bench", "clock")
        image = builds.image(app, os.path.join(app, "defconfigs",
                                               f"kvm-{arch}"))
        _, (insns, rep) = _entry_to_main(image, machine)
        return Figure(insns, f"(+ {rep:,} r)" if rep else "")
    return run


def _boot_profile(arch, machine):
    def profile(builds):
        image = _default(builds, arch)
        done, _ = _entry_to_main(image, machine, hist=True)
        rows = profiles.by_function(count.Program(image), done.hist)
        profiles.show(f"entry to main, {arch}, {machine}", rows)
    return profile


def _growth(arch, machine):
    def run(builds):
        image = _default(builds, arch)
        few, many = (sum(_entry_to_main(image, machine, mem)[1])
                     for mem in (GROWTH_FROM, GROWTH_TO))
        per_gib = (many - few) * GIB / (GROWTH_TO - GROWTH_FROM)
        return Figure(round(per_gib), f"({few:,} to {many:,})")
    return run


def _clean_build(builds):
    config = os.path.join(CONFIGS, "kvm-x86_64")
    return Figure(round(builds.clean_build(APP, config), 1))


def _measures():
    for arch in ARCHS:
        yield Measure(f"image-default-{arch}", f"image, default, {arch}",
                      "B", 96 * KIB, 64 * KIB, _image_bytes(_default, arch))
    for arch in ARCHS:
        yield Measure(f"image-smallest-{arch}", f"image, smallest, {arch}",
                      "B", 48 * KIB, 24 * KIB, _image_bytes(_smallest, arch))
    for arch, machine, protocol, budget, stretch in (
            ("x86_64", "pc", "multiboot", 1152, 1088),
            ("x86_64", "q35", "pvh", 1280, 1088),
            ("arm64", "virt", "arm64", 4160, None)):
        yield Measure(f"memory-{arch}-{machine}-{protocol}",
                      f"smallest memory, {arch}, {machine}, {protocol}",
                      "KiB", budget, stretch,
                      _smallest_memory(arch, machine, protocol))
    for arch in ARCHS:
        budget, stretch = {"x86_64": (20_000, 8_000),
                           "arm64": (150_000, 60_000)}[arch]
        for machine in MACHINES[arch]:
            yield Measure(f"boot-{arch}-{machine}",
                          f"entry to main, {arch}, {machine}", "i",
                          budget, stretch, _boot(arch, machine),
                          profile=_boot_profile(arch, machine))
    # Of the x86 machines the first two have an HPET; in the last the TSC's
    # rate is measured.
    for arch in ARCHS:
        for machine in MACHINES[arch]:
            yield Measure(f"boot-clock-{arch}-{machine}",
                          f"the same with a clock, {arch}, {machine}", "i",
                          1_000_000, 300_000, _boot_clock(arch, machine))
    for arch in ARCHS:
        machine = MACHINES[arch][0]
        yield Measure(f"growth-{arch}-{machine}",
                      f"growth of boot per GiB, {arch}, {machine}", "i",
                      2_000, 0, _growth(arch, machine))
    yield Measure("clean-build", "clean build, make -j2, CPU seconds", "s",
                  12.0, 6.0, _clean_build, exact=False)


MEASURES = list(_measures())
