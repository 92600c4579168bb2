#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""UK_PROVIDED_SYSCALLS: what the headers hold, and what is refused."""
import os
import subprocess
import tempfile

from enginetest import ROOT, expect, expect_in, main, read, scratch_dir, test

SHIM = ROOT + "/lib/syscall_shim"
COMPILE = ["gcc", "-std=gnu11", "-ffreestanding", "-fno-builtin", "-Wall",
           "-Wextra", "-Werror", "-Wmissing-prototypes",
           "-I" + ROOT + "/include", "-I" + SHIM + "/include",
           "-I" + ROOT + "/arch/x86_64/include", "-c"]
WRITE = """
#include <uk/syscall.h>
UK_SYSCALL_R_DEFINE(long, write, int, fd, const void *, buf, unsigned long, len)
{
	return fd + (long)buf + (long)len;
}
"""


def generate(*words, arch="x86_64"):
    """Make the headers; returns their directory and the error text."""
    out = tempfile.mkdtemp(dir=scratch_dir())
    done = subprocess.run(
        [SHIM + "/gen_syscalls.py", "--abi", ROOT + "/include/uk/abi",
         "--arch", arch, "--out", out + "/uk/bits", *words],
        text=True, stderr=subprocess.PIPE, check=False)
    expect((done.returncode == 0) == (done.stderr == ""), done.stderr)
    return out, done.stderr


def header(out, name):
    return read(f"{out}/uk/bits/syscall_{name}.h")


def compiles(out, text, name="a", config="CONFIG_HAVE_CALL_COUNT"):
    """Compile @text with the headers; returns what the compiler said."""
    with open(f"{out}/uk/bits/config.h", "w", encoding="ascii") as made:
        made.write(f"#define {config} 1\n")
    with open(f"{out}/{name}.c", "w", encoding="ascii") as src:
        src.write(text)
    done = subprocess.run(COMPILE + ["-I" + out, "-o", f"{out}/{name}.o",
                                     f"{out}/{name}.c"], text=True,
                          stderr=subprocess.PIPE, check=False)
    return done.stderr


@test
def a_call_stated_twice_is_refused_by_name():
    expect_in("system call write is provided twice",
              generate("write-3", "read-3", "write-3")[1])


@test
def words_that_make_no_sense_are_refused():
    expect_in("'write' is not name-nargs", generate("write")[1])
    expect_in("Linux has no system call wrte", generate("wrte-3")[1])
    expect_in("at most 6 arguments", generate("mmap-7")[1])
    expect_in("'clone-5x' is not name-nargs", generate("clone-5x")[1])


@test
def numbers_are_those_of_the_architecture():
    x86, arm = generate()[0], generate(arch="arm64")[0]
    expect_in("#define SYS_write 1\n", header(x86, "nrs"))
    expect_in("#define SYS_write 64\n", header(arm, "nrs"))
    expect_in("#define __NR_exit_group 231\n", header(x86, "nrs2"))
    expect_in("#define __NR_exit_group 94\n", header(arm, "nrs2"))


@test
def a_call_the_architecture_lacks_has_a_prototype_and_no_number():
    out = generate("open-3", arch="arm64")[0]
    expect_in("long uk_syscall_r_open(long, long, long);",
              header(out, "provided"))
    for name in ("nrs", "nrs2", "map", "r_static", "static"):
        expect("open(" not in header(out, name), name)
    expect("SYS_open " not in header(out, "nrs"), "SYS_open")


@test
def two_definitions_of_one_call_do_not_link():
    out = generate("write-3")[0]
    for name, config in (("a", "CONFIG_HAVE_CALL_COUNT"), ("b", "OTHER")):
        said = compiles(out, WRITE, name, config)
        expect(said == "", said)
    done = subprocess.run(["ld", "-r", "-o", out + "/c.o", out + "/a.o",
                           out + "/b.o"], text=True, stderr=subprocess.PIPE,
                          check=False)
    expect(done.returncode != 0, "linked")
    expect_in("uk_syscall_r_write", done.stderr)


@test
def a_definition_nobody_stated_does_not_compile():
    expect_in("HAVE_uk_syscall_write",
              compiles(generate("read-3")[0], WRITE))


@test
def a_definition_with_other_arguments_does_not_compile():
    expect_in("uk_syscall_r_write",
              compiles(generate("write-2")[0], WRITE))


@test
def definitions_take_from_none_to_six_arguments():
    out = generate("getpid-0", "gettid-0", "mmap-6")[0]
    said = compiles(out, """
#include <uk/syscall.h>
UK_SYSCALL_R_DEFINE(int, getpid)
{
	return 1;
}
UK_LLSYSCALL_R_DEFINE(void *, mmap, void *, a, long, b, int, c, int, d, int,
		      e, long, f)
{
	return (char *)a + b + c + d + e + f;
}
UK_SYSCALL_R_LEAF_DEFINE(int, gettid)
{
	return 1;
}
long all(void);
long all(void)
{
	return uk_syscall_r_static(SYS_getpid) +
	       uk_syscall_r_static(SYS_mmap, 0, 1, 2, 3, 4, 5) +
	       uk_syscall_r_static(SYS_mmap, 0) + uk_syscall_r(SYS_getpid);
}
""")
    expect(said == "", said)


@test
def a_call_may_see_its_caller_s_registers():
    out = generate("clone-5e", "mmap-6u", "vfork-0e")[0]
    expect_in("X(56, uk_syscall_r_e_clone(env, a, b, c, d, e))",
              header(out, "map"))
    expect_in("UK_SYSCALL_THUNK(vfork)", header(out, "thunks"))
    said = compiles(out, """
#include <uk/syscall.h>
UK_SYSCALL_R_E_DEFINE(int, clone, unsigned long, a, void *, b, int *, c,
		      int *, d, unsigned long, e)
{
	return execenv && a && b && c && d && e;
}
UK_LLSYSCALL_R_U_DEFINE(long, mmap, long, a, long, b, long, c, long, d,
			long, e, long, f)
{
	return (long)&usc->regs + a + b + c + d + e + f;
}
UK_LLSYSCALL_R_E_DEFINE(int, vfork)
{
	return execenv == 0;
}
""")
    expect(said == "", said)


def table(*args):
    return subprocess.run(
        [SHIM + "/gen_syscalls.py", "--abi", ROOT + "/include/uk/abi",
         "--table", *args], text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, check=False).stdout


@test
def the_table_says_what_each_call_is_on_each_architecture():
    text = table("--lacks", "fcntl=record locks", "--lacks", "mmap=files",
                 "write-3", "open-3", "fcntl-3")
    expect_in("| call | x86_64 | arm64 | lacks |\n", text)
    expect_in("| write | full | full |  |\n", text)
    expect_in("| fcntl | partial | partial | record locks |\n", text)
    expect_in("| open | full | - |  |\n", text)
    # What it lacks is no news where it is not provided.
    expect_in("| mmap | no | no |  |\n", text)
    expect_in("x86_64: 2 full, 1 partial, ", text)
    expect_in("arm64: 1 full, 1 partial, ", text)


@test
def what_a_call_lacks_is_said_of_calls_and_in_words():
    expect_in("UK_SYSCALL_LACKS.fcntk: Linux has no system call fcntk",
              table("--lacks", "fcntk=locks", "fcntl-3"))
    expect_in("UK_SYSCALL_LACKS.fcntl does not say what",
              table("--lacks", "fcntl= ", "fcntl-3"))


@test
def a_header_that_would_be_the_same_is_not_touched():
    out = generate("write-3")[0]
    path = out + "/uk/bits/syscall_nrs.h"
    os.utime(path, (1, 1))
    subprocess.run([SHIM + "/gen_syscalls.py", "--abi",
                    ROOT + "/include/uk/abi", "--arch", "x86_64", "--out",
                    out + "/uk/bits", "read-3", "write-3"], check=True)
    expect(os.stat(path).st_mtime == 1, "written again")
    expect_in("uk_syscall_r_read(", header(out, "provided"))


if __name__ == "__main__":
    main()
