/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The stacks as a struct uk_alloc. A block is whole pages, at a multiple of a
 * granule, whatever was asked for.
 *
 * It does not register: what it has are frames, which the default heap counts
 * as its own, and the debug layer of lib/ukalloc would put its bytes between a
 * stack and the guard, and fill what is to have no memory yet.
 */
#include "allocstack_priv.h"

#include <uk/alloc.h>
#include <uk/alloc_impl.h>
#include <uk/allocstack.h>
#include <uk/config.h>
#include <uk/crash.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/falloc.h>
#include <uk/string.h>

#if UK_IS_ENABLED(CONFIG_LIBUKALLOCSTACK_DEMAND)
#define NEAGER		((uint32_t)CONFIG_LIBUKALLOCSTACK_EAGER)
#else
#define NEAGER		UINT32_MAX
#endif

static uint32_t pages(size_t len)
{
	return (uint32_t)UK_DIV_ROUND_UP(UK_MAX(len, (size_t)1), PAGE);
}

void *uk_allocstack_take(size_t len, size_t eager)
{
	uint32_t npages, at;
	uint32_t neager = pages(eager);

	if (len > UK_ALLOCSTACK_MAX || eager > len)
		return NULL;
	npages = pages(len);
	neager = UK_MAX(neager, NEAGER);
	neager = UK_MIN(neager, npages);
	at = stacks_take(npages, npages - neager);
	return at ? (void *)stacks_vaddr(at) : NULL;
}

/* The slot of @block, which is in use; else the image ends. */
static uint32_t used(const void *block)
{
	const uintptr_t addr = (uintptr_t)block;
	const uint32_t at = stacks_at(addr);

	if (UK_UNLIKELY(!at || addr != stacks_vaddr(at) ||
			stacks.slots.slot[at].state != SLOT_USED))
		uk_crash("%p is freed as a stack, and is none that is in use",
			 block);
	return at;
}

static void *stack_malloc(struct uk_alloc *a UK_UNUSED, size_t size)
{
	/* All of it: nobody here says whose stack it will be. */
	return uk_allocstack_take(size, size);
}

static void *stack_calloc(struct uk_alloc *a UK_UNUSED, size_t nmemb,
			  size_t size)
{
	size_t len;
	void *block;

	if (__builtin_mul_overflow(nmemb, size, &len))
		return NULL;
	block = uk_allocstack_take(len, len);
	if (block)
		memset(block, 0, len);
	return block;
}

static void *stack_memalign(struct uk_alloc *a UK_UNUSED, size_t align,
			    size_t size)
{
	if (align == 0 || (align & (align - 1)) || align > GRANULE)
		return NULL;
	return uk_allocstack_take(size, size);
}

static int stack_posix_memalign(struct uk_alloc *a, void **memptr,
				size_t align, size_t size)
{
	void *block;

	if (align < sizeof(void *) || (align & (align - 1)))
		return EINVAL;
	block = stack_memalign(a, align, size);
	if (!block)
		return ENOMEM;
	*memptr = block;
	return 0;
}

static void stack_free(struct uk_alloc *a UK_UNUSED, void *ptr)
{
	if (ptr)
		stacks_give(used(ptr));
}

static void *stack_realloc(struct uk_alloc *a, void *ptr, size_t size)
{
	size_t len;
	void *block;

	if (!ptr)
		return stack_malloc(a, size);
	if (size == 0) {
		stack_free(a, ptr);
		return NULL;
	}
	len = stacks.slots.slot[used(ptr)].npages * PAGE;
	if (pages(size) * PAGE == len && size <= UK_ALLOCSTACK_MAX)
		return ptr;
	block = stack_malloc(a, size);
	if (!block)
		return NULL;
	memcpy(block, ptr, UK_MIN(len, size));
	stack_free(a, ptr);
	return block;
}

static void *stack_palloc(struct uk_alloc *a, unsigned long npages)
{
	return npages > UK_ALLOCSTACK_MAX / PAGE
	       ? NULL : stack_malloc(a, npages * PAGE);
}

static void stack_pfree(struct uk_alloc *a, void *ptr,
			unsigned long npages UK_UNUSED)
{
	stack_free(a, ptr);
}

static long stack_availmem(struct uk_alloc *a UK_UNUSED)
{
	const struct uk_falloc *const fa = uk_falloc_get_default();

	return fa ? (long)__atomic_load_n(&fa->free_memory, __ATOMIC_RELAXED)
		  : 0;
}

static long stack_maxalloc(struct uk_alloc *a)
{
	return UK_MIN(stack_availmem(a), (long)UK_ALLOCSTACK_MAX);
}

static struct uk_alloc alloc = {
	.malloc = stack_malloc,
	.calloc = stack_calloc,
	.realloc = stack_realloc,
	.posix_memalign = stack_posix_memalign,
	.memalign = stack_memalign,
	.free = stack_free,
	.palloc = stack_palloc,
	.pfree = stack_pfree,
	.maxalloc = stack_maxalloc,
	.availmem = stack_availmem,
	.pmaxalloc = uk_pmaxalloc_compat,
	.pavailmem = uk_pavailmem_compat,
};

struct uk_alloc *uk_allocstack_get(void)
{
	return &alloc;
}

size_t uk_allocstack_lazy_len(const void *block)
{
	const uint32_t at = stacks_at((uintptr_t)block);

	return at ? stacks.slots.slot[at].nlazy * PAGE : 0;
}

bool uk_allocstack_find(uintptr_t addr, uintptr_t *begin, uintptr_t *end)
{
	const uint32_t at = stacks_at(addr);
	const struct slot *const slot = &stacks.slots.slot[at];

	if (!at ||
	    __atomic_load_n(&slot->state, __ATOMIC_RELAXED) != SLOT_USED)
		return false;
	*begin = stacks_vaddr(at);
	*end = *begin + slot->npages * PAGE;
	return true;
}

/* Some have come on demand, so all are looked at. The lock is held. */
static uint32_t nframes_used(void)
{
	uint32_t n = 0;

	for (uint32_t at = stacks_first(); at < stacks.slots.fresh;
	     at += slots_of_class(stacks.slots.slot[at].class)) {
		const struct slot *const slot = &stacks.slots.slot[at];

		if (slot->state == SLOT_USED)
			n += __atomic_load_n(&slot->nframes, __ATOMIC_RELAXED);
	}
	return n;
}

void uk_allocstack_stats_get(struct uk_allocstack_stats *stats)
{
	uk_spin_lock(&stacks.lock);
	*stats = (struct uk_allocstack_stats){
		.nused = stacks.nused,
		.nkept = stacks.cache.nslots,
		.nleaving = stacks.nleaving,
		.used = nframes_used() * PAGE,
		.kept = stacks.cache.nframes * PAGE,
		.nmade = stacks.nmade,
		.nreused = stacks.nreused,
		.nfaults = __atomic_load_n(&stacks.nfaults, __ATOMIC_RELAXED),
	};
	uk_spin_unlock(&stacks.lock);
}
