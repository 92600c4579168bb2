#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Get an archive, check it, unpack it.

  fetch.py get NAME OUT [--url U]... [--sum ALGO:HEX]... [--also FILE:SHA256]...
           [--package P] [--size BYTES]
  fetch.py check FILE [the same options]
  fetch.py unpack FILE DIRECTORY

`get` tries in this order: the cache ($UK_CACHE, by content); the drop folders
($UK_ARCHIVES, colons between); the URLs; the orig tarball of the distribution's
source package. OFFLINE=1 stops after the drop folders. Nothing that fails its
checksum enters the cache or is unpacked.
"""
import argparse
import glob
import hashlib
import os
import shutil
import sys
import tempfile

import fetch_net
from fail import Fail, warn
from unpack import unpack

ALGORITHMS = ("sha256", "sha512", "sha1", "md5")


def cache_dir():
    return os.environ.get("UK_CACHE") or os.path.expanduser("~/.cache/kiln")


def digest(path, algorithm):
    with open(path, "rb") as src:
        return hashlib.file_digest(src, algorithm).hexdigest() \
            if hasattr(hashlib, "file_digest") \
            else hashlib.new(algorithm, src.read()).hexdigest()


class Source:
    """One archive: its file name, where it may be, and what it must be.

    @also: (file, sha256) of archives that are as good.
    """

    def __init__(self, name, file, urls, also, package=None, sums=(),
                 size=None):
        self.name, self.file = name, file
        # Of each file, as far as anybody said; only for messages.
        self.sizes = {file: size} if size else {}
        self.urls, self.package = urls or [], package
        self.sums = dict(sums)
        self.also = list(also)
        if "sha256" in self.sums:
            self.also.insert(0, (file, self.sums["sha256"]))
        self.tried = []

    @property
    def is_checked(self):
        return bool(self.sums or self.also)

    def files(self):
        return [self.file] + [f for f, _ in self.also if f != self.file]

    def matches(self, path):
        """None if @path is this archive, else why not."""
        if not self.is_checked:
            return None
        have = digest(path, "sha256")
        if have in [sha for _, sha in self.also]:
            return None
        others = {a: h for a, h in self.sums.items() if a != "sha256"}
        if others and "sha256" not in self.sums and all(
                digest(path, a) == h.lower() for a, h in others.items()):
            return None
        return f"wrong checksum, its sha256 is {have}"

    def take(self, path, where):
        """Whether @path will do; else @where is remembered as tried."""
        why = self.matches(path)
        if why:
            self.tried.append(f"{where}: {why}")
        return not why


def _from_cache(source):
    for _, sha in source.also:
        for path in glob.glob(os.path.join(cache_dir(), f"{sha}-*")):
            if source.take(path, path):
                return path
            os.unlink(path)
    source.tried.append(f"cache {cache_dir()}: not there")
    return None


def _from_folders(source):
    folders = [d for d in os.environ.get("UK_ARCHIVES", "").split(":") if d]
    for folder in folders:
        for file in source.files():
            path = os.path.join(folder, file)
            if os.path.isfile(path) and source.take(path, path):
                return path
        source.tried.append(f"drop folder {folder}: no "
                            + " or ".join(source.files()))
    if not folders:
        source.tried.append("drop folder: UK_ARCHIVES is not set")
    return None


def _from_net(source, scratch):
    for url in source.urls:
        try:
            fetch_net.download(url, scratch)
        except OSError as err:
            source.tried.append(f"{url}: {err}")
            continue
        if source.take(scratch, url):
            return scratch
    if source.package:
        wanted = [f for f, _ in source.also]
        try:
            fetch_net.distribution(source.package, wanted, scratch,
                                   cache_dir(), source.sizes)
        except OSError as err:
            source.tried.append(f"source package {source.package}: {err}")
        else:
            if source.take(scratch, f"source package {source.package}"):
                return scratch
    return None


def _keep(source, path):
    """Move a checked download into the cache, by its content."""
    sha = digest(path, "sha256")
    file = next((f for f, s in source.also if s == sha), source.file)
    home = os.path.join(cache_dir(), f"{sha}-{file}")
    os.replace(path, home)
    return home


def fetch(source):
    """The path of the archive, which is checked if there is a checksum."""
    os.makedirs(cache_dir(), exist_ok=True)
    path = _from_cache(source) or _from_folders(source)
    if path:
        return path
    if os.environ.get("OFFLINE") == "1":
        source.tried.append("OFFLINE=1: nothing else")
    else:
        handle, scratch = tempfile.mkstemp(dir=cache_dir(), prefix="part-")
        os.close(handle)
        try:
            if _from_net(source, scratch):
                return _keep(source, scratch)
        finally:
            if os.path.exists(scratch):
                os.unlink(scratch)
    raise Fail(_failure(source))


def _size(source, file):
    return f", {source.sizes[file]} bytes" if source.sizes.get(file) else ""


def _failure(source):
    lines = [f"{source.name}: no source of {source.file}. Tried:"]
    lines += [f"  {t}" for t in source.tried]
    if source.is_checked:
        lines += ["Wanted, either of:" if len(source.also) > 1 else "Wanted:"]
        lines += [f"  {f} sha256 {sha}" + _size(source, f)
                  for f, sha in source.also] or \
            [f"  {source.file} {a} {h}" + _size(source, source.file)
             for a, h in source.sums.items()]
    folder = os.environ.get("UK_ARCHIVES", "").split(":")[0] or "DIRECTORY"
    lines.append(f"Put the file into {folder} and run make again"
                 + ("." if folder != "DIRECTORY"
                    else " with UK_ARCHIVES=DIRECTORY."))
    return "\n".join(lines)


def _options(parser):
    parser.add_argument("--url", action="append", default=[])
    parser.add_argument("--sum", action="append", default=[])
    parser.add_argument("--also", action="append", default=[])
    parser.add_argument("--package")
    parser.add_argument("--size", type=int)


def _source(args, name, file):
    return Source(name, file, args.url,
                  [tuple(a.rsplit(":", 1)) for a in args.also], args.package,
                  [tuple(s.split(":", 1)) for s in args.sum], args.size)


def get(args):
    source = _source(args, args.name, os.path.basename(args.out))
    path = fetch(source)
    if not source.is_checked:
        warn(f"{args.name}: {source.file} has no checksum to hold it "
             f"against; its sha256 is {digest(path, 'sha256')}")
    shutil.copyfile(path, args.out + ".part")
    os.replace(args.out + ".part", args.out)


def check(args):
    source = _source(args, args.file, os.path.basename(args.file))
    why = source.matches(args.file)
    if why:
        raise Fail(f"{args.file}: {why}. Wanted "
                   + " or ".join([s for _, s in source.also] or args.sum)
                   + ". Remove the file and run make again.")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    verbs = parser.add_subparsers(required=True)
    verb = verbs.add_parser("get")
    verb.add_argument("name")
    verb.add_argument("out")
    _options(verb)
    verb.set_defaults(run=get)
    verb = verbs.add_parser("check")
    verb.add_argument("file")
    _options(verb)
    verb.set_defaults(run=check)
    verb = verbs.add_parser("unpack")
    verb.add_argument("file")
    verb.add_argument("directory")
    verb.set_defaults(run=lambda a: unpack(a.file, a.directory))
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    try:
        main()
    except (Fail, OSError) as err:
        sys.exit(f"error: {err}")
