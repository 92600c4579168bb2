# SPDX-License-Identifier: BSD-3-Clause
"""The command line of support/kiln."""
import argparse
import importlib
import os
import signal
import sys

from .errors import FAILED, SIGNAL, KilnError

# name: (module, one line about it)
COMMANDS = {
    "run": ("run", "boot an image under QEMU and end with its status"),
    "symbolize": ("symbolize", "name the functions in a crash screen"),
    "size": ("size", "bytes per library of an image"),
    "bench": ("bench", "measure instructions, bytes and memory"),
    "heaps": ("heaps", "compare the default heap with those of the host"),
}


class Parser(argparse.ArgumentParser):
    """argparse, with our status for a wrong command line."""

    def error(self, message):
        self.print_usage(sys.stderr)
        print(f"{self.prog}: {message}", file=sys.stderr)
        sys.exit(FAILED)


def _parse(argv):
    top = Parser(prog="kiln", description="Tools for Kiln images.")
    sub = top.add_subparsers(dest="command", metavar="COMMAND",
                             required=True, parser_class=Parser)
    name = next((a for a in argv if not a.startswith("-")), None)
    command = None
    for known, (module, about) in COMMANDS.items():
        parser = sub.add_parser(
            known, help=about, allow_abbrev=False,
            description=about[0].upper() + about[1:] + ".",
            formatter_class=argparse.RawDescriptionHelpFormatter)
        if known == name:
            command = importlib.import_module(f".{module}", __package__)
            parser.epilog = getattr(command, "EPILOG", None)
            command.add_options(parser)
    # What follows -- is the program's, whatever it looks like.
    rest = []
    if "--" in argv and name == "run":
        at = argv.index("--")
        argv, rest = argv[:at], argv[at + 1:]
    opts = top.parse_args(argv)
    if name == "run":
        if opts.args:
            top.error("arguments of the program come after --: "
                      + " ".join(opts.args))
        opts.args = rest
    return command, opts


def _flush():
    if sys.stdout:      # None: it was closed from the beginning
        sys.stdout.flush()


def _run(argv):
    command, opts = _parse(argv)
    try:
        return command.main(opts)
    except KilnError as err:
        _flush()
        print(f"kiln {opts.command}: {err}", file=sys.stderr)
        return err.status
    except KeyboardInterrupt:
        return SIGNAL + signal.SIGINT


def _status_of(argv):
    try:
        return _run(argv)
    except KeyboardInterrupt:   # a second one, on the way out
        return SIGNAL + signal.SIGINT
    finally:
        # What the status is has been decided; Python would die of one more.
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def main(argv):
    """Run one command; returns the exit status."""
    try:
        try:
            return _status_of(argv)
        finally:
            _flush()        # --help ends without a return
    except BrokenPipeError:
        # Whoever read us has seen enough. Python flushes once more at its end.
        null = os.open(os.devnull, os.O_WRONLY)
        for fd in (1, 2):
            os.dup2(null, fd)
        return SIGNAL + signal.SIGPIPE
