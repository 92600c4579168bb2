#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""`kiln symbolize` and `kiln size`."""
import json
import os
import subprocess

import kilntap

from kilnlib import linkmap, symbolize
from kilnlib.elf import Elf, ElfError


class Symbolize(kilntap.Guests):
    """Addresses get their names."""

    def names(self, arch, text, *options):
        done = self.kiln("symbolize", self.images[arch] + ".dbg", *options,
                         stdin=text)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def address(self, arch, name):
        return Elf.load(self.images[arch] + ".dbg").symbol(name)

    def test_a_stack_trace_gets_function_offset_file_and_line(self):
        for arch in kilntap.ARCHS:
            main = self.address(arch, "guest_main")
            out = self.names(arch, "kiln: stack trace\r\n"
                             f"  #0 {main:#018x}\r\n"
                             f"  #1 {main + 4:#018x} guest_main+0x4\r\n")
            place = "support/tests/kiln/guest/guest.c"
            self.assertRegex(out, rf"#0 0x\w+ guest_main\+0x0 {place}:\d+\n")
            self.assertRegex(out, rf"#1 0x\w+ guest_main\+0x4 {place}:\d+\n")

    def test_a_return_address_behind_a_function_is_still_in_it(self):
        start = self.address("x86_64", "guest_main")
        out = self.names("x86_64", f"  #3 {start:#x}\n")
        self.assertNotIn("guest_main", out)
        self.assertRegex(out, r"#3 0x\w+ \w+\+0x")

    def test_the_first_frame_that_has_one_gets_its_library(self):
        for arch in kilntap.ARCHS:
            main = self.address(arch, "guest_main")
            out = self.names(arch, f"  #0 0x0\n  #1 {main + 4:#x}\n"
                             f"  #2 {main + 4:#x}\n")
            self.assertEqual(out.count("library"), 1)
            self.assertRegex(out, r"#1 .*guest_main.*\n       library "
                             rf"guest_qemu-{arch}\.libguest\n  #2 ")

    def test_without_its_own_object_the_source_tells_the_library(self):
        build = os.path.join(self.dir, "lto")
        os.mkdir(build)
        for name, text in (
                ("a.map", "Linker script and memory map\n"
                 " .text 0x0000000080001000 0x100 /tmp/a.ltrans0.ltrans.o\n"
                 " .text 0x0000000080001100 0x100 /o/libfar.o\n"),
                ("libs.txt", "libx 1 tree LIBX /k/lib/x : : a.o : -\n"
                 " libxy 1 tree LIBXY /k/lib/x/y : libx : b.o : -\n"
                 " libx.test 1 tree LIBX /k/lib/x : libx : c.o : -\n")):
            self.write(os.path.join("lto", name), text.encode())
        libs = symbolize.Libraries(os.path.join(build, "a.dbg"))
        self.assertEqual(
            [libs.at(0x80001000, "/k/lib/x/f.c"),
             libs.at(0x800010ff, "/k/lib/x/y/f.c"),
             libs.at(0x80001050, "/k/lib/xz/f.c"), libs.at(0x80001050),
             libs.at(0x80001100, "/k/lib/x/f.c"), libs.at(0x80001200)],
            ["libx", "libxy", None, None, "libfar", None])

    def test_who_tells_of_a_crash_is_not_blamed(self):
        names = symbolize.Symbolizer(self.images["x86_64"] + ".dbg")
        main = self.address("x86_64", "guest_main")
        libs = ["libukdebug", "libukdebug", "libbad", "libboot"]
        names.library = lambda addr: libs.pop(0)
        text = "".join(f"  #{n} {main + 4:#x}\n" for n in range(4))
        out = symbolize.annotate(names, text)
        self.assertEqual([line.split()[1] for line in out
                          if "library" in line], ["libbad"])

    def test_inlined_functions_are_listed(self):
        source = self.write("inline.c", b"""
            volatile int sink;
            static inline __attribute__((always_inline)) void deep(int i)
            {
                sink = i;
            }
            void outer(int i)
            {
                deep(i);
            }
            """)
        elf = os.path.join(self.dir, "inline.dbg")
        subprocess.run(["gcc", "-O1", "-g", "-ffreestanding", "-nostdlib",
                        "-static", "-Wl,-e,outer", source, "-o", elf],
                       check=True)
        addr = Elf.load(elf).symbol("outer")
        done = self.kiln("symbolize", elf, stdin=f"#0 {addr + 4:#x}\n"
                         f"#0 {addr:#x}\n")
        self.assertIn("inlined deep", done.stdout)

    def test_registers_that_hold_code_addresses_are_named(self):
        main = self.address("arm64", "guest_main")
        text = f"x0 {main:016x} x1 0000000000000007 sp {main:#018x}\n"
        out = self.names("arm64", text)
        self.assertTrue(out.startswith(text))
        self.assertEqual(out.count(f"{main:#x} is guest_main+0x0"), 2)
        self.assertNotIn("0x7 is", out)

    def test_paths_of_the_build_are_told_as_paths_of_the_tree(self):
        for place, told in (("build/./lib/x/y.c:5", "lib/x/y.c:5"),
                            ("build/app/main.c:1", "app/main.c:1"),
                            (kilntap.ROOT + "/lib/z.c:7 (discriminator 2)",
                             "lib/z.c:7"),
                            ("??:0", None), ("/a/b.c:?", None)):
            self.assertEqual(symbolize._short(place), told)

    def test_physical_addresses_are_named_where_the_image_has_them(self):
        names = symbolize.Symbolizer(self.images["x86_64"] + ".dbg")
        seg = names.elf.segments[0]
        names.elf.segments[0] = seg._replace(paddr=0x7000000)
        self.assertEqual(names.virtual(0x7000000 + 0x40), seg.vaddr + 0x40)
        names.elf.segments[0] = seg._replace(paddr=0)
        self.assertIsNone(names.virtual(0x40))

    def test_other_text_and_other_addresses_stay_as_they_are(self):
        text = "hello\n\n  #0 0xffffffffffff0000\n#1 0x0\nrip: 0xdead\n"
        self.assertEqual(self.names("x86_64", text), text)

    def test_an_image_without_symbols_is_named(self):
        done = self.kiln("symbolize", self.images["x86_64"])
        self.assertEqual(done.returncode, 125)
        self.assertIn("has no symbols", done.stderr)
        self.assertIn(".dbg has them", done.stderr)

    def test_the_only_image_below_build_is_found(self):
        for n, names in enumerate(([], ["a"], ["a", "b"])):
            where = os.path.join(self.dir, f"app{n}")
            os.makedirs(os.path.join(where, "build", "t"))
            for name in names:
                os.symlink(self.images["x86_64"] + ".dbg", os.path.join(
                    where, "build", "t", name + ".dbg"))
            done = self.kiln("symbolize", stdin="hi\n", cwd=where)
            self.assertEqual(done.returncode, 0 if len(names) == 1 else 125)


class DamagedElf(kilntap.Guests):
    """An ELF file cut or bent anywhere is an ElfError, nothing else."""

    def read_all(self, data):
        try:
            elf = Elf(data)
            list(elf.notes())
            list(elf.symbols())
            elf.function(0x100100)
            return True
        except ElfError:
            return False

    def test_a_file_cut_anywhere(self):
        with open(self.images["x86_64"] + ".dbg", "rb") as file:
            data = file.read()
        self.assertTrue(self.read_all(data))
        kept = [n for n in range(0, len(data), 7) if self.read_all(data[:n])]
        self.assertEqual(kept, [])

    def test_bytes_changed_anywhere_in_the_headers(self):
        with open(self.images["x86_64"] + ".dbg", "rb") as file:
            data = file.read()
        shoff = Elf(data).shoff
        for at in [*range(64 + 2 * 56), *range(shoff, len(data))]:
            for value in (0, 0x7f, 0xff):
                bent = bytearray(data)
                bent[at] = value
                self.read_all(bytes(bent))


class Size(kilntap.Guests):
    """Bytes per library."""

    def sizes(self, *args):
        done = self.kiln("size", *args, "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def test_libraries_add_up_to_the_sections(self):
        for arch in kilntap.ARCHS:
            dbg = self.images[arch] + ".dbg"
            sizes = self.sizes(dbg)
            self.assertIn("guest_qemu-" + arch + ".libguest",
                          sizes["libraries"])
            elf = Elf.load(dbg)
            self.assertEqual(sizes["total"]["bss"],
                             elf.section(".bss").size)
            self.assertEqual(
                sizes["total"]["text"],
                elf.section(".text").size + elf.section(".head").size)
            self.assertEqual(sizes["file"],
                             os.path.getsize(self.images[arch]))

    def test_a_difference_with_itself_is_empty(self):
        dbg = self.images["arm64"] + ".dbg"
        sizes = self.sizes(dbg, "--diff", dbg)
        self.assertEqual(sizes["libraries"], {})
        self.assertEqual(sizes["file"], 0)

    def test_a_difference_has_signs(self):
        done = self.kiln("size", self.images["arm64"] + ".dbg", "--diff",
                         self.images["x86_64"] + ".dbg")
        self.assertRegex(done.stdout, r"libx86 +-\d+")
        self.assertRegex(done.stdout, r"libarm64 +\+\d+")

    def test_a_missing_map_is_named(self):
        lone = os.path.join(self.dir, "nomap.dbg")
        os.symlink(self.images["x86_64"] + ".dbg", lone)
        done = self.kiln("size", lone)
        self.assertEqual(done.returncode, 125)
        self.assertIn("nomap.map", done.stderr)

    def test_both_linkers_maps_are_read(self):
        gnu = ("Linker script and memory map\n\n"
               ".text           0xffffffff80101000      0x30\n"
               " .text          0xffffffff80101000       0x10 /o/liba.o\n"
               " .text.a_rather_long_name\n"
               "                0xffffffff80101010       0x20 /o/libb.ld.o\n"
               " *fill*         0xffffffff80101030        0x8 \n"
               " .text          0x0000000000000000       0x10 /o/gone.o\n")
        self.assertEqual([(s, linkmap.library(o)) for _, s, o in
                          linkmap.pieces(gnu)], [(16, "liba"), (32, "libb")])
        lld = ("             VMA              LMA     Size Align Out     In\n"
               "ffffffff80101000           101000       30     1 .text\n"
               "ffffffff80101000           101000       10    16         "
               "/o/liba.o:(.text)\n"
               "ffffffff80101010           101010       20     1         "
               "/usr/lib/libgcc.a(x.o):(.text.x)\n")
        self.assertEqual([(s, linkmap.library(o)) for _, s, o in
                          linkmap.pieces(lld)], [(16, "liba"),
                                                 (32, "libgcc")])


if __name__ == "__main__":
    kilntap.main()
