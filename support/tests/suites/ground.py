# SPDX-License-Identifier: BSD-3-Clause
"""What the ground's headers refuse to compile."""

import os

from kilntest import core, proc
from kilntest.core import expect

COMPILERS = {"gcc": ["gcc"], "clang": ["clang"]}
FLAGS = ["-std=gnu11", "-ffreestanding", "-fsyntax-only", "-Wall", "-Wextra",
         "-D__LIBNAME__=ground"]

EVENT = """
#include <uk/event.h>
#include <stddef.h>

UK_EVENT_DECLARE(known);
static %s handler(void *data)
{
	(void)data;
	return 0;
}
UK_EVENT_HANDLER%s;
"""

# (a word of the sentence, the program, what the compiler says or None: fine)
CASES = [
    ("a handler of the right type is taken",
     EVENT % ("enum uk_event_result", "(known, handler)"), None),
    ("a handler that returns an int is refused",
     EVENT % ("int", "(known, handler)"), "handler is no event handler"),
    ("a handler that returns an unsigned int is refused",
     EVENT % ("unsigned int", "(known, handler)"),
     "handler is no event handler"),
    ("a handler that returns a bool is refused",
     EVENT % ("_Bool", "(known, handler)"), "handler is no event handler"),
    ("a handler for an event that is not declared is refused",
     EVENT % ("enum uk_event_result", "(unknown, handler)"),
     "uk_event_unknown"),
    ("a priority above 9 is refused",
     EVENT % ("enum uk_event_result", "_PRIO(known, handler, 10)"),
     "the priority is 0 to 9"),
]


def compiles(compiler, text, message):
    def run(ctx):
        source = ctx.write("case.c", text)
        done = proc.run(COMPILERS[compiler] + FLAGS +
                        ["-I", os.path.join(ctx.root, "include"), source])
        if message is None:
            expect(done.status == 0, done.out)
        else:
            expect(done.status != 0, "it compiles")
            expect(message in done.out, done.out)
    return run


for name, text, message in CASES:
    for compiler in COMPILERS:
        core.add("ground/event/%s/%s" % (name, compiler),
                 compiles(compiler, text, message))
