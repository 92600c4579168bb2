#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The targets that make, change and show a configuration."""
import os
import subprocess

from enginetest import (Mini, _environment, expect, expect_in, expect_not_in,
                        main, read, test, write)
from terminal import Terminal


def with_options():
    """A Mini whose application has three options, of which .config says
    none."""
    mini = Mini()
    mini.add("app/Config.uk", 'config FIRST\n\tbool "first"\n'
             'config SECOND\n\tint "second"\n\trange 1 9\n\tdefault 3\n'
             '\tdepends on FIRST\nconfig THIRD\n\tbool "third"\n'
             "\tdefault y\n")
    mini.make("olddefconfig")
    text = read(mini.app + "/.config")
    for name in ("# CONFIG_FIRST is not set\n", "CONFIG_THIRD=y\n"):
        expect_in(name, text)
        text = text.replace(name, "")
    mini.add("app/.config", text)
    return mini


@test
def oldconfig_asks_for_what_is_new_and_for_what_answers_bring():
    mini = with_options()
    with Terminal(["make", "-C", mini.root, f"A={mini.app}",
                   "oldconfig"]) as screen:
        screen.wait_for("first (")
        screen.keys("y\n")
        screen.wait_for("second (")
        screen.keys("7\n")
        screen.wait_for("third (")
        screen.keys("n\n")
        expect(screen.end() == 0, screen.text)
        expect_not_in("value of one", screen.text)
    text = read(mini.app + "/.config")
    for line in ("CONFIG_FIRST=y\n", "CONFIG_SECOND=7\n",
                 "# CONFIG_THIRD is not set\n"):
        expect_in(line, text)


@test
def oldconfig_that_nobody_answers_says_what_to_do():
    mini = with_options()
    before = read(mini.app + "/.config")
    out = mini.fails("oldconfig")
    expect_in("oldconfig has a question and nobody answers", out)
    expect_in("make olddefconfig", out)
    expect(read(mini.app + "/.config") == before, "changed all the same")
    mini.make("olddefconfig")
    mini.make("oldconfig")


@test
def everything_and_nothing_keep_what_is_held():
    mini = with_options()
    write(mini.top + "/hold", "# CONFIG_THIRD is not set\nCONFIG_LIBONE=y\n"
          "CONFIG_SECOND=9\n")
    hold = {"KCONFIG_ALLCONFIG": mini.top + "/hold"}
    for goal, env, lines in (
            ("allyesconfig", {}, ("CONFIG_FIRST=y", "CONFIG_SECOND=3",
                                  "CONFIG_THIRD=y", "CONFIG_LIBONE=y")),
            ("allyesconfig", hold, ("CONFIG_FIRST=y", "CONFIG_SECOND=9",
                                    "# CONFIG_THIRD is not set")),
            ("allnoconfig", {}, ("# CONFIG_FIRST is not set",
                                 "# CONFIG_THIRD is not set",
                                 "# CONFIG_LIBONE is not set")),
            ("allnoconfig", hold, ("# CONFIG_FIRST is not set",
                                   "CONFIG_LIBONE=y"))):
        mini.make(goal, env=env)
        text = read(mini.app + "/.config").splitlines()
        for line in lines:
            expect(line in text, f"{goal} {env}: no {line}")
        out = mini.make("olddefconfig")
        expect(out == "", f"{goal} is not what Kconfig would write: {out}")


@test
def a_script_of_kconfiglibs_kind_gets_its_arguments():
    mini = Mini()
    write(mini.top + "/tools/helper.py", "WORD = 'helped'\n")
    write(mini.top + "/tools/look.py", "import sys, kconfiglib, helper\n"
          "if __name__ == '__main__':\n"
          "    tree = kconfiglib.Kconfig(sys.argv[1])\n"
          "    tree.load_config()\n"
          "    print(helper.WORD, len(sys.argv), sys.argv[2:],\n"
          "          tree.syms['ONE'].str_value, kconf is not tree)\n")
    mini.add("app/.config", read(mini.app + "/.config") + "CONFIG_ONE=5\n")
    goal = ("scriptconfig", f"SCRIPT={mini.top}/tools/look.py")
    expect_in("helped 2 [] 5 True", mini.make(*goal))
    expect_in("helped 3 ['a b'] 5 True", mini.make(*goal, "SCRIPT_ARG=a b"))


@test
def a_script_that_is_not_there_or_fails_ends_the_make():
    mini = Mini()
    expect_in("make scriptconfig SCRIPT=<file>", mini.fails("scriptconfig"))
    expect_in(f"no script {mini.top}/none.py", mini.fails(
        "scriptconfig", f"SCRIPT={mini.top}/none.py"))
    write(mini.top + "/bad.py", "raise ValueError('of its own')\n")
    expect_in("ValueError: of its own", mini.fails(
        "scriptconfig", f"SCRIPT={mini.top}/bad.py"))
    write(mini.top + "/exit.py", "import sys\nsys.exit(3)\n")
    mini.fails("scriptconfig", f"SCRIPT={mini.top}/exit.py")


@test
def python_can_be_asked_about_the_tree():
    mini = Mini()
    mini.add("app/.config", read(mini.app + "/.config") + "CONFIG_ONE=6\n")
    with Terminal(["make", "-C", mini.root, f"A={mini.app}",
                   "iscriptconfig"]) as screen:
        screen.wait_for("kconf is the tree")
        screen.wait_for(">>> ")
        screen.keys("'one', kconf.syms['ONE'].str_value\n")
        screen.wait_for("('one', '6')")
        # Between prompts the terminal makes of Ctrl-D a NUL, no end.
        screen.wait_for(">>> ")
        screen.keys("\x04")
        expect(screen.end() == 0, screen.text)


@test
def what_config_files_read_from_the_environment_is_shown_for_a_shell():
    mini = Mini()
    mini.add("app/Config.uk", 'config SAY\n\tstring\n\tdefault "$(SAY_IT)"\n')
    out = mini.make("dumpvarsconfig", env={"SAY_IT": "it's a $word"})
    shown = subprocess.run(
        ["bash", "-c", f"{out}\nprintf '%s|' \"$SAY_IT\" \"$KCONFIG_DIR\""],
        text=True, check=True, stdout=subprocess.PIPE,
        env=_environment({"SAY_IT": ""})).stdout
    expect(shown == f"it's a $word|{mini.out}/kconfig|", shown)
    expect_not_in("\nHOME=", "\n" + out)


TK = """class TclError(Exception):
    pass
"""


@test
def a_window_that_cannot_be_opened_leads_to_the_menu():
    mini = Mini()
    for goal in ("guiconfig", "xconfig", "gconfig"):
        write(mini.top + f"/{goal}-none/tkinter.py", "raise ImportError\n")
        write(mini.top + f"/{goal}-dark/tkinter.py", TK)
        write(mini.top + f"/{goal}-dark/guiconfig.py",
              "import tkinter\ndef menuconfig(kconf):\n"
              "    raise tkinter.TclError('no display name')\n")
        for kind, text in (("none", "install the package python3-tk"),
                           ("dark", "guiconfig: no display name")):
            out = mini.fails(goal, env={
                "PYTHONPATH": f"{mini.top}/{goal}-{kind}"})
            expect_in(text, out)
            expect_in("make menuconfig", out)


@test
def a_window_gets_the_tree():
    mini = Mini()
    write(mini.top + "/tk/tkinter.py", TK)
    write(mini.top + "/tk/guiconfig.py", "def menuconfig(kconf):\n"
          "    print('window', kconf.syms['ONE'].str_value)\n")
    mini.add("app/.config", read(mini.app + "/.config") + "CONFIG_ONE=8\n")
    mini.make("olddefconfig")
    expect_in("window 8", mini.make("guiconfig", env={
        "PYTHONPATH": mini.top + "/tk"}))


@test
def the_other_names_of_the_menu_lead_to_it():
    mini = Mini()
    for goal in ("menuconfig", "nconfig", "kmenuconfig", "ukconfig", "config"):
        expect_in("menuconfig needs a terminal", mini.fails(goal))


@test
def what_the_build_reads_is_written_under_both_names():
    for goal in ("syncconfig", "silentoldconfig"):
        mini = Mini()
        mini.make(goal)
        expect(os.path.exists(mini.out + "/kconfig/auto.conf"), goal)


@test
def a_target_that_cannot_be_says_what_to_do_instead():
    out = Mini().fails("scriptsyncconfig")
    expect_in("make scriptconfig SCRIPT=<file>", out)
    expect_in("make syncconfig", out)


@test
def each_target_of_the_interface_is_known():
    mini = Mini()
    goals = read(mini.root + "/support/build/goals.mk").split()
    for goal in ("menuconfig nconfig xconfig gconfig config oldconfig "
                 "olddefconfig defconfig savedefconfig syncconfig randconfig "
                 "allyesconfig allnoconfig kmenuconfig guiconfig scriptconfig "
                 "iscriptconfig scriptsyncconfig dumpvarsconfig").split():
        expect(goal in goals, goal)


if __name__ == "__main__":
    main()
