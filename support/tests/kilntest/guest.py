# SPDX-License-Identifier: BSD-3-Clause
"""Boot an image with support/kiln run and look at what it did."""

import os
import re

from . import control, core, proc

TIMEOUT = 60

# What tests call machine types: (arch, name) -> arguments of kiln run.
MACHINES = {
    "x86_64": {
        "pc": ["--machine", "pc"],
        "q35": ["--machine", "q35"],
        "microvm": ["--machine", "microvm"],
        "microvm-bare": ["--machine", "microvm,pic=off,pit=off,rtc=off"],
        "q35-nohpet": ["--machine", "q35,hpet=off"],
    },
    "arm64": {
        "virt-gic2": ["--machine", "virt,gic-version=2"],
        "virt-gic3": ["--machine", "virt,gic-version=3"],
        "virt-el2": ["--machine", "virt,virtualization=on"],
    },
}


class Boot:
    """What came of one boot."""

    def __init__(self, done):
        self.done = done
        self.status = done.status
        self.console = done.out.replace("\r", "")
        self.timed_out = done.timed_out

    def __str__(self):
        return "$ %s\n%s[%s]" % (
            " ".join(self.done.argv), self.console,
            "timed out" if self.timed_out else "status %d" % self.status)

    def expect_status(self, status):
        core.expect(not self.timed_out,
                    "no end within the time limit\n%s" % self)
        core.expect(self.status == status,
                    "status %d, expected %d\n%s" % (self.status, status, self))
        return self

    def expect_text(self, *texts):
        for text in texts:
            core.expect(text in self.console,
                        "expected on the console: %s\n%s" % (text, self))
        return self

    def expect_match(self, pattern):
        """Match object of @pattern, which is searched line by line."""
        m = re.search(pattern, self.console, re.M)
        core.expect(m, "expected on the console: /%s/\n%s" % (pattern, self))
        return m

    def expect_no_text(self, *texts):
        for text in texts:
            core.expect(text not in self.console,
                        "not expected on the console: %s\n%s" % (text, self))
        return self


def kiln(ctx):
    return os.path.join(ctx.root, "support", "kiln")


def boot(ctx, image, machine=None, mem=None, cpu=None, initrd=None,
         params="", args=(), stdin=None, timeout=TIMEOUT, extra=(),
         meanwhile=None):
    """Boot @image and return the Boot.

    @machine is a name of MACHINES or any value of QEMU's -M; @params goes
    before the "--" of the command line and @args after it. @meanwhile is
    called with a control.Control while the guest runs.
    """
    argv = [kiln(ctx), "run", image, "--timeout", str(timeout)]
    if machine:
        argv += MACHINES[ctx.arch].get(machine, ["--machine", machine])
    if mem:
        argv += ["--mem", str(mem)]
    if cpu:
        argv += ["--cpu", cpu]
    if initrd:
        argv += ["--initrd", initrd]
    if params:
        argv += ["--append", params]
    argv += list(extra)
    if args:
        argv += ["--"] + list(args)
    # kiln run has the same limit; the slack lets it say so itself.
    def run(options=(), watch=None):
        at = argv.index(image) + 1
        return Boot(proc.run(argv[:at] + list(options) + argv[at:],
                             timeout=timeout + 10, stdin=stdin, watch=watch))
    return control.during(run, meanwhile) if meanwhile else run()


def least_kib(ctx, image, machine=None, protocol=None, initrd=None):
    """The KiB of memory below which kiln run does not boot @image."""
    refused = boot(ctx, image, machine=machine, mem="64k", initrd=initrd,
                   extra=["--protocol", protocol] if protocol else ())
    refused.expect_status(126)
    return int(refused.expect_match(r"takes at least (\d+)k").group(1))
