# SPDX-License-Identifier: BSD-3-Clause
"""From a TAP report to results."""

import re

from . import core, tap

_TITLE = re.compile(r"^([\w-]+): (.*)$")


def case_name(title):
    """uktest's "suite: a sentence" as suite.a_sentence; others as they are."""
    m = _TITLE.match(title)
    if not m:
        return title
    return m.group(1) + "." + m.group(2).replace(" ", "_")


def report(ctx, text, status, timed_out, expect_status=None, times=(),
           limit=0):
    """Count every case in @text; what is wrong with the whole is a Failure.

    @expect_status(nfailed) is the exit status that many failures must give;
    None: 0 without failures, anything else with. A case that took more than
    @limit seconds by @times, see tap.parse(), has failed: not every guest has
    a clock to say so itself.
    """
    rep = tap.parse(text, times)
    for case in rep.cases:
        name = case_name(case.name)
        if limit and case.seconds > limit:
            case.notes.append("# took %.1f s, allowed are %g s"
                              % (case.seconds, limit))
            ctx.case(name, False, "\n".join(case.notes), case.seconds)
            continue
        if case.skip is not None and case.ok:
            ctx.skip_case(name, case.skip)
        else:
            ctx.case(name, case.ok, "\n".join(case.notes))
    tail = "\n".join(text.rstrip("\n").split("\n")[-30:])
    if timed_out:
        raise core.Failure("no end within the time limit%s\n%s" % (
            ", inside " + rep.running if rep.running else "", tail))
    if rep.problems:
        raise core.Failure("%s\n%s" % ("; ".join(rep.problems), tail))
    if rep.skip_all is not None:
        raise core.Skip(rep.skip_all)
    wanted = expect_status(rep.nfailed) if expect_status else None
    if wanted is not None and status != wanted:
        raise core.Failure("%d cases failed and the status is %d, not %d\n%s"
                           % (rep.nfailed, status, wanted, tail))
    if wanted is None and (status == 0) != (rep.nfailed == 0):
        raise core.Failure("%d cases failed and the status is %d\n%s"
                           % (rep.nfailed, status, tail))
    return rep


def uktest_status(nfailed):
    return min(nfailed, 125)
