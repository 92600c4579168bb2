# SPDX-License-Identifier: BSD-3-Clause
"""What the system tests stand on: see support/tests/README.md."""
