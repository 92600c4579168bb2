/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A key for SipHash, gathered once, and numbers made from it.
 *
 * SipHash with a secret key is a pseudo-random function: the number for one
 * purpose tells nothing about the key or about any other. The key is the hash
 * of every source together, so one good source is enough, whatever the others
 * are. Gathering waits until somebody asks; the sources that cost an exit to
 * the hypervisor or a loop are not for an image that needs no seed.
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

/* Everything that is hashed into the key; no padding in it. */
struct pool {
	uint64_t start;
	uint64_t cpu[2];
	uint64_t ticks[16];
	uint8_t loader[UK_BOOTINFO_SEED];
};

static struct {
	struct uk_siphash_key key;
	unsigned int sources;
	bool gathered;
	const struct uk_bootinfo *bi;	/* NULL before stage EARLY */
} seed;

static bool take_loader(struct pool *pool)
{
	if (!seed.bi || seed.bi->seed_len == 0)
		return false;
	UK_ASSERT(seed.bi->seed_len <= sizeof(pool->loader));
	memcpy(pool->loader, seed.bi->seed, seed.bi->seed_len);
	return true;
}

static bool take_cpu(struct pool *pool)
{
	for (size_t i = 0; i < UK_ARRAY_SIZE(pool->cpu); i++) {
		if (!ukarch_random_u64(&pool->cpu[i]))
			return false;
	}
	/* Broken ones give the same value for ever. */
	return pool->cpu[0] != pool->cpu[1];
}

/*
 * How long equal work takes: in real time the steps of the counter differ.
 * Where it stands still or counts instructions they do not, and it is no
 * source.
 */
static bool take_jitter(struct pool *pool)
{
	uint64_t step = 0;
	bool varies = false;

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(pool->ticks); i++) {
		pool->ticks[i] = ukarch_ticks();
		if (i > 1)
			varies |= pool->ticks[i] - pool->ticks[i - 1] != step;
		if (i > 0)
			step = pool->ticks[i] - pool->ticks[i - 1];
	}
	return varies;
}

static void gather(void)
{
	static const struct uk_siphash_key first = { 1, 0 };
	static const struct uk_siphash_key second = { 2, 0 };
	struct pool pool = { 0 };

	pool.start = ukarch_ticks();
	if (take_loader(&pool))
		seed.sources |= UK_SEED_LOADER;
	if (take_cpu(&pool))
		seed.sources |= UK_SEED_CPU;
	if (take_jitter(&pool))
		seed.sources |= UK_SEED_JITTER;
	seed.key.k0 = uk_siphash24(&first, &pool, sizeof(pool));
	seed.key.k1 = uk_siphash24(&second, &pool, sizeof(pool));
	seed.gathered = true;

	/* The pool tells the key: leave nothing of it on the stack. */
	memset(&pool, 0, sizeof(pool));
	__asm__ volatile("" : : "r"(&pool) : "memory");

	uk_pr_info("early seed from:%s%s%s",
		   seed.sources & UK_SEED_LOADER ? " loader" : "",
		   seed.sources & UK_SEED_CPU ? " cpu" : "",
		   seed.sources & UK_SEED_JITTER ? " jitter" : "");
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
