#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Make the headers <uk/bits/syscall_*.h> of one image.

    gen_syscalls.py --abi DIR --arch ARCH --out DIR [--symbols FILE]
                    [--lacks NAME=WORDS]... NAME-NARGS...
    gen_syscalls.py --abi DIR --table [--lacks NAME=WORDS]... NAME-NARGS...

DIR/ARCH/syscall_nr.h has the architecture's `#define __NR_x N` lines, each
NAME-NARGS is one word of UK_PROVIDED_SYSCALLS, with a suffix e (or u) for a
call that sees its caller's registers. A call that only another architecture
has gets its prototype but no place in the tables. A header whose
text would stay the same is not touched, so nothing is compiled again for it.
With --table it prints instead what Linux's calls are here, by architecture:
full, partial, no, or - where the architecture has no such call. A call is
partial by what --lacks says of it (UK_SYSCALL_LACKS.name in a Makefile.uk).

Exit status 1 and one line on standard error for words that make no sense.
"""

import argparse
import collections
import glob
import os
import re
import sys

HEAD = """\
/* SPDX-License-Identifier: BSD-3-Clause */
/* Made by lib/syscall_shim/gen_syscalls.py: changes are lost. */
#pragma once

"""
MAX_ARGS = 6
LETTERS = "abcdef"


# What is said of a call: its arguments, and whether it sees its caller's
# registers (its environment).
Call = collections.namedtuple("Call", "nargs env")


class BadInput(Exception):
    """What the user has to change, in words."""


def number_file(abi, arch):
    return os.path.join(abi, arch, "syscall_nr.h")


def read_numbers(path):
    """Return {name: number} of a header of plain defines."""
    numbers = {}
    with open(path, encoding="ascii") as header:
        for line in header:
            match = re.fullmatch(r"#define __NR_(\w+)\s+(\d+)\s*", line)
            if match:
                numbers[match[1]] = int(match[2])
    if not numbers:
        raise BadInput(f"{path}: no line '#define __NR_name number'")
    return numbers


def read_provided(words, known):
    """Return {name: Call} of the words of UK_PROVIDED_SYSCALLS.

    @known are the names that some architecture has.
    """
    provided = {}
    for word in words:
        match = re.fullmatch(r"([a-z_]\w*)-(\d+)([ue]?)", word)
        if not match:
            raise BadInput(f"'{word}' is not name-nargs, as in write-3")
        name, nargs = match[1], int(match[2])
        if name not in known:
            raise BadInput(f"'{word}': Linux has no system call {name}")
        if nargs > MAX_ARGS:
            raise BadInput(f"'{word}': a system call has at most {MAX_ARGS} "
                           "arguments")
        if name in provided:
            raise BadInput(f"system call {name} is provided twice; one "
                           "library has to give it up")
        provided[name] = Call(nargs, bool(match[3]))
    return provided


def nrs(numbers, prefix):
    return "".join(f"#define {prefix}{name} {nr}\n"
                   for name, nr in by_number(numbers))


def by_number(numbers):
    return sorted(numbers.items(), key=lambda item: item[1])


def provided_header(provided):
    lines = []
    for name, call in sorted(provided.items()):
        params = ", ".join(["long"] * call.nargs) or "void"
        env = ", ".join(["long"] * (call.nargs + 1))
        lines.append(f"#define HAVE_uk_syscall_{name} 1\n"
                     f"long uk_syscall_r_{name}({params});\n"
                     + (f"long uk_syscall_r_e_{name}({env});\n"
                        if call.env else "") +
                     f"#define uk_syscall_e_{name}(...) \\\n"
                     f"\tuk_syscall_to_errno(uk_syscall_r_{name}"
                     "(__VA_ARGS__))\n")
    return "\n".join(lines)


def ids_header(provided):
    """Numbers without gaps, the same on each architecture."""
    names = sorted(provided)
    lines = [f"#define UK_SYSCALL_ID_{name} {i}\n"
             for i, name in enumerate(names)]
    body = "".join(f" \\\n\tX({name}, {provided[name].nargs})"
                   for name in names)
    return ("".join(lines) + f"#define UK_SYSCALL_NIDS {len(names)}\n"
            "/* X(name, arguments) for each, in order. */\n"
            f"#define UK_SYSCALL_IDS(X){body}\n")


def stubs_header(numbers, provided):
    lines = []
    for name, nr in by_number(numbers):
        if name not in provided:
            lines.append(f"#define uk_syscall_r_{name}(...) \\\n"
                         f"\tuk_syscall_r_nosys({nr}, ##__VA_ARGS__)\n"
                         f"#define uk_syscall_e_{name}(...) \\\n"
                         f"\tuk_syscall_to_errno(uk_syscall_r_nosys({nr}, "
                         "##__VA_ARGS__))\n")
    return "".join(lines)


def map_header(numbers, provided):
    def macro(name, comment, items):
        body = "".join(f" \\\n\tX({nr}, {call})" for call, nr in items)
        return f"/* {comment} */\n#define {name}(X){body}\n"

    def env(name):
        args = ", ".join(["env", *LETTERS[:provided[name].nargs]])
        return f"uk_syscall_r_e_{name}({args})"

    here = {n: nr for n, nr in numbers.items() if n in provided}
    seeing = [(env(n), nr) for n, nr in by_number(here) if provided[n].env]
    return (macro("UK_SYSCALL_MAP", "X(number, name) for each one provided.",
                  by_number(here))
            + "\n"
            + macro("UK_SYSCALL_NAMES", "X(number, name) for every one.",
                    by_number(numbers))
            + "\n"
            + macro("UK_SYSCALL_ENV_MAP", "X(number, call) for each one that "
                    "sees its caller's registers.", seeing))


def thunks_header(provided):
    """For assembler."""
    return "".join(f"UK_SYSCALL_THUNK({name})\n"
                   for name, call in sorted(provided.items()) if call.env)


def thunks_symbols(provided):
    return "".join(f"uk_syscall_r_{name}\n"
                   for name, call in sorted(provided.items()) if call.env)


def static_line(style, nr, name, provided):
    params = ", ".join(LETTERS)
    if name in provided:
        used = LETTERS[:provided[name].nargs]
        surplus = LETTERS[provided[name].nargs:]
        drop = "".join(f"(void)({x}), " for x in surplus)
        args = ", ".join(f"(long)({x})" for x in used)
        call = f"uk_syscall_r_{name}({args})"
    else:
        drop = ""
        call = f"uk_syscall_r_nosys({nr}, {params})"
    if style == "e":
        call = f"uk_syscall_to_errno({call})"
    return f"#define uk_syscall_{style}_fn{nr}({params}) \\\n\t({drop}{call})\n"


def static_header(style, numbers, provided):
    names = {nr: name for name, nr in numbers.items()}
    return "".join(static_line(style, nr, names.get(nr), provided)
                   for nr in range(max(names) + 1))


def read_lacks(words, known):
    """Return {name: what it lacks} of the words NAME=WORDS."""
    lacks = {}
    for word in words:
        name, _, text = word.partition("=")
        if name not in known:
            raise BadInput(f"UK_SYSCALL_LACKS.{name}: Linux has no system "
                           f"call {name}")
        if not text.strip():
            raise BadInput(f"UK_SYSCALL_LACKS.{name} does not say what")
        lacks[name] = text.strip()
    return lacks


def table(numbers, provided, lacks):
    """The lines of the table; @numbers by architecture."""
    arches = sorted(numbers, reverse=True)

    def state(name, arch):
        if name not in numbers[arch]:
            return "-"
        if name not in provided:
            return "no"
        return "partial" if name in lacks else "full"

    yield "| call | " + " | ".join(arches) + " | lacks |"
    yield "|---" * (len(arches) + 2) + "|"
    rows = sorted(set().union(*numbers.values()))
    for name in rows:
        states = " | ".join(state(name, arch) for arch in arches)
        text = lacks.get(name, "") if name in provided else ""
        yield f"| {name} | {states} | {text} |"
    for arch in arches:
        count = collections.Counter(state(name, arch) for name in rows)
        yield (f"{arch}: {count['full']} full, {count['partial']} partial, "
               f"{count['no']} no")


def write_if_changed(path, text):
    try:
        with open(path, encoding="ascii") as old:
            if old.read() == text:
                return
    except FileNotFoundError:
        pass
    scratch = f"{path}.tmp{os.getpid()}"
    with open(scratch, "w", encoding="ascii") as new:
        new.write(text)
    os.replace(scratch, path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--abi", required=True)
    parser.add_argument("--arch")
    parser.add_argument("--out")
    parser.add_argument("--lacks", action="append", default=[])
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--symbols", help="file that lists what thunk.S "
                        "defines")
    parser.add_argument("provided", nargs="*")
    opts = parser.parse_args()

    try:
        each = {os.path.basename(os.path.dirname(path)): read_numbers(path)
                for path in glob.glob(number_file(opts.abi, "*"))}
        known = set().union(*each.values())
        provided = read_provided(opts.provided, known)
        lacks = read_lacks(opts.lacks, known)
        if opts.table:
            print("\n".join(table(each, provided, lacks)))
            return
        numbers = read_numbers(number_file(opts.abi, opts.arch))
    except BadInput as bad:
        sys.exit(f"UK_PROVIDED_SYSCALLS: {bad}")

    headers = {
        "syscall_nrs.h": nrs(numbers, "SYS_"),
        "syscall_nrs2.h": nrs(numbers, "__NR_"),
        "syscall_provided.h": provided_header(provided),
        "syscall_ids.h": ids_header(provided),
        "syscall_stubs.h": stubs_header(numbers, provided),
        "syscall_map.h": map_header(numbers, provided),
        "syscall_r_static.h": static_header("r", numbers, provided),
        "syscall_static.h": static_header("e", numbers, provided),
        "syscall_thunks.h": thunks_header(provided),
    }
    os.makedirs(opts.out, exist_ok=True)
    for name, text in headers.items():
        write_if_changed(os.path.join(opts.out, name), HEAD + text)
    if opts.symbols:
        write_if_changed(opts.symbols, "# Made by lib/syscall_shim: of "
                         "thunks.\n" + thunks_symbols(provided))


if __name__ == "__main__":
    main()
