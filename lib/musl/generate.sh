#!/bin/sh
# SPDX-License-Identifier: BSD-3-Clause
#
# generate.sh ORIGIN ARCH OUT: what is made from musl's sources before any of
# them is compiled. OUT/include: the headers bits/alltypes.h and bits/syscall.h
# and version.h, as musl's Makefile makes them; uk_calls.h, the system calls
# that musl has numbers of. OUT/nosys.ld: what they are where an image does not
# provide them.
set -e
origin=$1
arch=$2
out=$3
numbers=$origin/arch/$arch/bits/syscall.h.in

mkdir -p "$out/include/bits"
sed -f "$origin/tools/mkalltypes.sed" "$origin/arch/$arch/bits/alltypes.h.in" \
	"$origin/include/alltypes.h.in" >"$out/include/bits/alltypes.h"
echo "#define VERSION \"$(cat "$origin/VERSION")\"" \
	>"$out/include/version.h"

call='s/^#define[[:space:]]*__NR_\([a-z0-9_]*\)[[:space:]]*\([0-9]*\).*'
sed -n "$call/#define __NR_\\1 \\2/p; s/__NR_/SYS_/gp" \
	"$numbers" >"$out/include/bits/syscall.h"
{
	sed -n "$call/long uk_syscall_r_\\1();/p" "$numbers"
	echo '#define UK_CALLS(X) \'
	sed -n "$call/	X(\\2, \\1) \\\\/p" "$numbers"
	echo
} >"$out/include/uk_calls.h"
sed -n "$call/PROVIDE(uk_syscall_r_\\1 = musl_nosys);/p" "$numbers" \
	>"$out/nosys.ld"
