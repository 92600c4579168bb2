#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-3-Clause
"""print_init.py IMAGE.dbg: the boot order of an image, by stages.

Reads the table uk_init_start..uk_init_end that uk_boot() runs, so this is the
order and not a guess. Layout: struct uk_init_entry in <uk/init.h>.
"""
import struct
import sys

import elf

STAGES = ("EARLY", "MEM", "CPU", "SCHED", "DEV", "SERVICE", "LATE")
ENTRY = struct.Struct("<QQQII")


def main(path):
    with open(path, "rb") as src:
        image = elf.Elf(src.read(), path)
    where = {s.name: s.value for s in image.symbols()}
    names = {s.value: s.name for s in image.symbols() if s.type == 2}
    try:
        start, end = where["uk_init_start"], where["uk_init_end"]
    except KeyError as err:
        raise elf.BadElf(f"{path} has no symbol {err}") from err
    last = None
    for at in range(start, end, ENTRY.size):
        init, term, name, stage, _ = ENTRY.unpack(image.at(at, ENTRY.size))
        if stage != last:
            print(STAGES[stage - 1] if 0 < stage <= len(STAGES)
                  else f"stage {stage}")
            last = stage
        undo = f"  undone by {names.get(term, hex(term))}" if term else ""
        print(f"  {image.string_at(name)}{undo}")


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except elf.BadElf as err:
        sys.exit(f"error: {err}")
