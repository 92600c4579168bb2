/* SPDX-License-Identifier: BSD-3-Clause */
#include "world.h"

#include <limits.h>

#include <uk/alloc.h>
#include <uk/arch/paging.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/falloc.h>
#include <uk/string.h>
#include <uk/test.h>

/*
 * Frames where the image has none of its own, as the hosted program: the first
 * ones that are free.
 */
#define NFRAMES		2048ul

struct world world;

static struct {
	struct uk_falloc *real;	/* the image's; NULL: those below */
	bool taken[NFRAMES];
	char *mem;
} frames;

#define PADDR	((UINT64_C(1) << 48) - 1)

/* The hosted program has no kernel whose half there is to share. */
static bool make_kernel(void)
{
	struct uk_pagetable *const k = uk_paging_kernel();
	void *const root = uk_memalign(uk_alloc_get_default(), PAGE, PAGE);

	if (!root)
		return false;
	memset(root, 0, PAGE);
	k->root = uk_virt_to_phys(root) & PADDR;
	k->paddr_end = PADDR + 1;
	k->leaf_max = 1;
	return true;
}

static uint64_t first_frame(void)
{
	return uk_virt_to_phys(frames.mem) & PADDR;
}

static bool are_free(unsigned long at, unsigned long n)
{
	for (unsigned long i = at; i < at + n; i++)
		if (i >= NFRAMES || frames.taken[i])
			return false;
	return true;
}

static int take_own(uint64_t *paddr, unsigned long n, unsigned long flags)
{
	const uint64_t align = UINT64_C(1) << UK_FALLOC_ALIGN_SHIFT(flags);
	unsigned long at = 0;

	while (at < NFRAMES && (!UK_IS_ALIGNED(first_frame() + at * PAGE,
					       align) || !are_free(at, n)))
		at++;
	if (at == NFRAMES)
		return -ENOMEM;
	memset(frames.taken + at, true, n);
	memset(frames.mem + at * PAGE, flags & UK_FALLOC_ZERO ? 0 : 0xa5,
	       n * PAGE);
	*paddr = first_frame() + at * PAGE;
	return 0;
}

static int give_own(uint64_t paddr, unsigned long n)
{
	const uint64_t at = (paddr - first_frame()) / PAGE;

	for (unsigned long i = 0; i < n; i++) {
		if (at + i >= NFRAMES || !frames.taken[at + i])
			return -EFAULT;
		frames.taken[at + i] = false;
	}
	return 0;
}

static int take(struct uk_falloc *fa UK_UNUSED, uint64_t *paddr,
		unsigned long nframes, unsigned long flags)
{
	int rc;

	if (world.left < (long)nframes || (world.refuse && world.refuse()))
		return -ENOMEM;
	rc = frames.real ? uk_falloc(frames.real, paddr, nframes, flags)
			 : take_own(paddr, nframes, flags);
	if (rc == 0) {
		(void)__atomic_fetch_add(&world.frames, (long)nframes,
					 __ATOMIC_RELAXED);
		if (world.left != LONG_MAX)
			world.left -= (long)nframes;
	}
	return rc;
}

static int give(struct uk_falloc *fa UK_UNUSED, uint64_t paddr,
		unsigned long nframes)
{
	(void)__atomic_fetch_sub(&world.frames, (long)nframes,
				 __ATOMIC_RELAXED);
	return frames.real ? uk_ffree(frames.real, paddr, nframes)
			   : give_own(paddr, nframes);
}

/*
 * Blocks that are free again, for the next ones of the same size: the default
 * heap may be one that takes nothing back.
 */
struct block {
	struct block *next;
	size_t size;
	unsigned char mem[] UK_ALIGNED(16);
};

static struct {
	struct uk_spinlock lock;
	struct block *first;
} heap = { .lock = UK_SPINLOCK_INIT };

static struct block *reuse(size_t size)
{
	struct block **link = &heap.first;
	struct block *b;

	uk_spin_lock(&heap.lock);
	while (*link && (*link)->size != size)
		link = &(*link)->next;
	b = *link;
	if (b)
		*link = b->next;
	uk_spin_unlock(&heap.lock);
	return b;
}

static void *heap_malloc(struct uk_alloc *a UK_UNUSED, size_t size)
{
	struct block *b;

	if (world.refuse && world.refuse())
		return NULL;
	b = reuse(size);
	if (!b)
		b = uk_malloc(uk_alloc_get_default(), sizeof(*b) + size);
	if (!b)
		return NULL;
	b->size = size;
	(void)__atomic_fetch_add(&world.blocks, 1, __ATOMIC_RELAXED);
	return b->mem;
}

static void *heap_calloc(struct uk_alloc *a, size_t n, size_t size)
{
	void *const mem = heap_malloc(a, n * size);

	return mem ? memset(mem, 0, n * size) : NULL;
}

static void heap_free(struct uk_alloc *a UK_UNUSED, void *ptr)
{
	struct block *b;

	if (!ptr)
		return;
	b = UK_CONTAINER_OF(ptr, struct block, mem);
	memset(b->mem, 0xa5, b->size);
	(void)__atomic_fetch_sub(&world.blocks, 1, __ATOMIC_RELAXED);
	uk_spin_lock(&heap.lock);
	b->next = heap.first;
	heap.first = b;
	uk_spin_unlock(&heap.lock);
}

bool world_begin(void)
{
	frames.real = uk_falloc_get_default();
	if (!frames.real && !frames.mem)
		frames.mem = uk_memalign(uk_alloc_get_default(), 2 * MIB,
					 NFRAMES * PAGE);
	if (!frames.real && !UK_EXPECT_NOT_NULL(frames.mem))
		return false;
	if (!uk_paging_kernel()->root && !UK_EXPECT(make_kernel()))
		return false;
	world = (struct world){
		.fa = { .falloc = take, .ffree = give },
		.heap = {
			.malloc = heap_malloc, .calloc = heap_calloc,
			.free = heap_free,
		},
		.a = &world.heap,
		.left = LONG_MAX,
	};
	if (!UK_EXPECT_EQ(uk_vas_create(&world.vas, world.a, &world.fa), 0))
		return false;
	return true;
}

void world_end(void)
{
	UK_EXPECT_EQ(uk_vas_destroy(&world.vas), 0);
	UK_EXPECT_EQ(world.frames, 0);
	UK_EXPECT_EQ(world.blocks, 0);
}

uintptr_t world_map(uintptr_t vaddr, size_t len, unsigned int prot,
		    const struct uk_vma_ops *ops, unsigned int flags)
{
	struct uk_vma_request rq = {
		.vaddr = vaddr,
		.len = len,
		.prot = prot,
		.flags = flags,
		.ops = ops,
	};

	if (!UK_EXPECT_EQ(uk_vma_map(&world.vas, &rq), 0))
		return 0;
	return rq.vaddr;
}

unsigned char *world_at_of(struct uk_vas *vas, uintptr_t vaddr,
			   enum uk_trap_access access)
{
	struct uk_paging_leaf leaf;

	if (uk_vma_touch(vas, vaddr, access) < 0 ||
	    uk_paging_find(&vas->pt, vaddr, &leaf) < 0)
		return NULL;
	return (unsigned char *)uk_phys_to_virt(leaf.paddr) +
	       (vaddr - leaf.vaddr);
}

unsigned char *world_at(uintptr_t vaddr, enum uk_trap_access access)
{
	return world_at_of(&world.vas, vaddr, access);
}

bool world_is_mapped(uintptr_t vaddr)
{
	struct uk_paging_leaf leaf;

	return uk_paging_find(&world.vas.pt, vaddr, &leaf) == 0;
}

size_t world_nareas(void)
{
	struct uk_vas_stats stats;

	uk_vas_get_stats(&world.vas, &stats);
	return stats.nareas;
}
