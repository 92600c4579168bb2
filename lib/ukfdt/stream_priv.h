/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/fdt.h>

/*
 * One step in the token stream (5.4.1). It is inline for the pass over the
 * whole tree, which keeps the cursor and @fdt in registers that way; everybody
 * else calls uk_fdt_next().
 *
 * A cursor stands on a multiple of 4 and ends at one, so whatever has room in
 * between has room for its padding too. Steps are compared with what is left,
 * so no sum of untrusted numbers is formed that could wrap.
 */

/* Tokens as they are in memory. */
#define FDT_BEGIN_NODE	__builtin_bswap32(1)
#define FDT_END_NODE	__builtin_bswap32(2)
#define FDT_PROP	__builtin_bswap32(3)
#define FDT_NOP		__builtin_bswap32(4)
#define FDT_END		__builtin_bswap32(9)

static inline uint32_t fdt_word(const uint8_t *p)
{
	uint32_t word;

	__builtin_memcpy(&word, p, sizeof(word));
	return word;
}

/* Not 0: a byte of @word is 0, and the lowest bit set is in the first one. */
static inline uint32_t fdt_nul(uint32_t word)
{
	return (word - 0x01010101u) & ~word & 0x80808080u;
}

static inline size_t fdt_left(const struct uk_fdt_cursor *cur)
{
	return (size_t)(cur->end - cur->pos);
}

static inline int fdt_begin_node(struct uk_fdt_cursor *cur)
{
	uint32_t word;

	if (cur->depth == 0 && cur->rooted)
		return -EBADMSG;
	if (cur->depth == UK_FDT_DEPTH)
		return -ELOOP;

	/* The name and its padding fill whole words; the last has a NUL. */
	cur->name = (const char *)cur->pos;
	do {
		if (cur->pos == cur->end)
			return -EBADMSG;
		word = fdt_word(cur->pos);
		cur->pos += 4;
	} while (!fdt_nul(word));

	cur->depth++;
	cur->rooted = true;
	cur->in_props = true;
	return UK_FDT_NODE;
}

static inline int fdt_prop(struct uk_fdt_cursor *cur, const struct uk_fdt *fdt)
{
	if (!cur->in_props || fdt_left(cur) < 8)
		return -EBADMSG;

	cur->len = uk_fdt_u32(cur->pos);
	cur->nameoff = uk_fdt_u32(cur->pos + 4);
	cur->pos += 8;
	if (cur->nameoff >= fdt->strings_len || cur->len > fdt_left(cur))
		return -EBADMSG;
	cur->name = fdt->strings + cur->nameoff;
	cur->val = cur->pos;
	cur->pos += ((size_t)cur->len + 3) & ~(size_t)3;
	return UK_FDT_PROP;
}

/* uk_fdt_next(); @fdt is cur->fdt, or a copy of it. */
static UK_ALWAYS_INLINE int fdt_step(struct uk_fdt_cursor *cur,
				     const struct uk_fdt *fdt)
{
	while (cur->pos != cur->end) {
		const uint32_t token = fdt_word(cur->pos);

		cur->pos += 4;
		if (token == FDT_PROP)
			return fdt_prop(cur, fdt);
		if (token == FDT_BEGIN_NODE)
			return fdt_begin_node(cur);
		if (token == FDT_END_NODE) {
			if (cur->depth == 0)
				return -EBADMSG;
			cur->depth--;
			cur->in_props = false;
			return UK_FDT_NODE_END;
		}
		if (token == FDT_END && cur->depth == 0 && cur->rooted)
			return UK_FDT_END;
		if (token != FDT_NOP)
			return -EBADMSG;
	}
	return -EBADMSG;
}

static inline bool fdt_streq(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

/* Is the string at @p, of which @len bytes may be read, @str with its NUL? */
static inline bool fdt_is_string(const uint8_t *p, uint32_t len,
				 const char *str)
{
	for (uint32_t i = 0; i < len && p[i] == (uint8_t)str[i]; i++)
		if (str[i] == '\0')
			return true;
	return false;
}
