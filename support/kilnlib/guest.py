# SPDX-License-Identifier: BSD-3-Clause
"""
One QEMU process: started, fed, read, and never left behind.

QEMU runs in a session of its own, so that the terminal's Ctrl-C reaches only
us and we can end it in order. The kernel kills it when we die without a word
(PR_SET_PDEATHSIG); everything else - Ctrl-C, SIGTERM, SIGHUP, the time limit,
a reader of our output that goes away - arrives here as an exception; output.py
sees to it that no wait for a pipe outlasts a signal.
"""
import ctypes
import os
import signal
import subprocess
import time

from .errors import SIGNAL, TIMEOUT, KilnError
from .output import Output, Wakeup, wait

PR_SET_PDEATHSIG = 1
GRACE_SECONDS = 2
CHUNK = 65536
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGALRM)

_libc = ctypes.CDLL(None, use_errno=True)


def _hold_signals():
    """Until they are released, no signal interrupts an orderly start or
    end."""
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)


def _release_signals():
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)


class Interrupted(BaseException):
    """A signal or the time limit ends the guest."""

    def __init__(self, signum):
        super().__init__(signum)
        self.signum = signum
        self.by_user = signum != signal.SIGALRM
        self.status = SIGNAL + signum if self.by_user else TIMEOUT


def die_with_parent(signum, parent):
    """Let the kernel send us signum when the process parent ends."""
    _libc.prctl(PR_SET_PDEATHSIG, int(signum), 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signum)


class Qemu:
    """
    The process and its pipes. stdin: a descriptor whose bytes go to the
    guest, or None; show: called with each piece of raw console output;
    complain: called with each piece of QEMU's own messages.
    """

    def __init__(self, argv, stdin, show, complain):
        self._stdin = stdin
        self._show = show
        self._complain = complain
        self._pending = b""
        me = os.getpid()

        def in_child():
            die_with_parent(signal.SIGKILL, me)
            _release_signals()

        try:
            self._proc = subprocess.Popen(
                argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=subprocess.PIPE, bufsize=0, start_new_session=True,
                preexec_fn=in_child)
        except OSError as err:
            raise KilnError(f"{argv[0]}: {err.strerror}") from None
        os.set_blocking(self._proc.stdin.fileno(), False)

    def wait(self):
        """Serve the pipes until QEMU ends; returns its status."""
        out, err = self._proc.stdout.fileno(), self._proc.stderr.fileno()
        open_outputs = {out: self._show, err: self._complain}
        while open_outputs:
            want_read = list(open_outputs)
            if self._stdin is not None and not self._pending:
                want_read.append(self._stdin)
            want_write = [self._proc.stdin] if self._pending else []
            ready, writable = wait(want_read, want_write)
            for fd in ready:
                if fd == self._stdin:
                    self._read_input()
                    continue
                data = os.read(fd, CHUNK)
                if data:
                    open_outputs[fd](data)
                else:
                    del open_outputs[fd]
            if writable:
                self._write_input()
        return self._proc.wait()

    def _read_input(self):
        try:
            self._pending = os.read(self._stdin, CHUNK)
        except OSError:
            self._pending = b""
        if not self._pending:
            self._stdin = None      # end of input: the guest just waits

    def _write_input(self):
        try:
            sent = os.write(self._proc.stdin.fileno(), self._pending)
        except BlockingIOError:
            return
        except BrokenPipeError:
            self._stdin, sent = None, len(self._pending)
        self._pending = self._pending[sent:]

    def end(self):
        """Nothing of QEMU is left when this returns."""
        for signum in (signal.SIGTERM, signal.SIGKILL):
            if self._proc.poll() is not None:
                break
            self._proc.send_signal(signum)
            try:
                self._proc.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                pass
        for pipe in (self._proc.stdin, self._proc.stdout, self._proc.stderr):
            pipe.close()


class _Signals:
    """While it lasts, ending signals and the alarm raise Interrupted."""

    def __init__(self, limit):
        self._limit = limit
        self._old = {}

    def __enter__(self):
        for signum in _ENDING:
            self._old[signum] = signal.signal(signum, self._raise)
        if self._limit:
            signal.setitimer(signal.ITIMER_REAL, self._limit)

    @staticmethod
    def _raise(signum, _):
        raise Interrupted(signum)

    def __exit__(self, *_):
        signal.setitimer(signal.ITIMER_REAL, 0)
        for signum, handler in self._old.items():
            signal.signal(signum, handler)


def _take_held():
    """The number of a signal that came while they were held, or 0."""
    late = 0
    while True:
        info = signal.sigtimedwait(_ENDING, 0)
        if info is None:
            return late
        if info.si_signo != signal.SIGALRM:
            late = info.si_signo


class Outcome:
    """What became of a QEMU process."""

    def __init__(self):
        self.returncode = None      # None: it did not end by itself
        self.interrupted = None     # the Interrupted that ended it
        self.messages = b""         # QEMU's own
        self.seconds = 0.0


def run(argv, show, stdin=None, limit=None, quiet=False):
    """
    Run QEMU until it ends, limit seconds have passed or a signal comes.
    quiet: QEMU's messages are kept but not shown.
    """
    outcome = Outcome()
    errors = Output(2)

    def complain(data):
        outcome.messages += data
        if not quiet:
            errors.write(data)

    began = time.monotonic()
    qemu = None
    try:
        _hold_signals()
        with Wakeup(), _Signals(limit):
            try:
                qemu = Qemu(argv, stdin, show, complain)
                _release_signals()
                outcome.returncode = qemu.wait()
            finally:
                _hold_signals()
    except Interrupted as why:
        outcome.interrupted = why
    except BrokenPipeError:
        outcome.interrupted = Interrupted(signal.SIGPIPE)
    finally:
        if qemu:
            qemu.end()
        late = _take_held()
        _release_signals()
    if late and not outcome.interrupted:
        outcome.interrupted = Interrupted(late)
    outcome.seconds = time.monotonic() - began
    return outcome
