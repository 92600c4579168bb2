/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input PRF",
 * 2012): without the key the hash of an input is not predictable, so that
 * nobody outside can choose inputs that collide.
 *
 * Context: any.
 */
struct uk_siphash_key {
	uint64_t k0;	/* bytes 0 to 7 of the key, little-endian */
	uint64_t k1;	/* bytes 8 to 15 */
};

uint64_t uk_siphash24(const struct uk_siphash_key *key, const void *data,
		      size_t len);

/* The same with 128 bits of result, which can be a key in turn. */
struct uk_siphash_key uk_siphash24_128(const struct uk_siphash_key *key,
				       const void *data, size_t len);
