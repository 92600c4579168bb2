# SPDX-License-Identifier: BSD-3-Clause
"""Fuzz targets over their committed corpus; in soak they also search."""

import glob
import os
import threading

from kilntest import core, proc
from kilntest.core import expect

HERE = os.path.dirname(os.path.dirname(os.path.realpath(__file__)))
SOAK_SECONDS = 600


def targets():
    for path in sorted(glob.glob(os.path.join(HERE, "fuzz", "fuzz_*.c"))):
        yield os.path.basename(path)[len("fuzz_"):-len(".c")]


def out_dir(ctx):
    return os.path.join(ctx.session.out, "fuzz")


_build_lock = threading.Lock()
_built = []


def ensure_built(ctx):
    """Build once a run, whichever target comes first."""
    with _build_lock:
        if not _built:
            build(ctx)
            _built.append(True)


def build(ctx):
    done = proc.run(["make", "-f",
                     os.path.join(HERE, "hosted", "Makefile"),
                     "O=" + out_dir(ctx), "-j%d" % ctx.session.jobs, "fuzz"],
                    timeout=600)
    expect(done.status == 0, "does not build:\n" + done.out)


def replay(name):
    def run(ctx):
        ensure_built(ctx)
        program = os.path.join(out_dir(ctx), "fuzz_" + name)
        corpus = sorted(glob.glob(os.path.join(HERE, "fuzz", "corpus", name,
                                               "*")))
        expect(corpus, "has no corpus")
        done = proc.run([program, "-timeout=10",
                         "-artifact_prefix=%s/" % ctx.dir] + corpus,
                        timeout=120)
        ctx.write("output", done.out)
        expect(done.status == 0 and not done.timed_out, done.out[-3000:])
    return run


def search(name):
    def run(ctx):
        ensure_built(ctx)
        found = os.path.join(ctx.dir, "found")
        os.makedirs(found, exist_ok=True)
        done = proc.run([os.path.join(out_dir(ctx), "fuzz_" + name),
                         "-max_len=4096", "-timeout=10",
                         "-max_total_time=%d" % SOAK_SECONDS,
                         "-artifact_prefix=%s/" % ctx.dir, found,
                         os.path.join(HERE, "fuzz", "corpus", name)],
                        timeout=SOAK_SECONDS + 60)
        expect(done.status == 0, done.out[-3000:])
    return run


core.add("fuzz/build", ensure_built, alone=True)
for _name in targets():
    core.add("fuzz/%s/corpus" % _name, replay(_name))
    core.add("fuzz/%s/search" % _name, search(_name), soak=True)
