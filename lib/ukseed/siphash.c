/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * SipHash-2-4, from sections 2.1 to 2.4 of the paper: four words of state,
 * two rounds for each word of input, four at the end.
 */
#include <uk/siphash.h>

#include <uk/string.h>

struct state {
	uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotl(uint64_t val, unsigned int bits)
{
	return val << bits | val >> (64 - bits);
}

/* Figure 2.1. */
static void rounds(struct state *s, unsigned int count)
{
	while (count--) {
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
}

static void absorb(struct state *s, uint64_t word)
{
	s->v3 ^= word;
	rounds(s, 2);
	s->v0 ^= word;
}

uint64_t uk_siphash24(const struct uk_siphash_key *key, const void *data,
		      size_t len)
{
	/* "somepseudorandomlygeneratedbytes" */
	struct state s = {
		.v0 = key->k0 ^ UINT64_C(0x736f6d6570736575),
		.v1 = key->k1 ^ UINT64_C(0x646f72616e646f6d),
		.v2 = key->k0 ^ UINT64_C(0x6c7967656e657261),
		.v3 = key->k1 ^ UINT64_C(0x7465646279746573),
	};
	const unsigned char *p = data;
	uint64_t last = (uint64_t)len << 56;
	uint64_t word;
	size_t left;

	for (left = len; left >= 8; left -= 8, p += 8) {
		memcpy(&word, p, 8);
		absorb(&s, word);
	}
	while (left--)
		last |= (uint64_t)p[left] << (8 * left);
	absorb(&s, last);

	s.v2 ^= 0xff;
	rounds(&s, 4);
	return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
