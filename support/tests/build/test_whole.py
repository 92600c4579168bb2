#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""The engine on the whole tree: a program as its user builds it."""
import os
import shutil
import socket
import subprocess
import threading
import time

from enginetest import (ARCH, HELLO, ROOT, SOAK, Place, compiled,
                        copy_of_the_tree, expect, expect_in, main, make, read,
                        test, write)
from terminal import Terminal

def bytes_of(path):
    with open(path, "rb") as src:
        return src.read()


def hello(root, out, *args, arch=ARCH, app=None):
    app = app or root + "/apps/helloworld"
    return make(root, f"A={app}", f"T=kvm-{arch}", f"O={out}", "-j2", *args)


@test
def a_build_in_another_directory_is_bit_identical():
    with Place() as top:
        copy_of_the_tree(top + "/a")
        shutil.copytree(top + "/a", top + "/b/much/deeper/place")
        hello(top + "/a", top + "/o1")
        hello(top + "/b/much/deeper/place", top + "/x/y/o2")
        name = f"helloworld_qemu-{ARCH}"
        for suffix in ("", ".dbg"):
            expect(bytes_of(f"{top}/o1/{name}{suffix}")
                   == bytes_of(f"{top}/x/y/o2/{name}{suffix}"),
                   f"{name}{suffix} differs")


@test
def make_run_ends_well_only_if_the_guest_does_and_tells_its_status():
    with Place() as top:
        shutil.copytree(HELLO, top + "/app", ignore=shutil.ignore_patterns(
            "build", ".config*"))
        path = f"{top}/app/defconfigs/kvm-{ARCH}"
        for status in (0, 7, 134):
            write(path, read(f"{HELLO}/defconfigs/kvm-{ARCH}")
                  + f"CONFIG_APPHELLOWORLD_STATUS={status}\n")
            goals = ("defconfig", "run", "ARGS=--mem 32M -- extra")
            out = make(ROOT, f"A={top}/app", f"T=kvm-{ARCH}", f"O={top}/o",
                       *goals, ok=status == 0)
            expect_in("argument: extra", out)
            expect_in(f"guest exit status {status}\n", out)
        # No guest has run, so it has no status.
        out = make(ROOT, f"A={top}/app", f"T=kvm-{ARCH}", f"O={top}/o",
                   "run", "ARGS=--mem 64k", ok=False)
        expect_in("takes at least", out)
        expect("guest exit status" not in out, out)


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def attach_and_continue(port, said):
    """Be gdb: ask why the guest stands still, and let it go on."""
    until = time.monotonic() + 120
    while True:
        try:
            s = socket.create_connection(("127.0.0.1", port), timeout=20)
            break
        except OSError:
            if time.monotonic() > until:
                return
            time.sleep(0.1)
    with s:
        s.sendall(b"+$?#3f")
        while b"#" not in said:
            said += s.recv(1) or b"end#"
        s.sendall(b"+$c#63")
        while s.recv(4096):
            pass


@test
def make_debug_waits_for_gdb_and_the_guest_then_goes_on():
    port, said = free_port(), bytearray()
    gdb = threading.Thread(target=attach_and_continue, args=(port, said),
                           daemon=True)
    with Place() as top:
        hello(ROOT, top + "/o")
        gdb.start()
        out = hello(ROOT, top + "/o", "debug", f"ARGS=--gdb-port {port}")
        gdb.join(20)
    expect(said.startswith(b"+$T05"), str(said))
    expect_in(f"target remote :{port}", out)
    expect_in("Hello", out)


@test
def many_jobs_from_clean_build_every_time():
    with Place() as top:
        name = f"{top}/o/helloworld_qemu-{ARCH}"
        wanted = None
        for _ in range(20 if SOAK else 1):
            hello(ROOT, top + "/o", "-j16")
            expect(wanted in (None, bytes_of(name)), "differs")
            wanted = bytes_of(name)
            expect(compiled(hello(ROOT, top + "/o", "-j16")) == [],
                   "not complete")
            hello(ROOT, top + "/o", "properclean")


@test
def clang_builds_both_architectures_without_a_warning():
    for arch in ("x86_64", "arm64"):
        with Place() as top:
            out = hello(ROOT, top + "/o", "COMPILER=clang", arch=arch)
            expect("warning" not in out, out)


@test
def link_time_optimisation_keeps_the_boot_order():
    with Place() as top:
        orders = []
        for option in ("n", "y"):
            config = top + "/" + option
            write(config, f"CONFIG_PLAT_KVM=y\nCONFIG_OPTIMIZE_LTO={option}\n"
                  + read(f"{HELLO}/defconfigs/kvm-{ARCH}"))
            args = [f"A={HELLO}", f"O={top}/o{option}",
                    f"C={top}/o{option}/.config"]
            make(ROOT, *args, "defconfig", f"UK_DEFCONFIG={config}")
            make(ROOT, *args, "-j2")
            orders.append(make(ROOT, *args, "print-init"))
        expect(orders[0] == orders[1], "\n".join(orders))
        expect_in("EARLY", orders[0])


@test
def stack_depths_of_the_core_stay_in_their_limit():
    with Place() as top:
        out = hello(ROOT, top + "/o", "STACK_USAGE=1", "print-stack")
        expect_in("uk_boot", out)


@test
def an_application_repository_with_kiln_as_submodule_builds():
    with Place() as top:
        origin, app = top + "/kiln.git", top + "/app"
        copy_of_the_tree(origin)

        def git(where, *args):
            subprocess.run(["git", "-C", where, "-c", "user.name=t", "-c",
                            "user.email=t@t", "-c",
                            "protocol.file.allow=always", *args], check=True,
                           stdout=subprocess.DEVNULL)
        git(origin, "init", "-q", "-b", "main")
        git(origin, "add", "-A")
        git(origin, "commit", "-qm", "Kiln")
        shutil.copytree(HELLO, app, ignore=shutil.ignore_patterns(
            "build", ".config*"))
        git(app, "init", "-q", "-b", "main")
        git(app, "submodule", "-q", "add", origin, "kiln")
        out = subprocess.run(
            ["make", f"T=kvm-{ARCH}", "-j2"], cwd=app, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
            env={k: v for k, v in os.environ.items()
                 if k not in ("O", "MAKEFLAGS")})
        expect(out.returncode == 0, out.stdout)
        image = f"{app}/build/kvm-{ARCH}/app_qemu-{ARCH}"
        expect(os.path.exists(image), out.stdout)
        status = subprocess.run(["git", "-C", app + "/kiln", "status",
                                 "--porcelain"], text=True, check=True,
                                stdout=subprocess.PIPE).stdout
        expect(status == "", f"the submodule was written to: {status}")


@test
def menuconfig_in_an_application_changes_what_the_image_says():
    with Place() as top:
        app = top + "/greeter"
        shutil.copytree(HELLO, app, ignore=shutil.ignore_patterns(
            "build", ".config*"))
        with Terminal(["make", "-C", app, f"UK_ROOT={ROOT}",
                       "menuconfig"]) as screen:
            screen.wait_for("configuration")
            screen.keys("/")
            screen.wait_for("Jump to symbol")
            screen.keys("APPHELLOWORLD_GREETING")
            screen.wait_for("APPHELLOWORLD_GREETING(")
            screen.keys("\n")
            screen.wait_for("Hello, world!")
            screen.keys("\n")
            screen.wait_for("(string)")
            screen.keys("\x7f" * 20 + "Chosen by keys\n")
            screen.wait_for("keys")
            screen.keys("q")
            screen.wait_for("Save configuration")
            screen.keys("y")
            expect(screen.end() == 0, screen.text[-1000:])
        expect_in('GREETING="Chosen by keys"', read(app + "/.config"))
        run = subprocess.run(["make", "-C", app, f"UK_ROOT={ROOT}", "-j2"],
                             text=True, stdout=subprocess.PIPE, check=False,
                             stderr=subprocess.STDOUT,
                             env={k: v for k, v in os.environ.items()
                                  if k not in ("O", "MAKEFLAGS")})
        expect(run.returncode == 0, run.stdout)
        image = f"{app}/build/greeter_qemu-{ARCH}"
        expect(b"Chosen by keys\0" in bytes_of(image), "not in the image")


@test
def each_option_of_the_build_menu_links_an_image():
    options = ["OPTIMIZE_NONE=y", "OPTIMIZE_SIZE=y", "OPTIMIZE_DEADELIM=n",
               "WERROR=y", "DEBUG_SYMBOLS_LVL0=y"]
    for option in options if SOAK else options[:2]:
        with Place() as top:
            config = read(f"{HELLO}/defconfigs/kvm-{ARCH}") \
                + f"CONFIG_{option}\n"
            write(top + "/dc", config)
            args = [f"A={HELLO}", f"O={top}/o", f"C={top}/o/.config", "-j2"]
            out = make(ROOT, *args, "defconfig", f"UK_DEFCONFIG={top}/dc")
            expect("no effect" not in out, out)
            make(ROOT, *args)


if __name__ == "__main__":
    main()
