# SPDX-License-Identifier: BSD-3-Clause
"""Child processes that never outlive the run.

Each child gets a session of its own, so that killing its process group takes
what it started with it (QEMU, make's compilers). What still runs when the
tests end, by Ctrl-C too, is killed.
"""

import glob
import os
import signal
import subprocess
import threading
import time


class Interrupted(Exception):
    """The run is being stopped."""


_live = {}
_lock = threading.Lock()
_stopping = False


class Done:
    def __init__(self, argv, status, out, seconds, timed_out, times=()):
        self.argv = argv
        self.status = status        # -N: killed by signal N
        self.out = out              # text, stdout and stderr interleaved
        self.seconds = seconds
        self.timed_out = timed_out
        self.times = times          # when each line of out was complete


def _kill(child):
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass


def stop_all():
    """Kill every child; no new one starts."""
    global _stopping
    with _lock:
        _stopping = True
        for child in list(_live.values()):
            _kill(child)


def spawn(argv, **kw):
    with _lock:
        if _stopping:
            raise Interrupted()
        child = subprocess.Popen(argv, start_new_session=True, **kw)
        _live[child.pid] = child
    return child


def reap(child):
    """The child is done or to be ended: leave nothing of it behind."""
    _kill(child)
    child.wait()
    with _lock:
        _live.pop(child.pid, None)


def run(argv, timeout=60, stdin=None, env=None, cwd=None, limit=8 << 20,
        watch=None):
    """Run @argv to its end or @timeout seconds; returns Done.

    @stdin is text for the child, or None for /dev/null. Output beyond @limit
    bytes ends the child as a time-out does. @watch is called with each piece
    of output as it comes, in another thread.
    """
    start = time.monotonic()
    child = spawn(argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                  stdin=subprocess.PIPE if stdin else subprocess.DEVNULL,
                  env=env, cwd=cwd)
    chunks = []
    times = []
    over = threading.Event()

    def drain():
        total = 0
        while True:
            data = os.read(child.stdout.fileno(), 65536)
            if not data:
                return
            total += len(data)
            if total > limit:
                over.set()
                _kill(child)
                return
            chunks.append(data)
            if watch:
                watch(data)
            times.extend([time.monotonic() - start] * data.count(b"\n"))

    reader = threading.Thread(target=drain, daemon=True)
    reader.start()
    timed_out = False
    try:
        if stdin:
            try:
                child.stdin.write(stdin.encode())
                child.stdin.close()
            except BrokenPipeError:
                pass
        child.wait(timeout=timeout)
    except subprocess.TimeoutExpired:
        timed_out = True
    finally:
        reap(child)
    reader.join(5)
    child.stdout.close()
    if _stopping:
        raise Interrupted()
    text = b"".join(chunks).decode("utf-8", "replace")
    return Done(argv, child.returncode, text, time.monotonic() - start,
                timed_out or over.is_set(), times)


def qemus(mark):
    """{process id: arguments} of the QEMUs that have mark in an argument."""
    found = {}
    for path in glob.glob("/proc/[0-9]*/cmdline"):
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                words = file.read().split("\0")
        except OSError:
            continue        # it ended meanwhile
        if words[0].rpartition("/")[2].startswith("qemu-system") and \
                any(mark in word for word in words):
            found[int(path.split("/")[2])] = words
    return found
