#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""`kiln run`: statuses, console, refusals."""
import json
import os
import re
import struct
import subprocess
import sys

import kilntap

from kilnlib import image as images, run
from kilnlib.console import Console, device_status, judge
from kilnlib.machine import Machine


class Status(kilntap.Guests):
    """The guest's status comes out, exactly."""

    def test_each_status_from_0_to_255_is_exact_on_both_architectures(self):
        for status in range(256):
            for arch, code in (("x86_64", (status & 0x7f) << 1 | 1),
                               ("arm64", 0)):
                console = Console(False)
                console.feed(b"hello\r\nkiln: exit %d\r\n" % status)
                verdict = judge(arch, code, console)
                self.assertEqual((verdict.status, verdict.by),
                                 (status, "guest"))

    def test_booted_guests_end_with_the_status_they_were_given(self):
        for arch in kilntap.ARCHS:
            for status in (0, 1, 63, 72, 127, 128, 134, 200, 255):
                done = self.run_guest(arch, "exit", str(status))
                self.assertEqual(done.returncode, status, done.stderr)
                self.assertEqual(done.stdout,
                                 f"hello\nkiln: exit {status}\n")

    def test_a_last_line_left_open_does_not_hide_the_status(self):
        for arch in kilntap.ARCHS:
            done = self.run_guest(arch, "open", "201")
            self.assertEqual(done.returncode, 201)

    def test_without_a_line_the_exit_device_decides(self):
        for status in (0, 5, 127):
            done = self.run_guest("x86_64", "quiet", str(status))
            self.assertEqual(done.returncode, status)

    def test_a_device_that_contradicts_the_line_wins_with_a_note(self):
        done = self.run_guest("x86_64", "lie", "0", "5")
        self.assertEqual(done.returncode, 5)
        self.assertIn("the console says exit 0", done.stderr)

    def test_a_guest_that_tells_nothing_is_123(self):
        for arch in kilntap.ARCHS:
            for word in ("reset", "off"):
                done = self.run_guest(arch, word)
                self.assertEqual(done.returncode, 123, word)
                self.assertIn("without a status", done.stderr)

    def test_a_crash_is_134_and_its_stack_gets_names(self):
        for arch in kilntap.ARCHS:
            done = self.run_guest(arch, "crash")
            self.assertEqual(done.returncode, 134)
            self.assertRegex(done.stderr, r"#0 0x[0-9a-f]+ guest_main\+0x0 ")

    def test_numbers_that_are_no_status_are_not_taken_for_one(self):
        console = Console(False)
        console.feed(b"kiln: exit 256\nkiln: exit 999\nkiln: exit x\n")
        self.assertIsNone(console.told())

    def test_only_the_isa_exit_device_gives_a_device_status(self):
        self.assertEqual(device_status("x86_64", 0x91), 72)
        self.assertIsNone(device_status("x86_64", 0))
        self.assertIsNone(device_status("arm64", 3))

    def test_status_option_prints_the_guests_status_and_no_other(self):
        done = self.run_guest("x86_64", "exit", "9", options=("--status",))
        self.assertTrue(done.stdout.endswith("guest exit status 9\n"))
        done = self.run_guest("x86_64", "off", options=("--status",))
        self.assertNotIn("guest exit status", done.stdout)


class Talk(kilntap.Guests):
    """Console and command line."""

    def test_input_reaches_the_guest(self):
        for arch in kilntap.ARCHS:
            done = self.run_guest(arch, "echo", stdin="one\ntwo\nend\n")
            self.assertEqual(done.returncode, 0)
            self.assertTrue(done.stdout.startswith("one\ntwo\nend\n"))

    def test_much_input_reaches_the_guest_whole(self):
        text = "".join(f"line {n}\n" for n in range(2000))
        done = self.run_guest("x86_64", "echo", stdin=text + "end\n")
        self.assertTrue(done.stdout.startswith(text + "end\n"))

    def test_a_return_split_from_its_newline_is_joined(self):
        console = Console(True)
        shown = b"".join(console.feed(c) for c in
                         (b"a\r", b"\nb\r", b"c\r", b"\r\n", b"d\r"))
        self.assertEqual(shown + console.finish(), b"a\nb\rc\r\nd\r")

    def test_the_end_of_a_long_console_is_kept(self):
        console = Console(False)
        for _ in range(1000):
            console.feed(b"x" * 1000 + b"\n")
        console.feed(b"kiln: exit 3\r\n")
        self.assertEqual(console.told(), (3, False))
        self.assertLess(len(console.text), 600 * 1024)

    def test_name_parameters_and_arguments_make_the_command_line(self):
        for arch in kilntap.ARCHS:
            done = self.run_guest(arch, "args",
                                  options=("--append", "u.v=1"))
            self.assertIn("guest u.v=1 -- args\n", done.stdout)

    def test_words_with_blanks_and_quotes_are_quoted(self):
        from kilnlib.machine import command_line
        self.assertEqual(
            command_line("n", None, ["a b", 'c"d', "e\\f", "", "g"]),
            r'n -- "a b" "c\"d" "e\\f" "" g')

    def test_json_tells_what_happened(self):
        done = self.run_guest("x86_64", "exit", "200", options=("--json",))
        result = json.loads(done.stdout)
        self.assertEqual(result["status"], 200)
        self.assertEqual(result["ended_by"], "guest")
        self.assertEqual(result["console"], "hello\nkiln: exit 200\n")
        self.assertEqual(result["protocol"], "multiboot")
        self.assertFalse(result["crash"])
        self.assertIn("-kernel", result["qemu"])
        self.assertEqual(done.stderr, "hello\nkiln: exit 200\n")

    def test_json_tells_of_kilns_own_failures_too(self):
        for options, status, by in (
                (("--mem", "1k"), 126, "kiln"),
                (("--machine", "nosuch"), 125, "qemu")):
            done = self.run_guest("x86_64", "off",
                                  options=("--json", *options))
            result = json.loads(done.stdout)
            self.assertEqual((result["status"], result["ended_by"]),
                             (status, by))
            self.assertEqual(done.returncode, status)

    def test_the_pvh_entry_can_be_asked_for(self):
        for machine in ("pc", "q35", "microvm"):
            done = self.run_guest(
                "x86_64", "args", options=("--protocol", "pvh",
                                           "--machine", machine))
            # Multiboot would put the file's name before ours.
            self.assertEqual(done.stdout, "guest -- args\nkiln: exit 0\n")


class Refusal(kilntap.Guests):
    """What is no image is refused by name."""

    def refused(self, path, *words):
        done = self.kiln("run", path, "--accel", "tcg", "--timeout", "5")
        self.assertEqual(done.returncode, 126, done.stderr)
        self.assertEqual(done.stdout, "")
        for word in (path, *words):
            self.assertIn(word, done.stderr)

    def test_files_that_are_no_image(self):
        with open(self.images["x86_64"], "rb") as file:
            elf = file.read()
        bare = bytearray(elf)
        at = elf.index(struct.pack("<I", 0x1BADB002))
        bare[at:at + 4] = bytes(4)
        bare = bytes(bare).replace(b"Xen\0", b"Xxx\0")
        self.refused(os.path.join(self.dir, "absent"), "No such file")
        self.refused(self.dir, "Is a directory")
        self.refused(self.write("empty", b""), "neither")
        self.refused(self.write("text", b"hello\n" * 99), "neither")
        self.refused(self.write("bare", bare), "without a boot header")
        self.refused(self.write("elf32", b"\x7fELF\x01\x01" + bytes(60)),
                     "64-bit")
        self.refused(self.write("sparc", elf[:18] + b"\x2b" + elf[19:]),
                     "machine number 43")
        self.refused(self.write("cut", elf[:70]), "program header")

    def test_a_multiboot_header_without_addresses_is_named(self):
        flags = 0
        header = struct.pack("<III", 0x1BADB002, flags,
                             -(0x1BADB002 + flags) & 0xffffffff)
        with open(self.images["x86_64"], "rb") as file:
            elf = bytearray(file.read())
        at = elf.index(struct.pack("<I", 0x1BADB002))
        elf[at:at + 12] = header
        self.refused(self.write("noaddr", bytes(elf)), "flag bit 16")

    def test_an_image_with_symbols_leads_to_the_one_beside_it(self):
        for arch in kilntap.ARCHS:
            dbg = self.images[arch] + ".dbg"
            done = self.kiln("run", dbg, "--accel", "tcg", "--", "exit", "4")
            self.assertEqual(done.returncode, 4)
            self.assertIn(self.images[arch], done.stderr)
        with open(dbg, "rb") as file:
            data = file.read()
        lone = self.write("lone.dbg", data)
        self.refused(lone, "lone, does not exist")
        self.refused(self.write("arm.elf", data), "raw Image")

    def least(self, arch, *options):
        """(KiB from which on any memory does, KiB that alone does or None)"""
        done = self.kiln("run", self.images[arch], "--mem", "64k", "--accel",
                         "tcg", *options)
        self.assertEqual(done.returncode, 126, done.stderr)
        found = re.search(r"takes at least (\d+)k(, or exactly (\d+)k)?$",
                          done.stderr.strip())
        return int(found[1]), found[3] and int(found[3])

    def test_too_little_memory_is_refused_with_the_least(self):
        for arch, least in (("x86_64", 1100), ("arm64", 4160)):
            self.assertEqual(self.least(arch), (least, None))
            done = self.kiln("run", self.images[arch], "--mem",
                             f"{least - 1}k", "--accel", "tcg")
            self.assertEqual(done.returncode, 126)
            done = self.run_guest(arch, "intact",
                                  options=("--mem", f"{least}k"))
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_initrd_counts_for_the_least_memory_on_arm64(self):
        big = self.write("initrd", bytes(5 << 20))
        self.assertEqual(self.least("arm64", "--initrd", big), (12352, None))
        done = self.run_guest("arm64", "intact", options=(
            "--mem", "12352k", "--initrd", big))
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_nothing_beyond_the_least_memory_damages_image_or_initrd(self):
        for machine, protocol, size, options in self.places():
            least, lone = self.least("x86_64", *options)
            for mem in [lone] * bool(lone) + [least, least + 4, least + 100]:
                done = self.run_guest("x86_64", "intact", options=(
                    "--mem", f"{mem}k", *options))
                self.assertEqual(done.returncode, 0,
                                 (machine, protocol, size, mem, done.stderr))

    def test_less_than_the_least_memory_would_damage_image_or_initrd(self):
        image = images.read(self.images["x86_64"])
        for machine, protocol, size, options in self.places():
            # The tables are no reason for this guest: it overwrites them.
            if size and protocol == "multiboot" and machine != "microvm":
                continue
            least = image.min_mem(machine, protocol, size)
            opts = run.options(
                image.path, accel="tcg", machine=machine, protocol=protocol,
                mem=f"{least // 1024 // 8 * 8 - 8}k", args=["intact"],
                initrd=options[-1] if size else None)
            tight = Machine(image, opts, check_mem=False)
            with tight.prepared():
                done = subprocess.run(
                    tight.argv(), stdin=subprocess.DEVNULL, text=True,
                    capture_output=True, timeout=60, check=False)
            self.assertNotIn("kiln: exit 0", done.stdout,
                             (machine, protocol, size))

    def places(self):
        """(machine, protocol, bytes of the initrd, options of kiln run)"""
        for size in (0, 4096, 100000):
            initrd = self.write(f"initrd-{size}", b"\x5a" * size)
            for machine in ("pc", "q35", "microvm"):
                for protocol in ("multiboot", "pvh"):
                    # Neither CPUs nor a network card change anything.
                    yield machine, protocol, size, (
                        "--machine", machine, "--protocol", protocol,
                        "--cpus", "4", "--net", "user",
                        *(["--initrd", initrd] * bool(size)))

    def test_wrong_options_are_125(self):
        image = self.images["x86_64"]
        for options in (["--mem", "lots"], ["--mem", "0"], ["--nonsense"],
                        ["--timeout", "-1"], ["--cpus", "0"], ["stray"],
                        ["--machine", "nosuch", "--accel", "tcg"]):
            done = self.kiln("run", image, *options)
            self.assertEqual(done.returncode, 125, options)
            self.assertTrue(done.stderr)

    def test_an_entry_the_image_lacks_is_refused(self):
        done = self.kiln("run", self.images["arm64"], "--protocol", "pvh",
                         "--accel", "tcg")
        self.assertEqual(done.returncode, 126)
        self.assertIn("no pvh entry", done.stderr)

    def test_a_missing_qemu_names_its_package(self):
        env = {**self.env, "PATH": self.dir}
        done = subprocess.run(
            [sys.executable, kilntap.KILN, "run", self.images["arm64"]],
            env=env, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 127)
        self.assertIn("apt-get install qemu-system-arm", done.stderr)


class Golden(kilntap.Guests):
    """--dry-run prints the command, always the same."""

    def line(self, arch, *options):
        done = self.kiln("run", self.images[arch], "--accel", "tcg",
                         "--dry-run", *options)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return re.sub(r"^\S*/", "", done.stdout).replace(self.dir, "DIR")

    def test_x86_64(self):
        self.assertEqual(
            self.line("x86_64"),
            "qemu-system-x86_64 -M q35 -accel tcg -cpu max -smp 1 -m 64M "
            "-nodefaults -no-user-config -display none -no-reboot "
            "-chardev stdio,id=console,signal=off -serial chardev:console "
            "-device isa-debug-exit,iobase=0xf4,iosize=4 "
            "-kernel DIR/guest_qemu-x86_64 -append guest\n")

    def test_arm64(self):
        self.assertEqual(
            self.line("arm64"),
            "qemu-system-aarch64 -M virt,gic-version=max -accel tcg "
            "-cpu max -smp 1 -m 64M -nodefaults -no-user-config "
            "-display none -no-reboot "
            "-chardev stdio,id=console,signal=off -serial chardev:console "
            "-kernel DIR/guest_qemu-arm64 -append guest\n")

    def test_every_option(self):
        initrd = self.write("a,b", b"")
        self.assertEqual(
            self.line("x86_64", "--mem", "2050k", "--cpus", "3", "--machine",
                      "microvm,pic=off", "--cpu", "qemu64", "--initrd",
                      initrd, "--append", "x.y=z", "--argv0", "me", "--net",
                      "user", "--gdb", "--gdb-port", "99", "--qemu-arg=-S",
                      "--", "a b"),
            "qemu-system-x86_64 -M microvm,pic=off -accel tcg -cpu qemu64 "
            "-smp 3 -m 2050k -nodefaults -no-user-config -display none "
            "-no-reboot -chardev stdio,id=console,signal=off "
            "-serial chardev:console "
            "-device isa-debug-exit,iobase=0xf4,iosize=4 "
            "-netdev user,id=net0 -device virtio-net-device,netdev=net0 "
            "-gdb tcp:127.0.0.1:99 -S -S -kernel DIR/guest_qemu-x86_64 "
            "-initrd DIR/a,,b -append 'me x.y=z -- \"a b\"'\n")


if __name__ == "__main__":
    kilntap.main()
