#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""compile_commands.py DIRECTORY: "source|command" lines to a JSON database."""
import json
import sys

entries = []
for line in sys.stdin:
    source, bar, command = line.strip().partition("|")
    if bar:
        entries.append({"directory": sys.argv[1], "file": source,
                        "command": " ".join(command.split())})
json.dump(entries, sys.stdout, indent=1)
print()
