# SPDX-License-Identifier: BSD-3-Clause
"""What public headers refuse to compile."""

import os

from kilntest import core, proc
from kilntest.core import expect

COMPILERS = {"gcc": ["gcc"], "clang": ["clang"]}
FLAGS = ["-std=gnu11", "-ffreestanding", "-c", "-o", os.devnull, "-Wall",
         "-Wextra", "-Werror", "-D__LIBNAME__=ground"]

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
EVENT_CASES = [
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

RING = """
#include <uk/ring_mpmc.h>
#include <uk/ring_spsc.h>

struct item { int a; };
UK_RING_%s_DEFINE(itemq, struct item)
struct itemq_slot slots[%s];
struct itemq ring = UK_RING_INIT(%s);
int use(struct itemq *q, struct item *item, long *number);
int use(struct itemq *q, struct item *item, long *number)
{
	(void)item;
	(void)number;
	%s;
}
"""

PUT = "return itemq_enqueue(q, item)"
GET = "return itemq_dequeue(q, item)"


def ring_cases(form):
    """What <uk/ring.h> says of types, for rings of one form."""
    def program(nslots="8", init="slots", body=PUT):
        return RING % (form, nslots, init, body)

    wrong_type = "incompatible pointer type"
    return [
        ("elements of its type go in", program(), None),
        ("elements of its type come out", program(body=GET), None),
        ("elements of another type do not go in",
         program(body=PUT.replace("item)", "number)")), wrong_type),
        ("elements of another type do not come out",
         program(body=GET.replace("item)", "number)")), wrong_type),
        ("nobody forgets to look whether it was full",
         program(body=PUT.replace("return ", "") + ";\n\treturn 0"),
         "unused"),
        ("a capacity that is no power of two is refused",
         program(nslots="12"), "a ring has 2^n slots, at least 2"),
        ("a capacity of one is refused",
         program(nslots="1"), "a ring has 2^n slots, at least 2"),
        ("a pointer to slots is refused",
         program(init="(struct itemq_slot *)slots"),
         "UK_RING_INIT() takes an array"),
        ("slots of another ring are refused",
         "#include <uk/ring_%s.h>\nUK_RING_%s_DEFINE(otherq, char)\n"
         "struct otherq_slot others[8];\n" % (form.lower(), form)
         + program(init="others"), wrong_type),
    ]


CASES = [("event", None, EVENT_CASES),
         ("ring spsc", "ukring", ring_cases("SPSC")),
         ("ring mpmc", "ukring", ring_cases("MPMC"))]


def compiles(compiler, lib, text, message):
    def run(ctx):
        source = ctx.write("case.c", text)
        os.makedirs(os.path.join(ctx.dir, "uk", "bits"), exist_ok=True)
        ctx.write(os.path.join("uk", "bits", "config.h"), "")
        dirs = ["include", ctx.dir]
        if lib:
            dirs.append("lib/%s/include" % lib)
        done = proc.run(COMPILERS[compiler] + FLAGS + [source] +
                        ["-I" + os.path.join(ctx.root, d) for d in dirs])
        if message is None:
            expect(done.status == 0, done.out)
        else:
            expect(done.status != 0, "it compiles")
            expect(message in done.out, done.out)
    return run


for subject, lib, cases in CASES:
    for name, text, message in cases:
        for compiler in COMPILERS:
            core.add("ground/%s/%s/%s" % (subject, name, compiler),
                     compiles(compiler, lib, text, message))
