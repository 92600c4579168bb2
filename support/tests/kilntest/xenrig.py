# SPDX-License-Identifier: BSD-3-Clause
"""Boot an image under a real Xen: see support/tests/rigs/xen/README.md.

What is fetched and built is so when the first test asks for it, once a run,
below the run's directory; a second run finds it there.
"""

import hashlib
import os
import re
import threading

from . import core, guest, proc

FETCH_TIMEOUT = 300
UNAVAILABLE = 77

# What Xen puts before the lines of a domain that is not the first.
PREFIX = re.compile(r"^\(XEN\) DOM1: ", re.M)

_lock = threading.Lock()
_made = {}          # (directory, program) -> None, or the exception to raise


def scripts(ctx):
    return os.path.join(ctx.root, "support", "tests", "rigs", "xen")


class Boot(guest.Boot):
    """What came of one boot. The console is the image's own lines; those of
    domain @name beside a Linux."""

    def __init__(self, done, name=None):
        super().__init__(done)
        self.log = self.console         # with Xen's lines
        if name:
            self.console = "".join(
                line + "\n" for line in re.findall(
                    r"^%s: (.*)$" % re.escape(name), self.log, re.M))
            last = re.findall(r"^kiln: (?:crash, )?exit (\d+)$",
                              self.console, re.M)
            self.status = int(last[-1]) if last else -1
        else:
            self.console = re.sub(r"^\(XEN\) .*\n", "",
                                  PREFIX.sub("", self.console), flags=re.M)
        self.timed_out = done.timed_out or done.status == 124

    def __str__(self):
        return "%s\n%s" % (super().__str__(), self.log)

    def expect_end(self, reason, name="guest"):
        """xl says that domain @name has ended, for @reason."""
        core.expect(re.search(
            r"^xl %s: Domain \d+ has shut down, reason code %d 0x%x$"
            % (re.escape(name), reason, reason), self.log, re.M),
                    "expected of xl: %s ends, reason %d\n%s"
                    % (name, reason, self))
        return self

    def expect_log(self, pattern):
        """A line of all that was written matches @pattern."""
        core.expect(re.search(pattern, self.log, re.M),
                    "expected: /%s/\n%s" % (pattern, self))
        return self

    def expect_xen(self, text):
        """Xen itself says @text."""
        core.expect("(XEN) " + text in self.log,
                    "expected of Xen: %s\n%s" % (text, self))
        return self


def _stamp(ctx):
    """Of the scripts that the Linux is made with."""
    text = b""
    for name in ("build", "../debian.sh"):
        with open(os.path.join(scripts(ctx), name), "rb") as f:
            text += f.read()
    return hashlib.sha256(text).hexdigest()[:16]


def _fetch(ctx, program, what, out, product):
    if os.path.exists(os.path.join(out, product)):
        return None
    done = proc.run([os.path.join(scripts(ctx), program), what, out],
                    timeout=FETCH_TIMEOUT)
    if done.status == UNAVAILABLE:
        return core.Skip(done.out.rstrip().split("\n")[-1])
    if done.status or done.timed_out:
        return core.Failure("the Xen rig cannot be fetched:\n$ %s\n%s"
                            % (" ".join(done.argv), done.out))
    return None


def _made_by(ctx, program, what, out, product):
    if (out, program) not in _made:
        _made[out, program] = _fetch(ctx, program, what, out, product)
    if _made[out, program]:
        raise _made[out, program]


def ready(ctx, what, product="xen", linux=False):
    """The directory with what ./fetch makes of @what, and if @linux ./build;
    Skip without it."""
    out = os.path.join(ctx.session.out, "rigs", "xen-" + what)
    with _lock:
        _made_by(ctx, "fetch", what, out, product)
        if linux:
            name = "linux-" + _stamp(ctx)
            _made_by(ctx, "build", what, out, name)
            # What was built by other scripts is built again.
            with open(os.path.join(out, name), "w", encoding="ascii"):
                pass
    return out


def boot(ctx, image, mode, params="", cpus=1, extra=(), timeout=60):
    """Boot @image as the domain @mode (see ./run); returns a Boot."""
    out = ready(ctx, ctx.arch)
    argv = [os.path.join(scripts(ctx), "run"), "-t", str(timeout),
            "-c", str(cpus), "-a", params] + list(extra)
    found = Boot(proc.run(argv + [out, mode, image], timeout=timeout + 10))
    ctx.write("console", str(found))
    return found


def beside_linux(ctx, image, script, cpus=1, timeout=300, name="guest",
                 second=None):
    """Do @script in a Linux that is Xen's first domain (see ./init), with
    @image for domains of at most @cpus CPUs and 64 MiB, and @second for the
    one of that name; returns a Boot, of domain @name.
    """
    out = ready(ctx, ctx.arch, linux=True)
    found = Boot(proc.run(
        [os.path.join(scripts(ctx), "run"), "-t", str(timeout), "-c",
         str(cpus), "-s", ctx.write("script", script)] +
        (["-i", second] if second else []) + [out, "xl", image],
        timeout=timeout + 10), name)
    ctx.write("console", str(found))
    core.expect("\nrig: done " in found.log,
                "the first domain did not come to an end\n%s" % found)
    never = re.search(r"^rig: never: .*$", found.log, re.M)
    core.expect(not never, "%s\n%s" % (never and never.group(0), found))
    return found
