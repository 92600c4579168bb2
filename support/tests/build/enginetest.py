# SPDX-License-Identifier: BSD-3-Clause
"""What the tests of the build engine stand on: TAP, make, and a small Kiln.

A test is a function whose name is the sentence it proves, marked with @test;
main() runs all of a file and prints TAP. A Mini is a copy of the engine with
libraries of a few lines, so that a test can make a mistake in it and see what
the engine says within a second.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import traceback

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "../../.."))
HELLO = ROOT + "/apps/helloworld"
ARCH = "arm64" if os.uname().machine in ("aarch64", "arm64") else "x86_64"
SOAK = os.environ.get("KILN_SOAK") == "1"

_tests = []


class Failed(Exception):
    pass


class Skipped(Exception):
    pass


def test(func):
    _tests.append(func)
    return func


def expect(condition, text):
    if not condition:
        raise Failed(text)


def expect_in(part, text):
    expect(part in text, f'"{part}" is not in:\n{text}')


def expect_not_in(part, text):
    expect(part not in text, f'"{part}" is in:\n{text}')


def scratch_dir():
    return os.environ.get("TMPDIR") or tempfile.gettempdir()


def _environment(more):
    env = {k: v for k, v in os.environ.items() if k not in
           ("MAKEFLAGS", "MAKELEVEL", "MFLAGS", "A", "C", "L", "N", "O", "P",
            "T", "V", "UK_DEFCONFIG", "UK_ARCHIVES", "OFFLINE")}
    env.update(more)
    return env


def make(root, *args, ok=True, cwd=None, env=None):
    """Run make in @root; its whole output. @ok: it must succeed (or fail)."""
    run = subprocess.run(
        ["make", "--no-print-directory", "-C", root, *args], text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, cwd=cwd,
        stderr=subprocess.STDOUT, env=_environment(env or {}), check=False)
    if (run.returncode == 0) != ok:
        raise Failed(f"make {' '.join(args)} ended with {run.returncode}:\n"
                     + run.stdout[-4000:])
    return run.stdout


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)


def read(path):
    with open(path, encoding="utf-8") as src:
        return src.read()


def files_below(top):
    return sorted(os.path.join(d, f) for d, _, fs in os.walk(top) for f in fs)


class Place:
    """A directory that is gone afterwards, whatever happens."""

    def __enter__(self):
        self.top = tempfile.mkdtemp(prefix="kiln-whole-", dir=scratch_dir())
        return self.top

    def __exit__(self, *_):
        shutil.rmtree(self.top, ignore_errors=True)


def copy_of_the_tree(where):
    """What git would have in a clone, and what is not committed yet."""
    names = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others",
         "--exclude-standard"], check=True, stdout=subprocess.PIPE).stdout
    for name in names.decode().split("\0"):
        path = os.path.join(ROOT, name)
        if name and os.path.isfile(path):
            os.makedirs(os.path.dirname(f"{where}/{name}"), exist_ok=True)
            shutil.copy2(path, f"{where}/{name}")


LIBRARY = """$(eval $(call addlib_s,lib{name},$(CONFIG_LIB{NAME})))
LIB{NAME}_LEVEL := {level}
LIB{NAME}_DEPS := {deps}
LIB{NAME}_SRCS-y += $(LIB{NAME}_BASE)/{name}.c
"""

SCRIPT = """ENTRY(_start_paddr)
SECTIONS
{
	. = 0x400000;
	.text : { *(.text .text.*) }
	.rodata : { *(.rodata .rodata.*) }
	.uk_init : { uk_init_start = .; KEEP(*(SORT_BY_NAME(.uk_init.*)))
		uk_init_end = .; }
	.data : { *(.data .data.*) }
	.bss : { *(.bss .bss.* COMMON) }
	.rela.dyn 0 : { *(.rela.*) }
	.symtab 0 : { *(.symtab) }
	.strtab 0 : { *(.strtab) }
	.shstrtab 0 : { *(.shstrtab) }
	.debug 0 : { *(.debug_*) }
	/DISCARD/ : { *(.comment) *(.note.*) *(.eh_frame) *(.got .got.plt
		.igot .igot.plt .plt .iplt) *(.llvm_addrsig) }
}
"""


class Mini:
    """A tree with the engine, an architecture, a platform, and libraries
    one (level 1), two (level 1, uses one) and three (level 3, uses two)."""

    def __init__(self):
        self.top = tempfile.mkdtemp(prefix="kiln-mini-", dir=scratch_dir())
        self.root = self.top + "/kiln"
        self.app = self.top + "/app"
        self.out = self.app + "/build"
        os.makedirs(self.root + "/support")
        for path in ("Makefile", "Makefile.uk", "Config.uk", "lib/Config.uk",
                     "arch/Config.uk", "plat/Config.uk"):
            os.makedirs(os.path.dirname(f"{self.root}/{path}"), exist_ok=True)
            shutil.copy(f"{ROOT}/{path}", f"{self.root}/{path}")
        for path in ("support/build", "include"):
            shutil.copytree(f"{ROOT}/{path}", f"{self.root}/{path}",
                            ignore=shutil.ignore_patterns("__pycache__"))
        self._machine()
        self.library("one", 1, "", "int uk_one(void) { return CONFIG_ONE; }\n",
                     config='config ONE\n\tint "value of one"\n\tdefault 1\n')
        self.library("two", 1, "libone", "#include <uk/one.h>\n"
                     "int uk_two(void) { return uk_one() + 1; }\n")
        self.library("three", 3, "libtwo", "#include <uk/two.h>\n"
                     "int uk_three(void) { return uk_two() + 1; }\n")
        self.add("app/Makefile.uk", "$(eval $(call addlib,appmini))\n"
                 "APPMINI_SRCS-y += $(APPMINI_BASE)/main.c\n")
        self.add("app/main.c", "#include <uk/three.h>\nint main(void);\n"
                 "int main(void) { return uk_three(); }\n")
        self.add("app/.config", f"CONFIG_ARCH_{self.arch_option()}=y\n"
                 "CONFIG_DEBUG_SYMBOLS_LVL0=y\n")

    @staticmethod
    def arch_option():
        return {"x86_64": "X86_64", "arm64": "ARM_64"}[ARCH]

    def _machine(self):
        for arch, option in (("x86_64", "X86_64"), ("arm64", "ARM_64")):
            self.add(f"kiln/arch/{arch}/Makefile.uk",
                     "$(eval $(call addlib_s,libarch,"
                     f"$(CONFIG_ARCH_{option})))\n"
                     "LIBARCH_LEVEL := 0\nLIBARCH_DEPS :=\n"
                     "LIBARCH_SRCS-y += $(LIBARCH_BASE)/start.S\n")
            self.add(f"kiln/arch/{arch}/start.S",
                     ".text\n.globl ukarch_start\nukarch_start: .long main\n")
            self.add(f"kiln/arch/{arch}/exportsyms.uk", "ukarch_start\n")
        self.add("kiln/plat/kvm/Config.uk",
                 'config PLAT_KVM\n\tbool "KVM"\n\tdefault y\n')
        self.add("kiln/plat/kvm/Makefile.uk",
                 "$(eval $(call addlib_s,libkvmplat,$(CONFIG_PLAT_KVM)))\n"
                 "LIBKVMPLAT_LEVEL := 2\nLIBKVMPLAT_DEPS :=\n"
                 "LIBKVMPLAT_SRCS-y += $(LIBKVMPLAT_BASE)/boot.S\n")
        self.add("kiln/plat/kvm/boot.S", ".text\n.globl _start_paddr\n"
                 "_start_paddr: .long ukarch_start\n")
        self.add("kiln/plat/kvm/exportsyms.uk", "_start_paddr\n")
        self.add("kiln/plat/kvm/linker.lds.S", SCRIPT)

    def add(self, path, text):
        """Write @text to @path below the top ("kiln/..." or "app/...")."""
        write(f"{self.top}/{path}", text)

    def edit(self, path, old, new):
        text = read(f"{self.top}/{path}")
        expect(old in text, f"fixture: {old!r} is not in {path}")
        self.add(path, text.replace(old, new))

    def library(self, name, level, deps, code, config="", where="kiln/lib"):
        up, here = name.upper(), f"{where}/{name}"
        self.add(f"{here}/Makefile.uk", LIBRARY.format(
            name=name, NAME=up, level=level, deps=deps))
        selects = "".join(f"\tselect {d.upper()}\n" for d in deps.split())
        self.add(f"{here}/Config.uk",
                 f'config LIB{up}\n\tbool "{name}"\n\tdefault y\n{selects}'
                 + config)
        self.add(f"{here}/include/uk/{name}.h",
                 f"#pragma once\nint uk_{name}(void);\n")
        self.add(f"{here}/{name}.c",
                 f"#include <uk/{name}.h>\n#include <uk/config.h>\n{code}")
        self.add(f"{here}/exportsyms.uk", f"uk_{name}\n")

    def make(self, *args, ok=True, env=None):
        return make(self.root, f"A={self.app}", *args, ok=ok, env=env)

    def fails(self, *args, env=None):
        """The output of a make that must fail."""
        return self.make(*args, ok=False, env=env)

    def image(self):
        return f"{self.out}/app_qemu-{ARCH}"


class Outside:
    """A Mini with the external library far (no LEVEL, no DEPS)."""

    def __init__(self, makefile="", code="int far(void) { return 0; }\n",
                 name="far"):
        self.mini = Mini()
        self.path = self.mini.top + "/" + name
        self.mini.add(f"{name}/Makefile.uk",
                      "$(eval $(call addlib_s,libfar,$(CONFIG_LIBFAR)))\n"
                      + makefile + "LIBFAR_SRCS-y += $(LIBFAR_BASE)/far.c\n")
        self.mini.add(f"{name}/Config.uk",
                      'config LIBFAR\n\tbool "far"\n\tdefault y\n')
        self.mini.add(f"{name}/far.c", code)

    def make(self, *args, ok=True, env=None):
        return self.mini.make(f"L={self.path}", *args, ok=ok, env=env)


def compiled(output):
    """The sources that a make compiled, as "library: file"."""
    return sorted(line.split(None, 1)[1] for line in output.splitlines()
                  if line.split()[:1] in (["CC"], ["AS"], ["CXX"]))


def _run(number, func):
    title = func.__name__.replace("_", " ")
    made = []
    original = Mini.__init__

    def remember(self):
        original(self)
        made.append(self.top)

    Mini.__init__ = remember
    try:
        func()
        print(f"ok {number} - {title}", flush=True)
        for top in made:
            shutil.rmtree(top, ignore_errors=True)
        return True
    except Skipped as why:
        print(f"ok {number} - {title} # SKIP {why}", flush=True)
        return True
    except Failed as err:
        text = str(err)
    except Exception:  # a test that breaks has failed
        text = traceback.format_exc()
    finally:
        Mini.__init__ = original
    print(f"not ok {number} - {title}")
    for line in text.rstrip().splitlines() + [f"tree kept: {t}" for t in made]:
        print(f"# {line}")
    sys.stdout.flush()
    return False


def main():
    """Run all tests of the file, or those whose name has an argument in it."""
    chosen = [t for t in _tests if not sys.argv[1:]
              or any(a in t.__name__ for a in sys.argv[1:])]
    print(f"1..{len(chosen)}", flush=True)
    results = [_run(n, t) for n, t in enumerate(chosen, 1)]
    sys.exit(0 if all(results) and results else 1)
