# SPDX-License-Identifier: BSD-3-Clause
"""What is done to a guest while it runs: by QEMU's monitor and its gdb stub.

Both listen on sockets in a directory of their own, whose path is short enough
for one. A step that fails is reported when the guest has ended.
"""

import json
import os
import re
import select
import shutil
import socket
import tempfile
import threading
import time

from . import core

PATIENCE = 60


class Control:
    """Handed to the function that acts while a guest runs."""

    def __init__(self, top):
        self._top = top
        self._text = b""
        self._ended = False
        self._changed = threading.Condition()
        self._monitor = None
        self._pending = b""
        self._events = []
        self._gdb = None

    def options(self):
        """Of kiln run."""
        return ["--qemu-arg=-qmp", "--qemu-arg=unix:%s,server=on,wait=off"
                % os.path.join(self._top, "qmp"), "--qemu-arg=-gdb",
                "--qemu-arg=unix:%s,server=on,wait=off"
                % os.path.join(self._top, "gdb")]

    def feed(self, data):
        with self._changed:
            self._text += data
            self._changed.notify_all()

    def end(self):
        with self._changed:
            self._ended = True
            self._changed.notify_all()

    def close(self):
        for open_ in (self._monitor, self._gdb):
            if open_:
                open_.close()

    def wait_for(self, text, times=1):
        """Until the console has shown @text so many times."""
        def there():
            return self._ended or self._text.count(text.encode()) >= times

        with self._changed:
            self._changed.wait_for(there, PATIENCE)
            core.expect(self._text.count(text.encode()) >= times,
                        "the guest never said: " + text)

    def ended(self):
        with self._changed:
            return self._ended

    def _connect(self, name):
        end = time.monotonic() + PATIENCE
        while True:
            s = socket.socket(socket.AF_UNIX)
            s.settimeout(PATIENCE)
            try:
                s.connect(os.path.join(self._top, name))
                return s
            except OSError:
                s.close()
                if self.ended() or time.monotonic() > end:
                    raise
            time.sleep(0.02)

    def _line(self, seconds=PATIENCE):
        """What the monitor says next; None: nothing, or QEMU has ended."""
        end = time.monotonic() + seconds
        while b"\n" not in self._pending:
            left = max(0, end - time.monotonic())
            if not select.select([self._monitor], [], [], left)[0]:
                return None
            try:
                data = self._monitor.recv(65536)
            except ConnectionError:
                data = b""
            if not data:
                return None
            self._pending += data
        line, _, self._pending = self._pending.partition(b"\n")
        answer = json.loads(line)
        if "event" in answer:
            self._events.append((answer["event"],
                                 answer.get("data", {}).get("reason")))
        return answer

    def qmp(self, command, **arguments):
        """Have the monitor do @command; returns what it answers."""
        if not self._monitor:
            self._monitor = self._connect("qmp")
            self._line()
            self.qmp("qmp_capabilities")
        self._monitor.sendall(json.dumps(
            {"execute": command, "arguments": arguments}).encode() + b"\n")
        answer = self._line()
        while answer is not None and "event" in answer:
            answer = self._line()
        core.expect(answer and "return" in answer,
                    "%s: %s" % (command, answer))
        return answer["return"]

    def events(self):
        """[(event, its reason or None)] from the first command of qmp() to
        QEMU's end, for which it waits."""
        while self._line():
            pass
        return self._events

    def event(self, name, seconds=PATIENCE):
        """Has there been event @name since the last one that was asked for,
        or is there one in the next @seconds?"""
        end = time.monotonic() + seconds
        while True:
            while self._events:
                if self._events.pop(0)[0] == name:
                    return True
            left = end - time.monotonic()
            if not self._line(max(0, left)):
                return False

    def console(self, end=None):
        """What the console has shown since the last call; it waits until a
        line that begins with @end is the last one."""
        last = re.compile((end or "").encode() + rb"[^\n]*\n\Z")
        with self._changed:
            self._changed.wait_for(
                lambda: self._ended or not end or last.search(self._text),
                PATIENCE)
            text, self._text = self._text, b""
        return text.decode("utf-8", "replace").replace("\r", "")

    def gdb(self, packet, answers=True):
        """Send a packet of gdb's remote protocol; returns the answer."""
        if not self._gdb:
            self._gdb = self._connect("gdb")
        data = packet.encode()
        self._gdb.sendall(b"$%s#%02x" % (data, sum(data) & 255))
        if not answers:
            return None
        got = b""
        while b"#" not in got[:-2]:
            more = self._gdb.recv(4096)
            core.expect(more, "%s: the stub has gone" % packet)
            got += more
        self._gdb.sendall(b"+")
        return got[got.index(b"$") + 1:got.rindex(b"#")].decode()


def during(run, act):
    """run(options, watch) while act(Control) is done; returns its result."""
    top = tempfile.mkdtemp(prefix="kiln-", dir="/tmp")
    ctl = Control(top)
    problems = []

    def do():
        try:
            act(ctl)
        except Exception as e:      # pylint: disable=broad-except
            problems.append(e)

    thread = threading.Thread(target=do, daemon=True)
    thread.start()
    try:
        boot = run(ctl.options(), ctl.feed)
    finally:
        ctl.end()
        thread.join(PATIENCE)
        ctl.close()
        shutil.rmtree(top, ignore_errors=True)
    core.expect(not problems, "%s\n%s" % (problems, boot))
    return boot
