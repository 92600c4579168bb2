# SPDX-License-Identifier: BSD-3-Clause
"""How the engine's programs speak: one line on stdout, errors on stderr."""
import sys


class Fail(Exception):
    """The build cannot go on; the text says why and what to do next."""


def say(text):
    print(text, flush=True)


def warn(text):
    sys.stdout.flush()
    print(f"warning: {text}", file=sys.stderr, flush=True)
