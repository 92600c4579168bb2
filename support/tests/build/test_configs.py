#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Any configuration of the whole tree builds and boots.

By lot with fixed seeds, options of the build one by one, and each library
without the rest. A few of each here, all of them with KILN_SOAK=1.
"""
import glob
import os
import re
import shutil
import subprocess
import tempfile

from enginetest import (ROOT, SOAK, Failed, expect, main, make, read,
                        scratch_dir, test, write)

HELLO = ROOT + "/apps/helloworld"
OPTION = {"x86_64": "CONFIG_ARCH_X86_64=y\n", "arm64": "CONFIG_ARCH_ARM_64=y\n"}

# Without a platform there is no image, without its UART an arm64 machine
# cannot tell the status, and a boot with too few regions or page tables, or
# with threads and no heap, is refused, as it must be.
BOOTABLE = "CONFIG_PLAT_KVM=y\nCONFIG_LIBUART_PL011=y\n" \
    "CONFIG_LIBUKBOOT_INITREGION=y\n" \
    "CONFIG_LIBUKBOOTINFO_NREGIONS=64\nCONFIG_LIBUKPAGING_POOL=8\n"


def one_libc(seed):
    """An image has one C library besides the built-in one, by turns."""
    return "CONFIG_LIB%s=n\n" % ("NEWLIB" if seed % 2 else "MUSL")


class Build:
    """Hello, in a directory that stays if the test fails."""

    def __init__(self):
        self.top = tempfile.mkdtemp(prefix="kiln-config-", dir=scratch_dir())
        self.config = self.top + "/.config"

    def make(self, *args, **more):
        return make(ROOT, f"A={HELLO}", f"O={self.top}/o", f"C={self.config}",
                    "-j2", *args, **more)

    def configure(self, text):
        write(self.top + "/dc", text)
        out = self.make("defconfig", f"UK_DEFCONFIG={self.top}/dc")
        expect("warning" not in out, out)

    def boot(self):
        """The status that hello ended with, and what it printed."""
        image, = [f for f in glob.glob(self.top + "/o/helloworld_*")
                  if f.endswith(("-x86_64", "-arm64"))]
        run = subprocess.run(
            [ROOT + "/support/kiln", "run", image, "--timeout", "60"],
            text=True, errors="replace", stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return run.returncode, run.stdout

    def boots(self, name):
        """Build and boot; the status is the one that is configured."""
        try:
            self.make()
        except Failed as err:
            raise Failed(f"{name} does not build: {err}\n"
                         + read(self.config)) from err
        config = read(self.config)
        want = int(re.search(r"HELLOWORLD_STATUS=(\d+)", config)[1])
        if "CONFIG_LIBUART" not in config.replace("# CONFIG", ""):
            want &= 127     # what the exit device of a PC carries
        status, out = self.boot()
        expect(status == want, f"{name} ended with {status}, not {want}:\n"
               f"{out}\n{config}")
        shutil.rmtree(self.top)


@test
def configurations_by_lot_boot():
    for seed in range(1, 31) if SOAK else (1, 6, 14):
        build = Build()
        write(build.top + "/hold", BOOTABLE + one_libc(seed))
        build.make("randconfig", env={
            "KCONFIG_SEED": str(seed),
            "KCONFIG_ALLCONFIG": build.top + "/hold"})
        build.boots(f"KCONFIG_SEED={seed}")


@test
def threads_without_a_heap_are_refused_by_name():
    build = Build()
    build.configure("CONFIG_PLAT_KVM=y\n" + OPTION["x86_64"]
                    + "CONFIG_LIBUKSCHED=y\nCONFIG_LIBUKBOOT_NOALLOC=y\n")
    build.make()
    status, out = build.boot()
    expect(status != 0, out)
    expect("threads need a heap" in out, out)
    shutil.rmtree(build.top)


@test
def configurations_by_lot_of_everything_build_or_say_why_not():
    for seed in range(1, 31) if SOAK else (2, 3):
        build = Build()
        build.make("randconfig", env={"KCONFIG_SEED": str(seed)})
        try:
            build.make()
        except Failed as err:
            lines = [x for x in str(err).splitlines()
                     if "error: " in x or "Error " in x]
            expect(lines and lines[0].startswith(
                ("error: no platform is switched on",
                 "error: 2 libcs are switched on: LIBMUSL, LIBNEWLIB")),
                   f"KCONFIG_SEED={seed}: {err}")
        shutil.rmtree(build.top)


def matrix():
    """(name, lines of the configuration, arguments of make)"""
    ways = [("-O0", "OPTIMIZE_NONE=y"), ("-O2", "OPTIMIZE_PERF=y"),
            ("-Os", "OPTIMIZE_SIZE=y"), ("LTO", "OPTIMIZE_LTO=y")]
    others = ["OPTIMIZE_DEADELIM=n", "OPTIMIZE_NOOMITFP=n", "WERROR=y",
              "LIBUKSP=n", "LIBUKDEBUG_SYMBOLS=y", "LIBUKTEST=y",
              "LIBUKDEBUG_ASSERT=n", "LIBUKDEBUG_CRASH_SCREEN=n",
              "LIBUKBOOT_NOALLOC=y", "LIBUKBOOT_INITBBUDDY=y",
              "LIBUKALLOC_IFSTATS=y",
              "LIBNOLIBC_FLOAT=n", "LIBUKBOOT_PARAMS=n", "KVM_EH_FRAME=y"] \
        + [f"DEBUG_SYMBOLS_LVL{n}=y" for n in range(4)]
    for name, way in ways:
        yield name, [way], []
        for other in others:
            yield f"{name} {other}", [way, other], []
    for name, way in ways[:3]:
        for other in [None] + others:
            yield " ".join(["clang", name] + [other] * bool(other)), \
                [way] + [other] * bool(other), ["COMPILER=clang"]


# The corners: each value of an option at least once.
SAMPLE = {
    "x86_64": ["-O0 LIBUKSP=n", "-Os OPTIMIZE_DEADELIM=n",
               "LTO LIBUKDEBUG_SYMBOLS=y", "clang -O2 WERROR=y",
               "LTO LIBUKBOOT_INITBBUDDY=y"],
    "arm64": ["-O0 OPTIMIZE_NOOMITFP=n", "-O2 DEBUG_SYMBOLS_LVL0=y",
              "LTO DEBUG_SYMBOLS_LVL1=y", "clang -Os LIBUKDEBUG_SYMBOLS=y",
              "clang -O0 LIBUKBOOT_INITBBUDDY=y"],
}


@test
def each_way_to_build_boots_on_both_architectures():
    for arch, names in SAMPLE.items():
        known = [name for name, _, _ in matrix()]
        expect(set(names) <= set(known), str(set(names) - set(known)))
        for name, options, args in matrix():
            if not SOAK and name not in names:
                continue
            build = Build()
            build.configure("CONFIG_PLAT_KVM=y\n" + OPTION[arch] + "".join(
                f"CONFIG_{x}\n" for x in options))
            if args:
                inner = build.make
                build.make = lambda *a, **k: inner(*args, *a, **k)
            build.boots(f"{arch} {name}")


# What only KVM's machines have: not in an image for Xen, if nobody asks.
KVM_ONLY = {
    "x86_64": {"LIBUART_NS16550", "LIBTIMER_PIT", "LIBTIMER_PIT_EVENT",
               "LIBTIMER_HPET", "LIBTIMER_PVCLOCK"},
    "arm64": {"LIBUART_NS16550"},
}


def libraries_of(build, lines):
    """Those that a configuration of hello switches on."""
    build.configure(lines)
    return set(re.findall(r"^CONFIG_(LIB\w+)=y", read(build.config), re.M))


@test
def an_image_for_xen_leaves_out_what_only_kvm_needs():
    build = Build()
    for arch, only in KVM_ONLY.items():
        common = OPTION[arch] + "CONFIG_LIBUKSCHED=y\n" \
            "CONFIG_LIBUKSCHEDSMP=y\n"
        kvm = libraries_of(build, common + "CONFIG_PLAT_KVM=y\n")
        xen = libraries_of(build, common + "CONFIG_PLAT_KVM=n\n"
                           "CONFIG_PLAT_XEN=y\n")
        both = libraries_of(build, common + "CONFIG_PLAT_KVM=y\n"
                            "CONFIG_PLAT_XEN=y\n")
        expect(kvm - xen == only, f"{arch}: {kvm - xen}")
        expect(not xen - kvm, f"{arch}: {xen - kvm}")
        expect(both == kvm, f"{arch}: {both ^ kvm}")
    shutil.rmtree(build.top)


# What is nothing without its architecture, by the library's name.
ONLY_ON = {
    "arm64": r"uart_pl011|firmware_|intctlr_gic|timer_(arm|pvtime)|rtc_pl031"
             r"|lcpu_fdt|button_gpio",
    "x86_64": r"hyperv_|intctlr_a?pic|timer_(?!arm|pvtime)|rtc_cmos|lcpu_sipi"
              r"|button_acpi",
}


def is_for(lib, arch):
    return not any(re.match(f"lib({names})", lib)
                   for only, names in ONLY_ON.items() if only != arch)


def switches():
    """The options that switch a library of lib/ on, with its name."""
    pattern = re.compile(r"addlib_s,\s*([\w-]+)\s*,\s*\$\(CONFIG_(\w+)\)")
    for path in sorted(glob.glob(ROOT + "/lib/*/Makefile.uk")
                       + glob.glob(ROOT + "/drivers/*/*/Makefile.uk")):
        yield pattern.search(read(path)).groups()


def wants(option):
    """The option of a library, and those of others that it depends on."""
    for path in glob.glob(ROOT + "/lib/*/Config.uk") \
            + glob.glob(ROOT + "/drivers/*/*/Config.uk"):
        block = re.search(rf"^config {option}\n((?:\t.*\n)+)", read(path),
                          re.M)
        if block:
            needs = re.findall(r"^\tdepends on (.*)", block[1], re.M)
            return [option] + [
                o for need in needs for lib in re.findall(r"\bLIB\w+", need)
                for o in wants(lib)]
    raise Failed(f"no Config.uk has {option}")


def is_choice(option):
    """Is it one of several, which no select can pick?"""
    return any(re.search(rf"^config {option}$", block, re.M)
               for path in glob.glob(ROOT + "/lib/*/Config.uk")
               for block in re.findall(r"^choice$(.*?)^endchoice$",
                                       read(path), re.M | re.S))


@test
def each_library_builds_without_the_rest():
    for arch in OPTION:
        for number, (lib, option) in enumerate(switches()):
            if not SOAK and number % 6 != (arch == "arm64"):
                continue
            if not is_for(lib, arch):
                continue
            with tempfile.TemporaryDirectory(dir=scratch_dir()) as top:
                write(top + "/alone/Config.uk", "config ALONE\n\tbool\n"
                      "\tdefault y\n" + "".join(
                          f"\tselect {o}\n" for o in wants(option)))
                write(top + "/alone/Makefile.uk", "")
                write(top + "/dc", OPTION[arch] + "CONFIG_PLAT_KVM=n\n"
                      "CONFIG_WERROR=y\n" + (f"CONFIG_{option}=y\n" if
                                             is_choice(option) else "")
                      + ("" if option == "LIBNOLIBC"
                                             else "CONFIG_LIBNOLIBC=n\n")
                      + "".join(f"CONFIG_{o}=n\n" for _, o in switches()
                                if o.startswith("LIBUART") and o != option
                                and (arch == "arm64" or "PL011" not in o)))
                args = [f"A={top}/alone", "-j2"]
                make(ROOT, *args, "defconfig", f"UK_DEFCONFIG={top}/dc")
                out = make(ROOT, *args, "libs")
                expect(f" {lib}: " in out, f"{lib} is not built:\n{out}")


if __name__ == "__main__":
    main()
