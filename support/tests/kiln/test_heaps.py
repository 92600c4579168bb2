#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""`kiln heaps`: what it reads, what it says, and what it must not pass over."""
import os
import stat
import tempfile
import unittest

import kilntap

from kilnlib import heaps
from kilnlib.errors import MISSING, KilnError, Missing


def _result(taken, cpu_ns, insns=None, peak=1000):
    return heaps.Result(f"ops=10 peak={peak} taken={taken} cpu_ns={cpu_ns}\n",
                        insns)


class Heaps(unittest.TestCase):
    """Numbers are per call, and per byte in use."""

    def test_the_table_has_what_ours_is_to_each_other_one(self):
        text = "\n".join(heaps.lines("some", {
            "kiln": _result(1100, 500, 400), "glibc": _result(2200, 250, 800)}))
        self.assertRegex(text, r"some \(1 KiB in use\)")
        self.assertRegex(text, r"instructions +40\.0 +80\.0 +0\.50")
        self.assertRegex(text, r"ns +50\.0 +25\.0 +2\.00")
        self.assertRegex(text, r"memory +1\.10 +2\.20 +0\.50")

    def test_without_the_emulator_there_is_time_and_memory(self):
        text = "\n".join(heaps.lines("some", {
            "kiln": _result(1100, 500), "glibc": _result(2200, 250)}))
        self.assertNotIn("instructions", text)
        self.assertIn("memory", text)

    def test_the_budget_is_held_against_the_mean(self):
        self.assertEqual(heaps.verdict(heaps.overhead([1.05, 1.10])),
                         "stretch")
        self.assertEqual(heaps.verdict(heaps.overhead([1.05, 1.15])),
                         "budget")
        self.assertEqual(heaps.verdict(heaps.overhead([1.05, 1.25])),
                         "MISSED")

    def test_a_heap_that_is_not_installed_names_its_package(self):
        for heap, package in (("mimalloc", "libmimalloc2.0"),
                              ("jemalloc", "libjemalloc2")):
            with self.assertRaises(Missing) as caught:
                heaps.library(heap, roots=())
            self.assertIn(f"apt-get install {package}", str(caught.exception))
            self.assertEqual(caught.exception.status, MISSING)
        self.assertIsNone(heaps.library("glibc", roots=()))

    def fake(self, **texts):
        """Programs in the place of those that would be built."""
        work = tempfile.TemporaryDirectory(prefix="kiln-heaps-")
        self.addCleanup(work.cleanup)
        for heap, text in texts.items():
            path = os.path.join(work.name, f"heaps-{heap}")
            with open(path, "w", encoding="utf-8") as file:
                file.write("#!/bin/sh\n" + text + "\n")
            os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)
        return work.name

    def test_the_median_of_the_runs_counts(self):
        out = self.fake(
            kiln="echo . >>$0.n\necho ops=10 peak=5 taken=6 "
                 "cpu_ns=$(($(wc -l <$0.n) * 100))",
            libc="echo ops=10 peak=5 taken=7 cpu_ns=50")
        found = heaps.measure(out, ["kiln", "glibc"], "http", 3, None)
        self.assertEqual(found["kiln"].cpu_ns, 200)
        self.assertEqual(found["glibc"].taken, 7)

    def test_a_heap_that_fails_is_named(self):
        out = self.fake(kiln="echo the heap has no memory >&2; exit 1")
        with self.assertRaises(KilnError) as caught:
            heaps.replay(out, "kiln", "http")
        self.assertIn("heaps-kiln http: status 1", str(caught.exception))
        self.assertIn("no memory", str(caught.exception))

    def test_traces_that_differ_are_no_comparison(self):
        out = self.fake(kiln="echo ops=10 peak=5 taken=6 cpu_ns=1",
                        libc="echo ops=11 peak=5 taken=6 cpu_ns=1")
        with self.assertRaises(KilnError):
            heaps.measure(out, ["kiln", "glibc"], "http", 1, None)


if __name__ == "__main__":
    kilntap.main()
