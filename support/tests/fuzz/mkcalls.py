#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Write the hand-made part of the corpus of calls: see fuzz_calls.c.

A seed is a list of steps, each of which is bytes. Numbers are those of x86_64;
elsewhere a byte means another call.
"""

import os
import re
import struct

HERE = os.path.dirname(os.path.realpath(__file__))
NUMBERS = os.path.join(HERE, "../../../include/uk/abi/x86_64/syscall_nr.h")
PAGE = 4096
NULL = 0
NONBLOCK = 0x800


class Mem(int):
    """An address: so many bytes into what can be written."""


with open(NUMBERS, encoding="ascii") as f:
    NR = {m[1]: int(m[2]) for m in
          re.finditer(r"#define __NR_(\w+)\s+(\d+)", f.read())}


def value(val):
    if isinstance(val, Mem):
        return b"\x60" + struct.pack("<H", val)
    if isinstance(val, bytes):
        return val
    if val == -1:
        return b"\x40"
    if 0 <= val < 16:
        return bytes([val])
    if 0 <= val < 256:
        return bytes([0x10, val])
    if 0 <= val < 65536:
        return b"\x20" + struct.pack("<H", val)
    return b"\x30" + struct.pack("<Q", val & (2 ** 64 - 1))


def call(name, *args):
    nr = NR[name]
    head = bytes([nr]) if nr < 0xd0 else bytes([0xd0, nr - 0xd0])
    return head + b"".join(map(value, args))


def words(off, *vals):
    return bytes([0xe0 + len(vals) - 1, off // 8]) + \
        b"".join(map(value, vals))


def passes(us):
    return b"\xf1" + struct.pack("<I", us * 10)


def fails(nth):
    return bytes([0xf2, nth])


# Addresses that are bad, as fuzz_calls.c knows them.
HOLE, READ_ONLY, UNALIGNED, KERNEL, IMAGE, NOWHERE, TOP, LOW = \
    (bytes([0x80 + i]) for i in range(8))
END = b"\x74"

PIPE = call("pipe2", Mem(64), NONBLOCK)
PIPE_WAITS = call("pipe2", Mem(64), 0)
EVENT = call("eventfd2", 3, NONBLOCK)
A, B = Mem(128), Mem(256)


def put(name, *steps):
    path = os.path.join(HERE, "corpus", "calls", name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as out:
        out.write(b"".join(steps))


def files():
    put("pipe", PIPE, words(128, 1, 2), call("write", 1, A, 16),
        call("read", 0, B, 32), call("read", 0, HOLE, 5),
        call("write", 1, END, 99), call("close", 1),
        call("read", 0, B, 4), call("close", 0))
    put("pipe-full", PIPE, *[call("write", 1, Mem(0), 30000)] * 4,
        call("read", 0, Mem(8), 32000), call("write", 1, Mem(0), 9))
    put("pipe-broken", PIPE, call("close", 0), call("write", 1, A, 8))
    put("pipe-waits", PIPE_WAITS, call("read", 0, A, 8),
        call("write", 1, B, 4), call("read", 0, A, 8), call("close", 1),
        call("close", 0))
    put("vectors", PIPE, words(0, A, 16, NULL, 0, HOLE, 9, B, 8),
        call("writev", 1, Mem(0), 4), call("readv", 0, Mem(0), 4),
        call("readv", 0, Mem(0), 1025), call("writev", 1, Mem(0), -1),
        call("preadv2", 0, Mem(0), 2, -1, -1, 8))
    put("eventfd", EVENT, call("read", 0, A, 8), call("read", 0, A, 8),
        call("write", 0, A, 8), words(128, -1), call("write", 0, A, 8),
        call("read", 0, UNALIGNED, 9), call("eventfd2", 0, 1),
        call("read", 1, A, 8), call("write", 1, B, 8))
    put("numbers", EVENT, call("dup", 0), call("dup3", 0, 9, 0x80000),
        call("fcntl", 0, 0, 7), call("fcntl", 9, 1, 0),
        call("fcntl", 0, 4, NONBLOCK), call("fcntl", 0, 3, 0),
        call("prlimit64", 0, 7, NULL, B), words(128, 3, 3),
        call("prlimit64", 0, 7, A, NULL), call("dup", 0),
        call("close_range", 2, -1, 4), call("close_range", 0, 20, 0))
    put("ioctl", PIPE, call("ioctl", 0, 0x5421, A),
        call("ioctl", 0, 0x541b, B), call("ioctl", 0, 0x5451, 0),
        call("lseek", 0, 5, 1), call("pread64", 0, A, 5, 0))


def waiting():
    put("epoll", call("epoll_create1", 0x80000), PIPE,
        words(128, 0x80000001, 7), call("epoll_ctl", 0, 1, 1, A),
        call("epoll_pwait", 0, B, 4, 0, NULL, 8), call("write", 2, A, 3),
        call("epoll_pwait", 0, B, 4, 5, NULL, 8),
        call("epoll_ctl", 0, 3, 1, A), call("epoll_ctl", 0, 2, 1, A),
        call("epoll_ctl", 0, 1, 1, A), call("close", 1),
        call("epoll_pwait", 0, B, 4, 0, NULL, 8))
    put("epoll-nests", call("epoll_create1", 0), call("epoll_create1", 0),
        words(128, 1, 1), call("epoll_ctl", 0, 1, 1, A),
        call("epoll_ctl", 1, 1, 0, A), call("epoll_ctl", 0, 1, 0, A), EVENT,
        call("epoll_ctl", 1, 1, 2, A),
        call("epoll_pwait2", 0, B, 9, NULL, NULL, 8), call("close", 1))
    put("epoll-waits", call("epoll_create1", 0), call("eventfd2", 0, 0),
        words(128, 0x40000001, 1), call("epoll_ctl", 0, 1, 1, A),
        call("epoll_pwait", 0, B, 4, -1, NULL, 8), words(256, 1),
        call("write", 1, B, 8), call("epoll_pwait", 0, B, 4, -1, NULL, 8),
        call("close", 0), call("close", 1))
    put("poll", PIPE, words(0, 0x100000000, 0x400000001, 0xffff00000009),
        call("ppoll", Mem(0), 3, NULL, NULL, 8),
        call("poll", Mem(0), 3, 100), call("poll", END, 3, 0),
        call("poll", Mem(0), -1, 0))
    put("poll-waits", PIPE_WAITS, words(0, 0x100000000),
        call("ppoll", Mem(0), 1, NULL, NULL, 8), call("close", 0),
        call("close", 1))
    put("select", PIPE, words(0, 3, 7, 15), words(128, 0, 5),
        call("select", 3, Mem(0), Mem(8), Mem(16), A),
        call("pselect6", 900, Mem(0), NULL, HOLE, A, NULL),
        call("pselect6", -1, NULL, NULL, NULL, NULL, NULL))
    put("timerfd", call("timerfd_create", 1, NONBLOCK),
        words(128, 0, 1000, 0, 1000), call("timerfd_settime", 0, 0, A, B),
        passes(5), call("read", 0, Mem(0), 8),
        call("timerfd_gettime", 0, Mem(0)),
        call("timerfd_create", 0, 0), call("timerfd_settime", 1, 3, A, NULL),
        call("read", 1, Mem(0), 8), call("clock_settime", 0, A))
    put("sleep", words(128, 0, 50000), call("nanosleep", A, B),
        call("clock_nanosleep", 0, 1, A, NULL),
        call("clock_nanosleep", 1, 0, A, HOLE), words(128, -1, -1),
        call("nanosleep", A, A))


def signals():
    handler = 0x7777777777
    put("handler", words(128, handler, 4, handler, 0),
        call("rt_sigaction", 10, A, B, 8), call("tkill", 1, 10),
        call("getpid"), call("rt_sigaction", 9, A, NULL, 8),
        call("kill", 1, 10), call("kill", 1, 65), call("tgkill", 1, 1, 12))
    put("alternate", words(128, handler, 0x08000004, handler, 0),
        call("rt_sigaction", 10, A, NULL, 8), words(256, Mem(8192), 0, 8192),
        call("sigaltstack", B, Mem(0)), call("tkill", 1, 10),
        words(256, READ_ONLY, 0, 8192), call("sigaltstack", B, NULL),
        call("tkill", 1, 10))
    put("masks", words(128, 0x200), call("rt_sigprocmask", 0, A, B, 8),
        call("tkill", 1, 10), call("rt_sigpending", B, 8),
        call("rt_sigtimedwait", A, B, NULL, 8), words(256, 0, 99),
        call("rt_sigtimedwait", A, NULL, B, 8), call("rt_sigsuspend", A, 8),
        call("rt_sigprocmask", 2, HOLE, A, 8))
    put("queued", words(128, -1), call("rt_sigprocmask", 0, A, NULL, 8),
        words(256, 0, 0xffffffff, 0, 1),
        call("rt_sigqueueinfo", 1, 40, B), call("rt_sigqueueinfo", 1, 40, B),
        call("rt_tgsigqueueinfo", 1, 2, 41, B),
        call("rt_sigtimedwait", A, Mem(0), NULL, 8))
    put("signalfd", words(128, 0x200),
        call("rt_sigprocmask", 0, A, NULL, 8),
        call("signalfd4", -1, A, 8, NONBLOCK), call("tkill", 1, 10),
        words(0, 0x100000000), call("poll", Mem(0), 1, 0),
        call("read", 0, B, 300), call("read", 0, B, 128),
        call("signalfd4", 0, A, 8, 0))
    put("signalfd-epoll", words(128, 0x200),
        call("rt_sigprocmask", 0, A, NULL, 8),
        call("signalfd4", -1, A, 8, 0), call("epoll_create1", 0),
        words(256, 1, 1), call("epoll_ctl", 1, 1, 0, B),
        call("epoll_pwait", 1, Mem(0), 4, -1, NULL, 8),
        call("kill", 1, 10), call("read", 0, Mem(0), 128), call("close", 0),
        call("kill", 1, 10))
    put("timers", words(128, 0, 0x10000000a, 0, 0),
        call("timer_create", 1, A, B), words(0, 0, 100, 0, 1000),
        call("timer_settime", 0, 0, Mem(0), Mem(64)), passes(5),
        call("timer_gettime", 0, Mem(0)), call("timer_getoverrun", 0),
        call("timer_delete", 0), call("timer_create", 0, NULL, HOLE),
        call("setitimer", 0, Mem(0), Mem(64)), passes(900),
        call("getitimer", 0, Mem(64)), call("alarm", 1))
    put("ends-program", PIPE_WAITS, call("read", 0, A, 8),
        call("kill", 1, 15), call("exit_group", 3), call("tkill", 1, 9))


def rest():
    put("futex", call("futex", A, 0, 0, NULL, NULL, 0),
        call("futex", A, 1, 1, NULL, NULL, 0),
        call("futex", A, 128, 1, NULL, NULL, 0),
        call("futex", UNALIGNED, 0, 0, NULL, NULL, 0),
        call("futex", HOLE, 0, 0, NULL, NULL, 0),
        call("futex", READ_ONLY, 5, 1, 1, A, 0x01000001),
        call("futex", A, 9, 0, Mem(0), NULL, -1))
    put("futex-requeue", call("futex", A, 0, 0, NULL, NULL, 0),
        call("futex", A, 4, 0, 9, B, 0), call("futex", A, 3, 0, 1, B, 0),
        call("futex", B, 1, 1, NULL, NULL, 0))
    put("futex-nowhere", call("futex", A, 0, 0, NULL, NULL, 0),
        call("futex", A, 3, 0, 1, NULL, 0), call("tkill", 1, 10),
        call("futex", NULL, 1, 1, NULL, NULL, 0))
    # One has A and waits for B, the next ones wait for A.
    put("futex-pi", call("futex", A, 6, 0, NULL, NULL, 0),
        call("futex", A, 6, 0, NULL, NULL, 0),
        call("futex", B, 0, 0, NULL, NULL, 0),
        call("futex", A, 6, 0, NULL, NULL, 0),
        call("futex", A, 8, 0, NULL, NULL, 0),
        call("futex", A, 7, 0, NULL, NULL, 0),
        call("futex", A, 1, 1, NULL, NULL, 0),
        call("futex", A, 13, 0, B, NULL, 0),
        call("futex", B, 1, 9, NULL, NULL, 0),
        call("futex", A, 7, 0, NULL, NULL, 0))
    put("futex-requeue-pi", call("futex", A, 11, 0, NULL, B, 0),
        call("futex", A, 11, 0, NULL, B, 0),
        call("futex", A, 12, 1, 9, B, 0),
        call("futex", B, 7, 0, NULL, NULL, 0),
        call("futex", A, 12, 1, 0, HOLE, 0),
        call("futex", A, 11, 0, NULL, READ_ONLY, 0),
        call("futex", A, 12, 1, 0, READ_ONLY, 0))
    put("robust", words(128, A, 0, NULL), call("set_robust_list", A, 24),
        call("get_robust_list", 0, B, Mem(0)),
        call("get_robust_list", 9, B, HOLE))
    put("threads", words(0, 0x10f00, 0, 0, 0, 0, A, 8192, 0),
        call("clone3", Mem(0), 64), call("clone3", END, 88),
        call("clone3", Mem(0), 5000),
        call("clone", 0x50f00, A, B, B, 0), call("set_tid_address", A),
        call("sched_yield"))
    put("sched", words(128, 5), call("sched_setscheduler", 0, 1, A),
        call("sched_getparam", 0, B), call("sched_setaffinity", 0, 8, A),
        call("sched_getaffinity", 0, 128, B),
        call("sched_getaffinity", 0, 4, B), call("setpriority", 0, 0, 5),
        call("getpriority", 0, 0), call("sched_rr_get_interval", 0, B),
        call("prctl", 15, A, 0, 0, 0), call("prctl", 16, B, 0, 0, 0),
        call("arch_prctl", 0x1002, 0), call("arch_prctl", 0x1003, B))
    put("information", call("uname", Mem(0)), call("uname", END),
        call("sysinfo", Mem(0)), call("getrandom", Mem(0), 300, 0),
        call("getrandom", END, 300, 1), call("getcpu", A, B, NULL),
        call("sethostname", A, 64), call("setdomainname", A, 65),
        call("getrusage", 0, Mem(0)), call("times", A),
        call("capget", A, B), call("getgroups", 0, NULL),
        call("setgroups", 65536, A), call("setgroups", 4, A),
        call("getgroups", 4, B))
    put("clocks", call("clock_gettime", 0, A), call("clock_gettime", 2, A),
        call("clock_getres", 1, A), call("clock_gettime", -6, A),
        call("gettimeofday", A, B), call("settimeofday", A, NULL),
        call("adjtimex", Mem(0)), call("clock_adjtime", 0, Mem(0)),
        call("time", HOLE))
    for nth in range(1, 5):
        put("no-memory-%d" % nth, fails(nth), call("pipe2", Mem(64), 0),
            call("pipe2", Mem(64), 0), call("epoll_create1", 0),
            fails(nth), words(128, 1, 1), call("epoll_ctl", 2, 1, 0, A),
            call("epoll_ctl", 2, 1, 1, A), fails(nth),
            call("timerfd_create", 1, 0), call("eventfd2", 0, 0),
            call("signalfd4", -1, A, 8, 0), fails(nth),
            call("timer_create", 1, NULL, B),
            call("rt_sigqueueinfo", 1, 40, Mem(0)), fails(nth),
            call("poll", Mem(0), 100, 0), call("setitimer", 0, A, NULL))
    put("nowhere", *[call(name, *[bad] * nargs)
                     for bad in (KERNEL, IMAGE, NOWHERE, TOP, LOW)
                     for name, nargs in (
                         ("clock_gettime", 2), ("pipe2", 2), ("uname", 1),
                         ("epoll_pwait", 6), ("futex", 6), ("readv", 3))])
    put("no-such-calls", *[b"\xf3" + struct.pack("<h", nr)
                           for nr in (-1, -32768, 512, 1023, 32767)])


files()
waiting()
signals()
rest()
