/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The pool, a generator for each CPU, and when they take new keys.
 *
 * A generator belongs to its CPU and is used with interrupts off, 32 bytes at
 * a time. The pool has a lock that is taken when a generator needs a key and
 * when input comes. `epoch` goes up when older keys shall not be used any
 * more: each CPU compares it with its own before it gives a byte.
 *
 * Gathering is done by whoever comes first. Two that come at once both measure;
 * what was told at boot is taken by one of them, under the lock, so that it is
 * counted once and in the pool before either draws. Nobody waits for anybody.
 */
#include <uk/random.h>

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/bootinfo.h>
#include <uk/compiler.h>
#include <uk/essentials.h>
#include <uk/init.h>
#include <uk/libparam.h>
#include <uk/percpu.h>
#include <uk/print.h>
#include <uk/spinlock.h>
#include <uk/string.h>
#include <uk/time.h>

#include "random_priv.h"

/* What is taken from a generator at a time: a key or less. */
#define PIECE		(RANDOM_KEY * 4u)
/* A key of the pool is good for so much. */
#define MAX_GIVEN	(UINT64_C(1) << 20)
#define MAX_AGE_NS	(5 * 60 * UK_TIME_NS_PER_SEC)

struct cpu_gen {
	struct random_gen gen;
	uint64_t epoch;		/* 0: it has no key yet */
	uint64_t given;		/* bytes, since its key */
	uint64_t until;		/* monotonic time at which it needs a new one */
};

static UK_PERCPU(struct cpu_gen, cpu_gen);

static struct {
	struct uk_spinlock lock;
	struct random_pool pool;	/* lock */
	unsigned int sources;		/* UK_RANDOM_…; lock */
	bool told;			/* what boot told is in; lock */
	uint64_t epoch;			/* lock for writing; atomic, 1 and up */
	bool gathered;			/* atomic: release after the sources */
} state = { .lock = UK_SPINLOCK_INIT, .epoch = 1 };

/* Set in stage EARLY or by the command line, read by gather(). */
static const struct uk_bootinfo *bootinfo;
static const char *seed_param = "";
UK_LIBPARAM(seed, str, &seed_param,
	    "Hexadecimal digits nobody else knows, for want of better sources");

UK_EVENT(uk_random_asks);

/* With the lock held. */
static void next_epoch(void)
{
	state.pool.fresh = 0;
	/* Relaxed: a CPU that sees it late gives from a key that is good. */
	__atomic_store_n(&state.epoch, state.epoch + 1, __ATOMIC_RELAXED);
}

/* With the lock held. */
static void mix(const void *data, size_t len, unsigned int bits,
		unsigned int source)
{
	if (random_is_uniform(data, len))
		bits = 0;
	random_pool_add(&state.pool, data, len, bits);
	if (bits)
		state.sources |= source;
	if (state.pool.fresh >= UK_RANDOM_READY)
		next_epoch();
}

static void add(const void *data, size_t len, unsigned int bits,
		unsigned int source)
{
	const unsigned long irq = uk_spin_lock_irqsave(&state.lock);

	mix(data, len, bits, source);
	uk_spin_unlock_irqrestore(&state.lock, irq);
}

void uk_random_add(const void *data, size_t len, unsigned int bits)
{
	const size_t most = UK_MIN(len, UK_RANDOM_READY / 8) * 8;

	add(data, len, (unsigned int)UK_MIN(bits, most), UK_RANDOM_ADDED);
}

static void add_cpu(void)
{
	uint64_t word[RANDOM_CPU];
	const unsigned int bits = random_cpu(word, ukarch_random_u64);

	add(word, sizeof(word), bits, UK_RANDOM_CPU);
	random_erase(word, sizeof(word));
}

static uint64_t ticks(void)
{
	return ukarch_ticks();
}

static void add_jitter(void)
{
	struct random_pool own = { .bits = 0 };
	uint32_t key[RANDOM_KEY];
	const unsigned int bits = random_jitter(&own, ticks);

	random_pool_key(&own, key);
	add(key, sizeof(key), bits, UK_RANDOM_JITTER);
	random_erase(key, sizeof(key));
	random_erase(&own, sizeof(own));
}

static unsigned int bits_of_pool(void)
{
	const unsigned long irq = uk_spin_lock_irqsave(&state.lock);
	const unsigned int bits = state.pool.bits;

	uk_spin_unlock_irqrestore(&state.lock, irq);
	return bits;
}

static void ask(void)
{
	const uint64_t now[2] = { ukarch_ticks(), uk_time_now() };

	add(now, sizeof(now), 0, 0);
	add_cpu();
	uk_event_raise(uk_random_asks, NULL);
}

/* What the loader and the command line say. */
static void add_told(void)
{
	const size_t len = uk_strlen(seed_param);
	const unsigned long irq = uk_spin_lock_irqsave(&state.lock);

	if (!state.told) {
		state.told = true;
		if (bootinfo)
			mix(bootinfo->seed, bootinfo->seed_len,
			    bootinfo->seed_len * 8, UK_RANDOM_LOADER);
		mix(seed_param, len, (unsigned int)UK_MIN(len, 64u) * 4,
		    UK_RANDOM_PARAM);
	}
	uk_spin_unlock_irqrestore(&state.lock, irq);
}

/* All there is; what is weak only if the rest is not enough. */
static void gather(void)
{
	add_told();
	ask();
	if (bits_of_pool() < UK_RANDOM_READY)
		add_jitter();
	/* Once: whoever comes second finds it set. */
	if (__atomic_exchange_n(&state.gathered, true, __ATOMIC_ACQ_REL))
		return;
	if (bits_of_pool() < UK_RANDOM_READY)
		uk_pr_warn("random numbers can be guessed: %u of %u bits; "
			   "the parameter random.seed gives more",
			   bits_of_pool(), UK_RANDOM_READY);
}

static void gather_once(void)
{
	/* Acquire, with the exchange in gather(). */
	if (UK_UNLIKELY(!__atomic_load_n(&state.gathered, __ATOMIC_ACQUIRE)))
		gather();
}

/* A new key for this CPU, with interrupts off. */
static void renew(struct cpu_gen *own)
{
	uint32_t key[RANDOM_KEY];

	uk_spin_lock(&state.lock);
	random_pool_key(&state.pool, key);
	own->epoch = state.epoch;
	uk_spin_unlock(&state.lock);

	random_gen_start(&own->gen, key);
	random_erase(key, sizeof(key));
	own->given = 0;
	own->until = uk_time_now() + MAX_AGE_NS;
}

/* @len bytes, PIECE at most. Returns false if the key is too old. */
static bool take(uint8_t *buf, size_t len, bool old_too)
{
	const unsigned long irq = ukarch_irq_save();
	struct cpu_gen *const own = uk_this_cpu_ptr(cpu_gen);
	bool good = true;

	if (own->epoch != __atomic_load_n(&state.epoch, __ATOMIC_RELAXED))
		renew(own);
	else if (own->gen.left < len)
		good = own->given < MAX_GIVEN && uk_time_now() < own->until;
	if (good || old_too) {
		random_gen_take(&own->gen, buf, len);
		own->given += len;
	}
	ukarch_irq_restore(irq);
	return good || old_too;
}

static void piece(uint8_t *buf, size_t len)
{
	if (UK_LIKELY(take(buf, len, false)))
		return;
	uk_random_reseed();
	take(buf, len, true);
}

void uk_random_reseed(void)
{
	unsigned long irq;

	gather_once();
	ask();
	irq = uk_spin_lock_irqsave(&state.lock);
	next_epoch();
	uk_spin_unlock_irqrestore(&state.lock, irq);
}

/* A long run, from a key of its own. */
static void stream(uint8_t *buf, size_t len)
{
	struct random_gen gen;
	uint32_t key[RANDOM_KEY];

	piece((uint8_t *)key, sizeof(key));
	random_gen_start(&gen, key);
	random_erase(key, sizeof(key));
	while (len) {
		const size_t n = UK_MIN(len, sizeof(gen.ready));

		random_gen_take(&gen, buf, n);
		buf += n;
		len -= n;
	}
	random_erase(&gen, sizeof(gen));
}

void uk_random_bytes(void *buf, size_t len)
{
	uint8_t bytes[PIECE];

	gather_once();
	if (len > PIECE) {
		stream(buf, len);
		return;
	}
	/* The caller's memory may fault, which is not for interrupts off. */
	piece(bytes, len);
	memcpy(buf, bytes, len);
	random_erase(bytes, sizeof(bytes));
}

uint64_t uk_random_u64(void)
{
	uint64_t val;

	uk_random_bytes(&val, sizeof(val));
	return val;
}

uint64_t uk_random_below(uint64_t bound)
{
	unsigned __int128 prod;
	uint64_t low;

	UK_ASSERT(bound);
	/*
	 * The upper half of the product; the few lowest lower halves, which
	 * would make some results likelier, are drawn again (Lemire, 2019).
	 */
	do {
		prod = (unsigned __int128)uk_random_u64() * bound;
		low = (uint64_t)prod;
	} while (low < bound && low < -bound % bound);
	return (uint64_t)(prod >> 64);
}

bool uk_random_ready(void)
{
	gather_once();
	return bits_of_pool() >= UK_RANDOM_READY;
}

unsigned int uk_random_sources(void)
{
	gather_once();
	return __atomic_load_n(&state.sources, __ATOMIC_RELAXED);
}

static int random_init(const struct uk_boot_ctx *ctx)
{
	bootinfo = ctx->bi;
	return 0;
}

UK_INIT(EARLY, random_init, NULL);
