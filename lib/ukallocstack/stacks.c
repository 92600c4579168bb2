/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stacks have addresses of their own in the high half, whatever address space
 * is active, from UKARCH_KMAP_BASE + 128 GiB on. What is known about them is
 * an array with a place for each granule of addresses; it lies at the begin of
 * the same range, and grows page by page with the addresses dealt out.
 *
 * Memory is single frames, so a stack is to be had as long as there are frames
 * at all. A thread that ends leaves its stack mapped, for the next one: making
 * and ending a thread touches no page table.
 *
 * How much of a stack is there at once? All of a small one: page faults would
 * cost more than the memory they save, and their failure cannot be told to
 * anybody. Of a large one (with CONFIG_LIBUKALLOCSTACK_DEMAND) its upper end:
 * that a thread has 8 MiB is a promise that it could use them, and most
 * promises are not called in.
 *
 * Refused: stacks in areas of lib/ukvmem. Those are in the low half, in one
 * address space, and the scheduler changes that while it is on a stack.
 */
#include "allocstack_priv.h"

#include <uk/allocstack.h>
#include <uk/assert.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/event.h>
#include <uk/falloc.h>
#include <uk/idle.h>
#include <uk/pagetable.h>

#define BASE		((uintptr_t)UKARCH_KMAP_BASE + ((uintptr_t)128 << 30))
#define LEN		((uintptr_t)256 << 30)
#define NGRANULES	((uint32_t)(LEN / GRANULE))
/* What the array may need, so the first granule that is dealt out. */
#define ARRAY_END	((uint32_t)(NGRANULES * sizeof(struct slot) / GRANULE))

_Static_assert(ARRAY_END * sizeof(struct slot) % UKARCH_PAGE_SIZE == 0,
	       "the first page of the array begins with the first granule");
_Static_assert(GRANULE == UK_ALLOCSTACK_GUARD_LEN, "one granule of guard");

static int extend(struct slots *s, uint32_t end);

struct stacks stacks = {
	.lock = UK_SPINLOCK_INIT,
	.slots = {
		.slot = (struct slot *)BASE,
		.fresh = ARRAY_END,
		.end = NGRANULES,
		.extend = extend,
	},
	.cache.limit = (uint32_t)(CONFIG_LIBUKALLOCSTACK_CACHE * 1024ull /
				  UKARCH_PAGE_SIZE),
};

/* What one_frame() has given to uk_paging_map_each(). */
struct given {
	uint32_t n;
	uint64_t last;
	bool open;		/* the last one is perhaps not mapped */
};

static int one_frame(void *arg, uintptr_t vaddr UK_UNUSED,
		     unsigned int level UK_UNUSED, uint64_t *paddr)
{
	struct given *const given = arg;
	const int rc = uk_falloc(uk_falloc_get_default(), paddr, 1, 0);

	given->open = rc == 0;
	if (rc == 0) {
		given->last = *paddr;
		given->n++;
	}
	return rc;
}

int stacks_map(uintptr_t vaddr, size_t len, uint32_t *n)
{
	struct given given = { .n = 0 };
	size_t done = 0;
	const int rc = uk_paging_map_each(uk_paging_kernel(), vaddr, len,
					  UK_PAGE_READ | UK_PAGE_WRITE,
					  UK_PAGING_LEVEL_MAX(0), one_frame,
					  &given, &done);

	/* There was a frame, but none for a table. */
	if (rc < 0 && given.open) {
		(void)uk_ffree(uk_falloc_get_default(), given.last, 1);
		given.n--;
	}
	*n = given.n;
	return rc < 0 && done < PAGE ? rc : 0;
}

/*
 * The page that @s->fresh is in, unless it begins there, is mapped; others that
 * are, from a call that failed, are left alone. The lock is held.
 */
static int extend(struct slots *s, uint32_t end)
{
	const uintptr_t to = UK_ALIGN_UP((uintptr_t)&s->slot[end], PAGE);
	uintptr_t at = UK_ALIGN_UP((uintptr_t)&s->slot[s->fresh], PAGE);

	for (uint32_t n; at < to; at += PAGE)
		if (stacks_map(at, PAGE, &n) < 0)
			return -ENOMEM;
	return 0;
}

uint32_t stacks_first(void)
{
	return ARRAY_END;
}

uintptr_t stacks_vaddr(uint32_t at)
{
	return BASE + (at + 1) * GRANULE;
}

uint32_t stacks_at(uintptr_t addr)
{
	const uintptr_t granule = (addr - BASE) / GRANULE;
	/* Acquire, with the release in slots.c. */
	const uint32_t fresh = __atomic_load_n(&stacks.slots.fresh,
					       __ATOMIC_ACQUIRE);

	return addr < BASE || granule < ARRAY_END || granule >= fresh
	       ? 0 : stacks.slots.slot[granule].begin;
}

static void set_state(struct slot *slot, uint32_t state)
{
	__atomic_store_n(&slot->state, state, __ATOMIC_RELAXED);
}

/* @at is one of the nleaving, and in no list: its memory goes back. */
static void give_back(uint32_t at)
{
	struct slot *const slot = &stacks.slots.slot[at];
	const int rc = uk_paging_unmap(uk_paging_kernel(), stacks_vaddr(at),
				       slot->npages * PAGE, UK_PAGING_FREE,
				       NULL);

	/* All pages are small. */
	UK_ASSERT(rc == 0);
	uk_spin_lock(&stacks.lock);
	set_state(slot, SLOT_FREE);
	slots_give(&stacks.slots, at);
	stacks.nleaving--;
	uk_spin_unlock(&stacks.lock);
}

static uint32_t take_kept(uint32_t npages, uint32_t nlazy)
{
	uint32_t at;

	uk_spin_lock(&stacks.lock);
	at = cache_get(&stacks.cache, &stacks.slots, npages, nlazy);
	if (at) {
		set_state(&stacks.slots.slot[at], SLOT_USED);
		stacks.nreused++;
		stacks.nused++;
	}
	uk_spin_unlock(&stacks.lock);
	return at;
}

static uint32_t take_address(uint32_t npages, uint32_t nlazy)
{
	uint32_t at;

	uk_spin_lock(&stacks.lock);
	at = slots_take(&stacks.slots, npages);
	if (at)
		stacks.slots.slot[at].nlazy = nlazy;
	uk_spin_unlock(&stacks.lock);
	return at;
}

static uint32_t make(uint32_t npages, uint32_t nlazy)
{
	const uint32_t at = take_address(npages, nlazy);
	struct slot *slot;
	uint32_t n;
	int rc;

	if (!at)
		return 0;
	slot = &stacks.slots.slot[at];
	rc = stacks_map(stacks_vaddr(at) + nlazy * PAGE,
			(npages - nlazy) * PAGE, &n);
	uk_spin_lock(&stacks.lock);
	if (rc < 0 || n < npages - nlazy) {
		stacks.nleaving++;
		uk_spin_unlock(&stacks.lock);
		give_back(at);
		return 0;
	}
	slot->nframes = n;
	set_state(slot, SLOT_USED);
	stacks.nmade++;
	stacks.nused++;
	uk_spin_unlock(&stacks.lock);
	return at;
}

uint32_t stacks_take(uint32_t npages, uint32_t nlazy)
{
	uint32_t at = take_kept(npages, nlazy);

	if (!at)
		at = make(npages, nlazy);
	/* What is kept for others is better used now. */
	if (!at && uk_allocstack_trim(0) > 0)
		at = make(npages, nlazy);
	if (!at && uk_falloc_reclaim(uk_falloc_get_default(), &stacks))
		at = make(npages, nlazy);
	return at;
}

void stacks_give(uint32_t at)
{
	struct slot *const slot = &stacks.slots.slot[at];
	bool kept;

	uk_spin_lock(&stacks.lock);
	stacks.nused--;
	kept = cache_put(&stacks.cache, &stacks.slots, at);
	/* Not FREE before its memory is gone: but nobody's. */
	set_state(slot, SLOT_KEPT);
	stacks.nleaving += !kept;
	uk_spin_unlock(&stacks.lock);
	if (!kept)
		give_back(at);
}

/* Give one back if more than @keep frames are kept; how many that were. */
static uint32_t drop_one(uint32_t keep)
{
	uint32_t at = 0, n = 0;

	uk_spin_lock(&stacks.lock);
	if (stacks.cache.nframes > keep) {
		at = cache_drop(&stacks.cache, &stacks.slots);
		if (at) {
			n = stacks.slots.slot[at].nframes;
			stacks.nleaving++;
		}
	}
	uk_spin_unlock(&stacks.lock);
	if (at)
		give_back(at);
	return n;
}

size_t uk_allocstack_trim(size_t keep)
{
	const uint32_t nkeep = (uint32_t)UK_MIN(keep / PAGE, UINT32_MAX);
	size_t given = 0;
	uint32_t n;

	while ((n = drop_one(nkeep)))
		given += n * PAGE;
	return given;
}

/* What is kept when there is time to give back. */
static uint32_t idle_keep(void)
{
	const struct uk_falloc *const fa = uk_falloc_get_default();
	uint64_t free;

	if (!fa)
		return 0;
	free = __atomic_load_n(&fa->free_memory, __ATOMIC_RELAXED);
	return free < fa->total_memory / 8 ? 0 : stacks.cache.limit / 4;
}

static enum uk_event_result on_idle(void *unused UK_UNUSED)
{
	/* Looked at again under the lock. */
	if (UK_READ_ONCE(stacks.cache.nframes) == 0)
		return UK_EVENT_NOT_HANDLED;
	return drop_one(idle_keep()) ? UK_EVENT_HANDLED
				     : UK_EVENT_NOT_HANDLED;
}

static enum uk_event_result on_short(void *data)
{
	const struct uk_falloc_short *const s = data;

	if (s->asker == &stacks || s->fa != uk_falloc_get_default())
		return UK_EVENT_NOT_HANDLED;
	return uk_allocstack_trim(0) ? UK_EVENT_HANDLED_CONT
				     : UK_EVENT_NOT_HANDLED;
}

UK_EVENT_HANDLER(uk_idle, on_idle);
UK_EVENT_HANDLER(uk_falloc_short, on_short);
