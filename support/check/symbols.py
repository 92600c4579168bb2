# SPDX-License-Identifier: BSD-3-Clause
"""What the objects show: exports, weak symbols, registers, thread-local
variables, libgcc, stack.

Looks at the libraries of the tests' image, in which every part is, for both
architectures: <lib>.ld.o, before what exportsyms.uk does not list is made
local. They are built where make test will find them; its cases and the image
itself are not needed.
"""

import concurrent.futures
import glob
import os
import re
import subprocess
import sys
import time

from checklib import ROOT, libraries, problem, read

sys.path.insert(0, os.path.join(ROOT, "support", "tests"))

from kilntest import core, images  # noqa: E402

IMAGE = "uktest"
BINUTILS = {"x86_64": "x86_64-linux-gnu-", "arm64": "aarch64-linux-gnu-"}
STACK_LIMIT = 8192

# Floating-point and vector registers as operands.
FP_REGISTER = {
    "x86_64": re.compile(r"%[xyz]mm\d|%st\b|%mm\d"),
    "arm64": re.compile(r"(?<![\w.])[vqdshb]\d+(?:\.\d*[bhsd])?(?![\w])"),
}
# x87 instructions, which name no register where they load and store; those of
# control words are for switches.
X87 = re.compile(r"f(?!s$|wait|ldcw|n?stcw|ninit)[a-z]")
# Saving the FPU's state is what the architecture's file is for.
FP_ALLOWED = re.compile(r"(^|_)(fpu|fpsimd|ectx|switch_fp)")
# libgcc: integer helpers only.
FLOAT_HELPER = re.compile(r"^__\w*?(?:[sdxth]f|tf)(?:[23]|[sdt]i)?\w*$")
OUTLINE_ATOMIC = re.compile(r"^__aarch64_(?:cas|swp|ld)")


def tool(arch, name, *args):
    return subprocess.run([BINUTILS[arch] + name] + list(args), text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                          check=False, errors="replace").stdout


def symbols(arch, path):
    """[(name, kind)] of the global symbols."""
    found = []
    for line in tool(arch, "nm", "-g", path).split("\n"):
        m = re.match(r"^(?:[0-9a-f]+)?\s+(\w) (\S+)$", line)
        if m:
            found.append((m.group(2), m.group(1)))
    return found


def exports_of(lib):
    path = os.path.join(lib.dir, "exportsyms.uk")
    if not os.path.exists(os.path.join(ROOT, path)):
        return None
    return {word for line in read(path).split("\n")
            for word in line.split("#")[0].split()}


def check_library(arch, lib, path, defined):
    for name, kind in symbols(arch, path):
        if kind in "wWvV":
            problem(lib.makefile, 0, "%s (%s): %s is a weak symbol"
                    % (lib.name, arch, name))
        elif kind == "U":
            if FLOAT_HELPER.match(name) or OUTLINE_ATOMIC.match(name):
                problem(lib.makefile, 0, "%s (%s) needs %s of libgcc"
                        % (lib.name, arch, name))
        else:
            defined.setdefault(lib.dir, set()).add(name)


def check_exports(libs, defined):
    """What is not listed the build has made local; the other way round: what
    is listed exists.
    """
    for lib in libs.values():
        have = defined.get(lib.dir)
        listed = exports_of(lib)
        if have is None or listed is None:
            continue
        for symbol in sorted(listed - have):
            problem(os.path.join(lib.dir, "exportsyms.uk"), 0,
                    "%s is listed and defined on no architecture" % symbol)


def check_registers(arch, lib, path):
    """General registers only, from the disassembly."""
    function = "?"
    for line in tool(arch, "objdump", "-d", "--no-show-raw-insn",
                     path).split("\n"):
        m = re.match(r"^[0-9a-f]+ <(.+)>:$", line)
        if m:
            function = m.group(1)
            continue
        m = re.match(r"^\s+[0-9a-f]+:\s+(\S+)\s*([^<#/]*)", line)
        if not m or FP_ALLOWED.search(function):
            continue
        mnemonic, operands = m.groups()
        if arch == "arm64" and re.match(r"(b|bl|cb|tb|adr)", mnemonic):
            continue
        if FP_REGISTER[arch].search(operands) or \
                (arch == "x86_64" and X87.match(mnemonic)):
            problem(lib.makefile, 0, "%s (%s): %s uses %s %s" % (
                lib.name, arch, function, mnemonic, operands.strip()))


def check_thread_local(arch, lib, path):
    """The thread pointer is the application's and its libc's."""
    for line in tool(arch, "readelf", "-sW", path).split("\n"):
        words = line.split()
        if len(words) > 7 and words[3] == "TLS":
            problem(lib.makefile, 0, "%s (%s): %s is a thread-local variable"
                    % (lib.name, arch, words[7]))


def frames(directory):
    """{function: bytes} from the compiler's .su files."""
    found = {}
    for path in glob.glob(os.path.join(directory, "**", "*.su"),
                          recursive=True):
        with open(path, encoding="utf-8", errors="replace") as f:
            for line in f:
                where, size, kind = line.rstrip("\n").split("\t")
                name = where.split(":")[-1]
                found[name] = max(found.get(name, 0), int(size))
                if "dynamic" in kind and "bounded" not in kind:
                    found[name] = STACK_LIMIT * 2
    return found


def calls(arch, path):
    """{function: set of functions it calls directly}"""
    graph = {}
    function = None
    for line in tool(arch, "objdump", "-d", "-r", "--no-show-raw-insn",
                     path).split("\n"):
        m = re.match(r"^[0-9a-f]+ <(.+)>:$", line)
        if m:
            function = m.group(1)
            graph.setdefault(function, set())
            continue
        m = re.search(r"(?:R_X86_64_PLT32|R_X86_64_PC32|R_AARCH64_CALL26|"
                      r"R_AARCH64_JUMP26)\s+([\w.$]+)", line) or \
            re.search(r"\b(?:callq?|bl|jmpq?|b)\s+[0-9a-f]+ <([\w.$]+)>", line)
        if m and function and m.group(1) != function:
            graph[function].add(m.group(1))
    return graph


def deepest(graph, frame):
    """{function: (bytes to its deepest leaf, next on that way)}.

    A loop of calls counts once: recursion is bounded by other means or a
    mistake that a test must find.
    """
    depth = {}
    open_ = set()

    def visit(name):
        if name in depth:
            return depth[name][0]
        if name in open_:
            return 0
        open_.add(name)
        best, via = 0, None
        for callee in graph.get(name, ()):
            below = visit(callee)
            if below > best:
                best, via = below, callee
        open_.discard(name)
        # The return address on x86_64; the saved pair is in arm64's frame.
        depth[name] = (frame.get(name, 0) + 8 + best, via)
        return depth[name][0]

    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(20000)
    for name in list(graph):
        visit(name)
    sys.setrecursionlimit(limit)
    return depth


def check_stack(arch, libs, out):
    graph, frame, owner = {}, {}, {}
    for lib in libs.values():
        path = os.path.join(out, lib.name + ".ld.o")
        if lib.level > 3 or not os.path.exists(path):
            continue
        for name, callees in calls(arch, path).items():
            graph.setdefault(name, set()).update(callees)
            owner.setdefault(name, lib)
        frame.update(frames(os.path.join(out, lib.name)))
    if not frame:
        problem("support/check/symbols.py", 0,
                "no .su files below %s: -fstack-usage was lost" % out)
    depth = deepest(graph, frame)
    for name, (size, _) in sorted(depth.items()):
        if size > STACK_LIMIT and name in owner and \
                not name.startswith(("uk_test_", "uktest_")):
            chain, at = [name], depth[name][1]
            while at and at in depth and len(chain) < 20:
                chain.append(at)
                at = depth[at][1]
            problem(owner[name].makefile, 0, "%s: %d bytes of stack, %d are "
                    "allowed (%s)" % (name, size, STACK_LIMIT,
                                      " > ".join(chain)))


def look(arch, out):
    libs = libraries(arch)
    defined = {}
    for lib in libs.values():
        path = os.path.join(out, lib.name + ".ld.o")
        if lib.level > 3 or not os.path.exists(path):
            continue
        check_library(arch, lib, path, defined)
        check_registers(arch, lib, path)
        check_thread_local(arch, lib, path)
    check_stack(arch, libs, out)
    return defined


def build(built, arch):
    start = time.monotonic()
    print("check symbols: building the libraries for " + arch, flush=True)
    try:
        count = built.build_libraries(IMAGE, arch, os.cpu_count())
        print("check symbols: %d of them in %.1fs"
              % (count, time.monotonic() - start), flush=True)
    except core.Failure as e:
        problem("support/tests/image", 0, "does not build for %s:\n%s"
                % (arch, e))
        return None
    return built.dir(IMAGE, arch)


def run():
    built = images.Images(ROOT, images.claim_default(ROOT))
    outs = {arch: build(built, arch) for arch in BINUTILS}
    if not all(outs.values()):
        return
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        found = list(pool.map(look, outs.keys(), outs.values()))
    defined = {}
    for part in found:
        for name, have in part.items():
            defined.setdefault(name, set()).update(have)
    if not defined:
        problem("support/check/symbols.py", 0, "found no object to look at")
    check_exports(libraries(), defined)
