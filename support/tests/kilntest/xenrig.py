# SPDX-License-Identifier: BSD-3-Clause
"""Boot an image under a real Xen: see support/tests/rigs/xen/README.md.

The hypervisor is fetched when the first test asks for it, once a run, below
the run's directory; a second run finds it there.
"""

import os
import re
import threading

from . import core, guest, proc

FETCH_TIMEOUT = 300
UNAVAILABLE = 77

# What Xen puts before the lines of a domain that is not the first.
PREFIX = re.compile(r"^\(XEN\) DOM1: ", re.M)

_lock = threading.Lock()
_made = {}          # directory -> None, or the exception to raise


def scripts(ctx):
    return os.path.join(ctx.root, "support", "tests", "rigs", "xen")


class Boot(guest.Boot):
    """What came of one boot. The console is the image's own lines."""

    def __init__(self, done):
        super().__init__(done)
        self.log = self.console         # with Xen's lines
        self.console = re.sub(r"^\(XEN\) .*\n", "",
                              PREFIX.sub("", self.console), flags=re.M)
        self.timed_out = done.timed_out or done.status == 124

    def __str__(self):
        return "%s\n%s" % (super().__str__(), self.log)

    def expect_xen(self, text):
        """Xen itself says @text."""
        core.expect("(XEN) " + text in self.log,
                    "expected of Xen: %s\n%s" % (text, self))
        return self


def _fetch(ctx, what, out, product):
    if os.path.exists(os.path.join(out, product)):
        return None
    done = proc.run([os.path.join(scripts(ctx), "fetch"), what, out],
                    timeout=FETCH_TIMEOUT)
    if done.status == UNAVAILABLE:
        return core.Skip(done.out.rstrip().split("\n")[-1])
    if done.status or done.timed_out:
        return core.Failure("the Xen rig cannot be fetched:\n$ %s\n%s"
                            % (" ".join(done.argv), done.out))
    return None


def ready(ctx, what, product="xen"):
    """The directory with what ./fetch makes of @what; Skip without it."""
    out = os.path.join(ctx.session.out, "rigs", "xen-" + what)
    with _lock:
        if out not in _made:
            _made[out] = _fetch(ctx, what, out, product)
    if _made[out]:
        raise _made[out]
    return out


def boot(ctx, image, mode, params="", cpus=1, extra=(), timeout=60):
    """Boot @image as the domain @mode (see ./run); returns a Boot."""
    out = ready(ctx, ctx.arch)
    argv = [os.path.join(scripts(ctx), "run"), "-t", str(timeout),
            "-c", str(cpus), "-a", params] + list(extra)
    found = Boot(proc.run(argv + [out, mode, image], timeout=timeout + 10))
    ctx.write("console", str(found))
    return found
