/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Single frames, which are most of what is asked for: each CPU has some at
 * hand, taken from the blocks and given back to them in batches. What came back
 * last goes out first, as it is in the CPU's caches.
 *
 * A CPU's frames are under a lock of their own, which only that CPU takes, with
 * interrupts off; so it is never waited for, but when somebody needs the frames
 * of all: for a run that is not to be found otherwise, for the last ones, or to
 * count. The order is a CPU's lock, then the allocator's. Handing frames over
 * by calls between CPUs would do without the lock, but is not for interrupt
 * handlers.
 *
 * A second stack has frames that are zero already. It is filled while the CPU
 * is idle, and only after somebody asked for zeroes.
 */
#include <uk/fallocbuddy.h>

#include <stdbool.h>

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/percpu.h>
#include <uk/string.h>

#include "fallocbuddy_priv.h"

#define BATCH		(UK_FALLOCBUDDY_CACHED / 2)
#define DEBUG		UK_IS_ENABLED(CONFIG_LIBUKFALLOC_DEBUG)

static struct uk_fallocbuddy *buddy_of(struct uk_falloc *fa)
{
	return UK_CONTAINER_OF(fa, struct uk_fallocbuddy, fa);
}

/* This CPU's frames, locked. */
static inline struct uk_fallocbuddy_cache *lock(struct uk_fallocbuddy *fb,
						unsigned long *irq)
{
	struct uk_fallocbuddy_cache *c;

	*irq = ukarch_irq_save();
	c = uk_percpu_ptr(*fb->cache, ukarch_percpu());
	/* With interrupts off nobody is preempted. */
	uk_spin_lock_(&c->lock);
	return c;
}

static inline void unlock(struct uk_fallocbuddy_cache *c, unsigned long irq)
{
	uk_spin_unlock_(&c->lock);
	ukarch_irq_restore(irq);
}

/* Let others know of @c, which has or will have frames; both locks are held. */
static void show(struct uk_fallocbuddy *fb, struct uk_fallocbuddy_cache *c)
{
	if (c->known)
		return;
	c->known = true;
	c->next = fb->caches;
	/* Pairs with the acquire in first(). */
	__atomic_store_n(&fb->caches, c, __ATOMIC_RELEASE);
}

static struct uk_fallocbuddy_cache *first(struct uk_fallocbuddy *fb)
{
	return __atomic_load_n(&fb->caches, __ATOMIC_ACQUIRE);
}

/* Have a batch in @c, which has none, or what there is. Returns 0 if none. */
UK_NOINLINE static uint32_t refill(struct uk_fallocbuddy *fb,
				   struct uk_fallocbuddy_cache *c)
{
	uint64_t pfn;

	uk_spin_lock(&fb->lock);
	show(fb, c);
	pfn = buddy_take_quick(fb, BATCH, 1, UK_FALLOCBUDDY_ZONES);
	if (pfn != NO_PFN) {
		/* The low ones are to go out first. */
		for (unsigned int i = BATCH; i-- > 0;)
			c->frames[c->n++] = pfn + i;
	}
	while (c->n < BATCH &&
	       (pfn = buddy_take_quick(fb, 1, 1, UK_FALLOCBUDDY_ZONES)) !=
	       NO_PFN)
		c->frames[c->n++] = pfn;
	for (unsigned int i = 0; i < c->n; i++)
		buddy_keep(fb, c->frames[i]);
	uk_spin_unlock(&fb->lock);
	return c->n;
}

/* Give the @n frames at @frames back to the blocks; both locks are held. */
static void put(struct uk_fallocbuddy *fb, const uint64_t *frames,
		unsigned int n)
{
	unsigned int i = 0, begin;
	uint64_t step;

	for (begin = 0; begin < n; begin = i) {
		buddy_leave(fb, frames[begin]);
		step = 0;
		/* Those that follow each other, up or down, are one run. */
		for (i = begin + 1; i < n; i++) {
			const uint64_t d = frames[i] - frames[i - 1];

			if (step ? d != step : d != 1 && d != UINT64_MAX)
				break;
			step = d;
			buddy_leave(fb, frames[i]);
		}
		buddy_put(fb, UK_MIN(frames[begin], frames[i - 1]),
			  UK_MAX(frames[begin], frames[i - 1]) + 1);
	}
}

/* Make room in @c, which is full: what was used long ago goes. */
UK_NOINLINE static void spill(struct uk_fallocbuddy *fb,
			      struct uk_fallocbuddy_cache *c)
{
	uk_spin_lock(&fb->lock);
	put(fb, c->frames, BATCH);
	uk_spin_unlock(&fb->lock);
	c->n -= BATCH;
	memmove(c->frames, c->frames + BATCH, c->n * sizeof(c->frames[0]));
}

/* All frames of @c go back; both locks are held. */
static void empty(struct uk_fallocbuddy *fb, struct uk_fallocbuddy_cache *c)
{
	put(fb, c->frames, c->n);
	put(fb, c->zeroes, c->nzeroes);
	c->n = 0;
	c->nzeroes = 0;
}

unsigned long buddy_cache_lock_all(struct uk_fallocbuddy *fb)
{
	const unsigned long irq = ukarch_irq_save();
	struct uk_fallocbuddy_cache *from, *c;

	for (;;) {
		from = first(fb);
		/* Everybody takes them in this order. */
		for (c = from; c; c = c->next)
			uk_spin_lock(&c->lock);
		uk_spin_lock(&fb->lock);
		if (from == fb->caches)
			break;
		/* A CPU has come that is not locked. */
		uk_spin_unlock(&fb->lock);
		for (c = from; c; c = c->next)
			uk_spin_unlock(&c->lock);
	}
	for (c = from; c; c = c->next)
		empty(fb, c);
	return irq;
}

void buddy_cache_unlock_all(struct uk_fallocbuddy *fb, unsigned long irq)
{
	struct uk_fallocbuddy_cache *const from = fb->caches;

	uk_spin_unlock(&fb->lock);
	for (struct uk_fallocbuddy_cache *c = from; c; c = c->next)
		uk_spin_unlock(&c->lock);
	ukarch_irq_restore(irq);
}

/* Any frame of @c, or NO_PFN. */
static uint64_t pop(struct uk_fallocbuddy *fb, struct uk_fallocbuddy_cache *c)
{
	if (UK_LIKELY(c->n) || refill(fb, c))
		return c->frames[--c->n];
	return c->nzeroes ? c->zeroes[--c->nzeroes] : NO_PFN;
}

/* buddy_leave() for who has no lock. */
static void forget(struct uk_fallocbuddy *fb, uint64_t pfn)
{
	const unsigned long irq = uk_spin_lock_irqsave(&fb->lock);

	buddy_leave(fb, pfn);
	uk_spin_unlock_irqrestore(&fb->lock, irq);
}

/* @pfn, which is not NO_PFN, leaves this CPU's frames for the caller. */
static int hand_out(struct uk_fallocbuddy *fb, uint64_t pfn, uint64_t *paddr)
{
	if (DEBUG)
		forget(fb, pfn);
	*paddr = PADDR(pfn);
	return 0;
}

static int take_any(struct uk_fallocbuddy *fb, uint64_t *paddr)
{
	unsigned long irq;
	struct uk_fallocbuddy_cache *const c = lock(fb, &irq);
	const uint64_t pfn = pop(fb, c);

	unlock(c, irq);
	return pfn != NO_PFN ? hand_out(fb, pfn, paddr) : -ENOMEM;
}

static int take_zeroes(struct uk_fallocbuddy *fb, uint64_t *paddr)
{
	unsigned long irq;
	struct uk_fallocbuddy_cache *const c = lock(fb, &irq);
	uint64_t pfn = NO_PFN;
	int rc;

	c->wanted = true;
	if (c->nzeroes)
		pfn = c->zeroes[--c->nzeroes];
	unlock(c, irq);
	if (pfn != NO_PFN)
		return hand_out(fb, pfn, paddr);
	rc = take_any(fb, paddr);
	if (rc == 0)
		buddy_zero(fb, PFN(*paddr), 1);
	return rc;
}

UK_NOINLINE static int falloc_rest(struct uk_falloc *fa, uint64_t *paddr,
				   unsigned long nframes, unsigned long flags)
{
	struct uk_fallocbuddy *const fb = buddy_of(fa);
	int rc = -ENOMEM;

	if (nframes == 1 && flags == 0)
		rc = take_any(fb, paddr);
	else if (nframes == 1 && flags == UK_FALLOC_ZERO)
		rc = take_zeroes(fb, paddr);
	/* Then other CPUs may still have some. */
	return rc == 0 ? 0 : buddy_falloc(fa, paddr, nframes, flags);
}

/* A frame that is at hand, and nothing that calls a function. */
static int cache_falloc(struct uk_falloc *fa, uint64_t *paddr,
			unsigned long nframes, unsigned long flags)
{
	struct uk_fallocbuddy *const fb = buddy_of(fa);

	if (UK_LIKELY(nframes == 1 && flags == 0 && !DEBUG)) {
		unsigned long irq;
		struct uk_fallocbuddy_cache *const c = lock(fb, &irq);

		if (UK_LIKELY(c->n)) {
			const uint64_t pfn = c->frames[--c->n];

			unlock(c, irq);
			*paddr = PADDR(pfn);
			return 0;
		}
		unlock(c, irq);
	}
	return falloc_rest(fa, paddr, nframes, flags);
}

/* Is there memory above the lowest zone? */
static bool has_high(struct uk_fallocbuddy *fb)
{
	for (unsigned int z = 1; z < UK_FALLOCBUDDY_ZONES; z++)
		if (__atomic_load_n(&fb->zones[z].areas, __ATOMIC_RELAXED))
			return true;
	return false;
}

/*
 * Is @pfn ours, and one to keep at hand? Low frames are not, as long as there
 * are others: they would go to whoever comes next.
 */
static bool keeps(struct uk_fallocbuddy *fb, struct uk_fallocbuddy_cache *c,
		  uint64_t pfn)
{
	struct buddy_area *const a = buddy_area_of(fb, pfn);

	if (!a || (a->zone == fb->zones && has_high(fb)))
		return false;
	if (!c->known) {
		uk_spin_lock(&fb->lock);
		show(fb, c);
		uk_spin_unlock(&fb->lock);
	}
	c->area = a;
	return true;
}

/* Was @pfn, of @a, given out? For who has it that needs no lock. */
static inline bool is_out(const struct buddy_area *a, uint64_t pfn)
{
	return a && pfn >= a->first &&
	       pfn < __atomic_load_n(&a->fresh, __ATOMIC_RELAXED);
}

UK_NOINLINE static int ffree_rest(struct uk_falloc *fa, uint64_t paddr,
				  unsigned long nframes)
{
	struct uk_fallocbuddy *const fb = buddy_of(fa);
	const uint64_t pfn = PFN(paddr);
	struct uk_fallocbuddy_cache *c;
	unsigned long irq;
	bool kept;

	if (nframes != 1)
		return buddy_ffree(fa, paddr, nframes);
	if (DEBUG)
		buddy_check_kept(fb, pfn);
	c = lock(fb, &irq);
	kept = is_out(c->area, pfn) ||
	       (keeps(fb, c, pfn) && is_out(c->area, pfn));
	if (kept) {
		if (c->n == UK_FALLOCBUDDY_CACHED)
			spill(fb, c);
		c->frames[c->n++] = pfn;
	}
	unlock(c, irq);
	if (kept)
		return 0;
	if (DEBUG)
		forget(fb, pfn);
	return buddy_ffree(fa, paddr, 1);
}

static int cache_ffree(struct uk_falloc *fa, uint64_t paddr,
		       unsigned long nframes)
{
	struct uk_fallocbuddy *const fb = buddy_of(fa);

	if (UK_LIKELY(nframes == 1 && !DEBUG)) {
		const uint64_t pfn = PFN(paddr);
		unsigned long irq;
		struct uk_fallocbuddy_cache *const c = lock(fb, &irq);

		if (UK_LIKELY(is_out(c->area, pfn) &&
			      c->n < UK_FALLOCBUDDY_CACHED)) {
			c->frames[c->n++] = pfn;
			unlock(c, irq);
			return 0;
		}
		unlock(c, irq);
	}
	return ffree_rest(fa, paddr, nframes);
}

bool buddy_cache_idle(struct uk_fallocbuddy *fb)
{
	unsigned long irq;
	struct uk_fallocbuddy_cache *const c = lock(fb, &irq);
	bool more = c->wanted && c->nzeroes < UK_FALLOCBUDDY_ZEROES;

	if (more && (c->n || refill(fb, c))) {
		const uint64_t pfn = c->frames[--c->n];

		/* Under the lock: who counts waits for it. */
		buddy_zero(fb, pfn, 1);
		c->zeroes[c->nzeroes++] = pfn;
	} else {
		more = false;
	}
	unlock(c, irq);
	return more;
}

void uk_fallocbuddy_set_cache(struct uk_fallocbuddy *fb,
			      struct uk_fallocbuddy_cache *cache)
{
	UK_ASSERT(!fb->cache);

	fb->cache = cache;
	fb->fa.falloc = cache_falloc;
	fb->fa.ffree = cache_ffree;
}
