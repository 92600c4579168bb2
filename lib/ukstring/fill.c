/* SPDX-License-Identifier: BSD-3-Clause */
/* memset, in words that overlap at the end: see copy.c. */
#include <uk/string.h>

#include "string_priv.h"

void *memset(void *dst, int val, size_t len)
{
	const uint64_t v = (unsigned char)val * UINT64_C(0x0101010101010101);
	unsigned char *d = dst;

	if (len >= BULK) {
		ukstring_fill_bulk(d, v, len);
	} else if (len >= 16) {
		unsigned char *const last = d + len - 16;

		while (d < last) {
			store8(d, v);
			store8(d + 8, v);
			d += 16;
		}
		store8(last, v);
		store8(last + 8, v);
	} else if (len >= 8) {
		store8(d, v);
		store8(d + len - 8, v);
	} else if (len >= 4) {
		store4(d, (uint32_t)v);
		store4(d + len - 4, (uint32_t)v);
	} else if (len >= 2) {
		store2(d, (uint16_t)v);
		store2(d + len - 2, (uint16_t)v);
	} else if (len) {
		*d = (unsigned char)v;
	}
	return dst;
}
