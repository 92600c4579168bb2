# SPDX-License-Identifier: BSD-3-Clause
"""From executions per address to instructions per function."""
import collections

from .symbolize import Symbolizer

OUTSIDE = "(outside the image)"


def by_function(program, hist):
    """[(instructions, function)], most first."""
    names = Symbolizer(program.image.dbg)
    totals = collections.Counter()
    for addr, count in hist.items():
        at = names.virtual(program.virtual(addr))
        found = names.elf.function(at) if at is not None else None
        totals[found[0] if found else OUTSIDE] += count
    return sorted(((n, f) for f, n in totals.items()), reverse=True)


def show(title, rows, limit=25):
    """Print the top of a profile."""
    total = sum(n for n, _ in rows)
    print(f"{title}: {total:,} instructions, string iterations included")
    for count, name in rows[:limit]:
        print(f"  {count:>12,} {100 * count / total:5.1f} %  {name}")
    rest = sum(n for n, _ in rows[limit:])
    if rest:
        print(f"  {rest:>12,} {100 * rest / total:5.1f} %  "
              f"({len(rows) - limit} more)")
