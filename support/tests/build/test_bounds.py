#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The least page tables and regions that an image may be configured with.

Measured as the most that any machine of the boot matrix takes: both are at
their worst where the RAM ends a little above a GiB, on a CPU without pages of
that size, with an initrd. With less, the boot is refused by the option's name.
"""
import re
import subprocess

from enginetest import (ROOT, SOAK, Place, copy_of_the_tree, expect,
                        expect_in, expect_not_in, main, make, read, test,
                        write)

POOL, REGIONS = "LIBUKPAGING_POOL", "LIBUKBOOTINFO_NREGIONS"
OPTION = {"x86_64": "CONFIG_ARCH_X86_64=y\n", "arm64": "CONFIG_ARCH_ARM_64=y\n"}
# What Config.uk allows, and what is needed.
LEAST = {"x86_64": {POOL: 3, REGIONS: 16}, "arm64": {POOL: 6, REGIONS: 16}}
NEED = {"x86_64": {POOL: 3, REGIONS: 14}, "arm64": {POOL: 6, REGIONS: 9}}
CPU = {"x86_64": "qemu64", "arm64": "cortex-a53"}
WORST = {"x86_64": ("q35", "4097M"),
         "arm64": ("virt,gic-version=3", "4097M")}
MACHINES = {
    "x86_64": ("pc", "q35", "microvm", "microvm,pic=off,pit=off,rtc=off"),
    "arm64": ("virt,gic-version=2", "virt,gic-version=3",
              "virt,virtualization=on"),
}
SIZES = ("64M", "1023M", "3G", "3584M", "4G", "4097M", "5G")


class Image:
    """Hello of a copy of the tree whose Config.uk allow any size."""

    def __init__(self, home, arch):
        self.home, self.arch = home, arch
        self.root = home + "/kiln"
        copy_of_the_tree(self.root)
        for lib in ("ukpaging", "ukbootinfo"):
            path = f"{self.root}/lib/{lib}/Config.uk"
            write(path, re.sub(r"\brange \d+ ", "range 1 ", read(path)))
        write(home + "/initrd", "x" * 70000)

    def build(self, sizes):
        write(self.home + "/dc", OPTION[self.arch] + "CONFIG_PLAT_KVM=y\n"
              + "".join(f"CONFIG_{n}={v}\n" for n, v in sizes.items()))
        args = (f"A={self.root}/apps/helloworld", f"O={self.home}/o",
                f"C={self.home}/.config")
        out = make(self.root, *args, f"UK_DEFCONFIG={self.home}/dc",
                   "defconfig")
        expect_not_in("warning", out)
        make(self.root, *args, "-j2")

    def boot(self, machine, mem):
        run = subprocess.run(
            [self.root + "/support/kiln", "run",
             f"{self.home}/o/helloworld_qemu-{self.arch}", "--machine",
             machine, "--mem", mem, "--cpu", CPU[self.arch], "--initrd",
             self.home + "/initrd", "--timeout", "60"],
            text=True, errors="replace", stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        return run.returncode, run.stdout


@test
def the_least_boots_and_one_less_than_needed_is_refused_by_name():
    for arch, need in NEED.items():
        with Place() as home:
            image = Image(home, arch)
            image.build(need)
            places = [(m, s) for m in MACHINES[arch] for s in SIZES] \
                if SOAK else [WORST[arch]]
            for place in places:
                status, out = image.boot(*place)
                expect(status == 0 and "Hello" in out,
                       f"{arch} {place} {need} ended with {status}:\n{out}")
            for name, value in need.items():
                image.build({**need, name: value - 1})
                status, out = image.boot(*WORST[arch])
                expect(status not in (0, 124, 126), f"{name}: {status}\n{out}")
                expect_in("see CONFIG_" + name, out)
                expect_not_in("Hello", out)


@test
def the_least_may_be_configured_and_one_less_may_not():
    for arch, least in LEAST.items():
        for less in (0, 1):
            with Place() as home:
                write(home + "/dc", OPTION[arch] + "".join(
                    f"CONFIG_{n}={v - less}\n" for n, v in least.items()))
                out = make(ROOT, f"A={ROOT}/apps/helloworld", f"O={home}/o",
                           f"C={home}/.config", f"UK_DEFCONFIG={home}/dc",
                           "defconfig")
                for name, value in least.items():
                    refused = re.search(
                        f"CONFIG_{name}={value - less}: no effect.*"
                        "out of the range", out)
                    expect(bool(refused) == bool(less), f"{arch}:\n{out}")
                    expect(value >= NEED[arch][name], "below what is needed")


if __name__ == "__main__":
    main()
