# SPDX-License-Identifier: BSD-3-Clause
"""What is done to a guest while it runs: by QEMU's monitor and its gdb stub.

Both listen on sockets in a directory of their own, whose path is short enough
for one. A step that fails is reported when the guest has ended.
"""

import contextlib
import json
import os
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
        self._answers = None
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
        for open_ in (self._answers, self._monitor, self._gdb):
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

    def qmp(self, command, **arguments):
        """Have the monitor do @command; returns what it answers."""
        if not self._monitor:
            self._monitor = self._connect("qmp")
            self._answers = self._monitor.makefile("rb")
            self._answers.readline()
            self.qmp("qmp_capabilities")
        self._monitor.sendall(json.dumps(
            {"execute": command, "arguments": arguments}).encode() + b"\n")
        while True:
            answer = json.loads(self._answers.readline())
            if self._note(answer):
                continue
            core.expect("return" in answer, "%s: %s" % (command, answer))
            return answer["return"]

    def _note(self, answer):
        """Keep @answer if it is an event."""
        if "event" not in answer:
            return False
        self._events.append((answer["event"],
                             answer.get("data", {}).get("reason")))
        return True

    def events(self):
        """[(event, its reason or None)] from the first command of qmp() to
        QEMU's end, for which it waits."""
        with contextlib.suppress(ConnectionError):
            for line in self._answers:
                self._note(json.loads(line))
        return self._events

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
