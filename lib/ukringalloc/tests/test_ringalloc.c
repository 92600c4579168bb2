/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/ring_alloc.h>

#include <uk/errno.h>
#include <uk/ring_mpmc.h>
#include <uk/ring_spsc.h>
#include <uk/test.h>

struct event {
	uint64_t id;
	char name[40];
};

UK_RING_SPSC_DEFINE(pair, struct event)
UK_RING_ALLOC_DEFINE(pair)
UK_RING_MPMC_DEFINE(many, struct event)
UK_RING_ALLOC_DEFINE(many)

/* An allocator that has one block, and tells what was asked of it. */
static struct uk_alloc one_block;

static struct {
	bool empty;
	unsigned int nallocs;
	unsigned int nfrees;
	size_t size;
	size_t align;
	void *freed;
	char block[2048] UK_ALIGNED(64);
} mem;

static void *take(struct uk_alloc *a UK_UNUSED, size_t align, size_t size)
{
	mem.nallocs++;
	mem.align = align;
	mem.size = size;
	return mem.empty || size > sizeof(mem.block) ? NULL : mem.block;
}

static void give(struct uk_alloc *a UK_UNUSED, void *ptr)
{
	mem.nfrees++;
	mem.freed = ptr;
}

static struct uk_alloc *fresh(bool empty)
{
	one_block = (struct uk_alloc){ .memalign = take, .free = give };
	mem.empty = empty;
	mem.nallocs = mem.nfrees = 0;
	mem.freed = NULL;
	for (unsigned int i = 0; i < sizeof(mem.block); i++)
		mem.block[i] = 0x55;
	return &one_block;
}

UK_TEST(ringalloc, a_ring_and_its_slots_are_one_block)
{
	struct uk_alloc *const a = fresh(false);
	const struct event in = { .id = 9, .name = "nine" };
	struct pair *p = NULL;
	struct event out;

	UK_EXPECT_EQ(pair_alloc(a, 16, &p), 0);
	if (!UK_EXPECT_NOT_NULL(p))
		return;
	UK_EXPECT_EQ(mem.nallocs, 1);
	UK_EXPECT_EQ(mem.align, UK_CACHELINE);
	UK_EXPECT_EQ(mem.size, sizeof(struct pair) + 16 * sizeof(in));

	for (unsigned int i = 0; i < 16; i++)
		UK_EXPECT_EQ(pair_enqueue(p, &in), 0);
	UK_EXPECT_EQ(pair_enqueue(p, &in), -ENOSPC);
	UK_EXPECT_EQ((unsigned char)mem.block[mem.size], 0x55);
	UK_EXPECT_EQ(pair_dequeue(p, &out), 0);
	UK_EXPECT_MEM_EQ(&out, &in, sizeof(in));

	pair_free(a, p);
	UK_EXPECT_EQ(mem.nfrees, 1);
	UK_EXPECT(mem.freed == p);
}

UK_TEST(ringalloc, an_mpmc_ring_in_dirty_memory_is_empty)
{
	struct uk_alloc *const a = fresh(false);
	const struct event in = { .id = 1 };
	struct many *m = NULL;
	struct event out;

	UK_EXPECT_EQ(many_alloc(a, 8, &m), 0);
	if (!UK_EXPECT_NOT_NULL(m))
		return;
	UK_EXPECT_EQ(many_count(m), 0);
	UK_EXPECT_EQ(many_dequeue(m, &out), -ENOENT);
	for (unsigned int i = 0; i < 8; i++)
		UK_EXPECT_EQ(many_enqueue(m, &in), 0);
	UK_EXPECT_EQ(many_enqueue(m, &in), -ENOSPC);
	many_free(a, m);
	UK_EXPECT(mem.freed == m);
}

UK_TEST(ringalloc, a_refused_capacity_allocates_nothing)
{
	struct uk_alloc *const a = fresh(false);
	struct pair *p = (void *)mem.block;

	UK_EXPECT_EQ(pair_alloc(a, 0, &p), -EINVAL);
	UK_EXPECT_EQ(pair_alloc(a, 12, &p), -EINVAL);
	UK_EXPECT_EQ(pair_alloc(a, 2 * UK_RING_NSLOTS_MAX, &p), -EINVAL);
	UK_EXPECT_EQ(mem.nallocs, 0);
	UK_EXPECT(p == (void *)mem.block);
}

UK_TEST(ringalloc, no_memory_is_an_error_and_leaves_nothing)
{
	struct many *m = (void *)mem.block;
	void *block = NULL;

	UK_EXPECT_EQ(many_alloc(fresh(true), 8, &m), -ENOMEM);
	UK_EXPECT_EQ(mem.nallocs, 1);
	UK_EXPECT_EQ(many_alloc(NULL, 8, &m), -ENOMEM);
	UK_EXPECT(m == (void *)mem.block);

	/* A size that has no number is not asked for. */
	UK_EXPECT_EQ(uk_ring_alloc_block(fresh(false), 64, SIZE_MAX / 4, 8,
					 &block), -ENOMEM);
	UK_EXPECT_EQ(uk_ring_alloc_block(&one_block, 64, SIZE_MAX / 8, 8,
					 &block), -ENOMEM);
	UK_EXPECT_EQ(mem.nallocs, 0);
	UK_EXPECT_NULL(block);
	UK_EXPECT_EQ(mem.nfrees, 0);
}
