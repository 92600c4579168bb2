#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""`kiln run`: however it ends, no QEMU is left."""
import fcntl
import os
import signal
import struct
import subprocess
import sys
import termios
import time
import unittest

import kilntap

from kilnlib import accel
from kilntest import proc as procs


def _unread(pipe):
    return struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))[0]


def _is_full(pipe):
    """Nobody wrote to it for a while, though much waits there."""
    before = _unread(pipe)
    time.sleep(0.5)
    return before > 4096 and _unread(pipe) == before


def _until(condition, seconds=15):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


class End(kilntap.Guests):
    """Signals, limits and readers that go away."""

    def setUp(self):
        self.mark = f"mark-{os.getpid()}-{self.id()}"

    def start(self, *options, arch="x86_64", words=("hang",), **keywords):
        """A kiln whose guest has begun to print."""
        argv = [sys.executable, kilntap.KILN, "run", self.images[arch],
                "--accel", "tcg", "--append", self.mark, *options, "--",
                *words]
        proc = subprocess.Popen(argv, env=self.env, stdin=subprocess.PIPE,
                                stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, **keywords)
        self.addCleanup(proc.kill)
        for pipe in (proc.stdin, proc.stdout, proc.stderr):
            self.addCleanup(pipe.close)
        self.assertEqual(proc.stdout.read(1), b".")
        self.assertEqual(len(procs.qemus(self.mark)), 1)
        return proc

    def gone(self):
        self.assertTrue(_until(lambda: not procs.qemus(self.mark)),
                        "QEMU is still there")

    def test_the_time_limit_is_124(self):
        for arch in kilntap.ARCHS:
            began = time.monotonic()
            done = self.run_guest(arch, "hang", options=(
                "--timeout", "1", "--append", self.mark))
            self.assertEqual(done.returncode, 124)
            self.assertIn("time limit of 1 s", done.stderr)
            self.assertLess(time.monotonic() - began, 10)
            self.assertEqual(procs.qemus(self.mark), {})

    def test_signals_end_the_guest_and_give_128_and_their_number(self):
        for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            proc = self.start()
            proc.send_signal(signum)
            self.assertEqual(proc.wait(15), 128 + signum)
            self.assertEqual(procs.qemus(self.mark), {})

    def test_an_interrupt_from_the_terminal_ends_the_guest(self):
        proc = self.start(start_new_session=True)
        os.killpg(proc.pid, signal.SIGINT)
        self.assertEqual(proc.wait(15), 130)
        self.assertNotIn(b"Traceback", proc.stderr.read())
        self.assertEqual(procs.qemus(self.mark), {})

    def test_two_interrupts_at_once_leave_nothing(self):
        proc = self.start()
        proc.send_signal(signal.SIGINT)
        proc.send_signal(signal.SIGINT)
        self.assertEqual(proc.wait(15), 130)
        self.assertNotIn(b"Traceback", proc.stderr.read())
        self.gone()

    def test_interrupts_until_its_end_change_nothing(self):
        for _ in range(5):
            proc = self.start()
            while proc.poll() is None:
                proc.send_signal(signal.SIGINT)
                time.sleep(0.0005)
            self.assertEqual(proc.returncode, 130)
            self.assertNotIn(b"Traceback", proc.stderr.read())
            self.gone()

    def test_a_kill_of_kiln_takes_the_guest_along(self):
        proc = self.start()
        proc.kill()
        proc.wait()
        self.gone()

    def test_with_parent_a_kill_of_the_starter_takes_all_along(self):
        code = ("import subprocess, sys; "
                "subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL)")
        starter = subprocess.Popen(
            [sys.executable, "-c", code, sys.executable, kilntap.KILN, "run",
             self.images["arm64"], "--accel", "tcg", "--with-parent",
             "--append", self.mark, "--", "hang"], env=self.env,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertTrue(_until(lambda: procs.qemus(self.mark)))
        starter.kill()
        starter.wait()
        self.gone()

    def test_a_reader_of_the_console_that_leaves_ends_the_guest(self):
        proc = self.start()
        proc.stdout.close()
        self.assertEqual(proc.wait(15), 128 + signal.SIGPIPE)
        self.assertNotIn(b"Traceback", proc.stderr.read())
        self.gone()

    def test_a_reader_that_does_not_read_does_not_stop_the_limit(self):
        proc = self.start("--timeout", "3", words=("flood",))
        self.assertEqual(proc.wait(20), 124)
        self.gone()

    def test_a_reader_that_does_not_read_does_not_stop_a_signal(self):
        proc = self.start(words=("flood",))
        self.assertTrue(_until(lambda: _is_full(proc.stdout)))
        proc.send_signal(signal.SIGTERM)
        self.assertEqual(proc.wait(15), 143)
        self.gone()

    def test_a_killed_qemu_is_kilns_failure_and_says_the_signal(self):
        proc = self.start()
        os.kill(min(procs.qemus(self.mark)), signal.SIGKILL)
        self.assertEqual(proc.wait(15), 125)
        self.assertIn(b"SIGKILL ended QEMU", proc.stderr.read())

    def test_end_of_input_does_not_end_the_guest(self):
        proc = self.start()
        proc.stdin.close()
        proc.stdout.read(2)
        self.assertIsNone(proc.poll())
        proc.send_signal(signal.SIGTERM)
        self.assertEqual(proc.wait(15), 143)


class Reader(kilntap.Guests):
    """Who reads us may have seen enough at any time."""

    def commands(self):
        image = self.images["x86_64"]
        yield "run", image, "--accel", "tcg", "--dry-run"
        yield "run", image, "--accel", "tcg", "--json", "--", "quiet", "0"
        yield "run", image, "--accel", "tcg", "--", "exit", "0"
        yield "symbolize", image + ".dbg"
        yield "size", image + ".dbg"
        yield "size", image + ".dbg", "--json"
        yield "bench", "--list"
        for name in ("run", "symbolize", "size", "bench"):
            yield name, "--help"

    def ended(self, command, **streams):
        return subprocess.run(
            [sys.executable, kilntap.KILN, *command], env=self.env,
            input=b"  #0 0x100000\n" * 9999, timeout=60, check=False,
            **streams)

    def test_a_reader_that_is_gone_ends_each_command_quietly(self):
        for command in self.commands():
            reader, pipe = os.pipe()
            os.close(reader)
            done = self.ended(command, stdout=pipe, stderr=subprocess.PIPE)
            os.close(pipe)
            self.assertEqual(done.stderr, b"", command)
            # argparse takes no offence when it prints its help.
            if "--help" not in command:
                self.assertEqual(done.returncode, 128 + signal.SIGPIPE,
                                 command)

    def test_a_reader_of_errors_that_is_gone_too(self):
        reader, pipe = os.pipe()
        os.close(reader)
        for command in (["size", "/nosuch"], ["run", "/nosuch"], ["nosuch"]):
            done = self.ended(command, stdout=pipe, stderr=pipe)
            self.assertEqual(done.returncode, 128 + signal.SIGPIPE, command)
        os.close(pipe)

    def test_a_closed_output_is_no_error(self):
        for command in (("size", self.images["x86_64"] + ".dbg"),
                        ("bench", "--list")):
            done = self.ended(command, stderr=subprocess.PIPE,
                              preexec_fn=lambda: os.close(1))
            self.assertEqual((done.returncode, done.stderr), (0, b""))


class Gdb(kilntap.Guests):
    """Waiting for the debugger."""

    def test_a_missing_gdb_names_its_package_before_the_guest_is_up(self):
        lone = os.path.join(self.dir, "lone")
        os.mkdir(lone)
        os.symlink("/bin/true", os.path.join(lone, "qemu-system-x86_64"))
        os.symlink("/bin/true", os.path.join(lone, "qemu-system-aarch64"))
        for gdb in (False, True):
            if gdb:
                os.symlink("/bin/true", os.path.join(lone, "gdb-multiarch"))
            for arch in kilntap.ARCHS:
                done = subprocess.run(
                    [sys.executable, kilntap.KILN, "run", "--gdb", "--accel",
                     "tcg", self.images[arch]], env={**self.env,
                                                     "PATH": lone},
                    stdin=subprocess.DEVNULL, stderr=subprocess.PIPE,
                    text=True, timeout=20, check=False)
                self.assertEqual("install the package gdb-multiarch" not in
                                 done.stderr, gdb, done.stderr)
                self.assertIn("waiting for gdb", done.stderr)


class Kvm(kilntap.Guests):
    """The choice of the accelerator."""

    def test_a_host_of_another_architecture_has_no_kvm_for_a_guest(self):
        other = {"x86_64": "arm64", "arm64": "x86_64"}[
            accel.host_arch() or "x86_64"]
        self.assertEqual(accel.kvm_works("/bin/false", other), (False, None))

    @unittest.skipUnless(os.path.exists("/dev/kvm"), "no /dev/kvm")
    def test_a_qemu_that_cannot_boot_the_probe_is_kept_as_no(self):
        os.environ["XDG_CACHE_HOME"] = self.dir
        arch = accel.host_arch()
        for _ in range(2):
            works, why = accel.kvm_works("/bin/false", arch)
            self.assertFalse(works)
            self.assertIn("/dev/kvm", why)

    def test_why_a_guest_is_emulated_is_told_once(self):
        os.environ["XDG_CACHE_HOME"] = os.path.join(self.dir, "told")
        self.assertEqual([accel.first_time(n) for n in ("a", "a", "b", "b")],
                         [True, False, True, False])

    def test_the_probes_end_as_expected_under_emulation(self):
        for probe, qemu, machine, want in (
                (accel._x86_probe(), "qemu-system-x86_64", "q35",
                 accel.PROBE_STATUS << 1 | 1),
                (accel._arm64_probe(), "qemu-system-aarch64", "virt", 0)):
            device = (["-device", "isa-debug-exit,iobase=0xf4,iosize=1"]
                      if machine == "q35" else [])
            done = subprocess.run(
                [qemu, "-M", machine, "-accel", "tcg", "-cpu", "max", "-m",
                 "16", "-nodefaults", "-display", "none", "-no-reboot",
                 *device, "-kernel", self.write("probe", probe)],
                stdin=subprocess.DEVNULL, timeout=20, check=False)
            self.assertEqual(done.returncode, want)

    def test_without_a_writable_home_the_answer_is_kept_elsewhere(self):
        blocked = self.write("no-directory", b"")
        env = {**self.env, "XDG_CACHE_HOME": blocked, "TMPDIR": self.dir}
        done = subprocess.run(
            [sys.executable, kilntap.KILN, "run", self.images["arm64"], "--",
             "exit", "2"], env=env, capture_output=True, check=False)
        self.assertEqual(done.returncode, 2, done.stderr)
        code = "import kilnlib; print(kilnlib.cache_dir())"
        done = subprocess.run(
            [sys.executable, "-Bc", code], env=env, capture_output=True,
            cwd=os.path.dirname(kilntap.KILN), text=True, check=True)
        self.assertEqual(os.path.dirname(done.stdout.strip()), self.dir)

    def test_auto_runs_the_guest_with_or_without_kvm(self):
        for arch in kilntap.ARCHS:
            done = self.kiln("run", self.images[arch], "--timeout", "30",
                             "--", "exit", "6")
            self.assertEqual(done.returncode, 6, done.stderr)
            self.assertLessEqual(len(done.stderr.splitlines()), 1)


if __name__ == "__main__":
    kilntap.main()
