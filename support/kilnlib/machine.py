# SPDX-License-Identifier: BSD-3-Clause
"""
From an image and the user's wishes to a QEMU command line.

Nothing is left to QEMU's defaults, so that a guest sees the same machine
everywhere. x86_64 gets q35 (PCI Express, and every QEMU has it), arm64 virt
with the newest GIC its accelerator offers; both get the CPU `max`.
"""
import contextlib
import os
import re
import shutil
import tempfile

from . import qemutypes
from .accel import kvm_works
from .errors import KilnError, Missing, Refused
from .image import KIB, MIB

QEMU = {
    "x86_64": ("qemu-system-x86_64", "qemu-system-x86"),
    "arm64": ("qemu-system-aarch64", "qemu-system-arm"),
}
MACHINE = {"x86_64": "q35", "arm64": "virt"}
DEFAULT_MEM = 64 * MIB

_UNITS = {"": MIB, "k": KIB, "m": MIB, "g": 1024 * MIB, "t": MIB * MIB}


def parse_mem(text):
    """Bytes of "64", "64M", "1100k", "4G"; a bare number is MiB."""
    match = re.fullmatch(r"(\d+)([kmgt]?)(i?b)?", text.lower())
    if not match or not int(match[1]):
        raise KilnError(f"--mem {text}: not an amount of memory; write "
                        "64M, 1100k or 4G")
    return int(match[1]) * _UNITS[match[2]]


def find_qemu(arch):
    """Path of the emulator for arch."""
    program, package = QEMU[arch]
    path = shutil.which(program)
    if not path:
        raise Missing(program, package)
    return path


def escape(text):
    """A value inside a QEMU option, where a comma is written twice."""
    return text.replace(",", ",,")


def _accel(wish, qemu, arch):
    """(accelerator, line of notice or None)."""
    if wish != "auto":
        return wish, None
    works, why = kvm_works(qemu, arch)
    if works:
        return "kvm", None
    return "tcg", f"emulating: {why}" if why else None


def quote_word(word):
    """One word of the guest's command line, see lib/ukargparse."""
    if word and not re.search(r"[\s\"'\\]", word):
        return word
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"'


def command_line(name, append, args):
    """argv0 [lib.param=value ...] [-- arguments]"""
    words = [quote_word(name)]
    if append:
        words.append(append)
    if args:
        words.append("--")
        words += [quote_word(a) for a in args]
    return " ".join(words)


def _without_blank(stack, path, always=False):
    """path, or a link to it for as long as stack lasts."""
    if not path or not (always or " " in path):
        return path
    top = tempfile.gettempdir()
    work = stack.enter_context(tempfile.TemporaryDirectory(
        prefix="kiln-run-", dir="/tmp" if always or " " in top else top))
    link = os.path.join(work, os.path.basename(path).replace(" ", "_"))
    os.symlink(os.path.abspath(path), link)
    return link


class Machine:
    """The QEMU command for one image."""

    def __init__(self, image, opts, check_mem=True):
        """
        opts: as `kiln run` has them, see run.options(). check_mem: refuse
        less memory than loading the image takes.
        """
        self.image = image
        self.protocol = image.protocol(opts.protocol)
        self.qemu = find_qemu(image.arch)
        self.type = opts.machine or MACHINE[image.arch]
        self.cpu = opts.cpu or qemutypes.default_cpu(self.type)
        qemutypes.check(image, self.protocol, self.type, self.cpu)
        self.accel, self.notice = _accel(opts.accel, self.qemu, image.arch)
        self.mem = self._mem(opts, check_mem)
        self.kernel = image.path
        self.initrd = opts.initrd
        # Load it through a path that is as long wherever the image lies.
        self.same_path = False
        self._opts = opts

    def _mem(self, opts, check):
        initrd_len = 0
        if opts.initrd:
            try:
                initrd_len = os.path.getsize(opts.initrd)
            except OSError as err:
                raise Refused(f"{opts.initrd}: {err.strerror}") from None
        where = self.type, self.protocol, initrd_len
        least = self.image.min_mem(*where)
        if opts.mem is None:
            return max(DEFAULT_MEM, (least + MIB - 1) // MIB * MIB)
        mem = parse_mem(opts.mem)
        if check and not self.image.fits(mem, *where):
            lone = self.image.lone_mem(*where)
            raise Refused(
                f"{self.image.path}: --mem {opts.mem} is too little; loading "
                f"it on {self.type} takes at least {least // KIB}k"
                + (f", or exactly {lone // KIB}k" if lone else ""))
        return mem

    @contextlib.contextmanager
    def prepared(self):
        """While it lasts, the files that argv() names are there.

        QEMU prefers multiboot where an image has both entries, so the PVH
        entry is reached by a copy without the multiboot header. By multiboot
        it puts the path before the command line, and arguments behind an
        initrd's path: a blank in either is taken for the end of the path, so
        QEMU gets a link without one.
        """
        with contextlib.ExitStack() as stack:
            if self.protocol == "pvh":
                self._hide_multiboot(stack)
            elif self.protocol == "multiboot":
                self.kernel = _without_blank(stack, self.kernel,
                                             self.same_path)
                self.initrd = _without_blank(stack, self.initrd)
            try:
                yield
            finally:
                self.kernel = self.image.path
                self.initrd = self._opts.initrd

    def needs_link(self):
        """Does QEMU misread a path as it stands?"""
        return self.protocol == "multiboot" and \
            " " in self.kernel + (self.initrd or "")

    def _hide_multiboot(self, stack):
        at = self.image.multiboot_at
        if at is None:
            return
        with open(self.image.path, "rb") as file:
            data = file.read()
        copy = stack.enter_context(
            tempfile.NamedTemporaryFile(prefix="kiln-pvh-"))
        copy.write(data[:at] + bytes(4) + data[at + 4:])
        copy.flush()
        self.kernel = copy.name

    def _machine_option(self):
        wants_gic = (self.image.arch == "arm64" and
                     re.match(r"virt(-\d|$)", qemutypes.name(self.type)) and
                     "gic-version" not in self.type)
        if wants_gic:
            return self.type + ",gic-version=max"
        return self.type

    def _net(self):
        # Without a ROM to boot from: nobody does, it takes SeaBIOS memory, and
        # it may not be installed.
        device = ("virtio-net-device" if qemutypes.name(self.type) == "microvm"
                  else "virtio-net-pci,romfile=")
        args = []
        for n, spec in enumerate(self._opts.net):
            args += ["-netdev", f"{spec},id=net{n}",
                     "-device", f"{device},netdev=net{n}"]
        return args

    def _debug(self):
        if not self._opts.gdb:
            return []
        return ["-gdb", f"tcp:127.0.0.1:{self._opts.gdb_port}", "-S"]

    def argv(self):
        """The command, its program first."""
        opts = self._opts
        mem = (f"{self.mem // MIB}M" if self.mem % MIB == 0
               else f"{self.mem // KIB}k")
        argv = [self.qemu, "-M", self._machine_option(),
                "-accel", self.accel, "-cpu", self.cpu,
                "-smp", str(opts.cpus), "-m", mem,
                "-nodefaults", "-no-user-config", "-display", "none",
                "-no-reboot",
                "-chardev", "stdio,id=console,signal=off",
                "-serial", "chardev:console"]
        if self.image.arch == "x86_64":
            argv += ["-device", "isa-debug-exit,iobase=0xf4,iosize=4"]
        argv += self._net() + self._debug() + list(opts.qemu_arg)
        argv += ["-kernel", self.kernel]
        if self.initrd:
            # Multiboot modules are a list with commas in between.
            initrd = (escape(self.initrd) if self.protocol == "multiboot"
                      else self.initrd)
            argv += ["-initrd", initrd]
        return argv + ["-append", command_line(
            opts.argv0 or self.image.name, opts.append, opts.args)]
