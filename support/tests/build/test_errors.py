#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Errors say what to do next; so do setup and help."""
import os
import re
import shutil
import subprocess

from enginetest import (ROOT, Mini, expect, expect_in, expect_not_in, main,
                        make, read, test, write)
from terminal import Terminal


@test
def an_old_make_is_refused_by_number():
    mini = Mini()
    out = mini.fails("MAKE_VERSION=4.2.1")
    expect_in("GNU Make 4.2.1 is too old: Kiln needs 4.3", out)
    mini.make("MAKE_VERSION=4.10")


@test
def a_missing_configuration_lists_the_ways_to_make_one():
    mini = Mini()
    os.unlink(mini.app + "/.config")
    write(mini.app + "/defconfigs/tiny", "")
    out = mini.fails()
    for part in ("make menuconfig", "make defconfig", "make T=tiny",
                 mini.app + "/.config"):
        expect_in(part, out)
    rows = re.findall(r"^  make .*", out, re.M)
    expect(len(rows) == 4, out)
    # Two columns, the second one aligned.
    expect(len({re.search(r"  +(?=\S+ ?.*$)", r[6:]).end() for r in rows}) == 1,
           out)


@test
def a_misspelt_target_leads_to_help():
    mini = Mini()
    out = mini.fails("print-lisb")
    expect_in('there is no target "print-lisb"', out)
    expect_in("make help", out)
    mini.add("app/Makefile.uk", read(mini.app + "/Makefile.uk")
             + "own: libone ; @echo made own\nbundle: own\n"
             "lost: missing.txt ; @:\n")
    expect_in("made own", mini.make("bundle"))
    expect_in("missing.txt", mini.fails("lost"))
    expect_not_in("there is no target", mini.fails("lost"))


@test
def a_reader_that_has_seen_enough_is_no_error():
    mini = Mini()
    mini.make()
    reader, pipe = os.pipe()
    os.close(reader)
    run = subprocess.run(
        ["python3", "-B", mini.root + "/support/build/print_deps.py",
         mini.out + "/libs.txt", mini.out + "/deps.dot"],
        text=True, stdout=pipe, stderr=subprocess.PIPE, check=False)
    os.close(pipe)
    expect(run.returncode == 0 and run.stderr == "", run.stderr)
    expect_in("libone", read(mini.out + "/deps.dot"))


@test
def an_unknown_configuration_name_lists_those_there_are():
    mini = Mini()
    write(mini.app + "/defconfigs/tiny", "")
    write(mini.app + "/defconfigs/huge", "")
    out = mini.fails("T=nope")
    expect_in("T=nope", out)
    expect_in("huge tiny", out)


@test
def an_unknown_configuration_name_without_any_says_so():
    expect_in("This application has no defconfigs/", Mini().fails("T=nope"))


@test
def a_library_directory_that_is_not_there_is_named():
    mini = Mini()
    out = mini.fails(f"L={mini.top}/nolib")
    expect_in(f'L= names "{mini.top}/nolib", which is not a directory', out)


@test
def a_platform_directory_that_is_not_there_is_named():
    mini = Mini()
    expect_in(f'P= names "{mini.top}/noplat"',
              mini.fails(f"P={mini.top}/noplat"))


@test
def an_application_that_is_not_there_is_named():
    mini = Mini()
    out = make(mini.root, f"A={mini.top}/noapp", ok=False)
    expect_in(f'A= names "{mini.top}/noapp"', out)


@test
def a_kconfig_error_names_file_and_line():
    mini = Mini()
    mini.add("kiln/lib/one/Config.uk",
             'config LIBONE\n\tbool "one"\n\tsulect X\n')
    out = mini.fails("olddefconfig")
    expect_in("Kconfig error", out)
    expect_in("lib/one/Config.uk:3", out)


@test
def a_compiler_that_is_not_there_names_the_package():
    mini = Mini()
    out = mini.fails("CC=no-such-cc")
    expect_in('The compiler "no-such-cc"', out)
    expect_in("support/scripts/setup", out)


@test
def a_missing_cross_compiler_names_its_package():
    mini = Mini()
    out = mini.fails("CROSS_COMPILE=riscv64-linux-gnu-")
    expect_in("gcc-riscv64-linux-gnu", out)


@test
def a_source_that_is_not_there_names_the_makefile():
    mini = Mini()
    os.unlink(mini.root + "/lib/two/two.c")
    out = mini.fails()
    expect_in("lib/two/two.c, which does not exist", out)
    expect_in("lib/two/Makefile.uk", out)


@test
def an_image_without_a_platform_is_refused():
    mini = Mini()
    mini.add("app/.config", read(mini.app + "/.config")
             + "CONFIG_PLAT_KVM=n\n")
    expect_in("no platform is switched on", mini.fails())


@test
def an_unknown_verbosity_is_refused():
    expect_in("V=3 is not a verbosity", Mini().fails("V=3"))


@test
def a_library_registered_twice_names_both_places():
    mini = Mini()
    shutil.copytree(mini.root + "/lib/one", mini.root + "/lib/uno")
    mini.edit("kiln/lib/uno/Config.uk", "config ONE", "config UNO")
    out = mini.fails()
    expect_in("libone is registered twice", out)
    expect_in("/lib/uno", out)


@test
def an_image_that_cannot_fit_names_the_object():
    mini = Mini()
    mini.edit("kiln/lib/one/one.c", "int uk_one",
              "char uk_huge[1700u << 20];\nint uk_one")
    out = mini.fails()
    expect_in("Most is in libone", out)
    expect_in("uk_huge", out)


@test
def a_bad_defconfig_name_is_refused():
    mini = Mini()
    out = mini.fails("defconfig", env={"UK_DEFCONFIG": mini.top + "/nothing"})
    expect_in("there is no defconfig", out)


@test
def help_names_every_target_and_variable_of_the_interface():
    out = make(ROOT, "help")
    for word in ("menuconfig defconfig olddefconfig savedefconfig syncconfig "
                 "scriptconfig iscriptconfig dumpvarsconfig oldconfig "
                 "all images libs objs fetch prepare preprocess clean "
                 "clean-libs properclean distclean print-vars print-libs "
                 "print-srcs print-version help run debug size print-init "
                 "print-deps fetch-all fetch-list sbom "
                 "compile_commands.json demo test check soak bench "
                 "fuzz A= T= L= P= E= O= C= N= V= UK_DEFCONFIG UK_ARCHIVES "
                 "OFFLINE COMPILER CROSS_COMPILE").split():
        expect_in(word, out)


@test
def every_target_in_help_is_known():
    known = read(ROOT + "/support/build/goals.mk") \
        + read(ROOT + "/support/build/prints.mk") \
        + read(ROOT + "/support/build/main.mk") \
        + read(ROOT + "/support/build/image.mk") \
        + read(ROOT + "/support/build/source.mk") \
        + read(ROOT + "/support/build/clean.mk") \
        + read(ROOT + "/lib/syscall_shim/Makefile.uk")
    out = make(ROOT, "help")
    for line in out.split("\nVariables")[0].splitlines():
        if line.startswith("  ") and line[2] != " ":
            word = line.split()[0]
            expect(word in known, f"{word} is in help and nowhere else")


@test
def the_version_is_printed():
    expect_in("Kiln ", make(ROOT, "print-version"))


def fake_path(directory, **programs):
    """A PATH with only these shell scripts and what setup itself runs."""
    os.makedirs(directory)
    for name in ("bash", "sort", "cat", "uname", "env"):
        os.symlink(shutil.which(name), f"{directory}/{name}")
    for name, text in programs.items():
        path = f"{directory}/{name.replace('_', '-')}"
        write(path, f"#!{directory}/bash\n{text}\n")
        os.chmod(path, 0o755)
    return directory


def setup(path):
    run = subprocess.run(
        ["bash", ROOT + "/support/scripts/setup", "demo"], text=True,
        env={"PATH": path}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, check=False)
    return run.returncode, run.stdout


@test
def setup_lists_packages_where_there_is_no_apt():
    mini = Mini()
    status, out = setup(fake_path(mini.top + "/bin", id="echo 0"))
    expect(status == 1, str(status))
    expect_in("this system has no apt-get", out)
    expect_in("apt-get install --no-install-recommends", out)
    expect_in(" gcc ", out)


@test
def setup_does_not_become_root_without_a_terminal():
    mini = Mini()
    log = mini.top + "/log"
    status, out = setup(fake_path(
        mini.top + "/bin", id="echo 1000", apt_get=f'echo apt "$@" >>{log}',
        sudo=f'echo sudo "$@" >>{log}'))
    expect(status == 1, str(status))
    expect_in("no terminal to ask at", out)
    expect(not os.path.exists(log), "something was run")


@test
def setup_asks_at_a_terminal_before_it_becomes_root():
    for answer, becomes_root in (("\n", False), ("n\n", False),
                                 ("y\n", True)):
        mini = Mini()
        log = mini.top + "/log"
        path = fake_path(
            mini.top + "/bin", id="echo 1000",
            apt_get=f'echo apt "$@" >>{log}',
            sudo=f'echo sudo "$@" >>{log}; exec "$@"')
        with Terminal(["bash", ROOT + "/support/scripts/setup", "demo"],
                      env={"PATH": path}) as screen:
            screen.wait_for("missing packages: binutils gcc")
            screen.wait_for("install them with sudo apt-get? [y/N]")
            expect(not os.path.exists(log), "something was run unasked")
            screen.keys(answer)
            expect(screen.end() == 1, screen.text)
        expect(os.path.exists(log) == becomes_root, screen.text)
        if becomes_root:
            expect_in("sudo env DEBIAN_FRONTEND=noninteractive apt-get "
                      "install -y --no-install-recommends binutils", read(log))
            expect_in("still missing after apt-get", screen.text)
        else:
            expect_in("not installed, as you wish", screen.text)


@test
def setup_as_root_installs_by_name_and_looks_again():
    mini = Mini()
    log = mini.top + "/log"
    status, out = setup(fake_path(
        mini.top + "/bin", id="echo 0", apt_get=f'echo apt "$@" >>{log}'))
    text = read(log)
    expect_in("apt update", text)
    expect_in("apt install -y --no-install-recommends binutils gcc", text)
    expect(status == 1, "nothing was installed, yet it is content")
    expect_in("still missing after apt-get", out)


@test
def setup_says_nothing_when_nothing_is_missing():
    run = subprocess.run([ROOT + "/support/scripts/setup", "demo"], text=True,
                         stdout=subprocess.PIPE, check=False)
    expect(run.returncode == 0 and run.stdout == "", run.stdout)


@test
def a_missing_linker_names_its_package():
    out = Mini().fails("LD=no-such-ld")
    expect_in('The linker "no-such-ld"', out)
    expect_in("Install the package binutils", out)


if __name__ == "__main__":
    main()
