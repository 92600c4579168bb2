/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/string.h>

/*
 * The physical memory that a reader of boot data looks at. Readers take
 * nothing on trust: every address and length that a loader gives goes through
 * here, and nothing is assumed to be aligned. On the host the same readers run
 * over a buffer.
 */
struct kvm_mem {
	/* The @len bytes at @paddr, or NULL if not all of them can be read. */
	const void *(*at)(const struct kvm_mem *mem, uint64_t paddr,
			  uint64_t len);
};

static inline const void *kvm_mem_at(const struct kvm_mem *mem,
				     uint64_t paddr, uint64_t len)
{
	return mem->at(mem, paddr, len);
}

/*
 * The text at @paddr, of which up to a NUL, or up to @max bytes, can be read.
 * *@len is how many these are, the NUL included. NULL: not even one.
 */
const char *kvm_mem_text(const struct kvm_mem *mem, uint64_t paddr,
			 size_t max, size_t *len);

/* The compiler makes one load of each, also where memcpy is a function. */
static inline uint32_t kvm_load32(const void *ptr, size_t offset)
{
	uint32_t val;

	__builtin_memcpy(&val, (const uint8_t *)ptr + offset, sizeof(val));
	return val;
}

static inline uint64_t kvm_load64(const void *ptr, size_t offset)
{
	uint64_t val;

	__builtin_memcpy(&val, (const uint8_t *)ptr + offset, sizeof(val));
	return val;
}
