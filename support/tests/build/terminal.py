# SPDX-License-Identifier: BSD-3-Clause
"""A program in a pseudo-terminal: see what it shows, press keys."""
import fcntl
import os
import pty
import re
import select
import struct
import termios
import time

from enginetest import Failed, _environment

ESCAPES = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|[()][AB0]|[=>78MH])")
TIMEOUT_S = 300


class Terminal:
    def __init__(self, argv, cwd=None, env=None):
        self.argv, self.text, self.seen = argv, "", 0
        self.cwd, self.env = cwd or ".", env or {}

    def __enter__(self):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(self.cwd)
            os.execvpe(self.argv[0], self.argv,
                       dict(_environment(self.env), TERM="xterm", LINES="40",
                            COLUMNS="100"))
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 40, 100, 0, 0))
        return self

    def __exit__(self, *_):
        os.close(self.fd)
        if self.pid:
            os.kill(self.pid, 9)
            os.waitpid(self.pid, 0)

    def _read(self, timeout):
        """False when the program has closed its terminal."""
        if not select.select([self.fd], [], [], timeout)[0]:
            return True
        try:
            data = os.read(self.fd, 65536)
        except OSError:
            return False
        self.text += ESCAPES.sub("", data.decode("utf-8", "replace"))
        return bool(data)

    def wait_for(self, part):
        """Until @part was shown after what was waited for before."""
        end = time.monotonic() + TIMEOUT_S
        while part not in self.text[self.seen:]:
            if not self._read(1) or time.monotonic() > end:
                raise Failed(f'"{part}" does not appear:\n'
                             + self.text[self.seen:][-3000:])
        self.seen = self.text.index(part, self.seen) + len(part)

    def keys(self, text):
        os.write(self.fd, text.encode())

    def end(self):
        """Wait for the end of the program; its status."""
        end = time.monotonic() + TIMEOUT_S
        while self._read(1):
            if time.monotonic() > end:
                raise Failed("does not end:\n" + self.text[-3000:])
        _, status = os.waitpid(self.pid, 0)
        self.pid = 0
        return os.waitstatus_to_exitcode(status)
