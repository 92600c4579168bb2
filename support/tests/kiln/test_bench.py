#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""`kiln bench`, its counting plugin and its marks."""
import contextlib
import io
import json
import os
import sys
import types

import kilntap

from kilnlib import bench, count, image
from kilnlib import profile as profiles
from kilnlib.errors import KilnError

sys.path.insert(0, os.path.join(kilntap.ROOT, "support", "bench"))
import hello    # noqa: E402


class _Guest(kilntap.Guests):
    """The test guest in the place of the images that would be built."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        os.environ["XDG_CACHE_HOME"] = cls.dir

    def image(self, _app, defconfig):
        arch = "arm64" if "arm64" in defconfig else "x86_64"
        return image.read(self.images[arch])


class Count(_Guest):
    """The plugin counts exactly."""

    def counted(self, arch, *words, **wish):
        img = self.image(None, arch)
        program = count.Program(img)
        first = img.entry(img.protocol())
        last = program.symbol("guest_main")
        run = count.run(img, pcs=(first, last), hist=(first, last),
                        args=list(words), **wish)
        return img, run, run.between(first, last)

    def test_two_runs_are_equal_to_the_last_digit(self):
        for arch in kilntap.ARCHS:
            runs = [self.counted(arch, "exit", "0")[1].pcs
                    for _ in range(2)]
            self.assertEqual(runs[0], runs[1])

    def test_the_firmware_does_not_count(self):
        seen = {machine: self.counted("x86_64", "exit", "0",
                                      machine=machine)[2]
                for machine in ("pc", "q35", "microvm")}
        # mov, push, call; and x86_main up to its call of guest_main
        self.assertEqual(len(set(seen.values())), 1, seen)
        self.assertLess(seen["pc"][0], 20)

    def test_the_histogram_adds_up_to_the_count(self):
        for arch in kilntap.ARCHS:
            img, run, (insns, rep) = self.counted(arch, "exit", "0")
            self.assertEqual(sum(run.hist.values()), insns + rep)
            rows = profiles.by_function(count.Program(img), run.hist)
            self.assertEqual(sum(n for n, _ in rows), insns + rep)
            self.assertNotIn(profiles.OUTSIDE, [f for _, f in rows])
            self.assertIn("_start", [f for _, f in rows])

    def test_an_address_that_is_not_reached_shows_the_console(self):
        img = self.image(None, "arm64")
        run = count.run(img, pcs=(1, 2), args=["exit", "3"])
        self.assertEqual(run.verdict.status, 3)
        with self.assertRaisesRegex(KilnError, "kiln: exit 3"):
            run.between(1, 2)

    def test_markers_in_the_guest_are_logged(self):
        for arch in kilntap.ARCHS:
            run = count.run(self.image(None, arch), args=["mark"])
            self.assertEqual(run.verdict.status, 0)
            (one, first, _), (two, second, _) = run.marks
            # Ten no-ops and the first marker itself.
            self.assertEqual((one, two, second - first), (1, 65535, 11))

    def test_iterations_of_string_instructions_count_apart(self):
        run = count.run(self.image(None, "x86_64"), args=["mark"])
        (_, first, rep1), (_, second, rep2) = run.marks
        self.assertEqual((second - first, rep2 - rep1), (11, 0))
        run = count.run(self.image(None, "x86_64"), args=["rep"])
        (_, first, rep1), (_, second, rep2) = run.marks
        # TCG may look once more to find that none is left.
        self.assertIn(rep2 - rep1, (20, 21))

    def test_in_lockstep_time_is_what_a_lone_cpu_runs(self):
        for arch in kilntap.ARCHS:
            for cpus in (1, 2):
                run = count.run(self.image(None, arch), lockstep=10,
                                cpus=cpus, args=["mark"])
                self.assertEqual((run.times, run.slips), ([0, 11], 0))
        run = count.run(self.image(None, "x86_64"), lockstep=10, args=["rep"])
        # The iterations, and the first marker itself.
        self.assertIn(run.times[1], (21, 22))

    def test_in_lockstep_two_cpus_run_at_once(self):
        for ahead in (0, 10, 1000):
            run = count.run(self.image(None, "arm64"), lockstep=ahead,
                            cpus=2, args=["two"])
            self.assertEqual((len(run.times), run.slips), (2, 0))
            took = run.times[1] - run.times[0]
            self.assertGreater(took, 20000)
            self.assertLess(took, 20050 + 2 * ahead)
            both = run.marks[1][1] - run.marks[0][1]
            # The second has slept since its end.
            self.assertGreater(both, 40000)
            self.assertLessEqual(both, 2 * took)

    def test_without_lockstep_there_are_no_times(self):
        run = count.run(self.image(None, "arm64"), args=["mark"])
        self.assertEqual((run.times, run.slips), ([], 0))


class Marks(_Guest):
    """Budgets, recorded figures, exit status."""

    def rows(self, figures, *argv, recorded=None, err=None, more=False):
        """Run main() over made-up measures: (status, text)."""
        goals = (50, 100) if more else (100, 50)
        measures = [bench.Measure(key, key, "i", *goals, run, exact,
                                  more=more)
                    for key, (run, exact) in figures.items()]
        path = os.path.join(self.dir, "recorded.json")
        if recorded is not None:
            with open(path, "w", encoding="utf-8") as file:
                json.dump({"made": recorded}, file)
        parser = bench_parser()
        keep = bench._load, bench._groups, bench.RECORDED
        bench._load = lambda group: measures
        bench._groups = lambda: ["made"]
        bench.RECORDED = path
        out = io.StringIO()
        try:
            with contextlib.redirect_stdout(out), \
                    contextlib.redirect_stderr(err or io.StringIO()):
                status = bench.main(parser.parse_args(
                    ["--out", self.dir, *argv]))
        finally:
            bench._load, bench._groups, bench.RECORDED = keep
        return status, out.getvalue()

    @staticmethod
    def is_(value):
        return lambda builds: bench.Figure(value)

    @staticmethod
    def fails(builds):
        raise KilnError("it broke")

    def test_the_mark_follows_budget_and_stretch(self):
        for value, mark in ((50, "stretch"), (51, "budget"),
                            (100, "budget"), (101, "MISSED")):
            status, out = self.rows({"a": (self.is_(value), True)}, "--json")
            self.assertEqual(json.loads(out)[0]["mark"], mark)
            self.assertEqual(status, 0)

    def test_where_more_is_better_the_marks_turn_round(self):
        for value, mark, status in ((100, "stretch", 0), (99.9, "budget", 0),
                                    (50, "budget", 0), (49.9, "MISSED", 1)):
            got, out = self.rows({"a": (self.is_(value), True)}, "--json",
                                 "--check", "budget", more=True)
            self.assertEqual(json.loads(out)[0]["mark"], mark)
            self.assertEqual(got, status)
        for now, status in ((1010, 0), (1000, 0), (990, 0), (989.9, 1)):
            got = self.rows({"a": (self.is_(now), True)}, "--check", "1",
                            recorded={"a": 1000}, more=True)
            self.assertEqual(got[0], status, got[1])

    def test_a_missed_budget_fails_only_when_asked(self):
        missed = {"a": (self.is_(101), True), "b": (None, True)}
        self.assertEqual(self.rows(missed)[0], 0)
        self.assertEqual(self.rows(missed, "--check", "budget")[0], 1)
        met = {"a": (self.is_(100), True), "b": (None, True)}
        status, out = self.rows(met, "--check", "budget")
        self.assertEqual(status, 0)
        self.assertIn("not yet", out)

    def test_one_per_cent_worse_than_recorded_fails(self):
        for now, status in ((99, 0), (1000, 0), (1010, 0), (1011, 1)):
            got = self.rows({"a": (self.is_(now), True)}, "--check", "1",
                            recorded={"a": 1000})
            self.assertEqual(got[0], status, got[1])

    def test_what_is_not_exact_is_not_compared(self):
        got = self.rows({"a": (self.is_(9999), False)}, "--check", "1",
                        recorded={"a": 1})
        self.assertEqual(got[0], 0)

    def test_a_check_against_nothing_recorded_fails_and_names_the_rows(self):
        figures = {"old": (self.is_(1), True), "new": (self.is_(1), True),
                   "vague": (self.is_(1), False), "later": (None, True)}
        for recorded, bad in (({}, "old new"), ({"old": 1}, "new")):
            err = io.StringIO()
            status, out = self.rows(figures, "--check", "1",
                                    recorded=recorded, err=err)
            self.assertEqual(status, 1, out)
            self.assertIn("not recorded", out)
            named = [line.split()[3] for line in err.getvalue().splitlines()
                     if line.endswith(", not recorded")]
            self.assertEqual(named, [b + ":" for b in bad.split()])
            self.assertIn("--record", err.getvalue())
        self.assertEqual(self.rows(figures, recorded={})[0], 0)
        self.assertEqual(self.rows(figures, "--check", "1",
                                   recorded={"old": 1, "new": 1})[0], 0)

    def test_a_measure_that_fails_always_fails(self):
        status, out = self.rows({"a": (self.fails, True)})
        self.assertEqual(status, 1)
        self.assertIn("it broke", out)

    def test_record_keeps_the_figures_for_the_next_check(self):
        figures = {"a": (self.is_(70), True), "b": (self.is_(7), False)}
        self.rows(figures, "--record", recorded={"c": 3})
        with open(os.path.join(self.dir, "recorded.json"),
                  encoding="utf-8") as file:
            self.assertEqual(json.load(file), {"made": {"a": 70, "c": 3}})

    def test_wrong_words_are_refused(self):
        with self.assertRaises(KilnError):
            self.rows({"a": (None, True)}, "--check", "some")
        with self.assertRaises(KilnError):
            self.rows({"a": (None, True)}, "--only", "z")


def bench_parser():
    """The parser of kiln bench's options."""
    import argparse
    parser = argparse.ArgumentParser()
    bench.add_options(parser)
    return parser


class Hello(_Guest):
    """The measures of group hello, tried on the test guest."""

    def measure(self, key):
        builds = types.SimpleNamespace(image=self.image)
        found = [m for m in hello.MEASURES if m.key == key]
        self.assertEqual(len(found), 1)
        return found[0].run(builds).value

    def setUp(self):
        # Nobody gives this guest the word it wants, but in the test.
        keep = hello.options, count.options
        self.addCleanup(lambda: (setattr(hello, "options", keep[0]),
                                 setattr(count, "options", keep[1])))

        def options(path, **wish):
            return keep[0](path, **{**wish, "args": ["exit", "0"]})
        hello.options = count.options = options

    def test_keys_are_unique(self):
        keys = [m.key for m in hello.MEASURES]
        self.assertEqual(len(keys), len(set(keys)))

    def test_image_bytes_are_the_files_length(self):
        self.assertEqual(self.measure("image-default-arm64"),
                         os.path.getsize(self.images["arm64"]))

    def test_the_smallest_memory_is_found(self):
        found = self.measure("memory-x86_64-pc-multiboot")
        self.assertEqual(found, 1100)
        self.assertEqual(self.measure("memory-arm64-virt-arm64"), 4160)
        # SeaBIOS hits or misses a guest as small as this one.
        pvh = self.measure("memory-x86_64-q35-pvh")
        self.assertGreaterEqual(pvh, 1280)
        self.assertLessEqual(pvh, 1100 + 388)

    def test_this_guest_does_not_grow_with_memory(self):
        self.assertEqual(self.measure("growth-x86_64-pc"), 0)

    def test_entry_to_main_is_counted_on_every_machine(self):
        for key in ("boot-x86_64-pc", "boot-x86_64-q35",
                    "boot-x86_64-microvm", "boot-arm64-virt"):
            self.assertGreater(self.measure(key), 5)


if __name__ == "__main__":
    kilntap.main()
