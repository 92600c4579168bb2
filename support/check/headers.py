# SPDX-License-Identifier: BSD-3-Clause
"""Each public header compiles alone: both compilers, both architectures."""

import concurrent.futures
import os
import re
import shutil
import subprocess
import tempfile

from checklib import ROOT, closure, files, libraries, make, problem

COMPILERS = {
    "gcc x86_64": (["gcc"], "x86_64"),
    "gcc arm64": (["aarch64-linux-gnu-gcc"], "arm64"),
    "clang x86_64": (["clang", "--target=x86_64-linux-gnu"], "x86_64"),
    "clang arm64": (["clang", "--target=aarch64-linux-gnu"], "arm64"),
}
FLAGS = ["-std=gnu11", "-ffreestanding", "-nostdinc", "-fsyntax-only",
         "-Wall", "-Wextra", "-Werror", "-Wstrict-prototypes", "-Wundef",
         "-Wmissing-prototypes", "-D__LIBNAME__=check", "-D_LIBC_LIMITS_H_"]

def public_headers():
    """(path, name to include, directory, library or None)"""
    libs = libraries()
    for path in files(".h"):
        if "/bits/" in path:
            continue
        m = re.match(r"(.*\binclude)/(.*)$", path)
        if not m:
            continue
        if m.group(1) == "include":
            yield path, m.group(2), m.group(1), None, libs
            continue
        for lib in libs.values():
            if m.group(1) == lib.dir + "/include":
                yield path, m.group(2), m.group(1), lib, libs


def compile_alone(job):
    path, argv = job
    done = subprocess.run(argv, cwd=ROOT, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    return path, done.returncode, done.stdout


def jobs(config):
    builtin = {}
    for name, (cc, _) in COMPILERS.items():
        if shutil.which(cc[0]):
            builtin[name] = subprocess.run(
                cc + ["-print-file-name=include"], stdout=subprocess.PIPE,
                text=True, check=True).stdout.strip()
        else:
            problem("support/check/headers.py", 0,
                    cc[0] + " is not installed")
    for path, header, directory, lib, libs in public_headers():
        dirs = [directory, "include"]
        if lib:
            dirs += [libs[n].dir + "/include"
                     for n in sorted(closure(libs, lib.name))]
        for name, inc in builtin.items():
            cc, arch = COMPILERS[name]
            argv = cc + FLAGS + ["-isystem", inc,
                                 "-I", "%s/%s/include" % (config, arch),
                                 "-I", "arch/%s/include" % arch]
            for d in dirs:
                argv += ["-I", d]
            yield path, argv + ["-include", header, "-x", "c", "/dev/null"]


def run():
    with tempfile.TemporaryDirectory(prefix="kiln-check-") as tmp:
        for arch in ("x86_64", "arm64"):
            done = make(os.path.join(tmp, arch), "defconfig", "syncconfig",
                        arch=arch)
            if done.returncode:
                problem("Config.uk", 0, "no configuration for %s: %s"
                        % (arch, done.stdout))
                return
            subprocess.run(
                ["lib/syscall_shim/gen_syscalls.py", "--arch", arch,
                 "--abi", "include/uk/abi", "--out",
                 os.path.join(tmp, arch, "include/uk/bits"), "write-3"],
                cwd=ROOT, check=True)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            for path, status, out in pool.map(compile_alone, jobs(tmp)):
                if status:
                    first = next((line for line in out.split("\n")
                                  if "error" in line), out[:200])
                    problem(path, 0, "does not compile alone: " + first)
