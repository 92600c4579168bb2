/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * memcpy and memmove.
 *
 * No length has a byte loop: what is not a multiple of the words is done with
 * two accesses that overlap each other (9 bytes: words at 0 and at 1). Every
 * branch loads all it needs of the end before it stores anything, so the
 * forward copy is right for overlapping ranges too if @dst is below @src, and
 * memmove only adds the other direction. Alignment is left to the CPU: a
 * store that crosses a cache line costs less than the code that avoids it.
 */
#include <uk/string.h>

#include <uk/compiler.h>

#include "string_priv.h"

/* 0 to 32 bytes, any overlap. */
static inline void copy_small(unsigned char *d, const unsigned char *s,
			      size_t len)
{
	if (len > 16) {
		const uint64_t a = load8(s), b = load8(s + 8);
		const uint64_t y = load8(s + len - 16);
		const uint64_t z = load8(s + len - 8);

		store8(d, a);
		store8(d + 8, b);
		store8(d + len - 16, y);
		store8(d + len - 8, z);
	} else if (len >= 8) {
		const uint64_t a = load8(s), z = load8(s + len - 8);

		store8(d, a);
		store8(d + len - 8, z);
	} else if (len >= 4) {
		const uint32_t a = load4(s), z = load4(s + len - 4);

		store4(d, a);
		store4(d + len - 4, z);
	} else if (len >= 2) {
		const uint16_t a = load2(s), z = load2(s + len - 2);

		store2(d, a);
		store2(d + len - 2, z);
	} else if (len) {
		*d = *s;
	}
}

static inline void copy32(unsigned char *d, const unsigned char *s)
{
	const uint64_t v = load8(s), w = load8(s + 8);
	const uint64_t x = load8(s + 16), y = load8(s + 24);

	store8(d, v);
	store8(d + 8, w);
	store8(d + 16, x);
	store8(d + 24, y);
}

/* More than 32 bytes, upwards; the last 32 are loaded first. */
static inline void copy_up(unsigned char *d, const unsigned char *s,
			   size_t len)
{
	unsigned char *const last = d + len - 32;
	const uint64_t v = load8(s + len - 32), w = load8(s + len - 24);
	const uint64_t x = load8(s + len - 16), y = load8(s + len - 8);

	do {
		copy32(d, s);
		d += 32;
		s += 32;
	} while (d < last);

	store8(last, v);
	store8(last + 8, w);
	store8(last + 16, x);
	store8(last + 24, y);
}

/* More than 32 bytes, downwards; the first 32 are loaded first. */
static inline void copy_down(unsigned char *d, const unsigned char *s,
			     size_t len)
{
	const uint64_t v = load8(s), w = load8(s + 8);
	const uint64_t x = load8(s + 16), y = load8(s + 24);

	while (len > 32) {
		len -= 32;
		copy32(d + len, s + len);
	}

	store8(d, v);
	store8(d + 8, w);
	store8(d + 16, x);
	store8(d + 24, y);
}

/* Apart, so that small copies save no registers for it. */
UK_NOINLINE static void *copy_long(void *dst, const void *src, size_t len)
{
	if (len < BULK)
		copy_up(dst, src, len);
	else
		ukstring_copy_bulk(dst, src, len);
	return dst;
}

void *memcpy(void *dst, const void *src, size_t len)
{
	if (len > 32)
		return copy_long(dst, src, len);
	copy_small(dst, src, len);
	return dst;
}

void *memmove(void *dst, const void *src, size_t len)
{
	/* Is dst inside the source? One comparison, as it wraps below it. */
	if (len > 32 && (uintptr_t)dst - (uintptr_t)src < len) {
		copy_down(dst, src, len);
		return dst;
	}
	return memcpy(dst, src, len);
}
