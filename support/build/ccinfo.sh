#!/bin/bash
# SPDX-License-Identifier: BSD-3-Clause
# ccinfo.sh TRIPLE COMPILER...: name, major, minor, include directory, libgcc
# and target option (or -) of a compiler, as one line of words. Nothing if it
# does not run.
triple=$1
shift

macros=$("$@" -E -P -x c - 2>/dev/null <<'END'
#if defined __clang__
clang __clang_major__ __clang_minor__
#else
gcc __GNUC__ __GNUC_MINOR__
#endif
END
) || exit 0
read -r name major minor _ <<<"$(echo $macros)"

target=-
[ "$name" = clang ] && target=--target=$triple && set -- "$@" "$target"
include=$("$@" -print-file-name=include 2>/dev/null)
libgcc=$("$@" -print-libgcc-file-name 2>/dev/null)
echo "$name" "$major" "$minor" "$include" "$libgcc" "$target"
