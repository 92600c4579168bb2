/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * Memory in words: loads and stores of any alignment and of any object's
 * bytes. Both architectures do them in one instruction; on arm64 the memory
 * must be Normal, which everything but device registers is.
 */
struct word8 {
	uint64_t val;
} __attribute__((packed, may_alias));

struct word4 {
	uint32_t val;
} __attribute__((packed, may_alias));

struct word2 {
	uint16_t val;
} __attribute__((packed, may_alias));

static inline uint64_t load8(const void *mem)
{
	return ((const struct word8 *)mem)->val;
}

static inline uint32_t load4(const void *mem)
{
	return ((const struct word4 *)mem)->val;
}

static inline uint16_t load2(const void *mem)
{
	return ((const struct word2 *)mem)->val;
}

static inline void store8(void *mem, uint64_t val)
{
	((struct word8 *)mem)->val = val;
}

static inline void store4(void *mem, uint32_t val)
{
	((struct word4 *)mem)->val = val;
}

static inline void store2(void *mem, uint16_t val)
{
	((struct word2 *)mem)->val = val;
}

/* From here up the architecture's own way beats a loop of words. */
#define BULK	256u

/*
 * Copy forward: right for any ranges but those where @dst lies inside
 * [@src, @src + @len). @len is at least BULK.
 */
void ukstring_copy_bulk(unsigned char *dst, const unsigned char *src,
			size_t len);

/* Repeat the eight bytes of @val; they are equal. @len is at least BULK. */
void ukstring_fill_bulk(unsigned char *dst, uint64_t val, size_t len);
