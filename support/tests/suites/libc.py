# SPDX-License-Identifier: BSD-3-Clause
"""lib/nolibc beside the host's libc, on random input."""

import os
import shutil
import time

from kilntest import proc, taprun
from kilntest.core import expect, test

MAKE = "support/tests/hosted/glibc/Makefile"
SEED = 1


def compare(ctx, rounds, seed):
    out = os.path.join(ctx.session.out, "glibc")
    done = proc.run(["make", "-f", os.path.join(ctx.root, MAKE), "O=" + out],
                    timeout=300)
    expect(done.status == 0, "does not build:\n" + done.out)
    done = proc.run([os.path.join(out, "compare"), str(rounds), str(seed)],
                    timeout=1200)
    ctx.write("output", done.out)
    taprun.report(ctx, done.out, done.status, done.timed_out)


# The same input each time: a failure is one of the change that was tested.
@test("hosted/nolibc against glibc", alone=True)
def quick(ctx):
    compare(ctx, 50000, SEED)


@test("hosted/nolibc against glibc, at length", alone=True, soak=True)
def long(ctx):
    compare(ctx, 10000000, int(time.time()))


CXX_USER = """
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static_assert(sizeof(intmax_t) == 8, "a keyword in C++");

int use(int argc, char **argv)
{
	struct iovec iov = { argv[0], strlen(argv[0]) };
	char buf[32], *end;
	jmp_buf env;

	assert(argc > 0);
	if (setjmp(env) || isalpha(argv[0][0]) || strcasecmp(buf, argv[0]))
		errno = EINVAL;
	snprintf(buf, sizeof(buf), "%d %zd", getopt(argc, argv, "a:"),
		 writev(1, &iov, 1));
	fputs(buf, stdout);
	free(malloc(strtoul(buf, &end, 10)));
	return (int)imaxabs(write(1, buf, 1));
}
"""


@test("libc/nolibc's headers are C++ too")
def cxx(ctx):
    src = ctx.write("use.cc", CXX_USER)
    inc = os.path.join(ctx.root, "lib", "nolibc", "include")
    headers = [os.path.relpath(os.path.join(top, name), inc)
               for top, _, names in os.walk(inc) for name in names]
    for compiler in ("g++", "clang++"):
        if not shutil.which(compiler):
            ctx.skip_case(compiler, "not installed")
            continue
        own = proc.run([compiler, "-print-file-name=include"]).out.strip()
        base = [compiler, "-std=c++17", "-Wall", "-Wextra", "-Werror",
                "-ffreestanding", "-nostdinc", "-nostdinc++", "-I", inc, "-I",
                os.path.join(ctx.root, "include"), "-isystem", own]
        for header in sorted(headers):
            done = proc.run(base + ["-include", header, "-x", "c++",
                                    "-fsyntax-only", "/dev/null"])
            ctx.case("%s alone, %s" % (header, compiler), done.status == 0,
                     done.out)
        obj = os.path.join(ctx.dir, compiler + ".o")
        done = proc.run(base + ["-c", src, "-o", obj])
        names = proc.run(["nm", "-u", obj]).out if done.status == 0 else ""
        ctx.case("C names, " + compiler,
                 "snprintf" in names and "_Z" not in names,
                 done.out + names)
