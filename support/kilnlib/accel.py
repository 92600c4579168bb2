# SPDX-License-Identifier: BSD-3-Clause
"""
Does KVM really work here?

/dev/kvm may exist and still not run a guest (nested or restricted hosts), so
the answer comes from booting one: a guest of a few bytes that leaves a known
status, under a short limit. It is kept until the host boots again or its
QEMU changes.
"""
import hashlib
import os
import platform
import struct
import subprocess
import tempfile

from . import cache_dir

PROBE_SECONDS = 5
PROBE_STATUS = 0x2a

# mov $0xf4, %dx; mov $PROBE_STATUS, %al; out %al, %dx; hlt
_X86_CODE = bytes((0x66, 0xba, 0xf4, 0x00, 0xb0, PROBE_STATUS, 0xee, 0xf4))


def _x86_probe():
    """A flat multiboot image that writes PROBE_STATUS to the exit port."""
    base = 0x100000
    flags = 1 << 16
    magic = 0x1BADB002
    end = base + 32 + len(_X86_CODE)
    return struct.pack("<8I", magic, flags, -(magic + flags) & 0xffffffff,
                       base, base, end, end, base + 32) + _X86_CODE


def _arm64_probe():
    """An Image that calls PSCI SYSTEM_OFF (0x84000008) by hvc."""
    code = struct.pack("<IIII", 0xd2800100,     # mov x0, #8
                       0xf2b08000,              # movk x0, #0x8400, lsl #16
                       0xd4000002,              # hvc #0
                       0x14000000)              # b .
    header = struct.pack("<IIQQQQQQ4sI", 0x14000010, 0, 0, 0x10000, 0xa, 0,
                         0, 0, b"ARM\x64", 0)
    return header + code


def host_arch():
    """The architecture this machine is one of, or None."""
    known = {"x86_64": "x86_64", "aarch64": "arm64"}
    return known.get(platform.machine())


def _boots(qemu, arch):
    if arch == "x86_64":
        probe, want = _x86_probe(), PROBE_STATUS << 1 | 1
        args = ["-M", "q35", "-device", "isa-debug-exit,iobase=0xf4,iosize=1"]
    else:
        probe, want = _arm64_probe(), 0
        args = ["-M", "virt,gic-version=host"]
    with tempfile.NamedTemporaryFile(prefix="kiln-probe-") as file:
        file.write(probe)
        file.flush()
        try:
            done = subprocess.run(
                [qemu, *args, "-accel", "kvm", "-cpu", "host", "-m", "16",
                 "-nodefaults", "-no-user-config", "-display", "none",
                 "-no-reboot", "-kernel", file.name],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, timeout=PROBE_SECONDS,
                check=False)
        except (subprocess.TimeoutExpired, OSError):
            return False
    return done.returncode == want


def _boot_id():
    try:
        with open("/proc/sys/kernel/random/boot_id",
                  encoding="ascii") as file:
            return file.read().strip()
    except OSError:
        return "-"


def _cache_key(qemu):
    stat = os.stat(qemu)
    text = (f"{_boot_id()} {qemu} {stat.st_mtime_ns} {stat.st_size} "
            f"{os.geteuid()}")
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def kvm_works(qemu, arch):
    """
    (True, None), (False, None) where there is no KVM to expect, or (False,
    why) where there seems to be one.
    """
    device = "/dev/kvm"
    if arch != host_arch() or not os.path.exists(device):
        return False, None
    if not os.access(device, os.R_OK | os.W_OK):
        return False, f"no permission to use {device}"
    path = os.path.join(cache_dir(), f"kvm-{_cache_key(qemu)}")
    try:
        with open(path, encoding="ascii") as file:
            works = file.read() == "yes"
    except OSError:
        works = _boots(qemu, arch)
        with open(path, "w", encoding="ascii") as file:
            file.write("yes" if works else "no")
    return works, None if works else f"{device} is here but runs no guest"


def first_time(notice):
    """Was this user not told so since the host booted?"""
    path = os.path.join(cache_dir(), "kvm-told")
    line = f"{_boot_id()} {notice}"
    try:
        with open(path, encoding="utf-8") as file:
            if file.read() == line:
                return False
    except (OSError, UnicodeDecodeError):
        pass
    with open(path, "w", encoding="utf-8") as file:
        file.write(line)
    return True
