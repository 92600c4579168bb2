# SPDX-License-Identifier: BSD-3-Clause
"""make check finds what it is there to find.

A small tree with one good library passes; each case breaks one rule in a copy
of it and expects that rule's message.
"""

import os
import shutil
import subprocess
import sys

from kilntest import core, proc
from kilntest.core import expect, test

GOOD = {
    "include/uk/ground.h": """\
/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

int ground(void);
""",
    "lib/ukbase/Makefile.uk": """\
$(eval $(call addlib_s,libukbase,$(CONFIG_LIBUKBASE)))

LIBUKBASE_LEVEL := 1
LIBUKBASE_DEPS  :=

LIBUKBASE_SRCS-y  += $(LIBUKBASE_BASE)/base.c
LIBUKBASE_TESTS-y += $(LIBUKBASE_BASE)/tests/test_base.c
""",
    "lib/ukbase/README.md": "# ukbase\n",
    "lib/ukbase/exportsyms.uk": "uk_base\n",
    "lib/ukbase/include/uk/base.h": """\
/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

int uk_base(int val);
""",
    "lib/ukbase/base.c": """\
/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/base.h>

#include <stddef.h>

#include <uk/ground.h>

int uk_base(int val)
{
	if (val > 1)
		return ground();
	return val;
}
""",
    "lib/ukbase/tests/test_base.c": """\
/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/base.h>
""",
    "lib/uktop/Makefile.uk": """\
$(eval $(call addlib_s,libuktop,$(CONFIG_LIBUKTOP)))

LIBUKTOP_LEVEL := 1
LIBUKTOP_DEPS  := libukbase

LIBUKTOP_SRCS-y  += $(LIBUKTOP_BASE)/top.c
LIBUKTOP_TESTS-y += $(LIBUKTOP_BASE)/tests/test_top.c
""",
    "lib/uktop/README.md": "# uktop\n",
    "lib/uktop/exportsyms.uk": "uk_top\n",
    "lib/uktop/include/uk/top.h": """\
/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

int uk_top(void);
""",
    "lib/uktop/top.c": """\
/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/top.h>

#include <uk/base.h>

int uk_top(void)
{
	return uk_base(1);
}
""",
    "lib/uktop/tests/test_top.c": """\
/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/base.h>
#include <uk/top.h>
""",
}

LONG_FUNCTION = "int f(int a)\n{\n" + "\ta++;\n" * 61 + "\treturn a;\n}\n"
HEAD = "/* SPDX-License-Identifier: BSD-3-Clause */\n"
BASE_C = "lib/ukbase/base.c"
TOP_C = "lib/uktop/top.c"
TOP_MK = "lib/uktop/Makefile.uk"

# sentence: (path, text that goes, text that comes, expected message);
# None for the text that goes: the file is new; None for both: it is removed.
BREAKS = {
    "a stray file at the top is found":
        ("notes.txt", None, "for later\n", "notes.txt: does not belong at"),
    "blanks at the end of a line are found":
        (BASE_C, "\treturn val;\n", "\treturn val; \n", "blanks at the end"),
    "a missing SPDX line is found":
        (BASE_C, HEAD, "", "no SPDX line"),
    "a line beyond 80 columns is found":
        (BASE_C, "#include <uk/ground.h>\n",
         "#include <uk/ground.h>\n\n/* " + "x" * 78 + " */\n", "columns"),
    "a tab counts as 8 columns":
        (BASE_C, "\treturn val;\n", "\t\t\t\t\t\t\t\t\treturn val + 1000;\n",
         "columns"),
    "indentation by spaces is found":
        (BASE_C, "\treturn val;\n", "        return val;\n",
         "indented with a space"),
    "an #if about Xen is found":
        (BASE_C, "#include <uk/ground.h>\n",
         "#include <uk/ground.h>\n\n#if UK_IS_ENABLED(CONFIG_PLAT_XEN)\n"
         "#endif\n", "#if about Xen"),
    "an #ifdef about Xen is found in assembler":
        ("lib/ukbase/base.S", None, HEAD + "#ifdef CONFIG_LIBXEN_CORE\n"
         "#endif\n", "#if about Xen"),
    "a missing newline at the end is found":
        (BASE_C, "\treturn val;\n}\n", "\treturn val;\n}", "no newline"),
    "a function above 60 lines is found":
        ("lib/ukbase/base.c", "int uk_base", LONG_FUNCTION + "\nint uk_base",
         "function of 62 lines"),
    "#if inside a function is found":
        (BASE_C, "\treturn val;\n",
         "#if 1\n\treturn val;\n#else\n\treturn 1;\n#endif\n",
         "#if inside a function"),
    "a typedef of a struct is found":
        (BASE_C, "int uk_base", "typedef struct x x_t;\n\nint uk_base",
         "typedef of a struct"),
    "a file above 800 lines is found":
        (BASE_C, "int uk_base", "/* x */\n" * 800 + "int uk_base",
         "the head of the file"),
    "a header without pragma once is found":
        ("lib/ukbase/include/uk/base.h", "#pragma once\n", "",
         "no #pragma once"),
    "an include outside of DEPS is found":
        (TOP_MK, "libukbase\n", "\n", "is not in LIBUKTOP_DEPS"),
    "a header that belongs to nobody is found":
        (TOP_C, "#include <uk/base.h>\n",
         "#include <uk/base.h>\n#include <uk/nosuch.h>\n",
         "belongs to nobody"),
    "a header of a libc is found":
        (TOP_C, "#include <uk/base.h>\n",
         "#include <stdio.h>\n\n#include <uk/base.h>\n",
         "<stdio.h> belongs to nobody"),
    "a DEPS entry that nothing uses is found":
        (TOP_C, "#include <uk/base.h>\n", "int uk_base(int val);\n",
         "nothing of it is included"),
    "includes out of order are found":
        (BASE_C, "#include <uk/ground.h>\n",
         "#include <uk/ground.h>\n#include <uk/base.h>\n", "out of order"),
    "a compiler's header after ours is found":
        (TOP_C, "#include <uk/base.h>\n",
         "#include <uk/base.h>\n\n#include <stdint.h>\n",
         "comes after uk/ headers"),
    "an include that leaves the library is found":
        (TOP_C, "#include <uk/base.h>\n",
         '#include <uk/base.h>\n\n#include "../ukbase/base.c"\n',
         "leaves the library"),
    "a missing README is found":
        ("lib/ukbase/README.md", None, None, "has no README.md"),
    "a README above 60 lines is found":
        ("lib/ukbase/README.md", "# ukbase\n", "x\n" * 61, "61 lines"),
    "missing exports are found":
        ("lib/ukbase/exportsyms.uk", None, None, "has no exportsyms.uk"),
    "a library without tests is found":
        ("lib/ukbase/Makefile.uk",
         "LIBUKBASE_TESTS-y += $(LIBUKBASE_BASE)/tests/test_base.c\n", "",
         "has no tests"),
    "a test that nobody runs is found":
        ("lib/ukbase/tests/test_more.c", None, HEAD, "so it never runs"),
    "a source that nobody builds is found":
        ("lib/ukbase/more.c", None, HEAD, "is not in LIBUKBASE_SRCS"),
    "blanks where clang-format has none are found":
        (BASE_C, "if (val > 1)", "if (val>1)", "format: a blank between"),
    "a brace on the wrong line is found":
        (BASE_C, "\tif (val > 1)\n\t\treturn ground();\n",
         "\tif (val > 1)\n\t{\n\t\treturn ground();\n\t}\n",
         '"{" belongs on the line before'),
}


def write_tree(ctx, top):
    shutil.rmtree(top, ignore_errors=True)
    shutil.copytree(os.path.join(ctx.root, "support", "check"),
                    os.path.join(top, "support", "check"),
                    ignore=shutil.ignore_patterns("mutants", "__pycache__"))
    shutil.copy(os.path.join(ctx.root, ".clang-format"), top)
    for path, text in GOOD.items():
        put(top, path, text)
    subprocess.run(["git", "init", "-q", top], check=True)


def put(top, path, text):
    full = os.path.join(top, path)
    os.makedirs(os.path.dirname(full), exist_ok=True)
    with open(full, "w", encoding="utf-8") as f:
        f.write(text)


def check(top):
    return proc.run([sys.executable, os.path.join(top, "support/check/run"),
                     "text", "libs", "style"], timeout=60)


@test("check/a good tree passes")
def good(ctx):
    top = os.path.join(ctx.dir, "tree")
    write_tree(ctx, top)
    done = check(top)
    expect(done.status == 0, done.out)


def broken(path, gone, come, message):
    def run(ctx):
        top = os.path.join(ctx.dir, "tree")
        write_tree(ctx, top)
        if gone is None and come is None:
            os.remove(os.path.join(top, path))
        elif gone is None:
            put(top, path, come)
        else:
            expect(gone in GOOD[path], "the case is wrong")
            put(top, path, GOOD[path].replace(gone, come, 1))
        done = check(top)
        expect(done.status == 1, "status %d\n%s" % (done.status, done.out))
        expect(message in done.out, "expected: %s\n%s" % (message, done.out))
    return run


def look_at(ctx, root, call):
    """What the check of objects has to say, in a process of its own."""
    done = proc.run([sys.executable, "-B", "-c", """
import sys
sys.path.insert(0, sys.argv[1] + "/support/check")
import checklib, symbols
%s
for path, _, text in checklib.problems():
    print(path + ": " + text)
""" % call, root], timeout=120)
    ctx.write("output", done.out)
    expect(done.status == 0, done.out)
    return done.out


def objects(image):
    """make check looks at one image; the others have other parts."""
    def run(ctx):
        out = ctx.session.images.dir(image, ctx.arch)
        expect(os.path.exists(os.path.join(out, "libukschedsmp.o")), out)
        found = look_at(ctx, ctx.root, "symbols.look(%r, %r)"
                        % (ctx.arch, out))
        expect(found == "", found)
    return run


# (source, the message: None if there is to be none)
OBJECTS = {
    "integers are no problem": ("int f(int a) { return a + 1; }", None),
    "a floating-point register is found":
        ("double f(double a) { return a + 1; }", "lib: f uses "),
    "a vector register is found":
        ("typedef int v __attribute__((vector_size(16)));\n"
         "v f(v a) { return a + a; }", "lib: f uses "),
    "a thread-local variable is found":
        ("__thread int mine; int f(void) { return mine; }",
         "lib: mine is a thread-local variable"),
    "a thread-local variable of others is found":
        ("extern __thread int errno; int f(void) { return errno; }",
         "lib: errno is a thread-local variable"),
    "a weak symbol is found":
        ("__attribute__((weak)) void f(void) { }",
         "lib: f is a weak symbol"),
    "a floating-point helper of libgcc is found":
        ("int f(_Float128 *a) { return *a > 0; }", "lib needs __"),
}


def one_object(source, message):
    def run(ctx):
        path = os.path.join(ctx.dir, "lib.o")
        compiler = {"x86_64": "x86_64-linux-gnu-gcc",
                    "arm64": "aarch64-linux-gnu-gcc"}[ctx.arch]
        done = proc.run([compiler, "-O2", "-c", "-o", path,
                         ctx.write("f.c", source)])
        expect(done.status == 0, done.out)
        found = look_at(ctx, ctx.root, """
class lib:
    name, makefile, dir = "lib", "M", "lib"
for check in (symbols.check_registers, symbols.check_thread_local):
    check(%r, lib, %r)
symbols.check_library(%r, lib, %r, {})
""" % (ctx.arch, path, ctx.arch, path)).replace(" (%s)" % ctx.arch, "")
        if message is None:
            expect(found == "", found)
        else:
            expect(message in found, found)
    return run


# Loads and stores of the x87 name no register.
core.add("check/x86_64/an x87 instruction is found", one_object(
    'void f(int *a) { __asm__ volatile("fildl %0" : : "m"(*a)); }',
    "lib: f uses fildl"), arch="x86_64")
for _arch in ("x86_64", "arm64"):
    for _name, _case in OBJECTS.items():
        core.add("check/%s/%s" % (_arch, _name), one_object(*_case),
                 arch=_arch)
    for _image in ("uktest-preempt", "uktest-smp", "uktest-debug"):
        core.add("check/%s/objects of %s" % (_arch, _image), objects(_image),
                 arch=_arch, images=(_image,))

for _name, _case in BREAKS.items():
    core.add("check/" + _name, broken(*_case))
