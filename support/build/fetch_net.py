# SPDX-License-Identifier: BSD-3-Clause
"""Downloads: a URL, or the orig tarball of a source package of Debian's kind.

All errors are OSError with a text for the user.
"""
import glob
import http.client
import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request

CONNECT_S, STALL_S, RETRIES = 5, 60, 1
INDEX_AGE_S = 24 * 3600
APT_HELPER = "/usr/lib/apt/apt-helper"


def _patient(kind):
    """A connection that gives up soon on connecting, late on reading."""
    class Connection(kind):
        def connect(self):
            self.timeout = CONNECT_S
            super().connect()
            self.sock.settimeout(STALL_S)
    return Connection


class _Http(urllib.request.HTTPHandler):
    def http_open(self, req):
        return self.do_open(_patient(http.client.HTTPConnection), req)


class _Https(urllib.request.HTTPSHandler):
    def https_open(self, req):
        return self.do_open(_patient(http.client.HTTPSConnection), req)


def download(url, path):
    opener = urllib.request.build_opener(_Http, _Https)
    opener.addheaders = [("User-Agent", "kiln-fetch")]
    for left in range(RETRIES, -1, -1):
        try:
            with opener.open(url) as src, open(path, "wb") as out:
                shutil.copyfileobj(src, out)
            return
        except urllib.error.HTTPError as err:
            raise OSError(f"HTTP status {err.code}") from err
        except (OSError, http.client.HTTPException, ValueError) as err:
            if not left:
                reason = getattr(err, "reason", err)
                raise OSError(str(reason) or type(err).__name__) from err


def _deb_src(text):
    """One-line sources: the binary lines of the system as source lines."""
    return "".join(re.sub(r"^\s*deb\s", "deb-src ", line) + "\n"
                   for line in text.splitlines()
                   if re.match(r"\s*deb\s", line))


def _deb822_src(text):
    return re.sub(r"(?im)^Types:.*$", "Types: deb-src", text)


def _private_apt(home):
    """An apt configuration of our own, from the system's sources."""
    parts = os.path.join(home, "sources.d")
    for name in ("sources.d", "lists/partial", "cache/archives/partial"):
        os.makedirs(os.path.join(home, name), exist_ok=True)
    for old in glob.glob(parts + "/*"):
        os.unlink(old)
    for path in ["/etc/apt/sources.list"] + sorted(
            glob.glob("/etc/apt/sources.list.d/*")):
        make = _deb822_src if path.endswith(".sources") else _deb_src
        if not path.endswith((".list", ".sources")) or not os.path.exists(path):
            continue
        with open(path, encoding="utf-8") as src:
            text = make(src.read())
        with open(os.path.join(parts, os.path.basename(path)), "w",
                  encoding="utf-8") as out:
            out.write(text)
    conf = os.path.join(home, "apt.conf")
    with open(conf, "w", encoding="utf-8") as out:
        out.write(f'Dir::Etc::sourcelist "/dev/null";\n'
                  f'Dir::Etc::sourceparts "{parts}";\n'
                  f'Dir::State::lists "{home}/lists";\n'
                  f'Dir::Cache "{home}/cache";\n'
                  'APT::Sandbox::User "";\n')
    return dict(os.environ, APT_CONFIG=conf, LC_ALL="C")


def _run(argv, env):
    run = subprocess.run(argv, env=env, text=True, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE)
    if run.returncode:
        errors = [e for e in run.stderr.splitlines() if e.startswith("E:")]
        raise OSError(errors[0] if errors else f"{argv[0]} failed")
    return run.stdout


def _uris(package, env):
    """(uri, file, size) of the files of @package, all versions apt lists."""
    out = _run(["apt-get", "source", "--print-uris", "-qq", package], env)
    return re.findall(r"^'([^']+)' (\S+) (\d+)", out, re.M)


def distribution(package, wanted, path, cache, sizes):
    """Download the one file of source package @package that is @wanted.

    @sizes gets the bytes of each file that is listed.
    """
    if not shutil.which("apt-get"):
        raise OSError("this system has no apt-get")
    home = os.path.join(cache, "apt")
    env = _private_apt(home)
    stamp = os.path.join(home, "updated")
    if not os.path.exists(stamp) or \
            time.time() - os.path.getmtime(stamp) > INDEX_AGE_S:
        _run(["apt-get", "update", "-qq"], env)
        with open(stamp, "w", encoding="utf-8"):
            pass
    found = _uris(package, env)
    sizes.update((file, size) for _, file, size in found)
    for uri, file, _ in found:
        if file in wanted:
            if os.path.exists(APT_HELPER):
                _run([APT_HELPER, "download-file", uri, path], env)
            else:
                download(uri, path)
            return
    have = " ".join(f for _, f, _ in found if ".orig.tar." in f) or "no tarball"
    raise OSError(f"it has {have}, not {' or '.join(wanted)}")
