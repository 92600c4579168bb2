# SPDX-License-Identifier: BSD-3-Clause
"""The list of libraries that image.mk writes (libs.txt)."""
import os


class Lib:
    """One library, or the tests of one (name ends in .test)."""

    def __init__(self, line):
        head, deps, files, inner = [part.split() for part in line.split(" : ")]
        self.name, level, self.home, self.var, self.dir = head
        self.level = None if level == "-" else int(level)
        self.deps, self.files = deps, files
        # Before symbols were made local.
        self.inner = [] if inner == ["-"] else inner

    @property
    def is_core(self):
        return self.level is not None and self.level < 4

    @property
    def is_archive(self):
        return any(f.endswith(".a") for f in self.files)

    def exports(self):
        names = set()
        try:
            with open(os.path.join(self.dir, "exportsyms.uk"),
                      encoding="utf-8") as src:
                for line in src:
                    names.update(line.split("#")[0].split())
        except OSError:
            pass
        return names


def read(path):
    with open(path, encoding="utf-8") as src:
        return [Lib(line) for line in src if line.strip()]


def closure(libs):
    """For each name: all names that its DEPS lead to."""
    by_name = {lib.name: lib for lib in libs}
    done = {}

    def close(name):
        if name not in done:
            done[name] = set()
            for dep in by_name[name].deps:
                if dep in by_name:
                    done[name] |= {dep} | close(dep)
        return done[name]

    for lib in libs:
        close(lib.name)
    return done
