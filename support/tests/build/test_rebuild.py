#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What is built again, and what is not."""
import os
import shutil
import subprocess
import time

from enginetest import (SOAK, Mini, _environment, compiled, expect, expect_in,
                        expect_not_in, files_below, main, make, read, test,
                        write)


def built():
    mini = Mini()
    mini.make()
    return mini


def touch(path):
    later = time.time() + 2
    os.utime(path, (later, later))


def bytes_of(path):
    with open(path, "rb") as src:
        return src.read()


@test
def a_second_make_does_nothing():
    mini = built()
    expect(mini.make() == "", mini.make())


@test
def touching_a_header_rebuilds_exactly_its_users():
    mini = built()
    touch(mini.root + "/lib/one/include/uk/one.h")
    out = mini.make()
    expect(compiled(out) == ["libone: one.c", "libtwo: two.c"], out)


@test
def touching_a_source_rebuilds_it_alone():
    mini = built()
    touch(mini.root + "/lib/two/two.c")
    expect(compiled(mini.make()) == ["libtwo: two.c"], "more than two.c")


@test
def a_header_that_is_gone_is_no_error_when_nobody_wants_it():
    mini = Mini()
    mini.add("kiln/lib/one/more.h", "#define MORE 1\n")
    mini.edit("kiln/lib/one/one.c", "#include <uk/one.h>",
              '#include <uk/one.h>\n#include "more.h"')
    mini.make()
    os.unlink(mini.root + "/lib/one/more.h")
    mini.edit("kiln/lib/one/one.c", '\n#include "more.h"', "")
    expect(compiled(mini.make()) == ["libone: one.c"], "not only one.c")


@test
def an_option_rebuilds_what_reads_it_and_all_of_the_application():
    mini = built()
    mini.add("app/.config", read(mini.app + "/.config") + "CONFIG_ONE=7\n")
    out = mini.make()
    expect(compiled(out) == ["appmini: main.c", "libone: one.c"], out)
    expect(compiled(mini.make()) == [], "not stable")


@test
def an_option_read_through_a_header_rebuilds_the_headers_users():
    mini = Mini()
    mini.edit("kiln/lib/one/include/uk/one.h", "#pragma once",
              "#pragma once\n#include <uk/config.h>\n#define ONE CONFIG_ONE\n")
    mini.make()
    mini.add("app/.config", read(mini.app + "/.config") + "CONFIG_ONE=7\n")
    out = mini.make()
    expect(compiled(out) == ["appmini: main.c", "libone: one.c",
                             "libtwo: two.c"], out)


@test
def an_option_that_comes_into_being_rebuilds_what_mentions_it():
    mini = Mini()
    mini.edit("kiln/lib/two/two.c", "int uk_two",
              "#ifdef CONFIG_LATER\n#define ADD 5\n#else\n#define ADD 0\n"
              "#endif\nint uk_two")
    mini.make()
    expect(compiled(mini.make()) == [], "not stable")
    mini.add("kiln/lib/three/Config.uk",
             read(mini.root + "/lib/three/Config.uk")
             + "config LATER\n\tbool\n\tdefault y\n")
    expect_in("libtwo: two.c", mini.make())


@test
def a_changed_flag_rebuilds_the_library():
    mini = built()
    mini.edit("kiln/lib/two/Makefile.uk", "LIBTWO_DEPS",
              "LIBTWO_CFLAGS-y += -DTWO=1\nLIBTWO_DEPS")
    expect(compiled(mini.make()) == ["libtwo: two.c"], "not only two.c")


@test
def a_flag_of_one_source_goes_to_it_alone():
    mini = Mini()
    mini.add("kiln/lib/two/more.c", "#ifdef ONLY_TWO\n#error here\n#endif\n"
             "int uk_more(void);\nint uk_more(void) { return 0; }\n")
    mini.edit("kiln/lib/two/two.c", "int uk_two",
              "#if ONLY_TWO != 1\n#error missing\n#endif\nint uk_two")
    mini.edit("kiln/lib/two/Makefile.uk", "LIBTWO_SRCS-y +=",
              "LIBTWO_TWO_FLAGS-y += -DONLY_TWO=1\n"
              "LIBTWO_SRCS-y += $(LIBTWO_BASE)/more.c\nLIBTWO_SRCS-y +=")
    mini.make()


@test
def a_changed_export_list_relinks_without_compiling():
    mini = built()
    mini.add("kiln/lib/one/exportsyms.uk", "# all of it\nuk_one\n")
    out = mini.make()
    expect_in("libone.o", out)
    expect(compiled(out) == [], out)


@test
def a_removed_source_leaves_the_image():
    mini = Mini()
    mini.add("kiln/lib/two/more.c", "int uk_more(void);\n"
             "int uk_more(void) { return 0; }\n")
    mini.edit("kiln/lib/two/Makefile.uk", "LIBTWO_SRCS-y +=",
              "LIBTWO_SRCS-y += $(LIBTWO_BASE)/more.c\nLIBTWO_SRCS-y +=")
    mini.make()
    mini.edit("kiln/lib/two/Makefile.uk",
              "LIBTWO_SRCS-y += $(LIBTWO_BASE)/more.c\n", "")
    expect_in("libtwo.o", mini.make())
    expect_not_in("more.o", read(mini.out + "/libtwo.ld.o.cmd"))


@test
def a_failed_compilation_is_tried_again():
    mini = built()
    good = read(mini.root + "/lib/two/two.c")
    mini.add("kiln/lib/two/two.c", good + "#error no\n")
    mini.fails()
    mini.fails()
    mini.add("kiln/lib/two/two.c", good)
    expect_in("libtwo: two.c", mini.make())


@test
def a_source_listed_twice_asks_for_a_variant():
    mini = Mini()
    mini.edit("kiln/lib/two/Makefile.uk", "LIBTWO_SRCS-y +=",
              "LIBTWO_SRCS-y += $(LIBTWO_BASE)/two.c\nLIBTWO_SRCS-y +=")
    expect_in("give one of them a variant", mini.fails())


@test
def variants_of_a_source_are_objects_of_their_own():
    mini = Mini()
    mini.add("kiln/lib/two/vary.c", "#define NAME_(v) uk_vary_##v\n"
             "#define NAME(v) NAME_(v)\nint NAME(__VARIANT__)(void);\n"
             "int NAME(__VARIANT__)(void) { return 0; }\n")
    mini.edit("kiln/lib/two/Makefile.uk", "LIBTWO_SRCS-y +=",
              "LIBTWO_SRCS-y += $(LIBTWO_BASE)/vary.c|a|b\nLIBTWO_SRCS-y +=")
    mini.add("kiln/lib/two/exportsyms.uk", "uk_two\nuk_vary_a\nuk_vary_b\n")
    mini.make("libs")
    for variant in "ab":
        expect(os.path.exists(f"{mini.out}/libtwo/vary.{variant}.o"), variant)


@test
def two_builds_in_different_places_give_the_same_bytes():
    first, second = Mini(), Mini()
    for mini in (first, second):
        mini.edit("app/.config", "LVL0", "LVL3")
        mini.edit("kiln/lib/one/one.c", "int uk_one",
                  "const char *uk_where = __FILE__;\nint uk_one")
        mini.edit("app/main.c", "int main(void) {",
                  "const char *where = __FILE__;\nint main(void) {")
    first.make()
    second.make("-j4", f"O={second.top}/elsewhere/deep")
    name = f"app_qemu-{os.path.basename(first.image()).split('-')[1]}"
    for suffix in ("", ".dbg"):
        expect(bytes_of(first.image() + suffix) ==
               bytes_of(f"{second.top}/elsewhere/deep/{name}{suffix}"),
               f"{name}{suffix} differs")


@test
def many_jobs_from_clean_give_the_same_bytes_every_time():
    mini = built()
    wanted = bytes_of(mini.image())
    for _ in range(20 if SOAK else 3):
        mini.make("properclean")
        mini.make("-j16")
        expect(bytes_of(mini.image()) == wanted, "differs")
        expect(mini.make("-j16") == "", "not complete after -j16")


@test
def two_builds_at_once_do_not_meet():
    mini = Mini()
    runs = []
    for name in "ab":
        write(f"{mini.top}/{name}.config",
              read(mini.app + "/.config") + f"CONFIG_ONE={ord(name)}\n")
        runs.append(subprocess.Popen(
            ["make", "-j4", "-C", mini.root, f"A={mini.app}",
             f"O={mini.top}/{name}", f"C={mini.top}/{name}.config"],
            env=_environment({}), text=True, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT))
    for run in runs:
        out = run.communicate(timeout=120)[0]
        expect(run.returncode == 0, out)
    for name in "ab":
        expect_in(f"#define CONFIG_ONE {ord(name)}",
                  read(f"{mini.top}/{name}/include/uk/bits/config.h"))
        lone = f"{mini.top}/lone-{name}"
        mini.make(f"O={lone}", f"C={mini.top}/{name}.config")
        image = os.path.basename(mini.image())
        expect(bytes_of(f"{mini.top}/{name}/{image}") ==
               bytes_of(f"{lone}/{image}"), f"{name} differs")


@test
def nothing_is_written_outside_the_build_directory():
    mini = Mini()
    before = files_below(mini.top)
    out = mini.top + "/out"
    mini.make(f"O={out}")
    mini.make(f"O={out}", "compile_commands.json", "print-deps")
    after = [f for f in files_below(mini.top) if not f.startswith(out + "/")]
    expect(after == before, str(sorted(set(after) ^ set(before))))


@test
def a_read_only_tree_builds():
    mini = Mini()
    before = files_below(mini.top)
    for top in (mini.root, mini.app):
        for directory, _, names in os.walk(top):
            for name in names + ["."]:
                path = os.path.join(directory, name)
                os.chmod(path, os.stat(path).st_mode & ~0o222)
    try:
        mini.make(f"O={mini.top}/out")
    finally:
        for top in (mini.root, mini.app):
            for directory, _, _ in os.walk(top):
                os.chmod(directory, 0o755)
    # For root no directory is read-only.
    shutil.rmtree(mini.top + "/out")
    expect(files_below(mini.top) == before, "something was written")


@test
def the_users_umask_and_language_change_nothing():
    mini = built()
    wanted = bytes_of(mini.image())
    mini.make("properclean")
    old = os.umask(0o077)
    try:
        mini.make(env={"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8",
                       "CFLAGS": "-DNOT_OURS", "LDFLAGS": "--nonsense"})
    finally:
        os.umask(old)
    expect(bytes_of(mini.image()) == wanted, "differs")
    mode = os.stat(mini.out + "/libone/one.o").st_mode & 0o777
    expect(mode == 0o644, f"mode {mode:o}")


@test
def clean_leaves_the_configuration_and_distclean_nothing():
    mini = built()
    mini.make("clean")
    left = [f for f in files_below(mini.out) if f.endswith(".o")
            or "_qemu" in f]
    expect(left == [], str(left))
    expect(os.path.exists(mini.app + "/.config"), ".config is gone")
    mini.make("distclean", "help")
    expect(not os.path.exists(mini.out), "build directory is there")
    expect(not os.path.exists(mini.app + "/.config"), ".config is there")
    mini.make("distclean")


@test
def clean_and_all_in_one_command_run_one_after_the_other():
    mini = built()
    out = mini.make("-j8", "clean", "all")
    expect_in("libone: one.c", out)
    expect(os.path.exists(mini.image()), "no image")


@test
def one_librarys_objects_are_cleaned_alone():
    mini = built()
    mini.make("clean-libone")
    expect(compiled(mini.make()) == ["libone: one.c"], "not only one.c")


@test
def the_name_and_verbosity_of_the_command_line_count():
    mini = Mini()
    out = mini.make("N=other", "V=1")
    expect_in("-c " + mini.root + "/lib/one/one.c", out)
    expect(os.path.exists(mini.image().replace("/app_", "/other_")), "name")
    mini.make("UK_IMAGE_NAME_OVERWRITE=exact")
    expect(os.path.exists(mini.out + "/exact"), "exact")


@test
def flags_of_the_environment_come_last():
    mini = Mini()
    out = mini.make("V=1", env={"UK_CFLAGS": "-DFROM_USER=1"})
    expect_in("-DFROM_USER=1", out)


@test
def compile_commands_name_every_c_source():
    mini = Mini()
    mini.make("compile_commands.json")
    text = read(mini.out + "/compile_commands.json")
    for name in ("one", "two", "three"):
        expect_in(f"/lib/{name}/{name}.c\"", text)
    expect_in("-c " + mini.app + "/main.c", text)


@test
def link_time_optimisation_keeps_assembler_and_order():
    mini = Mini()
    mini.edit("kiln/lib/two/two.c", "int uk_two",
              "int uk_asm(void);\nint uk_two")
    mini.edit("kiln/lib/two/two.c", "+ 1", "+ uk_asm()")
    mini.add("kiln/lib/two/asm.S", ".text\n.globl uk_asm\nuk_asm: .long 0\n")
    mini.edit("kiln/lib/two/Makefile.uk", "LIBTWO_SRCS-y +=",
              "LIBTWO_SRCS-y += $(LIBTWO_BASE)/asm.S\nLIBTWO_SRCS-y +=")
    for name in ("one", "two", "three"):
        mini.edit(f"kiln/lib/{name}/{name}.c", f"int uk_{name}",
                  "#include <uk/init.h>\n"
                  "static int begin(const struct uk_boot_ctx *c)\n"
                  "{ (void)c; return 0; }\nUK_INIT(DEV, begin, 0);\n"
                  f"int uk_{name}")
    mini.add("app/.config", read(mini.app + "/.config")
             + "CONFIG_OPTIMIZE_LTO=y\n")
    out = mini.make("print-init", "V=1")
    expect_in("-flto", out)
    order = [x.strip() for x in out.splitlines() if x.endswith(":begin")]
    expect(order == ["libone:begin", "libtwo:begin", "libthree:begin"], out)
    expect_in("uk_asm", read(mini.image() + ".map"))


@test
def link_time_optimisation_wants_one_owner_for_each_name():
    mini = Mini()
    for name in ("one", "two"):
        mini.edit(f"kiln/lib/{name}/{name}.c", f"int uk_{name}",
                  "int helper(int);\nint helper(int x) { return x; }\n"
                  f"int uk_{name}")
    mini.make()
    mini.add("app/.config", read(mini.app + "/.config")
             + "CONFIG_OPTIMIZE_LTO=y\n")
    expect_in("helper has two owners: libone and libtwo", mini.fails())


@test
def a_path_with_a_blank_is_refused_clearly():
    mini = Mini()
    out = mini.fails(f"O={mini.top}/a b")
    expect_in("blank", out)
    spaced = mini.top + "/with blank"
    shutil.copytree(mini.root, spaced)
    expect_in("blank", make(spaced, f"A={mini.app}", ok=False))


@test
def two_configurations_live_side_by_side():
    mini = Mini()
    base = read(mini.app + "/.config")
    os.unlink(mini.app + "/.config")
    for name, value in (("small", 3), ("large", 9)):
        write(f"{mini.app}/defconfigs/{name}", base + f"CONFIG_ONE={value}\n")
    mini.make("T=small")
    mini.make("T=large")
    for name, value in (("small", 3), ("large", 9)):
        expect_in(f"#define CONFIG_ONE {value}",
                  read(f"{mini.app}/build/{name}/include/uk/bits/config.h"))
    expect(mini.make("T=small") == "", "small was built again")
    expect(not os.path.exists(mini.app + "/.config"), "a .config appeared")


if __name__ == "__main__":
    main()
