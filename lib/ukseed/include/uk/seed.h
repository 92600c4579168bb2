/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * The early seed: numbers that an attacker outside should not guess, for the
 * stack canary, hash tables and AT_RANDOM, from the first stage on. It is no
 * generator of key material: that is lib/ukrandom.
 *
 * What is mixed: the loader's seed (device tree rng-seed), the CPU's random
 * instruction, and, without both, the counter's jitter. Any may be missing; two
 * boots give different numbers when at least one is there. Gathered at the
 * first use.
 *
 * Nothing of the loader's seed is taken before this library's entry in stage
 * EARLY ran; so libraries that use it then have it in their DEPS.
 *
 * Context: any; the first use while there is one CPU.
 */

/* A source that was there. */
#define UK_SEED_LOADER	0x1u
#define UK_SEED_CPU	0x2u
#define UK_SEED_JITTER	0x4u	/* weak alone */

/* The sources that went into the seed, UK_SEED_… */
unsigned int uk_seed_sources(void);

/*
 * The number for @purpose in this boot: always the same for one purpose, and
 * one tells nothing about another. Name a purpose with UK_SEED_PURPOSE().
 */
uint64_t uk_seed_u64(uint64_t purpose);

/*
 * @len bytes for @purpose, for AT_RANDOM and the like: a longer @len continues
 * what a shorter one gives, and the first eight are uk_seed_u64()'s.
 */
void uk_seed_bytes(uint64_t purpose, void *buf, size_t len);

/* A purpose from up to eight characters: UK_SEED_PURPOSE("canary"). */
#define UK_SEED_PURPOSE(str)	uk_seed_purpose(str, sizeof(str) - 1)

static inline uint64_t uk_seed_purpose(const char *str, size_t len)
{
	uint64_t purpose = 0;

	for (size_t i = 0; i < len && i < 8; i++)
		purpose |= (uint64_t)(unsigned char)str[i] << (8 * i);
	return purpose;
}
