#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""What an image is made of, as an SPDX 2.3 document (JSON) on stdout.

sbom.py --libs libs.txt --origins FILE --build DIR --version V --name NAME
        --arch ARCH

Lines of @origins: <library> <file> <sha256 or -> <licence or -> URL...
The date is SOURCE_DATE_EPOCH's, if that is set.
"""
import argparse
import datetime
import hashlib
import json
import os
import re
import sys

import fetch
import libs_txt

LICENCE = re.compile(r"SPDX-License-Identifier:\s*([\w.+() -]+?)\s*(?:\*/|$)",
                     re.M)
NOTHING = "NOASSERTION"


def identifier(name):
    return "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name)


def licence_of(directory):
    """What the SPDX lines of the files in @directory say, together."""
    found = set()
    for top, _, files in os.walk(directory):
        for file in files:
            if file.endswith((".c", ".h", ".S", ".cc", ".cpp")):
                with open(os.path.join(top, file), encoding="utf-8",
                          errors="replace") as src:
                    found.update(LICENCE.findall(src.read(2000))[:1])
    return " AND ".join(sorted(found)) or NOTHING


def package(name, licence, version=None, where=NOTHING, sha256=None):
    out = {"SPDXID": identifier(name), "name": name, "filesAnalyzed": False,
           "downloadLocation": where, "licenseConcluded": NOTHING,
           "licenseDeclared": licence, "copyrightText": NOTHING}
    if version:
        out["versionInfo"] = version
    if sha256:
        out["checksums"] = [{"algorithm": "SHA256", "checksumValue": sha256}]
    return out


def read_origins(path):
    """library: (file, sha256, licence, urls)"""
    origins = {}
    with open(path, encoding="utf-8") as src:
        for line in src:
            if line.split():
                lib, file, sha, licence, *urls = line.split()
                origins[lib] = (file, sha, licence.replace("_", " "), urls)
    return origins


def describe(args):
    origins = read_origins(args.origins)
    image = package(args.name, NOTHING)
    packages = [image, package("Kiln", "BSD-3-Clause", args.version)]
    links = [("SPDXRef-DOCUMENT", "DESCRIBES", image["SPDXID"]),
             (image["SPDXID"], "GENERATED_FROM", "SPDXRef-Kiln")]
    for lib in libs_txt.read(args.libs):
        if lib.name.endswith(".test"):
            continue
        file, sha, licence, urls = origins.get(lib.name, ("", "-", "-", []))
        home = lib.home == "tree"
        packages.append(package(
            lib.name, licence_of(lib.dir), args.version if home else None))
        links.append((image["SPDXID"], "CONTAINS", packages[-1]["SPDXID"]))
        if not file:
            continue
        local = os.path.join(args.build, lib.name, file)
        if sha == "-" and os.path.isfile(local):
            sha = fetch.digest(local, "sha256")
        packages.append(package(
            f"{lib.name}-source", licence if licence != "-" else NOTHING,
            where=urls[0] if urls else NOTHING,
            sha256=sha if sha != "-" else None))
        packages[-1]["packageFileName"] = file
        links.append((identifier(lib.name), "GENERATED_FROM",
                      packages[-1]["SPDXID"]))
    return packages, links


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("libs", "origins", "build", "version", "name", "arch"):
        parser.add_argument("--" + option, required=True)
    args = parser.parse_args()
    packages, links = describe(args)
    date = os.environ.get("SOURCE_DATE_EPOCH")
    when = datetime.datetime.fromtimestamp(int(date), datetime.timezone.utc) \
        if date else datetime.datetime.now(datetime.timezone.utc)
    body = json.dumps([packages, links], sort_keys=True)
    json.dump({
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT", "name": f"{args.name} ({args.arch})",
        "documentNamespace": "urn:kiln:sbom:"
                             + hashlib.sha256(body.encode()).hexdigest(),
        "creationInfo": {"created": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
                         "creators": [f"Tool: Kiln-{args.version}"]},
        "packages": packages,
        "relationships": [{"spdxElementId": a, "relationshipType": kind,
                           "relatedSpdxElement": b} for a, kind, b in links],
    }, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
