/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A key for SipHash, gathered once, and numbers made from it.
 *
 * SipHash with a secret key is a pseudo-random function: the number for one
 * purpose tells nothing about the key or about any other. The key is the hash
 * of every good source together, so one is enough, whatever the others are;
 * the jitter of the counter is weak, and taken where there is no other. That is
 * what keeps the canary, which nearly every image has, cheap at boot: three
 * words are hashed and not 23, and no line of log is formatted.
 *
 * A generator with its own state was refused: it would need a lock, and what
 * the callers here want is one number each.
 */
#include <uk/seed.h>

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/bootinfo.h>
#include <uk/essentials.h>
#include <uk/init.h>
#include <uk/print.h>
#include <uk/siphash.h>
#include <uk/string.h>

#define NTICKS	16

/* What is hashed into the key, as many words as there are. */
struct pool {
	uint64_t word[1 + UK_BOOTINFO_SEED / 8 + NTICKS];
	unsigned int n;
};

_Static_assert(UK_BOOTINFO_SEED % 8 == 0, "the loader's seed is whole words");

static struct {
	struct uk_siphash_key key;
	unsigned int sources;
	bool gathered;
	const struct uk_bootinfo *bi;	/* NULL before stage EARLY */
} seed;

static bool take_loader(struct pool *pool)
{
	const uint32_t len = seed.bi ? seed.bi->seed_len : 0;

	if (len == 0)
		return false;
	UK_ASSERT(len <= UK_BOOTINFO_SEED);
	pool->word[pool->n + (len - 1) / 8] = 0;
	memcpy(&pool->word[pool->n], seed.bi->seed, len);
	pool->n += (len + 7) / 8;
	return true;
}

static bool take_cpu(struct pool *pool)
{
	uint64_t *const cpu = &pool->word[pool->n];

	if (!ukarch_random_u64(&cpu[0]) || !ukarch_random_u64(&cpu[1]))
		return false;
	pool->n += 2;
	/* Broken ones give the same value for ever. */
	return cpu[0] != cpu[1];
}

/*
 * How long equal work takes: in real time the steps of the counter differ.
 * Where it stands still or counts instructions they do not, and it is no
 * source.
 */
static bool take_jitter(struct pool *pool)
{
	uint64_t *const ticks = &pool->word[pool->n];
	uint64_t step = 0;
	bool varies = false;

	for (unsigned int i = 0; i < NTICKS; i++) {
		ticks[i] = ukarch_ticks();
		if (i > 1)
			varies |= ticks[i] - ticks[i - 1] != step;
		if (i > 0)
			step = ticks[i] - ticks[i - 1];
	}
	pool->n += NTICKS;
	return varies;
}

static void gather(void)
{
	static const struct uk_siphash_key none = { 0, 0 };
	struct pool pool;

	pool.word[0] = ukarch_ticks();
	pool.n = 1;
	if (take_loader(&pool))
		seed.sources |= UK_SEED_LOADER;
	if (take_cpu(&pool))
		seed.sources |= UK_SEED_CPU;
	if (!seed.sources && take_jitter(&pool))
		seed.sources |= UK_SEED_JITTER;
	seed.key = uk_siphash24_128(&none, pool.word, pool.n * 8);
	seed.gathered = true;

	/* The pool tells the key: leave nothing of it on the stack. */
	memset(&pool, 0, pool.n * 8);
	__asm__ volatile("" : : "r"(&pool) : "memory");

	if (!(seed.sources & (UK_SEED_LOADER | UK_SEED_CPU)))
		uk_pr_warn("no source of random numbers: canaries and hashes "
			   "can be guessed");
}

unsigned int uk_seed_sources(void)
{
	if (!seed.gathered)
		gather();
	return seed.sources;
}

/* Word number @n of the stream for @purpose. */
static uint64_t word(uint64_t purpose, uint64_t n)
{
	const uint64_t input[2] = { purpose, n };

	if (!seed.gathered)
		gather();
	return uk_siphash24(&seed.key, input, sizeof(input));
}

uint64_t uk_seed_u64(uint64_t purpose)
{
	return word(purpose, 0);
}

void uk_seed_bytes(uint64_t purpose, void *buf, size_t len)
{
	uint8_t *p = buf;

	for (uint64_t n = 0; len; n++) {
		const uint64_t val = word(purpose, n);
		const size_t take = len < sizeof(val) ? len : sizeof(val);

		memcpy(p, &val, take);
		p += take;
		len -= take;
	}
}

static int seed_init(const struct uk_boot_ctx *ctx)
{
	seed.bi = ctx->bi;
	return 0;
}

UK_INIT(EARLY, seed_init, NULL);
