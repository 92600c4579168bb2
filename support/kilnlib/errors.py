# SPDX-License-Identifier: BSD-3-Clause
"""
The ways in which kiln itself fails, as opposed to the guest.

A guest may end with any status from 0 to 255, these included; which of the
two it was is told by the line on standard error, or by --json.
"""

NO_STATUS = 123     # the guest ended and told no status
TIMEOUT = 124       # the time limit was reached
FAILED = 125        # kiln or QEMU failed, or the command line is wrong
REFUSED = 126       # not an image for kiln run, or too little memory for it
MISSING = 127       # a program that is needed is not installed
SIGNAL = 128        # plus the number of the signal that ended kiln


class KilnError(Exception):
    """A failure with a message for the user and an exit status."""

    def __init__(self, message, status=FAILED):
        super().__init__(message)
        self.status = status


class Refused(KilnError):
    """The image, or the machine asked for it, cannot be."""

    def __init__(self, message):
        super().__init__(message, REFUSED)


class Missing(KilnError):
    """A program is not installed."""

    def __init__(self, program, package):
        super().__init__(
            f"{program} is not installed; it is in the package {package}: "
            f"apt-get install {package}", MISSING)
