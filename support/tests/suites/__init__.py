# SPDX-License-Identifier: BSD-3-Clause
"""One module per group of tests; importing it registers them."""
