#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""`kiln run --machine` and `--cpu`: any type of QEMU's."""
import json
import struct

import kilntap

from kilnlib import qemutypes


class Names(kilntap.Guests):
    """What the value of -M says."""

    def test_the_type_is_the_first_word_or_the_last_that_says_so(self):
        for machine, name in (("q35", "q35"), ("q35,hpet=off", "q35"),
                              ("type=pc,pit=off", "pc"),
                              ("pit=off,type=microvm", "microvm"),
                              ("pc,type=q35", "q35")):
            self.assertEqual(qemutypes.name(machine), name)

    def test_pcs_have_a_version_and_nothing_else_has(self):
        for machine, version in (("pc-i440fx-2.12", (2, 12)),
                                 ("pc-q35-4.0.1,hpet=off", (4, 0)),
                                 ("type=pc-q35-3.1", (3, 1)), ("pc", None),
                                 ("q35", None), ("isapc", None),
                                 ("virt-2.6", None), ("pc-q35-x", None)):
            self.assertEqual(qemutypes.pc_version(machine), version)


class Types(kilntap.Guests):
    """Each type boots, or is refused with what to do."""

    def dry(self, arch, *options):
        done = self.kiln("run", self.images[arch], "--accel", "tcg",
                         "--dry-run", *options)
        return done.stdout

    def test_every_way_to_write_a_type_boots_it(self):
        for machine in ("pc-i440fx-2.4", "pc-q35-2.4,hpet=off",
                        "type=pc-i440fx-5.2", "hpet=off,type=q35"):
            done = self.run_guest("x86_64", "exit", "3",
                                  options=("--machine", machine))
            self.assertEqual(done.returncode, 3, done.stderr)

    def test_old_types_get_a_cpu_that_hides_nothing(self):
        whole = "-cpu max,full-cpuid-auto-level=on "
        for machine, cpu in (("pc-i440fx-2.7", whole), ("pc-q35-2.4", whole),
                             ("pc-i440fx-1.7,hpet=off", whole),
                             ("pc-i440fx-2.8", "-cpu max "),
                             ("pc", "-cpu max "),
                             ("pc-q35-2.10", "-cpu max ")):
            self.assertIn(cpu, self.dry("x86_64", "--machine", machine))
        self.assertIn("-cpu max -smp", self.dry(
            "x86_64", "--machine", "pc-i440fx-2.4", "--cpu", "max"))

    def test_every_version_of_virt_gets_the_newest_gic(self):
        for machine in ("virt", "virt-2.6", "type=virt", "virt,its=off"):
            self.assertIn(f"-M {machine},gic-version=max ",
                          self.dry("arm64", "--machine", machine))
        self.assertIn("-M virt-2.6,gic-version=2 ", self.dry(
            "arm64", "--machine", "virt-2.6,gic-version=2"))

    def test_microvm_gets_its_kind_of_network_card_however_it_is_written(self):
        for machine in ("microvm", "type=microvm", "pit=off,type=microvm"):
            self.assertIn("virtio-net-device", self.dry(
                "x86_64", "--machine", machine, "--net", "user"))

    def test_a_type_that_starts_no_pvh_entry_is_refused_with_a_way_out(self):
        for machine in ("pc-i440fx-3.1", "pc-q35-2.12,hpet=off"):
            done = self.run_guest("x86_64", "exit", "0", options=(
                "--machine", machine, "--protocol", "pvh"))
            self.assertEqual(done.returncode, 126)
            self.assertIn(machine.split(",")[0] + " does not", done.stderr)
            self.assertIn("leave out --protocol pvh, or", done.stderr)
        for machine in ("pc-i440fx-4.0", "pc-q35-4.0.1"):
            done = self.run_guest("x86_64", "exit", "3", options=(
                "--machine", machine, "--protocol", "pvh"))
            self.assertEqual(done.returncode, 3, done.stderr)

    def test_an_image_with_no_other_entry_is_told_so(self):
        with open(self.images["x86_64"], "rb") as file:
            data = file.read()
        at = data.index(struct.pack("<I", 0x1BADB002))
        lone = self.write("pvh-only", data[:at] + bytes(4) + data[at + 4:])
        done = self.kiln("run", lone, "--accel", "tcg", "--machine",
                         "pc-q35-3.0")
        self.assertEqual(done.returncode, 126)
        self.assertIn("it has no other entry, or take", done.stderr)

    def test_a_32_bit_core_is_refused_by_name(self):
        for cpu in ("cortex-a15", "cortex-a7,midr=1"):
            done = self.run_guest("arm64", "exit", "0",
                                  options=("--cpu", cpu))
            self.assertEqual(done.returncode, 125)
            self.assertIn(f"--cpu {cpu}: a core without AArch64", done.stderr)

    def test_what_qemu_does_not_have_is_told_by_qemu(self):
        for options, word in ((("--machine", "q36"), "unsupported machine"),
                              (("--machine", "q35,hpeet=off"), "hpeet"),
                              (("--cpu", "i4004"), "i4004")):
            done = self.run_guest("x86_64", "exit", "0", options=options)
            self.assertEqual(done.returncode, 125)
            self.assertIn(word, done.stderr)

    def test_help_lists_what_there_is_and_starts_nothing(self):
        for arch, options, words in (
                ("x86_64", ("--machine", "help"), ("pc-i440fx-", "microvm ")),
                ("x86_64", ("--machine", "q35,help"), ("hpet=",)),
                ("x86_64", ("--cpu", "help"), ("qemu64",)),
                ("arm64", ("--machine", "help"), ("virt-",)),
                ("arm64", ("--cpu", "help"), ("cortex-a53",))):
            done = self.run_guest(arch, "exit", "3", options=options)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            for word in words:
                self.assertIn(word, done.stdout)
            self.assertNotIn("kiln: exit", done.stdout)

    def test_a_refusal_is_an_object_too(self):
        done = self.run_guest("x86_64", "exit", "0", options=(
            "--machine", "pc-q35-3.1", "--protocol", "pvh", "--json"))
        result = json.loads(done.stdout)
        self.assertEqual((result["status"], result["ended_by"]),
                         (126, "kiln"))


if __name__ == "__main__":
    kilntap.main()
