# SPDX-License-Identifier: BSD-3-Clause
"""Programs of the build machine that the engine can do without a package for.

kconfiglib comes from the distribution (python3-kconfiglib). Where its Python
does not have it, the pinned release is fetched and used from the cache.
"""
import os
import sys

from fail import Fail

KCONFIGLIB_SHA256 = \
    "571c5b6b0a5704fd08d1ec8312ce47438d52bca8d392b8adb81516aa11ae15f6"
KCONFIGLIB_FILE = "kconfiglib_14.1.0.orig.tar.gz"


def _from_cache():
    import fetch
    from unpack import unpack
    home = os.path.join(fetch.cache_dir(), "kconfiglib-14.1.0")
    if not os.path.isfile(os.path.join(home, "kconfiglib.py")):
        archive = fetch.fetch(fetch.Source(
            "kconfiglib", KCONFIGLIB_FILE, [],
            [(KCONFIGLIB_FILE, KCONFIGLIB_SHA256)], "kconfiglib"))
        unpack(archive, home, strip_single=True)
    return home


def provide_kconfiglib():
    try:
        import kconfiglib  # noqa: F401
        return
    except ImportError:
        pass
    try:
        sys.path.insert(0, _from_cache())
        import kconfiglib  # noqa: F401
    except (Fail, ImportError) as err:
        sys.exit("error: Python's kconfiglib is missing: install the package "
                 "python3-kconfiglib (or run support/scripts/setup).\n"
                 f"{err}")
