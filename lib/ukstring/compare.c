/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * memcmp: a word at a time, both architectures being little-endian, where the
 * lowest byte that differs decides.
 */
#include <uk/string.h>

#include "string_priv.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "order of bytes");

static int order(uint64_t a, uint64_t b)
{
	return __builtin_bswap64(a) < __builtin_bswap64(b) ? -1 : 1;
}

int memcmp(const void *a, const void *b, size_t len)
{
	const unsigned char *p = a, *q = b;

	for (; len >= 8; len -= 8, p += 8, q += 8) {
		const uint64_t v = load8(p), w = load8(q);

		if (v != w)
			return order(v, w);
	}
	for (; len; len--, p++, q++) {
		if (*p != *q)
			return *p - *q;
	}
	return 0;
}
