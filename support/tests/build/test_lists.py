#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The global lists that external trees add to: UK_..., EACHOLIB_..."""
import os
import re
import subprocess

from enginetest import (Outside, compiled, expect, expect_in, expect_not_in,
                        main, read, test)


def symbols(path):
    """Name -> letter of nm."""
    out = subprocess.run(["nm", path], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    return {line.split()[-1]: line.split()[-2] for line in out.splitlines()}


def both(name, *words):
    """Of two words the first goes to NAME, the second to NAME-y."""
    return f"{name} += {words[0]}\n{name}-y += {words[1]}\n"


def made_elsewhere(*names):
    """Rules of a library's own for objects below its build directory."""
    return "".join(
        f"$(LIBFAR_BUILD)/{n}.o: $(LIBFAR_BASE)/{n}.c | prepare\n"
        f"\t$(call build_cmd,THEIRS,libfar,$@,$(CC) $(COMPFLAGS) -c $< -o $@)\n"
        for n in names)


class Elsewhere(Outside):
    """libfar, which has functions in objects of its own making; the
    application calls those it is told."""

    def __init__(self, makefile, names, called):
        super().__init__(made_elsewhere(*names) + makefile)
        for n in names:
            self.mini.add(f"far/{n}.c", f"int {n}(void);\n"
                          f"int {n}(void) {{ return 1; }}\n")
        for n in called:
            self.mini.edit("app/main.c", "int main(void);",
                           f"int main(void);\nint {n}(void);")
            self.mini.edit("app/main.c", "uk_three()", f"uk_three() + {n}()")

    def image_symbols(self):
        return symbols(self.mini.image() + ".dbg")


@test
def objects_of_uk_olibs_are_linked_whole():
    lib = Elsewhere(both("UK_OLIBS", "$(LIBFAR_BUILD)/a.o",
                         "$(LIBFAR_BUILD)/b.o"), "ab", "ab")
    lib.make("-j8")
    expect({"a", "b"} <= lib.image_symbols().keys(), "not linked")
    expect(lib.make() == "", "not stable")
    lib.mini.edit("far/a.c", "return 1", "return 2")
    expect_in("app_qemu", lib.make())


@test
def of_archives_in_uk_alibs_what_is_used_is_linked():
    lib = Elsewhere(
        "$(LIBFAR_BUILD)/lib%.a: $(LIBFAR_BUILD)/%.o $(LIBFAR_BUILD)/spare.o\n"
        "\t$(AR) rcD $@ $^\n"
        + both("UK_ALIBS", "$(LIBFAR_BUILD)/liba.a", "$(LIBFAR_BUILD)/libb.a"),
        ["a", "b", "spare"], "ab")
    lib.make("-j8")
    found = lib.image_symbols()
    expect({"a", "b"} <= found.keys(), "not linked")
    expect("spare" not in found, "linked though nobody uses it")
    expect(lib.make() == "", "not stable")


@test
def an_archive_may_have_members_that_are_no_objects():
    lib = Elsewhere("$(LIBFAR_BUILD)/liba.a: $(LIBFAR_BUILD)/a.o\n"
                    "\techo meta >$(LIBFAR_BUILD)/lib.rmeta\n"
                    "\t$(AR) rcD $@ $< $(LIBFAR_BUILD)/lib.rmeta\n"
                    "UK_ALIBS-y += $(LIBFAR_BUILD)/liba.a\n", "a", "a")
    lib.make()
    expect("a" in lib.image_symbols(), "not linked")


@test
def uk_objs_are_built_and_listed_and_not_linked_again():
    lib = Elsewhere(both("UK_OBJS", "$(LIBFAR_BUILD)/a.o",
                         "$(LIBFAR_BUILD)/b.o")
                    + "UK_OLIBS-y += $(LIBFAR_BUILD)/a.o\n", "ab", "a")
    out = lib.make("objs")
    for name in "ab":
        expect_in(f"THEIRS  libfar: {name}.o", out)
    listed = lib.make("print-objs").splitlines()
    for name in "ab":
        expect(listed.count(f"{lib.mini.out}/libfar/{name}.o") == 1,
               str(listed))
    lib.make()
    expect("b" not in lib.image_symbols(), "linked")


@test
def uk_srcs_are_listed_once_and_counted():
    lib = Elsewhere(both("UK_SRCS", "$(LIBFAR_BASE)/a.c", "$(LIBFAR_BASE)/b.c")
                    + "UK_SRCS-y += $(LIBFAR_BASE)/far.c\n", "ab", "")
    before = int(lib.make("print-loc").split()[-1])
    listed = lib.make("print-srcs")
    for name in ("a.c", "b.c", "far.c"):
        expect(len(re.findall(f"/far/{name}$", listed, re.M)) == 1, listed)
    lib.mini.edit("far/a.c", "int a(void);\n", "int a(void);\n\n\n")
    expect(int(lib.make("print-loc").split()[-1]) == before + 2, "not counted")


@test
def clean_removes_what_uk_clean_and_a_library_name():
    outside = Outside(
        both("UK_CLEAN", "$(BUILD_DIR)/a", "$(BUILD_DIR)/b")
        + both("LIBFAR_CLEAN", "$(LIBFAR_BUILD)/c", "$(LIBFAR_BUILD)/d"))
    places = [outside.mini.out + "/" + x for x in
              ("a", "b", "libfar/c", "libfar/d")]
    outside.make()
    for place in places:
        outside.mini.add(os.path.relpath(place, outside.mini.top), "")
    outside.make("clean-libfar")
    expect([os.path.exists(p) for p in places] == [True, True, False, False],
           "of the library")
    outside.make("clean")
    expect(not any(os.path.exists(p) for p in places), "of all")


@test
def makefile_clean_of_a_library_is_read_last():
    outside = Outside("FAR_MADE := $(BUILD_DIR)/late\n")
    outside.mini.add("far/Makefile.clean", "UK_CLEAN-y += $(FAR_MADE)\n")
    outside.make()
    outside.mini.add("app/build/late", "")
    outside.make("clean")
    expect(not os.path.exists(outside.mini.out + "/late"), "still there")


@test
def further_images_are_built_by_images_and_all():
    names = ["a", "b", "c", "d"]
    outside = Outside(
        both("UK_IMAGES", "$(BUILD_DIR)/a", "$(BUILD_DIR)/b")
        + both("UK_DEBUG_IMAGES", "$(BUILD_DIR)/c", "$(BUILD_DIR)/d")
        + "$(addprefix $(BUILD_DIR)/,a b c d): ; touch $@\n")
    for goal in ("images", "all"):
        outside.mini.make("properclean")
        outside.make(goal)
        for name in names:
            expect(os.path.exists(f"{outside.mini.out}/{name}"),
                   f"{goal} does not make {name}")


SCRIPT = """SECTIONS
{
	.far : { far_start = .; KEEP(*(.far)) far_end = .; }
}
INSERT AFTER .rodata;
"""


@test
def linker_scripts_of_libraries_extend_the_platforms():
    for name in ("extra.ld", "extra.lds", "extra.lds.S"):
        outside = Outside(
            f"LIBFAR_SRCS-y += $(LIBFAR_BASE)/{name}\n",
            "extern char far_start[], far_end[];\n"
            "int far_item __attribute__((section(\".far\"))) = 7;\n"
            "long far(void);\n"
            "long far(void) { return far_end - far_start; }\n")
        text = SCRIPT
        if name.endswith(".S"):
            text = "#ifdef __LINKER__\n" + text + "#endif\n"
        outside.mini.add("far/" + name, text)
        outside.mini.edit("app/main.c", "int main(void);",
                          "int main(void);\nlong far(void);")
        outside.mini.edit("app/main.c", "uk_three()", "uk_three() + far()")
        out = outside.make()
        expect_not_in("warning", out)
        map_of = read(outside.mini.image() + ".map")
        expect_in(".far", map_of)
        expect(outside.make() == "", "not stable")
        outside.mini.add("far/" + name, text.replace("7;", "8;") + "\n")
        expect_in("app_qemu", outside.make())
        expect_in(name.removesuffix(".S"), outside.make("print-lds"))


@test
def every_library_gets_what_is_for_each():
    outside = Outside(
        both("EACHOLIB_SRCS", "$(LIBFAR_BASE)/a.c", "$(LIBFAR_BASE)/b.c")
        + both("EACHOLIB_OBJS", "$(LIBFAR_BUILD)/c.o", "$(LIBFAR_BUILD)/d.o")
        + both("EACHOLIB_ALIBS", "$(LIBFAR_BUILD)/libe.a",
               "$(LIBFAR_BUILD)/libf.a")
        + both("EACHOLIB_LOCALS", "$(LIBFAR_BASE)/g.syms",
               "$(LIBFAR_BASE)/h.syms")
        + made_elsewhere("c", "d", "e", "f")
        + "$(LIBFAR_BUILD)/lib%.a: $(LIBFAR_BUILD)/%.o ; $(AR) rcD $@ $^\n")
    for name in "abcdef":
        # Of the archives the members are pulled in by a.c.
        calls = "int e(void), f(void);\n" if name == "a" else ""
        outside.mini.add(
            f"far/{name}.c", f"{calls}int {name}(void);\nint {name}(void)"
            f"{{ return {'e() + f()' if calls else 1}; }}\n")
    outside.mini.add("far/g.syms", "a\nb\nc\n")
    outside.mini.add("far/h.syms", "d\ne\nf\n")
    out = outside.make("-j4")
    for lib in ("libone", "libthree", "libfar", "appmini", "libkvmplat"):
        found = symbols(f"{outside.mini.out}/{lib}.o")
        expect({n: found.get(n) for n in "abcdef"}
               == dict.fromkeys("abcdef", "t"), f"{lib}: {found}")
        for name in "ab":
            expect(f"{lib}: {name}.c" in compiled(out), out)
    expect(outside.make() == "", "not stable")


@test
def steps_follow_one_another_and_have_both_lists():
    made = "$(LIBFAR_BUILD)/"
    rules = "".join(
        f"{made}.{step}{n}: ; sleep 0.0{7 - 2 * n}; "
        f"echo {step}{n} >>$(BUILD_DIR)/log; touch $@\n"
        for step in ("fetch", "prepare", "preprocess") for n in (1, 2))
    outside = Outside(rules + "".join(
        both(f"UK_{step.upper()}", f"{made}.{step}1", f"{made}.{step}2")
        for step in ("fetch", "prepare", "preprocess")))
    log = outside.mini.out + "/log"
    steps = ("fetch", "prepare", "preprocess")
    for count, step in enumerate(steps, 1):
        outside.mini.make("properclean")
        outside.make(step, "-j8")
        ran = [line[:-1] for line in read(log).split()]
        expect(ran == [s for s in steps[:count] for _ in (1, 2)],
               f"{step}: {ran}")
    outside.mini.make("properclean")
    out = outside.make("-j8")
    expect(len(read(log).split()) == 6, read(log))
    expect(out.index("preprocess") < out.index("libfar: far.c"), out)
    expect(outside.make() == "", "not stable")


@test
def both_spellings_of_a_librarys_lists_are_read():
    outside = Outside(
        both("LIBFAR_SRCS", "$(LIBFAR_BASE)/a.c", "$(LIBFAR_BASE)/b.c")
        + both("LIBFAR_CFLAGS", "-DC1", "-DC2")
        + both("LIBFAR_CINCLUDES", "-I/c1", "-I/c2")
        + both("LIBFAR_COMPFLAGS", "-DP1", "-DP2")
        + both("LIBFAR_OBJS", "$(LIBFAR_BUILD)/c.o", "$(LIBFAR_BUILD)/d.o")
        + both("LIBFAR_LOCALS", "$(LIBFAR_BASE)/c.syms",
               "$(LIBFAR_BASE)/d.syms")
        + both("LIBFAR_EXPORTS", "$(LIBFAR_BASE)/a.syms",
               "$(LIBFAR_BASE)/b.syms")
        + both("LIBFAR_LDEPS", "$(LIBFAR_BASE)/x", "$(LIBFAR_BASE)/y")
        + made_elsewhere("c", "d"))
    for name in "abcd":
        outside.mini.add(f"far/{name}.c", f"int {name}(void);\n"
                         f"int {name}(void) {{ return 1; }}\n")
        outside.mini.add(f"far/{name}.syms", name + "\n")
    for name in "xy":
        outside.mini.add("far/" + name, "")
    outside.make("libfar")
    found = symbols(outside.mini.out + "/libfar.o")
    expect({n: found.get(n) for n in "abcd"}
           == {"a": "T", "b": "T", "c": "t", "d": "t"}, str(found))
    line = read(outside.mini.out + "/libfar/a.o.cmd")
    for part in ("-DC1", "-DC2", "-I/c1", "-I/c2", "-DP1", "-DP2"):
        expect_in(part, line)
    for name in "xy":
        later = os.stat(outside.mini.out + "/libfar.o").st_mtime + 2
        os.utime(f"{outside.path}/{name}", (later, later))
        expect_in("libfar.ld.o", outside.make("libfar"))
        os.utime(f"{outside.path}/{name}", (1, 1))


if __name__ == "__main__":
    main()
