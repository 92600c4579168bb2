# SPDX-License-Identifier: BSD-3-Clause
"""
What the guest writes to its console, and the exit status in it.

The exact status of a guest is its last console line, `kiln: exit N` or
`kiln: crash, exit N`; the exit device, where a machine has one, carries its
low 7 bits and must agree. A program may leave its own last line open, so the
line is also recognised at the end of the very last line.
"""
import re

from .errors import NO_STATUS

KEEP = 256 * 1024

_LAST = re.compile(rb"kiln: (crash, )?exit (\d{1,3})\s*\Z")
_LINE = re.compile(rb"^kiln: (crash, )?exit (\d{1,3})$", re.MULTILINE)


class Console:
    """The text so far: all of it, or its end only."""

    def __init__(self, keep_all):
        self._keep_all = keep_all
        self._held = b""
        self.text = b""

    def feed(self, data):
        """Take raw bytes; returns what to show, with \\r\\n as \\n."""
        data = self._held + data
        # A \r may be half of a pair.
        self._held = b"\r" if data.endswith(b"\r") else b""
        if self._held:
            data = data[:-1]
        return self._add(data.replace(b"\r\n", b"\n"))

    def finish(self):
        """No more comes; returns the rest to show."""
        held, self._held = self._held, b""
        return self._add(held)

    def _add(self, data):
        self.text += data
        if not self._keep_all and len(self.text) > 2 * KEEP:
            self.text = self.text[-KEEP:]
        return data

    def told(self):
        """(status, crashed) of the exit line, or None."""
        match = _LAST.search(self.text)
        if not match:
            lines = list(_LINE.finditer(self.text))
            match = lines[-1] if lines else None
        if not match or int(match[2]) > 255:
            return None
        return int(match[2]), match[1] is not None


class Verdict:
    """How a run ended."""

    def __init__(self, status, crash=False, note=None, by="guest"):
        self.status = status
        self.crash = crash
        self.note = note        # a line for the user, or None
        self.by = by            # guest, no-status, timeout, signal, qemu


def device_status(arch, returncode):
    """The low 7 bits that the exit device carried, or None."""
    if arch == "x86_64" and returncode >= 0 and returncode & 1:
        return returncode >> 1
    return None


def judge(arch, returncode, console):
    """The Verdict over a QEMU that ended by itself."""
    low = device_status(arch, returncode)
    told = console.told()
    if told and (low is None or low == told[0] & 0x7f):
        return Verdict(*told)
    if low is not None:
        note = None
        if told:
            note = (f"the console says exit {told[0]}, the exit device "
                    f"{low} (7 bits)")
        return Verdict(low, note=note)
    return Verdict(NO_STATUS, by="no-status",
                   note="the guest ended without a status: it reset or "
                   "powered off and wrote no line `kiln: exit N`")
