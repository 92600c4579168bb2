/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A word of a block depends on its key and its place, so that neither another
 * block's bytes nor its own at another place pass. Words are 8 bytes, and the
 * last ones are cut where the block ends.
 */
#include "model_priv.h"

#include <uk/essentials.h>
#include <uk/string.h>

#define WORD	sizeof(uint64_t)

/* Where the second part begins that is written of @size bytes. */
static size_t second(size_t size)
{
	return size <= MODEL_WHOLE ? MODEL_END :
	       UK_ALIGN_DOWN(size - MODEL_END, WORD);
}

static uint64_t word(uint64_t key, size_t at)
{
	return (key + at) * UINT64_C(0x9e3779b97f4a7c15);
}

static void write_part(unsigned char *ptr, size_t from, size_t to,
		       uint64_t key)
{
	for (size_t at = from; at < to; at += WORD) {
		const uint64_t val = word(key, at);

		memcpy(ptr + at, &val, UK_MIN(WORD, to - at));
	}
}

static bool holds_part(const unsigned char *ptr, size_t from, size_t to,
		       uint64_t key)
{
	for (size_t at = from; at < to; at += WORD) {
		const uint64_t val = word(key, at);

		if (memcmp(ptr + at, &val, UK_MIN(WORD, to - at)))
			return false;
	}
	return true;
}

void model_write(unsigned char *ptr, size_t size, uint64_t key)
{
	write_part(ptr, 0, UK_MIN(size, MODEL_END), key);
	write_part(ptr, second(size), size, key);
}

bool model_holds(const unsigned char *ptr, size_t size, size_t now,
		 uint64_t key)
{
	const size_t from = second(size);

	return holds_part(ptr, 0, UK_MIN(now, MODEL_END), key) &&
	       holds_part(ptr, from, now, key);
}

bool model_is_zero(const unsigned char *ptr, size_t size)
{
	const size_t step = size <= MODEL_WHOLE ? 1 : 251;

	for (size_t at = 0; at < size; at += step)
		if (ptr[at])
			return false;
	return size == 0 || !ptr[size - 1];
}
