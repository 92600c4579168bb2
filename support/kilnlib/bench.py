# SPDX-License-Identifier: BSD-3-Clause
"""
`kiln bench`: figures against their budgets.

support/bench/<group>.py holds the measures of a group; this module runs them
and keeps score. A figure is smaller for better, unless its measure says
otherwise. What the machine's mood changes (CPU seconds) is shown and held
against its budget, but not compared with what was recorded.
"""
import importlib.util
import json
import os
import sys

from . import ROOT
from .builds import Builds
from .errors import KilnError

BENCH = os.path.join(ROOT, "support", "bench")
RECORDED = os.path.join(BENCH, "recorded.json")
MISSED = 1      # exit status

EPILOG = """
marks: "stretch" and "budget" are met, "MISSED" is not, "not yet" cannot be
measured so far, "FAILED" could not be measured; "worse" is on the wrong side
of the recorded figure by more than --check allows, "not recorded" has none to
compare with.
See support/bench/README.md.
exit status: 0, or 1 when a measure failed or --check found something: with a
percentage also a figure without a recorded one, which --record keeps.
"""


class Measure:
    """One row: what is measured, its budget, and how."""

    def __init__(self, key, what, unit, budget, stretch=None, run=None,
                 exact=True, profile=None, more=False):
        self.key = key          # [a-z0-9-]+, names it in recorded.json
        self.what = what
        self.unit = unit
        self.budget = budget
        self.stretch = stretch
        self.run = run          # run(builds) -> Figure; None: not yet
        self.exact = exact      # the same on every machine
        self.profile = profile  # profile(builds) prints where it goes
        self.more = more        # more is better

    def meets(self, value, goal):
        """Is value as good as goal, or better?"""
        return value >= goal if self.more else value <= goal


class Figure:
    """What a measure found; extra is a word beside the number."""

    def __init__(self, value, extra=""):
        self.value = value
        self.extra = extra


class Row:
    """A measure and what became of it."""

    def __init__(self, group, measure):
        self.group = group
        self.measure = measure
        self.figure = None
        self.recorded = None
        self.error = None
        self.worse = False
        self.unrecorded = False     # nothing to compare it with

    @property
    def mark(self):
        """The verdict in a word or two."""
        if self.error:
            return "FAILED"
        if self.figure is None:
            return "not yet"
        value, measure = self.figure.value, self.measure
        if not measure.meets(value, measure.budget):
            word = "MISSED"
        elif measure.stretch is not None and \
                measure.meets(value, measure.stretch):
            word = "stretch"
        else:
            word = "budget"
        return word + (", worse" if self.worse else "") \
            + (", not recorded" if self.unrecorded else "")

    def as_dict(self):
        """For --json."""
        measure = self.measure
        return {"group": self.group, "key": measure.key,
                "what": measure.what, "unit": measure.unit,
                "budget": measure.budget, "stretch": measure.stretch,
                "more_is_better": measure.more,
                "figure": self.figure and self.figure.value,
                "note": self.error or self.figure and self.figure.extra,
                "recorded": self.recorded, "mark": self.mark}


def add_options(parser):
    """The options of `kiln bench`."""
    add = parser.add_argument
    add("--group", metavar="NAME", help="only this group: "
        + ", ".join(_groups()))
    add("--only", metavar="TEXT",
        help="only measures with TEXT in their key")
    add("--check", metavar="budget|PERCENT",
        help="fail when a budget is missed, or when a figure is so much "
        "worse than the recorded one")
    add("--record", action="store_true",
        help="keep the figures in support/bench/recorded.json")
    add("--profile", action="store_true",
        help="show instructions per function, where a measure can")
    add("--list", action="store_true", help="list the measures, run none")
    add("--json", action="store_true")
    add("--out", metavar="DIR",
        help="where images are built; default: bench/ in $O or in build/")
    add("--jobs", metavar="N", type=int, default=2,
        help="make -jN for the builds")


def _groups():
    return sorted(f[:-3] for f in os.listdir(BENCH) if f.endswith(".py"))


def _load(group):
    path = os.path.join(BENCH, group + ".py")
    spec = importlib.util.spec_from_file_location(f"bench_{group}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.MEASURES


def _rows(opts):
    if opts.group and opts.group not in _groups():
        raise KilnError(f"no group {opts.group}; there are: "
                        + ", ".join(_groups()))
    rows = [Row(group, measure)
            for group in ([opts.group] if opts.group else _groups())
            for measure in _load(group)
            if not opts.only or opts.only in measure.key]
    if not rows:
        raise KilnError(f"no measure has {opts.only} in its key")
    return rows


def _read_recorded():
    try:
        with open(RECORDED, encoding="utf-8") as file:
            return json.load(file)
    except FileNotFoundError:
        return {}
    except ValueError as err:
        raise KilnError(f"{RECORDED}: {err}") from None


def _write_recorded(rows):
    recorded = _read_recorded()
    for row in rows:
        if row.figure is not None and row.measure.exact:
            group = recorded.setdefault(row.group, {})
            group[row.measure.key] = row.figure.value
    with open(RECORDED, "w", encoding="utf-8") as file:
        json.dump(recorded, file, indent=2, sort_keys=True)
        file.write("\n")


def amount(value, unit):
    """A number with its unit, as people write it."""
    if value is None:
        return "-"
    if unit == "B" and value % 1024 == 0:
        return f"{value // 1024:,} KiB"
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}"
    return f"{text} {unit}"


_HEAD = f"{'':48}{'budget':>12}{'stretch':>12}{'recorded':>12}{'figure':>12}"


def _print_row(row):
    measure = row.measure
    figure = row.figure.value if row.figure else None
    cells = [amount(v, measure.unit) for v in
             (measure.budget, measure.stretch, row.recorded, figure)]
    # The unit is said once per row where all cells share it.
    extra = f" {row.figure.extra}" if row.figure and row.figure.extra else ""
    print(f"  {measure.what:46}" + "".join(f"{c:>12}" for c in cells)
          + f"  {row.mark}{extra}", flush=True)
    if row.error:
        for line in row.error.strip().splitlines():
            print(f"      {line}")


def _measure(row, builds):
    if not row.measure.run:
        return
    try:
        row.figure = row.measure.run(builds)
    except KilnError as err:
        row.error = str(err)


def _percent(check):
    if check in (None, "budget"):
        return None
    try:
        return float(check)
    except ValueError:
        raise KilnError(f"--check {check}: neither `budget` nor a "
                        "number of per cent") from None


def _compare(row, recorded, percent):
    row.recorded = recorded.get(row.group, {}).get(row.measure.key)
    if percent is None or not row.figure or not row.measure.exact:
        return
    if row.recorded is None:
        row.unrecorded = True
    else:
        slack = abs(row.recorded) * percent / 100
        row.worse = not row.measure.meets(
            row.figure.value,
            row.recorded + (-slack if row.measure.more else slack))


def _profile(rows, builds):
    able = [r.measure for r in rows if r.measure.profile]
    if not able:
        raise KilnError("none of these measures has a profile")
    for measure in able:
        measure.profile(builds)
    return 0


def _failed(rows, check):
    bad = [r for r in rows if r.error or r.worse or r.unrecorded or
           check == "budget" and r.mark == "MISSED"]
    for row in bad:
        print(f"kiln bench: {row.group} {row.measure.key}: {row.mark}",
              file=sys.stderr)
    missing = sum(r.unrecorded for r in bad)
    if missing:
        print(f"kiln bench: {missing} of {len(rows)} measures have no "
              "recorded figure to be compared with; --record keeps this "
              "run's in support/bench/recorded.json", file=sys.stderr)
    return bool(bad)


def main(opts):
    """Returns the exit status."""
    percent = _percent(opts.check)
    rows = _rows(opts)
    if opts.list:
        for row in rows:
            print(f"{row.group:10} {row.measure.key:32} {row.measure.what}")
        return 0
    builds = Builds(opts.out, opts.jobs)
    if opts.profile:
        return _profile(rows, builds)
    recorded = _read_recorded()
    group = None
    for row in rows:
        _measure(row, builds)
        _compare(row, recorded, percent)
        if opts.json:
            continue
        if row.group != group:
            group = row.group
            print(f"{group:10}{_HEAD[10:]}")
        _print_row(row)
    if opts.json:
        print(json.dumps([r.as_dict() for r in rows], indent=2))
    if opts.record:
        _write_recorded(rows)
    return MISSED if _failed(rows, opts.check) else 0
