#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The rules about levels and dependencies: each mistake, and what is said."""
import shutil
import subprocess

from enginetest import (ARCH, Mini, compiled, expect, expect_in,
                        expect_not_in, main, read, test)


@test
def a_tree_without_mistakes_builds():
    mini = Mini()
    out = mini.make()
    expect(compiled(out) == ["appmini: main.c", "libarch: start.S",
                             "libkvmplat: boot.S", "libone: one.c",
                             "libthree: three.c", "libtwo: two.c"], out)


# Rule 1: the include path is the closure of DEPS.

@test
def a_header_of_a_library_outside_deps_is_not_found():
    mini = Mini()
    mini.library("loner", 1, "", "#include <uk/two.h>\n"
                 "int uk_loner(void) { return uk_two(); }\n")
    expect_in("uk/two.h: No such file", mini.fails())


@test
def headers_of_the_closure_of_deps_are_found():
    mini = Mini()
    mini.edit("kiln/lib/three/three.c", "#include <uk/two.h>",
              "#include <uk/two.h>\n#include <uk/one.h>")
    mini.make()


@test
def a_libc_header_is_not_found_in_the_core():
    mini = Mini()
    mini.edit("kiln/lib/one/one.c", "#include <uk/one.h>",
              "#include <uk/one.h>\n#include <stdio.h>")
    expect_in("stdio.h: No such file", mini.fails())


@test
def a_private_header_of_another_library_is_not_found():
    mini = Mini()
    mini.add("kiln/lib/one/one_priv.h", "#pragma once\n")
    mini.edit("kiln/lib/two/two.c", "#include <uk/two.h>",
              '#include <uk/two.h>\n#include "one_priv.h"')
    expect_in("one_priv.h: No such file", mini.fails())


# Rule 2: levels and loops.

@test
def a_dependency_on_a_higher_level_is_refused():
    mini = Mini()
    mini.edit("kiln/lib/one/Makefile.uk", "LIBONE_DEPS := ",
              "LIBONE_DEPS := libthree")
    out = mini.fails()
    expect_in("libone of level 1 depends on libthree of level 3", out)
    expect_in("lib/one/Makefile.uk", out)


@test
def a_loop_is_refused_and_shown():
    mini = Mini()
    mini.edit("kiln/lib/one/Makefile.uk", "LIBONE_DEPS := ",
              "LIBONE_DEPS := libtwo")
    expect_in("libone -> libtwo -> libone", mini.fails())


@test
def a_library_that_depends_on_itself_is_refused():
    mini = Mini()
    mini.edit("kiln/lib/one/Makefile.uk", "LIBONE_DEPS := ",
              "LIBONE_DEPS := libone")
    expect_in("libone -> libone", mini.fails())


@test
def a_library_of_the_tree_without_a_level_is_refused():
    mini = Mini()
    mini.edit("kiln/lib/one/Makefile.uk", "LIBONE_LEVEL := 1", "")
    expect_in("libone has no level: set LIBONE_LEVEL", mini.fails())


@test
def a_level_that_is_none_is_refused():
    mini = Mini()
    mini.edit("kiln/lib/one/Makefile.uk", "LEVEL := 1", "LEVEL := 5")
    expect_in('LIBONE_LEVEL is "5"', mini.fails())


@test
def a_misspelt_dependency_is_refused():
    mini = Mini()
    mini.edit("kiln/lib/two/Makefile.uk", "libone", "libuno")
    expect_in("libtwo depends on libuno", mini.fails())


@test
def nobody_depends_on_a_platform():
    mini = Mini()
    mini.edit("kiln/lib/three/Makefile.uk", "libtwo", "libtwo libkvmplat")
    expect_in("nobody depends on plat/", mini.fails())


@test
def only_a_platform_depends_on_ukboot():
    mini = Mini()
    mini.library("ukboot", 1, "", "int uk_ukboot(void) { return 0; }\n")
    mini.edit("kiln/lib/three/Makefile.uk", "libtwo", "libtwo libukboot")
    expect_in("only a platform does", mini.fails())
    mini.edit("kiln/lib/three/Makefile.uk", " libukboot", "")
    mini.edit("kiln/plat/kvm/Makefile.uk", "LIBKVMPLAT_DEPS :=",
              "LIBKVMPLAT_DEPS := libukboot")
    mini.make()


@test
def nobody_in_the_tree_depends_on_level_4():
    mini = Mini()
    mini.library("libc", 4, "", "int uk_libc(void) { return 0; }\n")
    mini.edit("kiln/lib/three/Makefile.uk", "LEVEL := 3", "LEVEL := 4")
    mini.edit("kiln/lib/three/Makefile.uk", "libtwo", "libtwo liblibc")
    expect_in("nobody depends on level 4", mini.fails())


# Rule 3: symbols.

@test
def what_exportsyms_does_not_list_becomes_local():
    mini = Mini()
    mini.edit("kiln/lib/one/one.c", "int uk_one",
              "int one_helper(void);\nint one_helper(void) { return 0; }\n"
              "int uk_one")
    mini.edit("kiln/lib/two/two.c", "int uk_two",
              "int one_helper(void);\nint uk_two")
    mini.edit("kiln/lib/two/two.c", "uk_one()", "uk_one() + one_helper()")
    out = mini.fails()
    expect_in("libtwo uses one_helper", out)
    expect_in("libone has it but keeps it to itself", out)
    mini.edit("kiln/lib/one/exportsyms.uk", "uk_one", "uk_one\none_helper")
    mini.make()


@test
def a_weak_symbol_in_the_core_is_refused():
    mini = Mini()
    mini.edit("kiln/lib/one/one.c", "int uk_one(void) {",
              "__attribute__((weak)) int uk_one(void) {")
    expect_in("uk_one is a weak symbol of libone", mini.fails())


@test
def a_weak_reference_in_the_core_is_refused():
    mini = Mini()
    mini.edit("kiln/lib/one/one.c", "int uk_one(void) {",
              "extern int hook(void) __attribute__((weak));\n"
              "int uk_one(void) { if (hook) return hook();")
    expect_in("libone refers weakly to hook", mini.fails())


@test
def two_owners_of_a_symbol_are_refused_and_named():
    mini = Mini()
    mini.edit("kiln/lib/three/three.c", "int uk_three",
              "int uk_one(void);\nint uk_one(void) { return 0; }\nint uk_three")
    mini.edit("kiln/lib/three/exportsyms.uk", "uk_three", "uk_three\nuk_one")
    expect_in("uk_one has two owners: libone and libthree", mini.fails())


@test
def a_use_outside_deps_names_the_library_that_should_be_there():
    mini = Mini()
    mini.library("loner", 1, "", "int uk_one(void);\n"
                 "int uk_loner(void) { return uk_one(); }\n")
    out = mini.fails()
    expect_in("libloner uses uk_one of libone", out)
    expect_in("add libone to LIBLONER_DEPS (lib/loner/Makefile.uk)", out)


@test
def a_use_of_a_higher_level_is_refused():
    mini = Mini()
    mini.edit("kiln/lib/one/one.c", "int uk_one",
              "int uk_three(void);\nint uk_one")
    mini.edit("kiln/lib/one/one.c", "return CONFIG_ONE", "return uk_three()")
    expect_in("libthree is of level 3, above 1", mini.fails())


@test
def a_symbol_of_a_library_that_is_off_is_located():
    mini = Mini()
    mini.library("spare", 1, "", "int uk_spare(void) { return 0; }\n")
    mini.edit("kiln/lib/spare/Config.uk", "default y", "default n")
    mini.edit("kiln/lib/two/two.c", "int uk_two",
              "int uk_spare(void);\nint uk_two")
    mini.edit("kiln/lib/two/two.c", "+ 1", "+ uk_spare()")
    out = mini.fails()
    expect_in("libtwo uses uk_spare", out)
    expect_in("exported by lib/spare, which is switched off", out)


@test
def a_symbol_that_nobody_has_is_named_with_its_user():
    mini = Mini()
    mini.edit("kiln/lib/two/two.c", "int uk_two",
              "int uk_ghost(void);\nint uk_two")
    mini.edit("kiln/lib/two/two.c", "+ 1", "+ uk_ghost()")
    expect_in("libtwo uses uk_ghost, which nothing in this image defines",
              mini.fails())


@test
def an_application_without_main_is_told_so():
    mini = Mini()
    mini.edit("app/main.c", "main", "mein")
    expect_in("Give the application a main function", mini.fails())


@test
def a_contract_symbol_may_be_used_downwards_without_deps():
    mini = Mini()
    mini.edit("kiln/lib/three/three.c", "int uk_three",
              "void uk_crash(void);\nvoid uk_crash(void) { }\nint uk_three")
    mini.edit("kiln/lib/three/exportsyms.uk", "uk_three", "uk_three\nuk_crash")
    mini.edit("kiln/lib/one/one.c", "int uk_one",
              "void uk_crash(void);\nint uk_one")
    mini.edit("kiln/lib/one/one.c", "return", "uk_crash(); return")
    mini.make()


@test
def a_contract_symbol_that_is_missing_is_named():
    mini = Mini()
    mini.edit("kiln/lib/one/one.c", "int uk_one",
              "void uk_crash(void);\nint uk_one")
    mini.edit("kiln/lib/one/one.c", "return", "uk_crash(); return")
    expect_in("libone uses uk_crash, which nothing in this image defines",
              mini.fails())


@test
def an_archive_may_have_weak_symbols_and_gives_only_what_is_used():
    mini = Mini()
    mini.library("libc", 4, "", "__attribute__((weak)) int uk_libc(void)"
                 "{ return 0; }\nchar libc_big[100000];\n")
    mini.edit("kiln/lib/libc/Makefile.uk", "LIBLIBC_LEVEL",
              "LIBLIBC_ARCHIVE := y\nLIBLIBC_LEVEL")
    mini.make()
    expect_not_in("libc_big", read(mini.image() + ".map").split(
        "Memory Configuration")[1])


@test
def floating_point_helpers_of_libgcc_are_refused_in_the_core():
    mini = Mini()
    mini.edit("kiln/lib/one/one.c", "int uk_one",
              "int __muldc3(int);\nint uk_one")
    mini.edit("kiln/lib/one/one.c", "return", "return __muldc3(1) +")
    expect_in("libone uses __muldc3", mini.fails())


@test
def integer_helpers_of_libgcc_are_allowed_in_the_core():
    mini = Mini()
    mini.edit("kiln/lib/one/one.c", "int uk_one",
              "unsigned __int128 uk_wide = 1;\nint uk_one")
    mini.edit("kiln/lib/one/one.c", "return",
              "return (int)(uk_wide / (uk_wide + 3)) +")
    mini.make()


# Rule 4: link order and boot order.

@test
def the_boot_order_follows_deps_and_not_the_alphabet():
    mini = Mini()
    # "aaa" is read first and needs "three", which is read last.
    mini.library("aaa", 3, "libthree", "#include <uk/three.h>\n"
                 "int uk_aaa(void) { return uk_three(); }\n")
    for name in ("aaa", "three", "one"):
        mini.edit(f"kiln/lib/{name}/{name}.c", f"int uk_{name}",
                  "#include <uk/init.h>\n"
                  "static int begin(const struct uk_boot_ctx *c)\n"
                  "{ (void)c; return 0; }\n"
                  f"UK_INIT({'LATE' if name == 'one' else 'DEV'}, begin, 0);\n"
                  f"int uk_{name}")
    out = mini.make("print-init")
    lines = [line for line in out.splitlines() if ":begin" in line
             or line in ("DEV", "LATE")]
    expect(lines == ["DEV", "  libthree:begin", "  libaaa:begin", "LATE",
                     "  libone:begin"], f"boot order: {lines}")
    deps = mini.make("print-deps")
    expect(deps.index("libthree: libtwo") < deps.index("libaaa: libthree"),
           deps)
    expect_in('"libaaa" -> "libthree"', read(mini.out + "/deps.dot"))


# Rule 5: Config.uk agrees with DEPS (make check does the rest).

@test
def a_dependency_that_config_left_off_is_refused():
    mini = Mini()
    mini.edit("kiln/lib/one/Config.uk", "default y", "default n")
    mini.edit("kiln/lib/two/Config.uk", "\tselect LIBONE\n", "")
    out = mini.fails()
    expect_in("libtwo depends on libone", out)
    expect_in("switched off", out)


# Rule 6: no section is left over.

@test
def a_section_that_nobody_places_does_not_link():
    mini = Mini()
    mini.edit("kiln/lib/one/one.c", "int uk_one(void) {",
              "int uk_odd __attribute__((section(\".odd\"))) = 1;\n"
              "int uk_one(void) { uk_odd++;")
    # Seen by us when the linker only warns, as the application is external,
    # and by the linker for an application of the tree.
    expect_in("error: section .odd of libone", mini.fails())
    mini.make("properclean")
    shutil.move(mini.app, mini.root + "/apps/app")
    mini.app = mini.root + "/apps/app"
    expect_in("error: section .odd of libone", mini.fails())
    expect_in("--orphan-handling=error", mini.fails("V=1"))


@test
def an_unknown_section_from_outside_is_a_warning_that_names_it():
    mini = Mini()
    mini.edit("app/main.c", "int main(void) {",
              "int odd __attribute__((section(\".odd\"))) = 1;\n"
              "int main(void) { odd++;")
    out = mini.make()
    expect_in("warning: section .odd of appmini", out)
    expect_in("main", out)


# Tests of libraries inside the image.

@test
def tests_are_linked_only_where_they_are_switched_on():
    mini = Mini()
    mini.library("uktest", 2, "", "int uk_uktest(void) { return 0; }\n",
                 config='config LIBUKTEST_ALL\n\tbool "all"\n\tdefault y\n'
                 'config LIBUKTEST_LIBS\n\tstring "libs"\n'
                 "\tdepends on !LIBUKTEST_ALL\n")
    mini.add("kiln/lib/one/one_priv.h", "#define ONE_SECRET 1\n")
    for name in ("one", "two"):
        mini.add(f"kiln/lib/{name}/tests/test_{name}.c",
                 f"#include <uk/uktest.h>\n#include <uk/{name}.h>\n"
                 + ('#include "one_priv.h"\n' if name == "one" else "")
                 + "int t(void);\nint t(void) { return uk_uktest(); }\n")
        mini.edit(f"kiln/lib/{name}/Makefile.uk", f"LIB{name.upper()}_SRCS",
                  f"LIB{name.upper()}_TESTS-y += "
                  f"$(LIB{name.upper()}_BASE)/tests/test_{name}.c\n"
                  f"LIB{name.upper()}_SRCS")
    out = mini.make("libs")
    expect_in("libone: test_one.c", out)
    expect_in("libtwo: test_two.c", out)
    config = read(mini.app + "/.config")
    mini.make("properclean")
    mini.add("app/.config", config + "CONFIG_LIBUKTEST_ALL=n\n"
             'CONFIG_LIBUKTEST_LIBS="libone"\n')
    out = mini.make()
    expect_in("libone: test_one.c", out)
    expect_not_in("test_two.c", out)
    mini.make("properclean")
    mini.add("app/.config", config + "CONFIG_LIBUKTEST=n\n")
    expect_not_in("test_one.c", mini.make())


@test
def nothing_is_compiled_twice():
    mini = Mini()
    once = compiled(mini.make("-j4"))
    expect(len(once) == len(set(once)), str(once))


@test
def a_leaf_function_keeps_its_frame_for_stack_traces():
    push = {"x86_64": "%rbp", "arm64": "x29"}[ARCH]
    for value, kept in (("y", True), ("n", False)):
        mini = Mini()
        # gcc for x86 leaves the frame out where nothing is on the stack.
        mini.edit("kiln/lib/one/one.c", "{ return CONFIG_ONE; }",
                  "{ volatile int a[4]; a[1] = 1; return a[1]; }")
        mini.add("app/.config", read(mini.app + "/.config")
                 + f"CONFIG_OPTIMIZE_NOOMITFP={value}\n")
        mini.make("libone")
        code = subprocess.run(
            ["objdump", "-d", "--disassemble=uk_one",
             mini.out + "/libone/one.o"], text=True, check=True,
            stdout=subprocess.PIPE).stdout
        expect((push in code) == kept, code)


if __name__ == "__main__":
    main()
