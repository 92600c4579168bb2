# SPDX-License-Identifier: BSD-3-Clause
"""Boot an image under a real KVM: see support/tests/rigs/kvm/README.md.

The rig is built when the first test asks for it, once a run, below the run's
directory; a second run finds it there.
"""

import hashlib
import os
import re
import shutil
import struct
import threading

from . import core, guest, proc

BUILD_TIMEOUT = 900
UNAVAILABLE = 77
EMULATOR = {"x86_64": "qemu-system-x86_64", "arm64": "qemu-system-aarch64"}

# Multiboot's, in the first 8 KiB of an image.
MULTIBOOT_MAGIC = struct.pack("<I", 0x1badb002)

_lock = threading.Lock()
_made = {}          # (directory, CPUs) -> None, or the exception to raise


def scripts(ctx):
    return os.path.join(ctx.root, "support", "tests", "rigs", "kvm")


class Boot(guest.Boot):
    """What came of one boot; status is the image's own, or -1."""

    def __init__(self, arch, done, log):
        super().__init__(done)
        self.log = log              # of the machine in the middle
        self.device = done.status   # of the QEMU that ran the image
        self.timed_out = done.timed_out or done.status == 124
        told = re.findall(r"^kiln: (?:crash, )?exit (\d+)$", self.console,
                          re.M)
        self.status = int(told[-1]) if told else -1
        # An x86_64 image has a device that carries 7 bits of it.
        carried = (self.status & 0x7f) << 1 | 1 if arch == "x86_64" else 0
        if done.status != carried:
            self.status = -1

    def __str__(self):
        return "%s\nthe guest's QEMU: status %d\n%s" % (
            super().__str__(), self.device, self.log)


def _run(what, argv):
    done = proc.run(argv, timeout=BUILD_TIMEOUT)
    if done.status == UNAVAILABLE:
        return core.Skip(done.out.rstrip().split("\n")[-1])
    if done.status or done.timed_out:
        return core.Failure("%s:\n$ %s\n%s"
                            % (what, " ".join(done.argv), done.out))
    return None


def _stamp(ctx):
    """What a rig that was built by another run must agree with."""
    text = proc.run([EMULATOR[ctx.arch], "--version"]).out.encode()
    for name in sorted(os.listdir(scripts(ctx))) + ["../debian.sh"]:
        with open(os.path.join(scripts(ctx), name), "rb") as f:
            text += f.read()
    return hashlib.sha256(text).hexdigest()


def _build(ctx, out):
    stamp, path = _stamp(ctx), os.path.join(out, "stamp")
    if os.path.exists(path):
        with open(path, encoding="ascii") as f:
            if f.read() == stamp:
                return None
    shutil.rmtree(out, ignore_errors=True)
    wrong = _run("the KVM rig cannot be built",
                 [os.path.join(scripts(ctx), "build"), ctx.arch, out])
    if wrong is None:
        with open(path, "w", encoding="ascii") as f:
            f.write(stamp)
    return wrong


def _snapshot(ctx, out, cpus):
    if os.path.exists(os.path.join(out, "state-%d" % cpus)):
        return None
    return _run("the KVM rig does not start",
                [os.path.join(scripts(ctx), "snapshot"), out, str(cpus)])


def ready(ctx, cpus):
    """The directory of the rig with so many CPUs; Skip or Failure without."""
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise core.Skip("the KVM rig is made of Debian's packages, and here "
                        "is no apt-get")
    out = os.path.join(ctx.session.out, "rigs", "kvm-" + ctx.arch)
    with _lock:
        for key, make in (((out, 0), _build),
                          ((out, cpus), lambda *a: _snapshot(*a, cpus))):
            if key not in _made:
                _made[key] = make(ctx, out)
            if _made[key]:
                raise _made[key]
    return out


def without_multiboot(ctx, image):
    """A copy that QEMU starts by its PVH entry."""
    with open(image, "rb") as f:
        data = f.read()
    at = data.index(MULTIBOOT_MAGIC, 0, 8192)
    path = os.path.join(ctx.dir, "pvh")
    with open(path, "wb") as f:
        f.write(data[:at] + bytes(4) + data[at + 4:])
    return path


def boot(ctx, image, qemu, params="", cpus=1, steer=None, timeout=300):
    """Boot @image by the inner QEMU with arguments @qemu; returns a Boot.

    @cpus are those of the machine that has the KVM. @steer: what to tell the
    guest's QEMU when, see rigs/kvm/init.
    """
    out = ready(ctx, cpus)
    log = os.path.join(ctx.dir, "log")
    argv = [os.path.join(scripts(ctx), "run"), "-c", str(cpus),
            "-t", str(timeout), "-l", log]
    if steer:
        argv += ["-s", ctx.write("steer", steer)]
    argv += [out, image, "-m", "64M"] + list(qemu)
    argv += ["-append", "uktest " + params]
    # The machine around it has 2 minutes more.
    done = proc.run(argv, timeout=timeout + 150)
    text = ""
    if os.path.exists(log):
        with open(log, encoding="utf-8", errors="replace") as f:
            text = f.read()
    found = Boot(ctx.arch, done, text)
    ctx.write("console", str(found))
    return found
