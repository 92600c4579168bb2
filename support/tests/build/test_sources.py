#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What suffixes of sources mean, and objects by rules of a library's own."""
import os
import shutil
import subprocess

from enginetest import (ARCH, Mini, Outside, Skipped, compiled, expect,
                        expect_in, expect_not_in, main, read, test, write)

# A compiler of any language: takes what gcc would, and writes down how.
COMPILER = """#!/bin/bash
echo "${{0##*/}} $*" >>{log}
exec gcc -x c "$@"
"""
# A device tree compiler: out, dependencies, source are its last options.
DTC = """#!/bin/bash
echo "${{0##*/}} $*" >>{log}
while [ $# -gt 1 ]; do case $1 in -o) out=$2;; -d) dep=$2;; esac; shift; done
cp "$1" "$out" && echo "$out: $1 $(dirname "$1")/board.dtsi" >"$dep"
"""


class Tools:
    """Programs in a directory that comes first in PATH; what they ran with."""

    def __init__(self, mini, **programs):
        self.path, self.log = mini.top + "/bin", mini.top + "/ran"
        write(self.log, "")
        for name, text in programs.items():
            write(f"{self.path}/{name}", text.format(log=self.log))
            os.chmod(f"{self.path}/{name}", 0o755)
        self.env = {"PATH": f"{self.path}:{os.environ['PATH']}"}

    def ran(self):
        return read(self.log)


def with_sources(*names, makefile=""):
    """An external library that has also the sources @names."""
    outside = Outside(makefile + "".join(
        f"LIBFAR_SRCS-y += $(LIBFAR_BASE)/{n}\n" for n in names))
    for name in (n.split(">")[0] for n in names):
        stem = name.split(".")[0]
        outside.mini.add(f"far/{name}", f"int far_{stem}(void)"
                         "{ return 1; }\n")
    return outside


@test
def every_suffix_of_cxx_is_compiled_as_such():
    names = ["a.cc", "b.cpp", "c.cxx", "d.c++", "e.C", "f.cp", "g.CPP"]
    outside = with_sources(*names)
    for name in names:
        outside.mini.add(f"far/{name}", f'extern "C" int far_{name[0]}(void)'
                         "{ return sizeof(decltype(1)); }\n")
    out = outside.make("libfar")
    for name in names:
        expect_in(f"CXX     libfar: {name}", out)


@test
def assembler_is_preprocessed_where_the_suffix_is_written_large():
    outside = with_sources("a.S", "b.sx", "c.s",
                           makefile="LIBFAR_ASFLAGS-y += -DN=5 -Wa,-I/inc\n"
                           "LIBFAR_C_FLAGS-y += -Wa,--defsym,far_n=7\n")
    for name in ("a.S", "b.sx"):
        outside.mini.add(f"far/{name}", "#if N != 5\n#error N\n#endif\n"
                         f".globl far_{name[0]}\nfar_{name[0]}: .long N\n")
    outside.mini.add("far/c.s", "# N is a comment for the assembler\n"
                     ".globl far_c, far_n\nfar_c: .long far_n\n"
                     if ARCH == "x86_64" else
                     "// a comment\n.globl far_c, far_n\n"
                     "far_c: .long far_n\n")
    outside.make("libfar")
    expect_in("-Wa,-I/inc", read(outside.mini.out + "/libfar/c.o.cmd"))


@test
def go_is_compiled_with_the_flags_that_others_get():
    outside = with_sources(
        "pack.go", makefile="GOCFLAGS-y += -DGO1\nGOCINCLUDES-y += -I/go1\n"
        "LIBFAR_GOCFLAGS-y += -DGO2\nLIBFAR_GOCINCLUDES-y += -I/go2\n"
        "LIBFAR_CFLAGS-y += -DONLYC\nLIBFAR_PACK_FLAGS-y += -DGO3\n")
    tools = Tools(outside.mini, gccgo=COMPILER)
    args = (f"GOC={tools.path}/gccgo",)
    env = {"UK_GOCFLAGS": "-DGO4"}
    expect_in("GOC     libfar: pack.go", outside.make(*args, env=env))
    line = tools.ran()
    places = [line.index(part + " ") for part in (
        "-U __linux__", "-I/go2", "-I/go1", "-DGO1", "-DGO2", "-DGO3",
        "-DGO4", "-c " + outside.path + "/pack.go")]
    expect(places == sorted(places), line)
    expect_not_in("ONLYC", line)
    if ARCH == "x86_64":
        expect_in("-mno-red-zone", line)
    expect(outside.make(*args, env=env) == "", "not stable")


RUST = """#![no_std]
#[no_mangle]
pub extern "C" fn far_rust(n: u32) -> u32 { NUMBER + n }
include!("number.rs");
#[panic_handler]
fn panic(_: &core::panic::PanicInfo) -> ! { loop {} }
"""


@test
def rust_is_compiled_to_an_object():
    if not shutil.which("rustc"):
        raise Skipped("no rustc")
    outside = with_sources("crab.rs")
    outside.mini.add("far/crab.rs", RUST)
    outside.mini.add("far/number.rs", "const NUMBER: u32 = 40;")
    outside.mini.edit("app/main.c", "int main(void);",
                      "int main(void);\nint far_rust(int);")
    outside.mini.edit("app/main.c", "uk_three()", "far_rust(2)")
    expect_in("RUSTC   libfar: crab.rs", outside.make())
    code = subprocess.run(
        ["objdump", "-d", "--disassemble=far_rust", outside.mini.image()
         + ".dbg"], text=True, check=True, stdout=subprocess.PIPE).stdout
    expect_in("0x28", code)
    expect(outside.make() == "", "not stable")
    outside.mini.add("far/number.rs", "const NUMBER: u32 = 41;")
    expect_in("RUSTC   libfar: crab.rs", outside.make())


@test
def what_a_library_says_to_rustc_is_said_once():
    outside = with_sources(
        "crab.rs", makefile="LIBFAR_RUSTCFLAGS-y += --edition=2021\n"
        "RUSTCFLAGS-y += --target=mine.json\nLIBFAR_CRAB_FLAGS-y += --cfg x\n")
    tools = Tools(outside.mini, rustc="""#!/bin/bash
echo "$*" >>{log}
for a; do case $a in --emit=*) o=${{a#--emit=obj=}}; o=${{o%%,*}};; esac; done
echo "$o:" >"${{o%.o}}.d"
exec gcc -x c -c "${{@: -1}}" -o "$o"
""")
    outside.make("libfar", env=tools.env)
    line = tools.ran()
    for part, count in (("--edition=2021", 1), ("--edition", 1),
                        ("--target=mine.json", 1), ("--target", 1),
                        ("--cfg x", 1), ("panic=abort", 1)):
        expect(line.count(part) == count, f"{part} {count} times: {line}")


@test
def device_trees_are_compiled_with_their_library():
    outside = with_sources("board.dts")
    outside.mini.add("far/board.dtsi", "")
    tools = Tools(outside.mini, dtc=DTC)
    expect_in("DTC     libfar: board.dts", outside.make(env=tools.env))
    expect_in("-I dts -O dtb", tools.ran())
    blob = outside.mini.out + "/libfar/board.dtb"
    expect(os.path.exists(blob), "no blob")
    expect(outside.make(env=tools.env) == "", "not stable")
    later = os.stat(blob).st_mtime + 2
    os.utime(outside.path + "/board.dtsi", (later, later))
    expect_in("board.dts", outside.make("libfar", env=tools.env))
    outside.make("clean-libfar")
    expect(not os.path.exists(blob), "not cleaned")


@test
def headers_among_the_sources_are_made_before_any_object():
    names = ["h.h", "hh.hh", "hp.hp", "hpp.hpp", "H.H", "HPP.HPP", "in.in"]
    rules = "".join(
        f"$(LIBFAR_BUILD)/{n}: ; sleep 0.1; echo '#define MADE_{n[:-2]}' >$@\n"
        f"LIBFAR_SRCS-y += $(LIBFAR_BUILD)/{n}\n".replace(
            f"MADE_{n[:-2]}", "MADE_" + n.split(".")[0]) for n in names)
    code = "".join(f'#include "{n}"\n#ifndef MADE_{n.split(".")[0]}\n'
                   f"#error {n}\n#endif\n" for n in names)
    outside = Outside(rules + "LIBFAR_CINCLUDES-y += -I$(LIBFAR_BUILD)\n",
                      code + "int far(void) { return 0; }\n")
    outside.make("-j8", "libfar")


@test
def a_suffix_that_nobody_knows_is_named():
    expect_in("libfar: no rule for the source", with_sources("a.f90").make(
        "libfar", ok=False))


@test
def go_and_rust_are_refused_inside_the_tree():
    for name, what in (("a.go", "Go"), ("a.rs", "Rust")):
        mini = Mini()
        mini.edit("kiln/lib/one/Makefile.uk", "one.c\n",
                  f"one.c\nLIBONE_SRCS-y += $(LIBONE_BASE)/{name}\n")
        mini.add(f"kiln/lib/one/{name}", "")
        out = mini.fails()
        expect_in(f"a.{name[2:]} is {what}, which only external", out)


@test
def a_program_that_is_missing_is_named_with_its_package():
    for source, tool, program, package in (
            ("a.go", "GOC", "no-gccgo", "gccgo"),
            ("a.rs", "RUSTC", "no-rustc", "rustc"),
            ("a.dts", "DTC", "no-dtc", "device-tree-compiler"),
            ("a.cc", "CXX", "no-g++", "g++"),
            ("a.m4>.c", "M4", "no-m4", "m4"),
            ("a.awk>.h", "AWK", "no-awk", "mawk")):
        outside = with_sources(source)
        out = outside.make(f"{tool}={program} -x", ok=False)
        expect_in(f'the program "{program}"', out)
        expect_in(f"Install the package {package}, or name another with "
                  f"{tool}=", out)
        expect_not_in("not found", out)


@test
def a_package_for_another_machine_has_its_name():
    outside = with_sources("a.go")
    prefix = "aarch64-linux-gnu-" if ARCH == "x86_64" else "x86-64-linux-gnu-"
    out = outside.make("CROSS_COMPILE=" + prefix, "CC=gcc", "LD=ld", "libfar",
                       ok=False)
    expect_in(f"package gccgo-{prefix[:-1]},", out)


# What libraries do by themselves.

@test
def directories_below_the_build_are_made_while_makefiles_are_read():
    outside = Outside("$(eval $(call mk_sub_build_dir,shared/gen))\n"
                      "$(eval $(call mk_sub_libbuild_dir,libfar,a/b))\n")
    outside.make("print-libs")
    for path in ("shared/gen", "libfar/a/b"):
        expect(os.path.isdir(f"{outside.mini.out}/{path}"), path)


@test
def a_directory_that_cannot_be_made_is_named():
    outside = Outside("$(eval $(call mk_sub_libbuild_dir,libfar,a/b))\n")
    write(outside.mini.out + "/libfar/a", "a file")
    expect_in("libfar/a/b, which cannot be made",
              outside.make("print-libs", ok=False))


# A library that brings a language: its package is an archive, made by a recipe
# of its own. What of the package is C or assembler is compiled by the engine.
PACKAGE = """HERE := $(BUILD_DIR)/pack/example.org/hello
define package
$(call mk_sub_libbuild_dir,pack,example.org/hello)
$(foreach f,b.c c.S,$(eval $(call buildrule,$(1),$(LIBFAR_BASE)/$(f),,\
	$(HERE)/$(f).o,-DEXTRA=1)))
UK_SRCS-y += $(LIBFAR_BASE)/a.go
UK_OBJS-y += $(HERE)/hello.o
UK_ALIBS-y += $(HERE)/libhello.a
endef
$(eval $(call package,EXAMPLE_HELLO))
$(HERE)/libhello.a: $(LIBFAR_BASE)/a.go $(HERE)/b.c.o $(HERE)/c.S.o
	$(call build_cmd,GCCGO,hello,$(HERE)/hello.o,$(GOC) $(COMPFLAGS) \
		$(DBGFLAGS) -c $< -o $(HERE)/hello.o)
	$(call build_cmd,AR,hello,$@,$(AR) rcD $@ $(HERE)/hello.o \
		$(filter %.o,$^))
EXAMPLE_HELLO_CFLAGS-y += -DTHEIRS=1
LIBFAR_CFLAGS-y += -DOURS=1
"""


def packages():
    outside = Outside(PACKAGE)
    mini = outside.mini
    mini.add("far/a.go", "int hello_b(void);\nint hello(void);\n"
             "int hello(void) { return hello_b(); }\n")
    mini.add("far/b.c", "#include <uk/one.h>\n"
             "#if !THEIRS || defined OURS || !EXTRA\n#error flags\n#endif\n"
             "#ifndef __Unikraft__\n#error outer\n#endif\n"
             "int hello_b(void);\nint hello_b(void) { return uk_one(); }\n")
    mini.add("far/c.S", ".globl hello_c\nhello_c: .long 0\n")
    mini.edit("app/main.c", "int main(void);", "int main(void);\n"
              "int hello(void);")
    mini.edit("app/main.c", "uk_three()", "hello()")
    return outside, Tools(mini, gccgo=COMPILER)


@test
def a_language_that_a_library_brings_has_rules_for_its_c_and_assembler():
    outside, tools = packages()
    goc = f"GOC={tools.path}/gccgo"
    out = outside.make(goc, "-j8")
    expect([x for x in compiled(out) if "EXAMPLE" in x] == [
        "EXAMPLE_HELLO: b.c", "EXAMPLE_HELLO: c.S"], out)
    expect(os.path.exists(outside.mini.image()), "no image")
    # The recipe has what every object must have.
    line = tools.ran()
    for part in ("-fno-pic", "-U __linux__", "-DUK_CODENAME=Kiln"):
        expect_in(part, line)
    expect(outside.make(goc) == "", "not stable")
    listed = outside.make("print-srcs")
    for name in ("a.go", "b.c"):
        expect_in(f"{outside.path}/{name}", listed)
    outside.mini.edit("far/b.c", "uk_one()", "uk_one() + 1")
    expect_in("b.c", outside.make(goc))
    outside.make("clean")
    expect(not os.path.exists(
        outside.mini.out + "/pack/example.org/hello/b.c.o"), "not cleaned")


@test
def a_rule_for_a_registered_library_gives_it_the_object():
    outside = Outside(
        "$(eval $(call buildrule,libfar,$(LIBFAR_BASE)/one.c,v,"
        "$(LIBFAR_BUILD)/deep/one.of.them.o,-DEXTRA=3))\n"
        "LIBFAR_ONE_FLAGS-y += -DNAMED=1\nLIBFAR_ONE_V_FLAGS-y += -DV=1\n")
    outside.mini.add("far/one.c", "#if EXTRA != 3 || !NAMED || !V\n#error\n"
                     "#endif\nint far_one(void);\n"
                     "int far_one(void) { return 1; }\n")
    outside.mini.edit("app/main.c", "int main(void);",
                      "int main(void);\nint far_one(void);")
    outside.mini.edit("app/main.c", "uk_three()", "far_one()")
    expect_in("libfar: one.c (v)", outside.make())
    expect(os.path.exists(outside.mini.out + "/libfar/deep/one.of.them.o"),
           "no object")
    outside.mini.make("properclean")
    outside.mini.edit("app/main.c", "far_one()", "uk_three()")
    outside.mini.add("app/.config", read(outside.mini.app + "/.config")
                     + "CONFIG_LIBFAR=n\n")
    expect_not_in("one.c (v)", outside.make())


if __name__ == "__main__":
    main()
