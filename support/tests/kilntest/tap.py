# SPDX-License-Identifier: BSD-3-Clause
"""A strict reader of TAP: what is missing is a failure.

Lines that are no TAP (a boot log, "kiln: exit 0") may stand in between.
"""

import re

_PLAN = re.compile(r"^1\.\.(\d+)(?:\s*#\s*skip\b\s*(.*))?$", re.I)
_CASE = re.compile(r"^(not )?ok\b\s*(\d+)?\s*(?:-\s*)?(.*)$")
_RUN = re.compile(r"^# run (\S+)$")
_SKIP = re.compile(r"\s#\s*skip\b\s*(.*)$", re.I)


class Case:
    def __init__(self, number, name, ok, skip, notes, seconds=0.0):
        self.number = number
        self.name = name
        self.ok = ok
        self.skip = skip            # reason, or None
        self.notes = notes          # the comment lines before it
        self.seconds = seconds      # since it was announced, if that is known


class Report:
    def __init__(self):
        self.plan = None
        self.cases = []
        self.problems = []          # each one fails the program
        self.running = None         # announced, and no result yet
        self.skip_all = None

    @property
    def nfailed(self):
        return sum(not c.ok for c in self.cases)


def parse(text, times=()):
    """Report of the TAP in @text, whose line i came at @times[i] seconds."""
    rep = Report()
    notes = []
    began = now = None
    for i, line in enumerate(text.replace("\r", "").split("\n")):
        now = times[i] if i < len(times) else now
        m = _PLAN.match(line)
        if m:
            if rep.plan is not None:
                rep.problems.append("a second plan: " + line)
            rep.plan = int(m.group(1))
            if m.group(2) is not None:
                rep.skip_all = m.group(2)
            continue
        if line.startswith("Bail out!"):
            rep.problems.append(line)
            continue
        m = _CASE.match(line)
        if m:
            _add_case(rep, m, notes, now - began if began is not None else 0)
            notes = []
            began = None
            continue
        m = _RUN.match(line)
        if m:
            rep.running = m.group(1)
            began = now
            notes = []
        elif line.startswith("#"):
            notes.append(line)
    _check(rep)
    return rep


def _add_case(rep, m, notes, seconds):
    name = m.group(3)
    skip = _SKIP.search(name)
    if skip:
        name = name[:skip.start()]
    number = int(m.group(2)) if m.group(2) else len(rep.cases) + 1
    if number != len(rep.cases) + 1:
        rep.problems.append("case %d comes where %d is due"
                            % (number, len(rep.cases) + 1))
    rep.cases.append(Case(number, name.strip(), not m.group(1),
                          skip.group(1) if skip else None, notes, seconds))
    rep.running = None


def _check(rep):
    if rep.plan is None:
        rep.problems.append("there is no plan line")
    elif rep.plan == 0 and rep.skip_all is None:
        rep.problems.append("the plan has no case")
    elif rep.plan != len(rep.cases):
        rep.problems.append("%d cases planned, %d reported"
                            % (rep.plan, len(rep.cases)))
    if rep.running:
        rep.problems.append("ended inside " + rep.running)
