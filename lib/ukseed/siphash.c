/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * SipHash-2-4, from sections 2.1 to 2.4 of the paper: four words of state,
 * two rounds for each word of input, four at the end; and the variant of 128
 * bits, as the authors' reference implementation has it.
 */
#include <uk/siphash.h>

#include <uk/compiler.h>

struct state {
	uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotl(uint64_t val, unsigned int bits)
{
	return val << bits | val >> (64 - bits);
}

/* One round: figure 2.1. */
static UK_ALWAYS_INLINE void sip(struct state *s)
{
	s->v0 += s->v1;
	s->v2 += s->v3;
	s->v1 = rotl(s->v1, 13) ^ s->v0;
	s->v3 = rotl(s->v3, 16) ^ s->v2;
	s->v0 = rotl(s->v0, 32);
	s->v2 += s->v1;
	s->v0 += s->v3;
	s->v1 = rotl(s->v1, 17) ^ s->v2;
	s->v3 = rotl(s->v3, 21) ^ s->v0;
	s->v2 = rotl(s->v2, 32);
}

static UK_ALWAYS_INLINE void absorb(struct state *s, uint64_t word)
{
	s->v3 ^= word;
	sip(s);
	sip(s);
	s->v0 ^= word;
}

/* The state after all @len bytes at @data. */
static UK_ALWAYS_INLINE void take(struct state *s, const void *data,
				  size_t len)
{
	const unsigned char *p = data;
	uint64_t last = (uint64_t)len << 56;
	uint64_t word;
	size_t left;

	for (left = len; left >= 8; left -= 8, p += 8) {
		__builtin_memcpy(&word, p, 8);
		absorb(s, word);
	}
	while (left--)
		last |= (uint64_t)p[left] << (8 * left);
	absorb(s, last);
}

static UK_ALWAYS_INLINE uint64_t result(struct state *s)
{
	sip(s);
	sip(s);
	sip(s);
	sip(s);
	return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/* "somepseudorandomlygeneratedbytes" */
static UK_ALWAYS_INLINE struct state start(const struct uk_siphash_key *key)
{
	return (struct state){
		.v0 = key->k0 ^ UINT64_C(0x736f6d6570736575),
		.v1 = key->k1 ^ UINT64_C(0x646f72616e646f6d),
		.v2 = key->k0 ^ UINT64_C(0x6c7967656e657261),
		.v3 = key->k1 ^ UINT64_C(0x7465646279746573),
	};
}

uint64_t uk_siphash24(const struct uk_siphash_key *key, const void *data,
		      size_t len)
{
	struct state s = start(key);

	take(&s, data, len);
	s.v2 ^= 0xff;
	return result(&s);
}

struct uk_siphash_key uk_siphash24_128(const struct uk_siphash_key *key,
				       const void *data, size_t len)
{
	struct state s = start(key);
	struct uk_siphash_key hash;

	s.v1 ^= 0xee;
	take(&s, data, len);
	s.v2 ^= 0xee;
	hash.k0 = result(&s);
	s.v1 ^= 0xdd;
	hash.k1 = result(&s);
	return hash;
}
