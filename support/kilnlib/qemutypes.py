# SPDX-License-Identifier: BSD-3-Clause
"""
What the names of QEMU's machine types and CPU models say.

Any type goes to QEMU as it is; here is only what QEMU itself would not tell:
where a guest would hang, or find a CPU that hides what it has.
"""
import re

from .errors import KilnError, Refused

# The first versions of pc-i440fx-N and pc-q35-N that start the PVH entry of a
# file, and whose CPU `max` shows all its CPUID leaves; as measured, QEMU 7.2.
PVH_SINCE = (4, 0)
WHOLE_MAX_SINCE = (2, 8)

# What virt takes without running AArch64; other 32-bit cores QEMU refuses.
ARM_32_BIT = ("cortex-a7", "cortex-a15")


def name(machine):
    """The type in the value of -M, "q35,hpet=off" or "hpet=off,type=q35"."""
    words = machine.split(",")
    found = words[0] if "=" not in words[0] else ""
    for word in words:
        if word.startswith("type="):
            found = word[len("type="):]
    return found


def pc_version(machine):
    """(2, 4) of pc-i440fx-2.4; None: no PC, or the newest."""
    match = re.fullmatch(r"pc-(?:i440fx|q35)-(\d+)\.(\d+)(\.\d+)?",
                         name(machine))
    return match and (int(match[1]), int(match[2]))


def _before(machine, since):
    version = pc_version(machine)
    return bool(version) and version < since


def default_cpu(machine):
    """A model with everything that the accelerator has."""
    if _before(machine, WHOLE_MAX_SINCE):
        return "max,full-cpuid-auto-level=on"
    return "max"


def check(image, protocol, machine, cpu):
    """Refuse what QEMU starts but never gets to the image."""
    if image.arch == "arm64" and cpu.split(",")[0] in ARM_32_BIT:
        raise KilnError(f"--cpu {cpu}: a core without AArch64, which cannot "
                        "run an arm64 image; leave it out, or see --cpu help "
                        "for others")
    if protocol == "pvh" and _before(machine, PVH_SINCE):
        other = ("leave out --protocol pvh"
                 if "multiboot" in image.protocols else
                 "it has no other entry")
        raise Refused(f"{image.path}: {name(machine)} does not start the PVH "
                      f"entry of a file, as machines before version 4.0 did "
                      f"not; {other}, or take --machine pc or q35")


def asks_for_help(opts):
    """QEMU's argument if @opts want a list of it and no guest, or None."""
    for option, value in (("-M", opts.machine), ("-cpu", opts.cpu)):
        if value and "help" in value.split(","):
            return [option, value]
    return None
