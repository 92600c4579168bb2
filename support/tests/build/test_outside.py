#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Libraries and platforms from outside: what their Makefiles may count on."""
import os
import re

from enginetest import (ARCH, Mini, Outside, compiled, expect, expect_in,
                        expect_not_in, main, read, test)


@test
def an_external_library_is_built_from_where_it_is():
    outside = Outside()
    expect_in("libfar: far.c", outside.make())
    expect(outside.make() == "", "not stable")


@test
def it_sees_the_public_headers_of_levels_0_to_3():
    Outside(code="#include <uk/three.h>\n#include <uk/one.h>\n"
            "int far(void) { return uk_three() + uk_one(); }\n").make()


@test
def it_is_told_what_it_is_built_for():
    Outside(code="#ifndef __Unikraft__\n#error\n#endif\n"
            "#ifdef __linux__\n#error\n#endif\n"
            f"#ifndef __{'X86_64' if ARCH == 'x86_64' else 'ARM_64'}__\n"
            "#error\n#endif\n#define S_(x) #x\n#define S(x) S_(x)\n"
            "_Static_assert(UK_VERSION > 0.15, \"version\");\n"
            '_Static_assert(sizeof(S(__LIBNAME__)) == sizeof("libfar"), "");\n'
            '_Static_assert(sizeof(S(__BASENAME__)) == sizeof("far.c"), "");\n'
            "int far(void) { return 0; }\n").make()


@test
def links_slashes_and_an_empty_list_are_taken():
    outside = Outside()
    link = outside.mini.top + "/link"
    os.symlink(outside.path, link)
    for value in (link, outside.path + "/", outside.path + "/.",
                  f"{outside.path}:{link}"):
        outside.mini.make("properclean")
        expect_in("libfar: far.c", outside.mini.make(f"L={value}"))
    outside.mini.make("properclean")
    expect_not_in("libfar", outside.mini.make("L="))


@test
def global_includes_reach_outside_and_not_the_tree():
    outside = Outside("CINCLUDES-$(CONFIG_LIBFAR) += -I$(LIBFAR_BASE)/pub\n"
                      "CFLAGS-y += -DEVERYWHERE=1\n")
    outside.mini.add("far/pub/far.h", "#define FAR 1\n")
    outside.mini.edit("app/main.c", "#include <uk/three.h>",
                      "#include <uk/three.h>\n#include <far.h>\n"
                      "#if !FAR || !EVERYWHERE\n#error\n#endif\n")
    outside.mini.edit("kiln/lib/one/one.c", "#include <uk/one.h>",
                      "#include <uk/one.h>\n#if defined EVERYWHERE || "
                      "__has_include(<far.h>)\n#error\n#endif\n")
    outside.make()


@test
def the_parts_of_a_command_come_in_their_order():
    outside = Outside(
        "COMPFLAGS-y += -DPART1\nLIBFAR_COMPFLAGS-y += -DPART2\n"
        "LIBFAR_FAR_INCLUDES-y += -I/part3\nLIBFAR_CINCLUDES-y += -I/part4\n"
        "CINCLUDES-y += -I/part5\nARCHFLAGS += -DPART6\nCFLAGS-y += -DPART7\n"
        "CFLAGS_EXTRA += -DPART8\nLIBFAR_CFLAGS-y += -DPART9\n"
        "LIBFAR_CFLAGS += -DPART9B\nLIBFAR_FAR_FLAGS-y += -DPART10\n")
    line = next(x for x in outside.make("V=1").splitlines()
                if x.endswith("/libfar/far.o"))
    places = [line.index(part + " ") for part in (
        "-DPART1", "-DPART2", "-I/part3", "-I/part4", "-I/part5", "-DPART6",
        "-DPART7", "-DPART8", "-DPART9", "-DPART10", "-D__LIBNAME__=libfar",
        "-D__BASENAME__=far.c")]
    expect(places == sorted(places), line)
    expect_in("-DPART9B", line)


@test
def any_change_of_the_configuration_compiles_it_again():
    outside = Outside()
    outside.make()
    outside.mini.add("app/.config", read(outside.mini.app + "/.config")
                     + "CONFIG_ONE=2\n")
    expect(compiled(outside.make()) == ["appmini: main.c", "libfar: far.c",
                                        "libone: one.c"], "others")


@test
def the_variables_of_a_library_that_is_off_are_there():
    outside = Outside()
    outside.mini.add("app/.config", read(outside.mini.app + "/.config")
                     + "CONFIG_LIBFAR=n\n")
    out = outside.make("print-vars", "VARS=LIBFAR_BASE LIBFAR_BUILD")
    expect_in(f"LIBFAR_BASE={outside.path}", out)
    expect_in(f"LIBFAR_BUILD={outside.mini.out}/libfar", out)
    expect(os.path.isdir(outside.mini.out + "/libfar"), "no directory")


@test
def a_blank_before_the_name_is_tolerated():
    mini = Mini()
    mini.edit("app/Makefile.uk", "addlib,appmini", "addlib, appmini")
    expect_in("appmini: main.c", mini.make())


@test
def a_library_without_sources_is_no_error():
    mini = Outside().mini
    mini.add("empty/Makefile.uk", "$(eval $(call addlib,libempty))\n")
    mini.add("blank/Makefile.uk", "")
    mini.make(f"L={mini.top}/empty:{mini.top}/blank")


@test
def rules_files_come_before_makefiles_and_build_files_after():
    outside = Outside("ifneq ($(FAR_RULES),yes)\n$(error no rules)\nendif\n"
                      "FAR_MADE := yes\n")
    outside.mini.add("far/Makefile.rules", "FAR_RULES := yes\n")
    outside.mini.add("far/Makefile.build",
                     "ifneq ($(FAR_MADE),yes)\n$(error early)\nendif\n")
    outside.make()


@test
def makefiles_are_read_application_tree_then_outside():
    outside = Outside("ORDER := $(ORDER) far:$(notdir $(IMPORT_BASE))\n")
    outside.mini.edit("app/Makefile.uk", "APPMINI_SRCS",
                      "ORDER := $(ORDER) app:$(notdir $(IMPORT_BASE))\n"
                      "APPMINI_SRCS")
    outside.mini.edit("kiln/lib/one/Makefile.uk", "LIBONE_SRCS",
                      "ORDER := $(ORDER) one:$(notdir $(IMPORT_BASE))\n"
                      "LIBONE_SRCS")
    expect_in("app:app one:one far:far",
              outside.make("print-vars", "VARS=ORDER"))


@test
def rules_of_its_own_run_in_the_order_of_the_steps():
    outside = Outside(
        "UK_PREPARE-$(CONFIG_LIBFAR) += $(LIBFAR_BUILD)/.prepared\n"
        "$(LIBFAR_BUILD)/.prepared:\n"
        "\t$(call verbose_cmd,CONFIG,libfar': 'prepare,"
        "echo 'int made(void);' >$(LIBFAR_BUILD)/made.h && touch $@)\n"
        "$(LIBFAR_BUILD)/made.c:\n"
        "\t$(call build_cmd,GEN,libfar,$@,"
        "echo '#include \"made.h\"' >$@)\n"
        "LIBFAR_CINCLUDES-y += -I$(LIBFAR_BUILD)\n"
        "LIBFAR_SRCS-y += $(LIBFAR_BUILD)/made.c\n")
    out = outside.make("-j8")
    expect_in("libfar: prepare", out)
    # Its source may be made at the same time, but not compiled.
    compiled = re.search(r"CC +libfar: made\.c", out)
    expect(compiled and out.index("prepare") < compiled.start(), out)
    expect(os.path.exists(outside.mini.out + "/libfar/made.c.cmd"), "no .cmd")


@test
def q_hides_the_commands_of_its_rules_unless_they_are_asked_for():
    outside = Outside(
        "UK_PREPARE-$(CONFIG_LIBFAR) += far-shown\n"
        ".PHONY: far-shown\n"
        "far-shown:\n\t$(Q)test x$(CONFIG_LIBFAR) = xy\n")
    expect_not_in("test xy = xy", outside.make())
    for shown in ("V=1", "Q="):
        expect_in("test xy = xy", outside.make(shown))
    expect_not_in("test xy = xy", outside.make("V=1", "Q=@"))


@test
def sources_in_other_languages_go_through_their_tools():
    outside = Outside("LIBFAR_SRCS-y += $(LIBFAR_BASE)/gen.m4>.c\n"
                      "LIBFAR_SRCS-y += $(LIBFAR_BASE)/asm.s\n"
                      "LIBFAR_SRCS-y += $(LIBFAR_BASE)/pre.S\n"
                      "LIBFAR_SRCS-y += $(LIBFAR_BASE)/plus.cc\n")
    outside.mini.add("far/gen.m4", "define(`N',`far_m4')int N (void)"
                     "{ return 1; }\n")
    outside.mini.add("far/asm.s", ".text\n.globl far_asm\nfar_asm: .long 0\n")
    outside.mini.add("far/pre.S", "#define F far_pre\n.globl F\nF: .long 0\n")
    outside.mini.add("far/plus.cc", 'extern "C" int far_cc(void)'
                     "{ return 1; }\n")
    out = outside.make("libs")
    for name in ("asm.s", "pre.S", "plus.cc", "gen.c"):
        expect_in(f"libfar: {name}", out)


@test
def functions_and_variables_that_makefiles_use_are_there():
    checks = {
        "$(call uc,libpython3_core)": "LIBPYTHON3_CORE",
        "$(call lc,ABC)": "abc", '$(call qstrip,"a b")': "a b",
        "$(comma)": ",", "x$(empty)y$(space)z": "xy z", "$(plus)": "+",
        "$(if $(filter y,$(call have_gcc)),gcc)": "gcc",
        "$(call gcc_version_ge,4,0)": "y",
        "$(call gcc_version_ge,999,0)": "", "$(call gcc_version_lt,999,0)": "y",
        "$(call clang_version_ge,1,0)": "", "$(ARCH)": ARCH,
        "$(CONFIG_UK_ARCH)": f'"{ARCH}"',
        "$(call vprefix_lib,libfar)": "LIBFAR",
        "$(call vprefix_src,libfar,/a/b-c.x.c,v)": "LIBFAR_B-C.X_V",
        "$(UK_CODENAME)": "Kiln", "$(CC_NAME)": "gcc",
    }
    lines = "".join(f"ifneq ({k},{v})\n$(error {i} is \"{k}\")\nendif\n"
                    for i, (k, v) in enumerate(checks.items())
                    if k != "$(comma)")
    for name in ("BUILD_DIR CONFIG_UK_BASE CONFIG_UK_APP APP_BASE APP_DIR "
                 "ELIB_DIR UK_PLAT_COMMON_BASE UK_FAMILY CC CXX CPP AS LD AR "
                 "NM OBJCOPY STRIP READELF GOC RUSTC M4 AWK PATCH TAR UNZIP "
                 "GIT WGET PYTHON LEX YACC GZIP DTC SED MV CP RM MKDIR TOUCH "
                 "HOSTCC SHELL CC_VERSION CC_VER_MAJOR CC_VER_MINOR "
                 "UK_VERSION UK_SUBVERSION UK_FULLVERSION").split():
        lines += f"ifeq ($({name}),)\n$(error {name} is empty)\nendif\n"
    Outside(lines).make("print-libs")


@test
def a_thread_control_block_is_reserved_once():
    outside = Outside("$(call ukarch_tls_tcb_reserve,200)\n",
                      "#if CONFIG_UKARCH_TLS_HAVE_TCB != 1\n#error\n#endif\n"
                      "int far(void) { return 0; }\n")
    expect_in("-DTCB_SIZE=200", outside.make("print-vars",
                                             "VARS=LIBARCH_CFLAGS-y"))
    outside.make()
    outside.mini.add("far/Makefile.rules", "$(call ukarch_tls_tcb_reserve,8)\n")
    expect_in("is reserved already", outside.make(ok=False))


@test
def the_largest_scratch_space_counts():
    outside = Outside("$(call uknetdev_scratch_mem,64)\n"
                      "$(call uknetdev_scratch_mem,128)\n"
                      "$(call uknetdev_scratch_mem,96)\n",
                      "#if CONFIG_UK_NETDEV_SCRATCH_SIZE != 128\n#error\n"
                      "#endif\nint far(void) { return 0; }\n")
    outside.make()


@test
def an_external_library_replaces_one_of_the_tree_with_one_line_of_notice():
    mini = Mini()
    mini.library("one", 1, "", "int uk_one(void) { return CONFIG_ONE; }\n",
                 config='config ONE\n\tint "outer one"\n\tdefault 99\n',
                 where="mine")
    out = mini.make(f"L={mini.top}/mine/one")
    expect(out.count("notice: libone is taken from") == 1, out)
    expect_in("#define CONFIG_ONE 99",
              read(mini.out + "/include/uk/bits/config.h"))
    expect_in(mini.top + "/mine/one/one.c",
              read(mini.out + "/libone/one.o.cmd"))


@test
def symbols_of_an_external_library_are_checked_too():
    outside = Outside(code="int far(void) { return uk_ghost(); }\n"
                      .replace("int far", "int uk_ghost(void);\nint far"))
    expect_in("libfar uses uk_ghost, which nothing in this image defines",
              outside.make(ok=False))


@test
def export_and_local_lists_of_an_external_library_count():
    outside = Outside(code="int far(void) { return 0; }\n"
                      "int near(void) { return 0; }\n")
    outside.mini.add("far/exportsyms.uk", "# only\nfar\n")
    outside.mini.edit("app/main.c", "int main(void);",
                      "int main(void);\nint near(void);")
    outside.mini.edit("app/main.c", "uk_three()", "uk_three() + near()")
    expect_in("libfar has it but keeps it to itself", outside.make(ok=False))
    os.unlink(outside.path + "/exportsyms.uk")
    outside.make()
    outside.mini.add("far/localsyms.uk", "near\n")
    expect_in("libfar has it", outside.make(ok=False))


@test
def sections_of_uk_libs_on_the_command_line_do_no_harm():
    Outside().make("UK_LIBS=/some/where", "IMAGE=x", "image_objects_=y")


@test
def an_external_platform_links_by_its_own_script():
    mini = Mini()
    mini.add("plat-x/Config.uk", 'config PLAT_X\n\tbool "x"\n\tdefault y\n')
    mini.add("plat-x/Makefile.uk",
             "$(eval $(call addplat_s,x,$(CONFIG_PLAT_X)))\n"
             "$(eval $(call addplatlib_s,x,libxplat,$(CONFIG_PLAT_X)))\n"
             "LIBXPLAT_SRCS-y += $(LIBXPLAT_BASE)/boot.S\n")
    mini.add("plat-x/boot.S", read(mini.root + "/plat/kvm/boot.S"))
    mini.add("plat-x/linker.lds.S",
             read(mini.root + "/plat/kvm/linker.lds.S"))
    mini.add("app/.config", read(mini.app + "/.config")
             + "CONFIG_PLAT_KVM=n\n")
    mini.make(f"P={mini.top}/plat-x")
    expect(os.path.exists(f"{mini.out}/app_x-{ARCH}"), "no image")


@test
def what_costs_speed_for_the_sake_of_others_is_for_outside_only():
    outside = Outside()
    lines = outside.make("V=1").splitlines()

    def flags(name):
        return next(x for x in lines if x.endswith(f"/{name}.o")).split()
    expect("-fno-tree-sra" in flags("libfar/far"), "not outside")
    expect("-fno-tree-sra" not in flags("libone/one"), "in the tree")


if __name__ == "__main__":
    main()
