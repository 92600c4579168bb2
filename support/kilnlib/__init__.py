# SPDX-License-Identifier: BSD-3-Clause
"""What support/kiln is made of; see its --help and support/README.md."""
import os
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))


def cache_dir():
    """
    Where results that can be made again are kept; created at once. Without
    a home that can be written, a directory of ours in the temporary one.
    """
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(
        os.path.expanduser("~"), ".cache")
    path = os.path.join(base, "kiln")
    try:
        os.makedirs(path, exist_ok=True)
        if os.access(path, os.W_OK):
            return path
    except OSError:
        pass
    path = os.path.join(tempfile.gettempdir(), f"kiln-{os.getuid()}")
    os.makedirs(path, mode=0o700, exist_ok=True)
    stat = os.lstat(path)
    # Code is loaded from here: nobody else may have put it there.
    if stat.st_uid != os.getuid() or stat.st_mode & 0o077:
        return tempfile.mkdtemp(prefix="kiln-cache-")
    return path
