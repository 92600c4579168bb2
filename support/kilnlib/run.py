# SPDX-License-Identifier: BSD-3-Clause
"""`kiln run`: boot an image and end with the guest's status."""
import argparse
import json
import os
import shlex
import shutil
import signal
import subprocess
import sys

from . import accel, guest
from . import image as images
from .console import Console, Verdict, judge
from .errors import FAILED, TIMEOUT, KilnError, Refused
from .machine import Machine, find_qemu
from .output import PATIENCE_SECONDS, Output
from .qemutypes import asks_for_help

EPILOG = """
exit status: the guest's own, 0 to 255, or, with a line on standard error,
  123  the guest ended without telling a status (a reset, a triple fault)
  124  the time limit was reached
  125  kiln or QEMU failed, or the command line is wrong
  126  the file is no image, or the memory too little for it
  127  QEMU is not installed
  128+N  signal N ended kiln (130: Ctrl-C)
The image itself ends with 134 after a crash and 120 when its boot failed.
--json tells these apart from equal statuses of the guest: "ended_by" is
guest, no-status, timeout, signal, qemu or kiln.
"""


def add_options(parser):
    """The options of `kiln run`."""
    add = parser.add_argument
    add("image", metavar="IMAGE",
        help="file to boot; of IMAGE.dbg, the image beside it")
    add("--mem", metavar="SIZE", help="memory: 64M (the default), 1100k, 4G")
    add("--cpus", metavar="N", type=int, default=1)
    add("--machine", metavar="TYPE",
        help="QEMU's -M, any of its types with any properties: "
        "pc-i440fx-2.4, q35,hpet=off; help lists them; default q35 "
        "(x86_64), virt (arm64)")
    add("--cpu", metavar="MODEL",
        help="QEMU's -cpu; help lists the models; default max")
    add("--accel", choices=("auto", "kvm", "tcg"), default="auto",
        help="auto: KVM if it runs a guest here, else emulation (tcg)")
    add("--protocol", choices=("multiboot", "pvh", "arm64"),
        help="which entry of the image to use; default: QEMU's choice")
    add("--initrd", metavar="FILE")
    add("--append", metavar="PARAMS",
        help="parameters, lib.name=value, for the guest's command line")
    add("--argv0", metavar="NAME",
        help="first word of the command line; default: the image's name")
    add("--net", metavar="NETDEV", action="append", default=[],
        help="a virtio network card on QEMU's -netdev NETDEV, without id: "
        "user,hostfwd=tcp::8080-:80")
    add("--gdb", action="store_true",
        help="stop before the first instruction and wait for gdb")
    add("--gdb-port", metavar="PORT", type=int, default=1234,
        help="where gdb connects to; default 1234")
    add("--timeout", metavar="SECONDS", type=float,
        help="end the guest after so long; default: no limit")
    add("--json", action="store_true",
        help="print an object with the result; the console goes to "
        "standard error")
    add("--dry-run", "--print", action="store_true",
        help="print the QEMU command and end")
    add("--status", action="store_true",
        help="print `guest exit status N` at the end")
    add("-v", "--verbose", action="store_true",
        help="say each time why the guest is emulated, not only once")
    add("--qemu-arg", metavar="ARG", action="append", default=[],
        help="one more argument for QEMU; repeat for each word")
    add("--with-parent", action="store_true",
        help="end when the program that started kiln ends")
    add("args", metavar="ARG", nargs="*",
        help="after --: arguments of the program")


def say(text):
    """A line of ours, apart from the guest's."""
    sys.stdout.flush()
    _complain(f"kiln run: {text}")


def _complain(line):
    try:
        Output(2).write(line.encode(errors="replace") + b"\n",
                        PATIENCE_SECONDS)
    except BrokenPipeError:
        pass


def options(image, **wish):
    """The options of `kiln run image` as an object, some as wished."""
    parser = argparse.ArgumentParser()
    add_options(parser)
    opts = parser.parse_args([image])
    for name, value in wish.items():
        if not hasattr(opts, name):
            raise TypeError(f"kiln run has no option {name}")
        setattr(opts, name, value)
    return opts


def _stdin():
    """Our input's descriptor, if reading it cannot stop us."""
    try:
        if os.isatty(0) and os.tcgetpgrp(0) != os.getpgrp():
            return None
        os.fstat(0)
    except OSError:
        return None
    return 0


def verdict_of(machine, outcome, console):
    """The Verdict over a finished run."""
    if outcome.interrupted:
        by = ("timeout" if outcome.interrupted.status == TIMEOUT
              else "signal")
        return Verdict(outcome.interrupted.status, by=by)
    code = outcome.returncode
    # QEMU's own failures end with 1, as does a guest's status 0 by device.
    if code < 0:
        name = signal.Signals(-code).name
        return Verdict(FAILED, by="qemu", note=f"{name} ended QEMU")
    if code == 1 and outcome.messages and not console.told():
        return Verdict(FAILED, by="qemu",
                       note="QEMU failed, see its message")
    return judge(machine.image.arch, code, console)


def _gdb(arch):
    """(program for guests of arch, package to install if it is missing)."""
    names = ["gdb-multiarch"] + ["gdb"] * (arch == accel.host_arch())
    found = next(filter(shutil.which, names), None)
    return found or names[-1], None if found else " or ".join(names)


def _gdb_hint(machine, port):
    target = machine.image.dbg or machine.image.path
    program, package = _gdb(machine.image.arch)
    if package:
        say(f"no gdb for {machine.image.arch} is installed here: install "
            f"the package {package}, or connect from another machine")
    say(f"waiting for gdb: {program} -ex 'target remote :{port}' "
        + shlex.quote(target))


def _trace(image, text):
    """The crash's stack with names, if the symbols are at hand."""
    from .symbolize import Symbolizer, annotate     # seldom needed
    if not image.dbg:
        say(f"no {image.path}.dbg: the stack has no names")
        return
    names = Symbolizer(image.dbg)
    for line in annotate(names, text.decode("utf-8", "replace"), True):
        _complain(line)


def _check(opts):
    if opts.cpus < 1:
        raise KilnError(f"--cpus {opts.cpus}: at least one is needed")
    if opts.timeout is not None and not opts.timeout > 0:
        raise KilnError(f"--timeout {opts.timeout:g}: not a time")


def _report(opts, machine, outcome, console, verdict):
    print(json.dumps({
        "image": machine.image.path,
        "arch": machine.image.arch,
        "protocol": machine.protocol,
        "accel": machine.accel,
        "status": verdict.status,
        "ended_by": verdict.by,
        "crash": verdict.crash,
        "note": verdict.note,
        "console": console.text.decode("utf-8", "replace"),
        "qemu_messages": outcome.messages.decode("utf-8", "replace"),
        "seconds": round(outcome.seconds, 3),
        "qemu": machine.argv(),
    }, indent=2))


def main(opts):
    """Returns the exit status."""
    try:
        return _main(opts)
    except KilnError as err:
        if opts.json:
            print(json.dumps({"image": opts.image, "status": err.status,
                              "ended_by": "kiln", "note": str(err)}))
        raise


def _main(opts):
    _check(opts)
    if opts.with_parent:
        guest.die_with_parent(signal.SIGTERM, os.getppid())
    image, notice = images.find(opts.image)
    if notice:
        say(notice)
    wants = asks_for_help(opts)
    if wants:
        return subprocess.call([find_qemu(image.arch), *wants])
    machine = Machine(image, opts)
    if opts.dry_run:
        if machine.needs_link():
            say("QEMU takes a blank in a path for its end here; kiln run "
                "gives it a link instead")
        print(shlex.join(machine.argv()))
        return 0
    if machine.notice and (accel.first_time(machine.notice) or
                           opts.verbose):
        say(machine.notice)
    if opts.gdb:
        _gdb_hint(machine, opts.gdb_port)

    console = Console(keep_all=opts.json)
    out = Output(2 if opts.json else 1)

    def show(data):
        out.write(console.feed(data))

    with machine.prepared():
        outcome = guest.run(machine.argv(), show, _stdin(), opts.timeout)
    return _conclude(opts, machine, outcome, console, out)


def _conclude(opts, machine, outcome, console, out):
    verdict = verdict_of(machine, outcome, console)
    rest = console.finish()
    if console.text and not console.text.endswith(b"\n"):
        rest += b"\n"
    try:
        # Who ends the guest does not wait for its reader.
        out.write(rest, PATIENCE_SECONDS if outcome.interrupted else None)
    except BrokenPipeError:
        # Whoever read our output has gone; nothing may be left to flush.
        os.dup2(os.open(os.devnull, os.O_WRONLY), out.fd)
    if verdict.by == "timeout":
        verdict.note = (f"the time limit of {opts.timeout:g} s was reached; "
                        "the guest was ended")
    if verdict.note:
        say(verdict.note)
    if verdict.crash:
        _trace(machine.image, console.text)
    if opts.status and verdict.by == "guest":
        print(f"guest exit status {verdict.status}", flush=True)
    if opts.json:
        _report(opts, machine, outcome, console, verdict)
    return verdict.status
