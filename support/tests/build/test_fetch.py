#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""Sources from outside: where they are looked for, and what is refused."""
import gzip
import hashlib
import http.server
import io
import json
import os
import subprocess
import sys
import tarfile
import threading
import time
import zipfile

from enginetest import (ROOT, Mini, expect, expect_in,
                        expect_not_in, main, make, read, test, write)

NAME = "gift-1.0.tar.gz"


def archive(path, members, kind="w:gz"):
    """A tar of {name: text}; its sha256. The same members, the same bytes:
    gzip would write down the second it is called in."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed,
                      mode="w" if kind == "w:gz" else kind) as tar:
        for name, text in members.items():
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(text), 1000
            tar.addfile(info, io.BytesIO(text.encode()))
    data = packed.getvalue()
    if kind == "w:gz":
        data = gzip.compress(data, mtime=1000)
    with open(path, "wb") as out:
        out.write(data)
    return hashlib.sha256(data).hexdigest()


GIFT = {"gift-1.0/gift.c": "int uk_gift(void);\n"
        "int uk_gift(void) { return 42; }\n"}


class World:
    """A Mini with an external library whose source is an archive."""

    def __init__(self, url="http://127.0.0.1:9/" + NAME, checksum=None,
                 extra=""):
        self.mini = Mini()
        self.top = self.mini.top
        self.folder = self.top + "/folder"
        self.sha = archive(f"{self.folder}/{NAME}", GIFT)
        checksum = self.sha if checksum is None else checksum
        lib = "gift/"
        line = f"LIBGIFT_ORIGIN_SHA256 := {checksum}\n" if checksum else ""
        self.mini.add(lib + "Makefile.uk",
                      "$(eval $(call addlib_s,libgift,$(CONFIG_LIBGIFT)))\n"
                      + line + extra +
                      f"$(eval $(call fetch,libgift,{url}))\n"
                      "LIBGIFT_SRCS-y += $(LIBGIFT_ORIGIN)/gift-1.0/gift.c\n")
        self.mini.add(lib + "Config.uk",
                      'config LIBGIFT\n\tbool "gift"\n\tdefault y\n')
        self.env = {"UK_CACHE": self.top + "/cache"}

    def make(self, *args, ok=True, **env):
        return self.mini.make(f"L={self.top}/gift", *args, ok=ok,
                              env={**self.env, **env})

    def cached(self):
        path = self.top + "/cache"
        return os.listdir(path) if os.path.isdir(path) else []


@test
def the_drop_folder_gives_the_archive_and_the_sources_are_compiled():
    world = World()
    out = world.make("-j4", UK_ARCHIVES=f"{world.top}/none:{world.folder}")
    expect_in("libgift: gift.c", out)
    expect(world.make() == "", "not stable")


@test
def the_archives_of_the_tests_do_not_depend_on_the_hour():
    first = World()
    time.sleep(1.1)     # gzip counts in seconds
    expect(World().sha == first.sha, "two archives of one content differ")


@test
def a_download_is_kept_by_its_content_and_used_offline():
    elsewhere = World().folder
    world = World(url=f"file://{elsewhere}/{NAME}")
    world.make()
    expect(world.cached() == [f"{world.sha}-{NAME}"], str(world.cached()))
    world.make("properclean")
    world.make("fetch", OFFLINE="1")


@test
def offline_stops_after_the_drop_folder_and_says_what_was_tried():
    world = World()
    out = world.make("fetch", ok=False, OFFLINE="1",
                     UK_ARCHIVES=world.top + "/empty")
    for part in ("libgift: no source of " + NAME, world.top + "/cache",
                 world.top + "/empty", "OFFLINE=1", world.sha,
                 f"Put the file into {world.top}/empty"):
        expect_in(part, out)
    expect_not_in("127.0.0.1", out)


@test
def a_source_that_does_not_answer_is_named_with_the_reason():
    world = World()
    out = world.make("fetch", ok=False)
    expect_in(f"http://127.0.0.1:9/{NAME}: ", out)
    expect_in("UK_ARCHIVES is not set", out)
    expect(world.cached() == [], "something is in the cache")


@test
def a_wrong_checksum_is_refused_everywhere():
    world = World(checksum="0" * 64)
    out = world.make("fetch", ok=False, UK_ARCHIVES=world.folder)
    expect_in(f"wrong checksum, its sha256 is {world.sha}", out)
    expect(not os.path.exists(world.mini.out + "/libgift/origin"), "unpacked")


@test
def a_wrong_download_does_not_enter_the_cache():
    elsewhere = World().folder
    world = World(url=f"file://{elsewhere}/{NAME}", checksum="0" * 64)
    expect_in("wrong checksum", world.make("fetch", ok=False))
    expect(world.cached() == [], str(world.cached()))


@test
def a_damaged_cache_entry_is_thrown_away():
    world = World()
    write(f"{world.top}/cache/{world.sha}-{NAME}", "damaged")
    world.make("fetch", UK_ARCHIVES=world.folder)
    expect(world.cached() == [], "the damaged one is still there")


@test
def a_file_put_in_place_by_hand_is_checked():
    world = World()
    write(f"{world.mini.out}/libgift/{NAME}", "something else")
    out = world.make("fetch", ok=False)
    expect_in("wrong checksum", out)
    expect_in("Remove the file", out)


@test
def an_archive_without_a_checksum_is_taken_with_a_warning():
    world = World(checksum="")
    out = world.make("fetch", UK_ARCHIVES=world.folder)
    expect_in("libgift: " + NAME + " has no checksum", out)
    expect_in(world.sha, out)


@test
def a_library_of_the_tree_must_have_a_checksum():
    mini = Mini()
    mini.edit("kiln/lib/two/Makefile.uk", "LIBTWO_SRCS",
              "$(eval $(call fetch,libtwo,http://127.0.0.1:9/x.tar.gz))\n"
              "LIBTWO_SRCS")
    expect_in("set LIBTWO_ORIGIN_SHA256", mini.fails())


@test
def an_equally_good_archive_of_another_name_will_do():
    world = World(checksum="0" * 64)
    other = archive(f"{world.folder}/gift_1.0+ds.orig.tar.xz", GIFT, "w:xz")
    os.unlink(f"{world.folder}/{NAME}")
    world.mini.edit("gift/Makefile.uk", "$(eval $(call fetch",
                    f"LIBGIFT_ORIGIN_FILES := gift_1.0+ds.orig.tar.xz:{other}\n"
                    "$(eval $(call fetch")
    world.make(UK_ARCHIVES=world.folder)


@test
def nothing_is_fetched_for_a_library_that_is_off():
    world = World()
    config = read(world.mini.app + "/.config")
    world.mini.add("app/.config", config + "CONFIG_LIBGIFT=n\n")
    world.mini.edit("gift/Makefile.uk", "LIBGIFT_SRCS",
                    "UK_PREPARE += $(LIBGIFT_BUILD)/.prepared\n"
                    "$(LIBGIFT_BUILD)/.prepared: $(LIBGIFT_BUILD)/.origin\n"
                    "\texit 1\nLIBGIFT_SRCS")
    world.make(OFFLINE="1")


@test
def patches_are_applied_in_order_and_again_when_they_change():
    world = World(extra="")
    world.mini.edit("gift/Makefile.uk", "LIBGIFT_SRCS",
                    "$(eval $(call patch,libgift,$(LIBGIFT_BASE)/patches,"
                    "gift-1.0))\nLIBGIFT_SRCS")
    diff = ("--- a/gift.c\n+++ b/gift.c\n@@ -1,2 +1,2 @@\n"
            " int uk_gift(void);\n-int uk_gift(void) {{ return {0}; }}\n"
            "+int uk_gift(void) {{ return {1}; }}\n")
    patches = world.top + "/gift/patches/"
    write(patches + "01.patch", diff.format(42, 43))
    write(patches + "02.patch", diff.format(43, 44))
    source = world.mini.out + "/libgift/origin/gift-1.0/gift.c"
    world.make(UK_ARCHIVES=world.folder)
    expect_in("return 44", read(source))
    later = time.time() + 2
    write(patches + "02.patch", diff.format(43, 45))
    os.utime(patches + "02.patch", (later, later))
    out = world.make(UK_ARCHIVES=world.folder)
    expect_in("return 45", read(source))
    expect_in("libgift: gift.c", out)


@test
def a_branch_of_a_git_repository_is_cloned():
    world = World()
    repo = world.top + "/repo"
    write(repo + "/gift-1.0/gift.c", GIFT["gift-1.0/gift.c"])
    for command in (["init", "-q", "-b", "stable"], ["add", "."],
                    ["-c", "user.name=t", "-c", "user.email=t@t", "commit",
                     "-qm", "gift"]):
        subprocess.run(["git", "-C", repo, *command], check=True)
    world.mini.edit("gift/Makefile.uk",
                    f"fetch,libgift,http://127.0.0.1:9/{NAME}",
                    f"clone,libgift,file://{repo},stable")
    expect_in("OFFLINE=1 forbids", world.make("fetch", ok=False, OFFLINE="1"))
    expect_in("libgift: gift.c", world.make())


def unpack(path, home):
    run = subprocess.run(
        [sys.executable, "-B", ROOT + "/support/build/fetch.py", "unpack",
         path, home], text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, check=False)
    return run.returncode, run.stdout


@test
def members_that_lead_outside_are_refused():
    top = Mini().top
    for number, name in enumerate(("../evil", "/tmp/evil", "a/../../evil")):
        path = f"{top}/bad{number}.tar.gz"
        archive(path, {name: "x"})
        status, out = unpack(path, f"{top}/home{number}")
        expect(status == 1, f"{name} was taken")
        expect_in(f"refuses to unpack the member {name}", out)
        expect(not os.path.exists(f"{top}/home{number}"), "half unpacked")


@test
def links_that_lead_outside_are_refused():
    top = Mini().top
    for number, target in enumerate(("/etc", "../../x")):
        path = f"{top}/link{number}.tar"
        with tarfile.open(path, "w") as tar:
            info = tarfile.TarInfo("d/link")
            info.type, info.linkname = tarfile.SYMTYPE, target
            tar.addfile(info)
        status, out = unpack(path, f"{top}/home")
        expect(status == 1, f"a link to {target} was taken: {out}")


@test
def devices_and_damaged_archives_are_refused():
    top = Mini().top
    with tarfile.open(top + "/dev.tar", "w") as tar:
        info = tarfile.TarInfo("null")
        info.type = tarfile.CHRTYPE
        tar.addfile(info)
    expect(unpack(top + "/dev.tar", top + "/home")[0] == 1, "device")
    write(top + "/bad.tar.gz", "this is no archive")
    status, out = unpack(top + "/bad.tar.gz", top + "/home")
    expect(status == 1, "no archive")
    expect_in("damaged or of an unknown kind", out)


@test
def zip_and_every_tar_are_unpacked():
    top = Mini().top
    for kind, suffix in (("w:gz", "tgz"), ("w:xz", "tar.xz"),
                         ("w:bz2", "tar.bz2"), ("w", "tar")):
        archive(f"{top}/a.{suffix}", {"a/b": "text"}, kind)
        expect(unpack(f"{top}/a.{suffix}", top + "/" + suffix)[0] == 0, kind)
        expect(read(f"{top}/{suffix}/a/b") == "text", kind)
    with zipfile.ZipFile(top + "/a.zip", "w") as packed:
        packed.writestr("a/b", "text")
    expect(unpack(top + "/a.zip", top + "/zip")[0] == 0, "zip")
    expect(read(top + "/zip/a/b") == "text", "zip")
    with zipfile.ZipFile(top + "/evil.zip", "w") as packed:
        packed.writestr("../b", "text")
    expect(unpack(top + "/evil.zip", top + "/zip2")[0] == 1, "evil zip")


@test
def a_server_is_asked_twice_before_it_is_given_up():
    seen = []

    class Server(http.server.BaseHTTPRequestHandler):
        def do_GET(self):  # the name http.server calls
            seen.append(self.path)
            if len(seen) == 1:
                self.connection.close()
                return
            with open(self.server.file, "rb") as src:
                data = src.read()
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        world = World(url=f"http://127.0.0.1:{server.server_port}/{NAME}")
        server.file = f"{world.folder}/{NAME}"
        world.make("fetch", no_proxy="127.0.0.1")
        server.shutdown()
    expect(len(seen) == 2, f"asked {len(seen)} times")


@test
def the_systems_package_sources_become_source_package_sources():
    sys.path.insert(0, ROOT + "/support/build")
    import fetch_net
    expect(fetch_net._deb_src("# c\ndeb [a=b] http://m s main\n"
                              "deb-src http://m s main\n")
           == "deb-src [a=b] http://m s main\n", "one-line")
    expect(fetch_net._deb822_src("Types: deb\nURIs: http://m\n")
           == "Types: deb-src\nURIs: http://m\n", "deb822")


@test
def the_source_package_of_the_distribution_is_the_last_source():
    world = World()
    bin_dir = world.top + "/bin"
    for name, text in (
            ("apt-get", 'echo "$@" >>%s/log\n'
             'case $1 in source) echo "\'file://%s/%s\' gift_1.tar.gz 9 x";; '
             "esac\n" % (world.top, world.folder, NAME)),):
        write(f"{bin_dir}/{name}", "#!/bin/bash\n" + text)
        os.chmod(f"{bin_dir}/{name}", 0o755)
    world.mini.edit("gift/Makefile.uk", "$(eval $(call fetch",
                    "LIBGIFT_ORIGIN_PACKAGE := gift\n"
                    f"LIBGIFT_ORIGIN_FILES := gift_1.tar.gz:{world.sha}\n"
                    "$(eval $(call fetch")
    world.make("fetch", PATH=f"{bin_dir}:{os.environ['PATH']}")
    log = read(world.top + "/log")
    expect_in("source --print-uris -qq gift", log)
    expect(len(world.cached()) == 2, str(world.cached()))


@test
def a_failure_says_the_size_where_the_library_states_it():
    world = World(extra="LIBGIFT_ORIGIN_SIZE := 4711\n")
    expect_in(f"{NAME} sha256 {world.sha}, 4711 bytes",
              world.make("fetch", ok=False, OFFLINE="1"))


@test
def fetch_all_gets_what_libraries_of_the_tree_want_though_they_are_off():
    world = World()
    mini = world.mini
    mini.library("spare", 1, "", "int uk_spare(void) { return 0; }\n")
    mini.add("kiln/lib/spare/Makefile.uk",
             read(mini.root + "/lib/spare/Makefile.uk")
             + f"LIBSPARE_ORIGIN_SHA256 := {world.sha}\n"
             + f"$(eval $(call fetch,libspare,http://127.0.0.1:9/{NAME}))\n")
    mini.add("app/.config", read(mini.app + "/.config")
             + "CONFIG_LIBSPARE=n\nCONFIG_LIBGIFT=n\n")
    world.make("fetch", OFFLINE="1")
    out = world.make("fetch-all", ok=False, OFFLINE="1")
    expect_in("libspare: no source of", out)
    expect_not_in("libgift", out)
    world.make("fetch-all", UK_ARCHIVES=world.folder)
    expect(os.path.exists(f"{mini.out}/libspare/{NAME}"), "not fetched")
    expect(not os.path.exists(mini.out + "/libspare/origin"), "unpacked")
    expect_in(f"libspare {NAME} {world.sha} http://127.0.0.1:9/{NAME}",
              world.make("fetch-list"))


@test
def the_bill_of_materials_says_what_the_image_is_made_of():
    world = World(extra="LIBGIFT_ORIGIN_LICENSE := MIT OR Apache-2.0\n")
    mini = world.mini
    mini.edit("kiln/lib/one/one.c", "#include <uk/one.h>",
              "/* SPDX-License-Identifier: BSD-3-Clause */\n"
              "#include <uk/one.h>")
    mini.library("spare", 1, "", "int uk_spare(void) { return 0; }\n")
    mini.add("app/.config", read(mini.app + "/.config")
             + "CONFIG_LIBSPARE=n\n")
    env = {"UK_ARCHIVES": world.folder, "SOURCE_DATE_EPOCH": "1000000000"}
    path = world.make("sbom", **env).splitlines()[-1]
    text = read(path)
    bill = json.loads(text)
    expect(bill["spdxVersion"] == "SPDX-2.3", text)
    expect(bill["creationInfo"]["created"] == "2001-09-09T01:46:40Z", text)
    packages = {p["name"]: p for p in bill["packages"]}
    expect(packages["Kiln"]["versionInfo"] in make(
        mini.root, "print-version"), text)
    expect(packages["libone"]["licenseDeclared"] == "BSD-3-Clause", text)
    expect(packages["libgift"]["licenseDeclared"] == "NOASSERTION", text)
    expect("libspare" not in packages, text)
    gift = packages["libgift-source"]
    expect(gift["licenseDeclared"] == "MIT OR Apache-2.0", text)
    expect(gift["downloadLocation"] == f"http://127.0.0.1:9/{NAME}", text)
    expect(gift["checksums"] == [{"algorithm": "SHA256",
                                  "checksumValue": world.sha}], text)
    known = {p["SPDXID"] for p in bill["packages"]} | {"SPDXRef-DOCUMENT"}
    for link in bill["relationships"]:
        expect({link["spdxElementId"], link["relatedSpdxElement"]} <= known,
               str(link))
    world.make("sbom", **env)
    expect(read(path) == text, "differs from run to run")


if __name__ == "__main__":
    main()
