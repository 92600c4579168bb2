# SPDX-License-Identifier: BSD-3-Clause
"""
Memory that is not there: each request for it fails once, in a boot of its own,
until a boot has no request left to fail. Such a boot carries on, or it ends
with an error that says what could not be done; it never crashes or hangs.
"""

import re

from kilntest import core, guest, taprun
from kilntest.core import expect
from suites.inimage import Collected

ARCHS = ("x86_64", "arm64")

# More requests than any of these boots has.
MOST = 400

# An error in the log, which names the library.
ERROR = re.compile(r"\berr: \w+: .*\w", re.M)


class Sweep:
    """An image, how it is booted, and what it says when it is well."""

    def __init__(self, image, well, params="", extra=(), quick=(), mem="64M",
                 prefixes=("ukalloc",), least=1, args=()):
        self.image = image
        self.well = well
        self.params = params
        self.extra = tuple(extra)
        self.quick = tuple(quick)   # requests in make test; (): all
        self.mem = mem
        self.prefixes = prefixes
        self.least = least      # requests that there are at least
        self.args = tuple(args)

    def boot(self, ctx, prefix, nth, persistent):
        params = "%s.fail_nth=%d" % (prefix, nth)
        if persistent:
            params += " %s.fail_persistent=on" % prefix
        return guest.boot(ctx, ctx.image(self.image), mem=self.mem,
                          params=" ".join((params, self.params)).strip(),
                          args=self.args, extra=self.extra, timeout=60)

    def problem(self, boot, prefix):
        """What is wrong with @boot, or None."""
        if boot.timed_out or boot.status == 124:
            return "no end"
        if boot.status == 134 or "kiln: crash" in boot.console:
            return "a crash"
        if boot.status == 0:
            return None if self.well in boot.console else "not said: " + \
                self.well
        if not failed(boot, prefix):
            return "status %d though nothing failed" % boot.status
        if not ERROR.search(boot.console):
            return "status %d without an error" % boot.status
        if "kiln: exit %d" % boot.status not in boot.console:
            return "no line kiln: exit %d" % boot.status
        return None


def failed(boot, prefix):
    return "kiln: %s.fail_nth: request " % prefix in boot.console


SWEEPS = {
    # It asks for nothing, as long as that is so.
    "hello": Sweep("hello-debug", "Hello", least=0),
    "a program that asks the heap": Sweep(
        "probe-debug", "kiln: exit 0", args=("heap", "leak"), least=3,
        prefixes=("ukalloc", "ukfalloc")),
    "hello, scheduler, 4 CPUs": Sweep(
        "hello-smp-debug", "Hello", extra=("--cpus", "4"),
        quick=(1, 5, 9), prefixes=("ukalloc", "ukfalloc")),
    "hello, buddy heap, 4 CPUs": Sweep(
        "hello-smp-bbuddy", "Hello", extra=("--cpus", "4"),
        quick=(1, 5, 9)),
    "test image": Sweep(
        "uktest-debug", "ok 1 ", params="uktest.filter=uktest.no_case*",
        extra=("--cpus", "2"), quick=(1, 4, 9),
        prefixes=("ukalloc", "ukfalloc")),
}


def one(ctx, sweep, prefix, nth, persistent=False):
    """Boot once. Returns whether a request failed at all."""
    boot = sweep.boot(ctx, prefix, nth, persistent)
    problem = sweep.problem(boot, prefix)
    fired = failed(boot, prefix)
    if fired or problem or not persistent:
        ctx.case("%s, request %d fails%s" % (
            prefix, nth, " and all that follow" if persistent else ""),
            not problem, "%s\n%s" % (problem, boot), boot.done.seconds)
    return fired


def sweep_of(sweep):
    """All requests in soak, each once and with all that follow it."""
    def run(ctx):
        for prefix in sweep.prefixes:
            nths = range(1, MOST) if ctx.soak or not sweep.quick else \
                sweep.quick
            fired = 0
            for nth in nths:
                if not one(ctx, sweep, prefix, nth):
                    break
                fired += 1
                if ctx.soak:
                    one(ctx, sweep, prefix, nth, persistent=True)
            expect(fired >= sweep.least, "%s: %d requests failed, there are "
                   "%d at least" % (prefix, fired, sweep.least))
            expect(fired < MOST - 1, "%s: there is no end" % prefix)
            ctx.write("requests-" + prefix, "%d\n" % fired)
    return run


# heap NAME of the probe -> the cause, and functions that must be named.
WRONG = {
    "overflow": ("byte 40 of a block of 40 bytes was written: 0x79",
                 "get give overflow"),
    "underflow": ("byte -1 of a block of 40 bytes was written: 0x79",
                  "get give underflow"),
    "after-free": ("byte 7 of a freed block of 40 bytes was written: 0x79",
                   "get give after_free"),
    "twice": ("a block of 40 bytes is freed, or given to realloc, after it "
              "was freed", "get give twice"),
    "interior": ("a pointer 16 bytes into a block of 40 bytes is freed",
                 "get give interior"),
}


def wrong_use(ctx):
    """By a program, in an image that knows its names: all is said."""
    for name, (cause, functions) in WRONG.items():
        boot = guest.boot(ctx, ctx.image("probe-debug"), args=("heap", name))
        told = re.findall(r"^  #\d 0x[0-9a-f]{16} (\w+)\+0x[0-9a-f]+ "
                          r"(?:libnolibc|appprobe)$", boot.console, re.M)
        ok = boot.status == 134 and \
            "kiln: crash: heap: %s\n" % cause in boot.console and \
            "kiln: the block is 40 bytes at 0x" in boot.console and \
            "malloc" in told and "free" in told and \
            set(functions.split()) <= set(told)
        ctx.case("heap " + name, ok, str(boot), boot.done.seconds)


# The same where blocks have addresses of their own: what is found at the
# access is told with the trace of who did it.
ACCESSED = {
    "after-free": ("byte 7 of a freed block of 40 bytes is written",
                   "malloc get free give after_free"),
    "read-after-free": ("byte 7 of a freed block of 40 bytes is read",
                        "malloc get free give read_after_free"),
    "underflow": ("byte -1 of a block of 40 bytes is written",
                  "malloc get underflow"),
}


def accessed_after_free(ctx):
    """Named at once; the rest as ever. Else a read is not seen."""
    def run(name, params):
        return guest.boot(ctx, ctx.image("probe-debug"), args=("heap", name),
                          params=params)

    for name, (cause, functions) in ACCESSED.items():
        boot = run(name, "ukalloc.protect=on")
        told = re.findall(r"^  #\d 0x[0-9a-f]{16} (\w+)\+0x", boot.console,
                          re.M)
        ok = boot.status == 134 and \
            "kiln: crash: heap: %s\n" % cause in boot.console and \
            "kiln: the block is 40 bytes at 0x" in boot.console and \
            set(functions.split()) <= set(told)
        ctx.case("heap " + name, ok, str(boot), boot.done.seconds)
    for name in set(WRONG) - set(ACCESSED):
        boot = run(name, "ukalloc.protect=on")
        boot.expect_status(134)
        boot.expect_text("crash: heap: " + WRONG[name][0])
    boot = run("read-after-free", "ukalloc.protect=on ukalloc.quarantine=0")
    boot.expect_status(134)
    boot.expect_text("crash: heap: a block that was freed long ago is read")
    run("read-after-free", "").expect_status(0).expect_text("0xdf")
    # When no block can have addresses of its own any more, that is told once.
    boot = guest.boot(ctx, ctx.image("probe-debug"), mem="4G",
                      args=("heap", "addresses"), params="ukalloc.protect=on")
    boot.expect_status(0)
    expect(boot.console.count("kiln: ukalloc.protect: no addresses are left")
           == 1, str(boot))


PLACE = (r"^kiln: heap: %d blocks, %d bytes were never freed, allocated by\n"
         r"  #0 \w+ malloc\+0x\w+ libnolibc\n"
         r"  #1 \w+ %s\+0x\w+ appprobe$")


def leaks(ctx):
    """The largest first, by place, and no more places than wanted."""
    boot = guest.boot(ctx, ctx.image("probe-debug"), args=("heap", "leak"))
    boot.expect_status(0).expect_no_text("2000 bytes")
    large = boot.expect_match(PLACE % (1, 1000, "large_leak"))
    small = boot.expect_match(PLACE % (3, 300, "small_leak"))
    expect(large.start() < small.start(), str(boot))
    boot = guest.boot(ctx, ctx.image("probe-debug"), args=("heap", "leak"),
                      params="ukalloc.leaks=1")
    boot.expect_status(0).expect_no_text("300 bytes were never")
    boot.expect_match(r"^kiln: heap: 3 blocks, 300 bytes more were never")
    boot = guest.boot(ctx, ctx.image("probe-debug"), args=("heap", "leak"),
                      params="ukalloc.leaks=0")
    boot.expect_status(0).expect_no_text("kiln: heap")


def bad_parameters(ctx):
    for params, texts in (
            ("ukalloc.debug=3", ("ukalloc.debug", '"3"', "0 to 2")),
            ("ukalloc.redzone=4097",
             ("ukalloc.redzone", '"4097"', "0 to 4096")),
            ("ukalloc.fail_lib=libnosuch ukalloc.fail_nth=1",
             ("ukalloc.fail_lib", '"libnosuch"', "a library with code")),
            ("ukalloc.fail_site=nosuch ukalloc.fail_nth=1",
             ("ukalloc.fail_site", '"nosuch"', "a function of the image")),
            ("ukalloc.fail_site=main+12 ukalloc.fail_nth=1",
             ("ukalloc.fail_site", '"main+12"', "as main+0x1f")),
            ("ukalloc.fail_nth=first", ("ukalloc.fail_nth", '"first"'))):
        boot = guest.boot(ctx, ctx.image("hello-smp-debug"), params=params)
        boot.expect_status(120).expect_no_text("Hello")
        boot.expect_text(*texts)


def by_library(ctx):
    """What another library asks for is not counted."""
    for lib in ("libuklcpu", "libuksched"):
        boot = guest.boot(ctx, ctx.image("hello-smp-debug"), params="ukalloc."
                          "fail_nth=1 ukalloc.fail_lib=" + lib,
                          extra=("--cpus", "4"))
        boot.expect_match(r"^kiln: ukalloc.fail_nth: request 1 fails, \d+ "
                          r"bytes for \w+\+0x[0-9a-f]+ of %s$" % lib)


def by_site(ctx):
    """A function's requests alone are counted, or those of one place in it;
    a place is written as the list of leaks has it.
    """
    def run(params):
        boot = guest.boot(ctx, ctx.image("probe-debug"), args=("heap", "leak"),
                          params=params)
        boot.expect_status(0)
        return boot, re.findall(r"^kiln: ukalloc.fail_nth: request (\d+) "
                                r"fails, (\d+) bytes for malloc\+",
                                boot.console, re.M)

    boot, failures = run("")
    expect(not failures, str(boot))
    place = boot.expect_match(r"^  #1 \w+ large_leak\+(0x\w+) appprobe$")[1]
    for site, nth, wanted in (
            ("small_leak", 2, [("2", "100")]),
            ("large_leak", 1, [("1", "1000")]),
            ("large_leak", 2, []),
            ("large_leak+" + place, 1, [("1", "1000")]),
            ("large_leak+0x%x" % (int(place, 16) + 1), 1, []),
            ("leak", 4, [("4", "1000")])):
        boot, failures = run("ukalloc.fail_nth=%d ukalloc.fail_site=%s"
                             % (nth, site))
        ctx.case("%s, request %d" % (site, nth), failures == wanted,
                 str(boot), boot.done.seconds)


# The layer moves each block that is resized, which is not what this is about.
MOVES = "heap.a_block_grows_where_it_is_as_far_as_frames_follow"

# And a block of its own addresses takes three pages more than it seems.
PAGES = "heap.all_but_one_of_the_frames_come_back_when_they_are_asked_for"

# Suites whose work takes memory of the heap, in make test; all in soak.
WATCHED = "uksched*,sched*,thread*,mbox*,ringalloc*,stdlib*,lcpu,heap,stdio*"


def watched(ctx, also="", but=()):
    """The system's own tests use no memory wrongly."""
    params = "ukalloc.debug=1 ukalloc.quarantine=0 uktest.limit_ms=100000"
    params += also
    if ctx.case_filter or not ctx.soak:
        params += " uktest.filter=" + (ctx.case_filter or WATCHED)
    boot = guest.boot(ctx, ctx.image("uktest-debug"), mem="64M",
                      params=params, extra=("--cpus", "2"), timeout=300)
    ctx.write("console", str(boot))
    found = Collected()
    taprun.report(found, boot.console, boot.status, boot.timed_out,
                  taprun.uktest_status, boot.done.times, 100)
    expect(found.passed and not set(found.failed) - {MOVES, *but},
           "failed: %s" % found.failed)
    boot.expect_match(r"^kiln: heap: \d+ blocks, \d+ bytes are the system's$")
    expect("is left out" not in boot.console, "a CPU does not start")


def watched_closely(ctx):
    """Nor do they read it; with two CPUs to tell of each freed block."""
    watched(ctx, " ukalloc.protect=on", (PAGES,))


# Arguments of QEMU's monitor command mce: CPU, bank, status, the global
# status, address, more -> what the crash screen says.
MACHINE_CHECKS = {
    "0 9 0xb200000000000000 0 0 0":
        "machine check: bank 09, status 0xb200000000000000",
    "0 4 0xb600000000000000 0 0x12345000 0":
        "machine check: bank 04, status 0xb600000000000000, "
        "address 0x0000000012345000",
}


def machine_check(ctx):
    """Broken memory, as the CPU reports it."""
    for args, cause in MACHINE_CHECKS.items():
        def inject(ctl, args=args):
            ctl.wait_for("hanging")
            ctl.qmp("human-monitor-command",
                    **{"command-line": "mce " + args})

        boot = guest.boot(ctx, ctx.image("probe"), args=("hang",), timeout=30,
                          extra=("--accel", "tcg"), meanwhile=inject)
        ok = boot.status == 134 and re.search(
            "^kiln: crash: %s$" % re.escape(cause), boot.console, re.M)
        ctx.case("mce " + args, bool(ok), str(boot), boot.done.seconds)


def balloon(ctx):
    """It wants more than is free before the image begins. Nobody here gives
    it anything, so nothing may change.
    """
    wanted = 4 << 20

    def inflate(ctl):
        ctl.qmp("balloon", value=wanted)
        ctl.qmp("cont")

    boot = guest.boot(ctx, ctx.image("uktest"), mem="64M", extra=(
        "--qemu-arg=-S", "--qemu-arg=-device",
        "--qemu-arg=virtio-balloon-pci"), meanwhile=inflate,
        params="uktest.filter=heap,frames")
    boot.expect_status(0).expect_match(r"^ok \d+ - frames: all memory")


def memory_of_a_file(ctx):
    """As the host has it for huge pages: its pages come when touched."""
    boot = guest.boot(ctx, ctx.image("uktest"), mem="64M", extra=(
        "--qemu-arg=-mem-path", "--qemu-arg=" + ctx.dir),
        params="uktest.filter=heap,frames")
    boot.expect_status(0).expect_match(r"^ok \d+ - frames: all memory")


# Memory for hello, KiB: from where QEMU has it all loaded, which it does not
# check everywhere, up to where it boots. Steps in make test are longer.
MEMORY = {
    "x86_64": (("pc", "q35", "microvm", "microvm-bare"), 1152, 2048),
    "arm64": (("virt-gic2", "virt-gic3", "virt-el2"), 1024, 8192),
}
STEP = {"x86_64": (32, 128), "arm64": (256, 1024)}     # soak, make test


def small(machine, image):
    """It boots, or says why not; QEMU may be the one that says it."""
    def run(ctx):
        _, first, last = MEMORY[ctx.arch]
        seen = set()
        for kib in range(first, last + 1, STEP[ctx.arch][not ctx.soak]):
            boot = guest.boot(ctx, ctx.image(image), machine=machine,
                              timeout=30, extra=(
                                  "--qemu-arg=-m", "--qemu-arg=%dk" % kib))
            said = re.search(r"^(kiln: memory ends before the image does|"
                             r".*\berr: lib\w+: .*|"
                             r"qemu-system-\w+: Not enough space.*)$",
                             boot.console, re.M)
            ok = boot.status == 0 and "Hello" in boot.console or \
                boot.status != 134 and not boot.timed_out and \
                boot.status != 124 and said
            seen.add(boot.status == 0)
            ctx.case("%d KiB" % kib, bool(ok), str(boot), boot.done.seconds)
        expect(seen == {True, False}, "not both ends of it: %s" % seen)
    return run


def register():
    for arch, (machines, _, _) in MEMORY.items():
        for machine in machines:
            for image in ("hello", "hello-smp-debug", "hello-bbuddy",
                          "hello-smp-bbuddy"):
                core.add("faults/%s/%s of little memory on %s" % (
                    arch, image, machine), small(machine, image), arch=arch,
                    images=(image,), soak="smp" in image or
                    machine not in ("q35", "virt-gic3"))
    core.add("faults/x86_64/a machine check is told with its bank",
             machine_check, arch="x86_64", images=("probe",))
    for arch in ARCHS:
        for name, fn, image in (
                ("memory that is used wrongly is named", wrong_use,
                 "probe-debug"),
                ("freed memory that is accessed is named at once",
                 accessed_after_free, "probe-debug"),
                ("leaks are told by their places", leaks, "probe-debug"),
                ("bad parameters of the heap are refused", bad_parameters,
                 "hello-smp-debug"),
                ("the requests of one library fail", by_library,
                 "hello-smp-debug"),
                ("the requests of one function fail", by_site,
                 "probe-debug"),
                ("a balloon that is inflated takes nothing", balloon,
                 "uktest"),
                ("memory may be that of a file", memory_of_a_file, "uktest"),
                ("the tests use memory as they may", watched,
                 "uktest-debug"),
                ("the tests access no freed memory", watched_closely,
                 "uktest-debug")):
            core.add("faults/%s/%s" % (arch, name), fn, arch=arch,
                     images=(image,))
        for name, sweep in SWEEPS.items():
            core.add("faults/%s/%s: each request fails" % (arch, name),
                     sweep_of(sweep), arch=arch, images=(sweep.image,))


register()
