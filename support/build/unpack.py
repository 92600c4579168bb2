# SPDX-License-Identifier: BSD-3-Clause
"""Unpack an archive that may be hostile: nothing lands outside."""
import os
import shutil
import stat
import tarfile
import time
import zipfile

from fail import Fail


def _inside(name, archive):
    """@name, or Fail if it is absolute or climbs out."""
    parts = name.replace("\\", "/").split("/")
    if name.startswith("/") or ".." in parts:
        raise Fail(f"{archive}: refuses to unpack the member {name}")
    return name


def _check_member(member, archive):
    _inside(member.name, archive)
    if member.issym():
        if os.path.isabs(member.linkname):
            raise Fail(f"{archive}: the link {member.name} leads outside")
        _inside(os.path.normpath(os.path.join(
            os.path.dirname(member.name), member.linkname)), archive)
    elif member.islnk():
        _inside(member.linkname, archive)
    elif not (member.isfile() or member.isdir()):
        raise Fail(f"{archive}: the member {member.name} is neither file, "
                   "directory nor link")


def _tar(archive, home):
    with tarfile.open(archive) as tar:
        members = [m for m in tar.getmembers() if m.name not in (".", "")]
        for member in members:
            _check_member(member, archive)
            member.uid = member.gid = os.getuid()
            member.uname = member.gname = ""
            member.mode = (member.mode & 0o777) | 0o600
            if member.isdir():
                member.mode |= 0o700
        tar.extractall(home, members)


def _zip(archive, home):
    with zipfile.ZipFile(archive) as packed:
        for info in packed.infolist():
            _inside(info.filename, archive)
            if stat.S_ISLNK(info.external_attr >> 16):
                raise Fail(f"{archive}: the member {info.filename} is a link")
        packed.extractall(home)


def _same_time(home):
    """One time stamp for all: newer than objects, equal among themselves."""
    now = time.time()
    for top, _, files in os.walk(home):
        for name in files:
            path = os.path.join(top, name)
            if not os.path.islink(path):
                os.utime(path, (now, now))


def unpack(archive, home, strip_single=False):
    """Unpack into the new directory @home; all or nothing.

    @strip_single: the contents of the one directory at the archive's top.
    """
    part = home + ".part"
    shutil.rmtree(part, ignore_errors=True)
    os.makedirs(part)
    try:
        (_zip if zipfile.is_zipfile(archive) else _tar)(archive, part)
    except (tarfile.TarError, zipfile.BadZipFile, EOFError) as err:
        raise Fail(f"{archive} is damaged or of an unknown kind: "
                   f"{err}") from err
    _same_time(part)
    shutil.rmtree(home, ignore_errors=True)
    inner = os.listdir(part)
    if strip_single and len(inner) == 1:
        os.replace(os.path.join(part, inner[0]), home)
        os.rmdir(part)
    else:
        os.replace(part, home)
