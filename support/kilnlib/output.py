# SPDX-License-Identifier: BSD-3-Clause
"""
Waiting for pipes, and writing to one whose reader may be slow or stopped.

A signal that comes just before a system call that blocks would be noticed
only after it, and a pipe that nobody reads blocks for ever. So nothing here
blocks but select(), which a byte in a pipe ends that Python writes for each
signal (signal.set_wakeup_fd); a pipe that select() calls writable takes
PIPE_BUF bytes at once.
"""
import os
import select
import signal

PATIENCE_SECONDS = 1


class Wakeup:
    """While it lasts, signals end wait()."""

    fd = None

    def __enter__(self):
        Wakeup.fd, self._write = os.pipe()
        os.set_blocking(Wakeup.fd, False)
        os.set_blocking(self._write, False)
        self._old = signal.set_wakeup_fd(self._write,
                                         warn_on_full_buffer=False)
        return self

    def __exit__(self, *_):
        signal.set_wakeup_fd(self._old)
        os.close(Wakeup.fd)
        os.close(self._write)
        Wakeup.fd = None


def wait(reads, writes, seconds=None):
    """
    (readable, writable) of these descriptors, as soon as there is one, a
    signal came or so many seconds have passed.
    """
    wake = [] if Wakeup.fd is None else [Wakeup.fd]
    ready, writable, _ = select.select(reads + wake, writes, [], seconds)
    if wake and wake[0] in ready:
        ready.remove(wake[0])
        os.read(wake[0], 4096)      # its handler runs now
    return ready, writable


class Output:
    """A descriptor we write to. What a signal kept from it comes next."""

    def __init__(self, fd):
        self.fd = fd
        self._rest = b""

    def write(self, data, patience=None):
        """
        Hand all of data to the reader. patience: seconds that he may take
        nothing; then the rest is dropped.
        """
        self._rest += data
        while self._rest:
            _, writable = wait([], [self.fd], patience)
            if not writable:
                if patience is not None:
                    self._rest = b""
                continue
            try:
                sent = os.write(self.fd, self._rest[:select.PIPE_BUF])
            except BlockingIOError:
                continue
            self._rest = self._rest[sent:]
