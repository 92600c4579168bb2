#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""An application tree made from the template, and the README's ways to it."""
import os
import re
import shutil
import subprocess

from enginetest import (ARCH, HELLO, ROOT, Mini, Place, _environment,
                        copy_of_the_tree, expect, expect_in, expect_not_in,
                        main, make, read, test, write)
from terminal import Terminal


class Template:
    """A Mini whose application has the template's Makefile."""

    def __init__(self, name="app"):
        self.mini = Mini()
        self.app = f"{self.mini.top}/{name}"
        if name != "app":
            os.rename(self.mini.app, self.app)
        shutil.copy(HELLO + "/Makefile", self.app)

    def make(self, *args, ok=True, env=None):
        """make, typed in the application's directory."""
        return make(".", f"UK_ROOT={self.mini.root}", *args, ok=ok, env=env,
                    cwd=self.app)

    def far(self, where):
        """An external library."""
        self.mini.library("far", 1, "", "int uk_far(void) { return 1; }\n",
                          where=where)


@test
def paths_on_the_command_line_are_seen_from_the_application():
    tree = Template()
    os.rename(tree.app + "/.config", tree.app + "/start")
    tree.far("ext")
    args = ("O=out/x", "C=conf/c", "L=../ext/far")
    tree.make(*args, "UK_DEFCONFIG=start", "defconfig")
    expect_in("libfar: far.c", tree.make(*args))
    expect(os.path.exists(f"{tree.app}/out/x/app_qemu-{ARCH}"), "no image")
    expect(os.path.exists(tree.app + "/conf/c"), "no configuration")
    tree.make(*args, "UK_DEFCONFIG=short", "savedefconfig")
    expect(os.path.exists(tree.app + "/short"), "no defconfig")
    expect(not os.path.exists(tree.mini.root + "/out"), "built inside Kiln")


@test
def libraries_of_the_command_line_stand_in_for_those_of_the_makefile():
    tree = Template()
    tree.far("ext")
    tree.mini.edit("app/Makefile", "export A",
                   "UK_LIBS := ../ext/far\nexport A")
    expect_in("libfar", tree.make("print-libs").splitlines())
    expect_not_in("libfar", tree.make("L=", "print-libs").splitlines())
    tree.mini.edit("app/Makefile", "../ext/far", "")
    expect_in("libfar",
              tree.make("L=../ext/far", "print-libs").splitlines())


@test
def goals_of_several_kinds_are_of_the_same_application():
    tree = Template()
    tree.make("properclean", "olddefconfig", "all")
    expect(os.path.exists(f"{tree.app}/build/app_qemu-{ARCH}"), "no image")


@test
def a_blank_in_the_path_of_the_application_is_named():
    tree = Template("my app")
    out = tree.make(ok=False)
    expect_in(f'"{tree.app}" has a blank in it', out)
    expect_in("Move the application", out)


@test
def a_directory_that_is_not_kiln_is_named():
    out = make(".", "UK_ROOT=/nowhere", ok=False, cwd=Template().app)
    expect_in("UK_ROOT=/nowhere is not Kiln", out)


def moved(tree, name, *args):
    """Copy the application, what was built included, and build there."""
    old, tree.app = tree.app, f"{tree.mini.top}/{name}"
    shutil.copytree(old, tree.app, symlinks=True)
    return tree.make(*args)


@test
def a_copy_with_its_build_directory_has_the_copys_name():
    for args, below in ((["T=tiny"], "build/tiny"), ([], "build")):
        tree = Template()
        write(tree.app + "/defconfigs/tiny", read(tree.app + "/.config"))
        tree.make(*args, "olddefconfig", "all")
        moved(tree, "second", *args)
        expect(os.path.exists(f"{tree.app}/{below}/second_qemu-{ARCH}"),
               " ".join(os.listdir(f"{tree.app}/{below}")))
        for config in (below + "/config",
                       below + "/.config" if args else ".config"):
            expect_in('CONFIG_UK_NAME="second"', read(f"{tree.app}/{config}"))
        # What is changed in the copy is what is built.
        write(tree.app + "/main.c", read(tree.app + "/main.c")
              .replace("uk_three()", "uk_three() + 1"))
        expect_in("main.c", tree.make(*args))


@test
def a_name_that_was_chosen_goes_along():
    tree = Template()
    write(tree.app + "/.config", read(tree.app + "/.config")
          + 'CONFIG_UK_NAME="chosen"\n')
    tree.make("olddefconfig", "all")
    moved(tree, "second")
    expect(os.path.exists(f"{tree.app}/build/chosen_qemu-{ARCH}"), "renamed")


@test
def a_menu_in_a_copy_does_not_bring_the_old_name_back():
    tree = Template()
    tree.make("olddefconfig", "all")
    moved(tree, "second", "help")
    with Terminal(["make", f"UK_ROOT={tree.mini.root}", "menuconfig"],
                  tree.app) as screen:
        screen.wait_for("configuration")
        screen.keys("q")
        expect(screen.end() == 0, screen.text[-1000:])
    expect_in('CONFIG_UK_NAME="second"', read(tree.app + "/.config"))


def blocks(path, heading):
    """The indented blocks of commands of one section."""
    text = read(path).split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return re.findall(r"(?:^    .*\n)+", text, re.M)


def typed(block, cwd, home, **env):
    """Type a block into a shell with a terminal; what the terminal showed."""
    script = "set -e\n" + "".join(line[4:] for line in
                                  block.splitlines(keepends=True))
    with Terminal(["bash", "-c", script], cwd, {
            "HOME": home, "XDG_CACHE_HOME": home + "/.cache", **env}) as screen:
        if "menuconfig" in block:
            screen.wait_for("configuration")
            screen.keys("q")
            screen.wait_for("Save configuration?")
            screen.keys("y")
        status = screen.end()
        expect(status == 0, f"ended with {status}:\n{screen.text[-3000:]}")
        return screen.text


def git_environment():
    """git takes a submodule from a directory, and knows who commits."""
    settings = {"protocol.file.allow": "always", "user.name": "t",
                "user.email": "t@t", "init.defaultBranch": "main"}
    env = {"GIT_CONFIG_COUNT": str(len(settings))}
    for n, (key, value) in enumerate(settings.items()):
        env[f"GIT_CONFIG_KEY_{n}"], env[f"GIT_CONFIG_VALUE_{n}"] = key, value
    return env


@test
def the_readmes_ways_to_an_application_end_with_a_greeting():
    with Place() as home:
        kiln, git = home + "/kiln", git_environment()
        copy_of_the_tree(kiln)
        subprocess.run("git init -q && git add -A && git commit -qm Kiln",
                       shell=True, check=True, cwd=kiln,
                       env=_environment(git))
        # As after `make demo`.
        make(kiln, f"A={kiln}/apps/helloworld", f"T=kvm-{ARCH}", "-j2")

        copy, submodule = blocks(ROOT + "/README.md",
                                 "An application of one's own")
        expect_in("Hello, world!", typed(copy, kiln, home))
        expect(os.path.exists(f"{home}/myapp/build/myapp_qemu-{ARCH}"),
               "the image has another name")

        app = home + "/repo"
        shutil.copytree(HELLO, app, ignore=shutil.ignore_patterns(
            "build", ".config*"))
        subprocess.run(["git", "init", "-q"], check=True, cwd=app,
                       env=_environment(git))
        address = "<address of Kiln>"
        expect_in(address, submodule)
        expect_in("Hello, world!", typed(submodule.replace(address, kiln),
                                         app, home, **git))
        left = subprocess.run(["git", "status", "--porcelain"], text=True,
                              check=True, cwd=app, env=_environment(git),
                              stdout=subprocess.PIPE).stdout
        expect_not_in("build", left)
        expect_not_in(".config", left)


@test
def the_commands_of_the_templates_readme_run():
    with Place() as home:
        kiln = home + "/kiln"
        copy_of_the_tree(kiln)
        text = read(HELLO + "/README.md")
        found = re.findall(r"(?:^    .*\n)+", text, re.M)
        expect(len(found) == 2, text)
        app = kiln + "/apps/helloworld"
        shown = typed(found[0], app, home)
        expect(shown.count("Hello, world!") == 3, shown)
        expect_in("one", typed(found[1], app, home))


if __name__ == "__main__":
    main()
