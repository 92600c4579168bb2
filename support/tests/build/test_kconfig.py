#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Configuration: what is reported, refused, written and kept."""
import hashlib
import os
import re
import subprocess
import sys
import tarfile

from enginetest import (ARCH, ROOT, Mini, expect, expect_in, expect_not_in,
                        main, make, read, test, write)
from terminal import Terminal


def config_of(mini):
    return read(mini.out + "/include/uk/bits/config.h")


def from_defconfig(mini, text, *goals):
    write(mini.top + "/dc", read(mini.app + "/.config") + text)
    return mini.make("defconfig", *goals,
                     env={"UK_DEFCONFIG": mini.top + "/dc"})


@test
def a_platform_and_an_architecture_are_a_complete_configuration():
    mini = Mini()
    mini.add("app/.config", "CONFIG_PLAT_KVM=y\n"
             f"CONFIG_ARCH_{mini.arch_option()}=y\n")
    mini.make("olddefconfig")
    expect_in("CONFIG_PLAT_KVM=y", read(mini.app + "/.config"))


@test
def an_unknown_symbol_in_a_defconfig_is_reported_once_and_passed_over():
    mini = Mini()
    out = from_defconfig(mini, "CONFIG_GHOST=y\nCONFIG_ONE=4\n", "all", "all")
    expect(out.count("CONFIG_GHOST=y: no such option") == 1, out)
    expect_in("#define CONFIG_ONE 4", config_of(mini))


@test
def select_of_an_unknown_symbol_is_reported_once_and_passed_over():
    mini = Mini()
    mini.add("app/Config.uk", "config APPMINI\n\tbool\n\tdefault y\n"
             "\tselect LIBGHOST\n\timply LIBPHANTOM\n")
    out = from_defconfig(mini, "", "all") + mini.make()
    expect(out.count("does select LIBGHOST: no such option") == 1, out)
    expect(out.count("does imply LIBPHANTOM: no such option") == 1, out)
    mini.edit("app/main.c", "uk_three()", "uk_three() + 0")
    expect_not_in("LIBGHOST", mini.make())


@test
def select_of_an_unknown_symbol_under_a_condition_is_no_error():
    mini = Mini()
    mini.add("app/Config.uk", "config APPMINI\n\tbool\n\tdefault y\n"
             "\tselect LIBGHOST if !HAVE_LIBC\n")
    expect_in("LIBGHOST", mini.make())


@test
def an_invalid_value_is_reported_and_ignored():
    mini = Mini()
    out = from_defconfig(mini, "CONFIG_LIBTHREE=y=y\nCONFIG_ONE=many\n"
                         "CONFIG_UK_NAME=app\n")
    expect_in("CONFIG_LIBTHREE=y=y: invalid value for a switch", out)
    expect_in("CONFIG_ONE=many: invalid value for a number", out)
    expect_in("CONFIG_UK_NAME=app: not a string in double quotes", out)
    mini.make()
    expect_in("#define CONFIG_ONE 1", config_of(mini))


@test
def a_line_that_is_no_assignment_is_reported():
    expect_in("not an assignment, ignored: CONFIG ONE",
              from_defconfig(Mini(), "CONFIG ONE=2\n"))


@test
def an_assignment_without_effect_says_why():
    mini = Mini()
    mini.add("kiln/lib/one/Config.uk", read(mini.root + "/lib/one/Config.uk")
             + 'config WANTS\n\tbool "w"\n\tdepends on NEVER\n'
             "config NEVER\n\tbool\nconfig SILENT\n\tbool\n"
             'config SMALL\n\tint "s"\n\trange 1 9\n\tdefault 5\n')
    out = from_defconfig(mini, "CONFIG_WANTS=y\nCONFIG_SILENT=y\n"
                         "CONFIG_SMALL=100\n# CONFIG_LIBONE is not set\n")
    expect_in("CONFIG_WANTS=y: no effect, it is n: it depends on NEVER", out)
    expect_in("CONFIG_SILENT=y: no effect, it is n: it has no prompt", out)
    expect_in("CONFIG_SMALL=100: no effect", out)
    expect_in("CONFIG_LIBONE=n: no effect, it is y: selected by LIBTWO", out)


@test
def a_second_libc_is_an_error_that_names_both():
    mini = Mini()
    for name in ("musl", "newlib"):
        mini.library(name, 4, "", f"int uk_{name}(void) {{ return 0; }}\n")
        mini.add(f"kiln/lib/{name}/Config.uk",
                 f'config LIB{name.upper()}\n\tbool "{name}"\n'
                 "\tselect HAVE_LIBC\n")
    base = read(mini.app + "/.config")
    mini.add("app/.config", base + "CONFIG_LIBMUSL=y\n")
    mini.make()
    mini.add("app/.config", base + "CONFIG_LIBMUSL=y\nCONFIG_LIBNEWLIB=y\n")
    expect_in("2 libcs are switched on: LIBMUSL, LIBNEWLIB", mini.fails())


@test
def the_built_in_libc_gives_way_to_another_one():
    mini = Mini()
    for name, text in (("nolibc", ""), ("musl", "\tselect HAVE_LIBC\n")):
        mini.library(name, 4, "", f"int uk_{name}(void) {{ return 0; }}\n")
        mini.add(f"kiln/lib/{name}/Config.uk",
                 f'config LIB{name.upper()}\n\tbool "{name}"\n{text}')
    mini.add("app/Config.uk", "config APPMINI\n\tbool\n\tdefault y\n"
             "\tselect LIBNOLIBC if !HAVE_LIBC\n")
    mini.make()
    expect_in("CONFIG_LIBNOLIBC 1", config_of(mini))
    base = read(mini.app + "/.config").replace("CONFIG_LIBNOLIBC=y\n", "")
    mini.add("app/.config", base + "CONFIG_LIBMUSL=y\n")
    mini.make()
    expect_not_in("CONFIG_LIBNOLIBC", config_of(mini))
    mini.add("app/.config", base + "CONFIG_LIBMUSL=y\nCONFIG_LIBNOLIBC=y\n")
    expect_in("LIBMUSL, LIBNOLIBC", mini.fails())


@test
def savedefconfig_and_defconfig_are_a_round_trip():
    mini = Mini()
    mini.add("app/.config", read(mini.app + "/.config") + "CONFIG_ONE=6\n")
    mini.make("olddefconfig")
    full = read(mini.app + "/.config")
    small = mini.top + "/small"
    mini.make("savedefconfig", f"UK_DEFCONFIG={small}")
    text = read(small)
    expect(len(text.splitlines()) < 8, text)
    expect_in(f"CONFIG_ARCH_{mini.arch_option()}=y", text)
    expect_in('CONFIG_UK_NAME="app"', text)
    os.unlink(mini.app + "/.config")
    mini.make("defconfig", f"UK_DEFCONFIG={small}")
    expect(read(mini.app + "/.config") == full, "differs")


@test
def the_defconfig_of_t_is_taken_by_itself_and_kept():
    mini = Mini()
    base = read(mini.app + "/.config")
    os.unlink(mini.app + "/.config")
    write(mini.app + "/defconfigs/tiny", base + "CONFIG_ONE=2\n")
    mini.make("T=tiny", "syncconfig")
    write(mini.app + "/defconfigs/tiny", base + "CONFIG_ONE=3\n")
    out = mini.make("T=tiny", "syncconfig")
    expect_in("make T=tiny defconfig", out)
    expect_in("CONFIG_ONE=2", read(mini.app + "/build/tiny/.config"))
    mini.make("T=tiny", "defconfig")
    expect_in("CONFIG_ONE=3", read(mini.app + "/build/tiny/.config"))


@test
def the_files_for_make_and_compiler_have_every_type():
    mini = Mini()
    mini.add("app/Config.uk", 'config S\n\tstring "s"\n\tdefault "a\\"b$c#d"\n'
             'config H\n\thex "h"\n\tdefault 0x10\n'
             'config OFF\n\tbool "off"\n')
    out = mini.make("VARS=CONFIG_S CONFIG_H CONFIG_OFF", "print-vars")
    expect_in('CONFIG_S="a\\"b$c#d"', out)
    expect_in("CONFIG_H=0x10", out)
    expect_not_in("CONFIG_OFF", out)
    expect_in("#define CONFIG_H 0x10", config_of(mini))
    expect_not_in("OFF", config_of(mini))


@test
def a_changed_config_file_is_noticed():
    mini = Mini()
    mini.make()
    mini.edit("kiln/lib/one/Config.uk", "default 1\n", "default 1\n"
              'config ADDED\n\tint "added"\n\tdefault 8\n')
    mini.make()
    expect_in("#define CONFIG_ADDED 8", config_of(mini))


@test
def a_new_library_is_noticed():
    mini = Mini()
    mini.make()
    mini.library("fresh", 1, "", "int uk_fresh(void) { return 0; }\n")
    expect_in("libfresh: fresh.c", mini.make())


@test
def excluded_directories_are_left_out():
    mini = Mini()
    mini.library("spare", 1, "", "int uk_spare(void) { return 0; }\n")
    expect_in("libspare: spare.c", mini.make())
    mini.make("properclean")
    expect_not_in("libspare", mini.make(f"E={mini.root}/lib/spare"))


@test
def random_configurations_are_repeatable_and_valid():
    mini = Mini()
    mini.make("randconfig", env={"KCONFIG_SEED": "7"})
    first = read(mini.app + "/.config")
    mini.make("randconfig", env={"KCONFIG_SEED": "7"})
    expect(read(mini.app + "/.config") == first, "differs")
    expect(mini.make("olddefconfig") == "", mini.make("olddefconfig"))


@test
def a_script_sees_the_tree():
    mini = Mini()
    write(mini.top + "/look.py", "print('has', arg, kconf.syms[arg].str_value)")
    out = mini.make("scriptconfig", f"SCRIPT={mini.top}/look.py",
                    "SCRIPT_ARG=ONE")
    expect_in("has ONE 1", out)


@test
def menuconfig_without_a_terminal_says_what_to_do_instead():
    expect_in("menuconfig needs a terminal", Mini().fails("menuconfig"))


@test
def menuconfig_changes_an_option_by_keys():
    mini = Mini()
    mini.make()
    with Terminal(["make", "-C", mini.root, f"A={mini.app}",
                   "menuconfig"]) as screen:
        screen.wait_for("configuration")
        screen.keys("/")            # jump to a symbol
        screen.wait_for("Jump to symbol")
        screen.keys("value of one")
        screen.wait_for("ONE(")
        screen.keys("\r")           # to the symbol in its menu
        screen.wait_for("(1) value of one")
        screen.keys("\r")           # its value
        screen.wait_for("value of one (int)")
        screen.keys("\x7f5\r")
        screen.wait_for("5")
        screen.keys("s")
        screen.wait_for("Filename to save")
        screen.keys("\r")
        screen.wait_for("saved to")
        screen.keys("\n")
        screen.keys("q")
        status = screen.end()
    expect(status == 0, f"menuconfig ended with {status}")
    expect_in("CONFIG_ONE=5", read(mini.app + "/.config"))
    mini.make()
    expect_in("#define CONFIG_ONE 5", config_of(mini))


@test
def a_build_at_a_terminal_without_a_configuration_opens_the_menu():
    mini = Mini()
    os.unlink(mini.app + "/.config")
    with Terminal(["make", "-C", mini.root, f"A={mini.app}"]) as screen:
        screen.wait_for("Architecture Selection")
        screen.keys("q")
        screen.wait_for("Save configuration")
        screen.keys("y")
        status = screen.end()
    expect(status == 0, f"make ended with {status}: {screen.text[-500:]}")
    expect(os.path.exists(mini.image()), f"no {ARCH} image")


def outer_libc(mini, name):
    """An external tree that brings the libc @name; its directory."""
    mini.library(name, 4, "", f"int uk_{name}(void) {{ return 0; }}\n",
                 where="outer")
    mini.add(f"outer/{name}/Config.uk",
             f'menuconfig LIB{name.upper()}\n\tbool "{name}"\n'
             "\tdefault n\n\tselect HAVE_LIBC\n")
    return f"{mini.top}/outer/{name}"


@test
def an_external_libc_switches_the_built_in_one_off():
    mini = Mini()
    mini.library("nolibc", 4, "", "int uk_nolibc(void) { return 0; }\n")
    mini.add("kiln/lib/nolibc/Config.uk", read(
        ROOT + "/lib/nolibc/Config.uk"))
    musl = outer_libc(mini, "musl")
    mini.make(f"L={musl}")
    expect_in("CONFIG_LIBNOLIBC 1", config_of(mini))
    mini.add("app/.config", read(mini.app + "/.config")
             + "CONFIG_LIBMUSL=y\n")
    mini.make(f"L={musl}")
    expect_in("CONFIG_LIBMUSL 1", config_of(mini))
    expect_not_in("CONFIG_LIBNOLIBC", config_of(mini))


@test
def two_external_libcs_are_an_error_that_names_both():
    mini = Mini()
    trees = ":".join(outer_libc(mini, x) for x in ("musl", "newlibc"))
    mini.add("app/.config", read(mini.app + "/.config")
             + "CONFIG_LIBMUSL=y\nCONFIG_LIBNEWLIBC=y\n")
    expect_in("2 libcs are switched on: LIBMUSL, LIBNEWLIBC",
              mini.fails(f"L={trees}"))


@test
def the_parts_of_all_libraries_are_one_menu():
    mini = Mini()
    for name in ("one", "two"):
        text = read(f"{mini.root}/lib/{name}/Config.uk")
        mini.add(f"kiln/lib/{name}/Config.uk",
                 f'menu "Parts"\n\n{text}\nendmenu\n'
                 f'config AFTER_{name.upper()}\n\tbool "after {name}"\n')
    mini.make("olddefconfig")
    text = read(mini.app + "/.config")
    expect(text.count("# Parts\n") == 1, text)
    order = [text.index(x) for x in (
        "# Parts\n", "LIBONE=", "LIBTWO=", "# end of Parts", "AFTER_ONE",
        "AFTER_TWO")]
    expect(order == sorted(order), text)


@test
def random_configurations_hold_what_they_are_told_to():
    mini = Mini()
    mini.add("app/Config.uk", 'config WIDE\n\tint "w"\n\trange 1 1000000\n'
             'config KEPT\n\tint "k"\n\trange 1 1000000\n')
    write(mini.top + "/hold", "CONFIG_KEPT=77\nCONFIG_LIBTHREE=y\n")
    wide = set()
    for seed in "12345":
        mini.make("randconfig", env={"KCONFIG_SEED": seed,
                                     "KCONFIG_ALLCONFIG": mini.top + "/hold"})
        text = read(mini.app + "/.config")
        expect_in("CONFIG_KEPT=77\n", text)
        expect_in("CONFIG_LIBTHREE=y\n", text)
        wide.add(text.split("CONFIG_WIDE=")[1].split()[0])
    expect(len(wide) > 1, str(wide))


def without_kconfiglib(mini):
    """A python3 that sees no package of the distribution's."""
    path = mini.top + "/bare/python3"
    write(path, f'#!/bin/sh\nexec {sys.executable} -E -S "$@"\n')
    os.chmod(path, 0o755)
    return path


@test
def without_kconfiglib_the_pinned_release_is_used_from_a_drop_folder():
    mini = Mini()
    python = without_kconfiglib(mini)
    found = subprocess.run(
        ["/usr/bin/python3", "-c",
         "import kconfiglib; print(kconfiglib.__file__)"], text=True,
        stdout=subprocess.PIPE, check=True).stdout.strip()
    folder = mini.top + "/folder"
    os.makedirs(folder)
    archive = folder + "/kconfiglib_14.1.0.orig.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        tar.add(found, "Kconfiglib-14.1.0/kconfiglib.py")
    env = {"UK_CACHE": mini.top + "/cache", "OFFLINE": "1",
           "UK_ARCHIVES": folder}
    # Not the release that is pinned: refused, with what to install instead.
    out = make(mini.root, f"A={mini.app}", f"PYTHON={python}", ok=False,
               env=env)
    for part in ("install the package python3-kconfiglib", "wrong checksum",
                 folder):
        expect_in(part, out)
    with open(archive, "rb") as src:
        sha = hashlib.sha256(src.read()).hexdigest()
    text = read(mini.root + "/support/build/hosttool.py")
    mini.add("kiln/support/build/hosttool.py", re.sub(
        r'"[0-9a-f]{64}"', f'"{sha}"', text))
    make(mini.root, f"A={mini.app}", f"PYTHON={python}", env=env)
    expect(os.path.exists(mini.image()), "no image")
    expect(os.path.exists(
        mini.top + "/cache/kconfiglib-14.1.0/kconfiglib.py"), "not unpacked")


@test
def parts_that_are_set_by_name_have_a_prompt_in_the_menu_of_parts():
    mini = Mini()
    write(mini.top + "/facts", "[]")

    def rules(body):
        mini.library("ukbus", 1, "", "int uk_ukbus(void) { return 0; }\n")
        mini.add("kiln/lib/ukbus/Config.uk", body)
        out = mini.make("scriptconfig", f"SCRIPT={ROOT}/support/check/"
                        "kconfig_rules.py", f"SCRIPT_ARG={mini.top}/facts")
        return [x for x in out.splitlines() if "/ukbus/" in x]
    good = 'menu "Parts"\nconfig LIBUKBUS\n\tbool "ukbus"\nendmenu\n'
    expect(rules(good) == [], str(rules(good)))
    for bad in ("config LIBUKBUS\n\tbool\n",
                'config LIBUKBUS\n\tbool "ukbus"\n'):
        expect_in("give it a prompt, in the menu Parts", str(rules(bad)))
    expect_in("LIBODD is in the menu Parts, but nobody outside", str(rules(
        good.replace("LIBUKBUS", "LIBODD"))))


if __name__ == "__main__":
    main()
