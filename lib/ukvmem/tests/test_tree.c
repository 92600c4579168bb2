/* SPDX-License-Identifier: BSD-3-Clause */
/* The tree of areas, against an array with a byte for each page. */
#include "../vmem_priv.h"

#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/test.h>

#define NPAGES		96u
#define BASE		((uintptr_t)0x10000)
#define AT(page)	(BASE + (uintptr_t)(page) * PAGE)
#define END		AT(NPAGES)
#define FREE		0xffu

static struct {
	struct uk_vas vas;
	struct uk_vma vma[NPAGES];
	uint8_t owner[NPAGES];	/* by page: index of its area, or FREE */
	bool used[NPAGES];
	uint32_t seed;
} world;

static void begin(uint32_t seed)
{
	memset(&world, 0, sizeof(world));
	memset(world.owner, FREE, sizeof(world.owner));
	world.vas.base = BASE;
	world.vas.end = END;
	uk_list_init(&world.vas.areas);
	world.seed = seed;
}

/* A number below @n. */
static unsigned int below(unsigned int n)
{
	world.seed ^= world.seed << 13;
	world.seed ^= world.seed >> 17;
	world.seed ^= world.seed << 5;
	return world.seed % n;
}

static bool all_free(unsigned int from, unsigned int to)
{
	for (unsigned int p = from; p < to; p++)
		if (world.owner[p] != FREE)
			return false;
	return true;
}

static void add(unsigned int from, unsigned int to)
{
	unsigned int i = 0;

	while (world.used[i])
		i++;
	world.used[i] = true;
	world.vma[i].start = AT(from);
	world.vma[i].end = AT(to);
	memset(world.owner + from, (int)i, to - from);
	vmem_insert(&world.vas, &world.vma[i]);
}

static unsigned int page_of(uintptr_t vaddr)
{
	return (unsigned int)((vaddr - BASE) / PAGE);
}

static void drop(unsigned int i)
{
	vmem_remove(&world.vas, &world.vma[i]);
	world.used[i] = false;
	for (unsigned int p = 0; p < NPAGES; p++)
		if (world.owner[p] == i)
			world.owner[p] = FREE;
}

/* Move one end of area @i by a page, if that can be. */
static void move_end(unsigned int i)
{
	struct uk_vma *const vma = &world.vma[i];
	const unsigned int from = page_of(vma->start), to = page_of(vma->end);

	switch (below(4)) {
	case 0:
		if (from > 0 && world.owner[from - 1] == FREE) {
			world.owner[from - 1] = (uint8_t)i;
			vmem_resize(&world.vas, vma, AT(from - 1), vma->end);
		}
		break;
	case 1:
		if (to - from > 1) {
			world.owner[from] = FREE;
			vmem_resize(&world.vas, vma, AT(from + 1), vma->end);
		}
		break;
	case 2:
		if (to < NPAGES && world.owner[to] == FREE) {
			world.owner[to] = (uint8_t)i;
			vmem_resize(&world.vas, vma, vma->start, AT(to + 1));
		}
		break;
	default:
		if (to - from > 1) {
			world.owner[to - 1] = FREE;
			vmem_resize(&world.vas, vma, vma->start, AT(to - 1));
		}
	}
}

static void step(void)
{
	const unsigned int from = below(NPAGES);
	const unsigned int to = UK_MIN(from + 1 + below(5), NPAGES);
	const unsigned int owner = world.owner[from];

	if (owner == FREE) {
		if (all_free(from, to))
			add(from, to);
	} else if (below(2)) {
		drop(owner);
	} else {
		move_end(owner);
	}
}

/* The height of what is below @n, or 100: it is not balanced or not known. */
static unsigned int height(const struct uk_vma *n)
{
	unsigned int left, right;

	if (!n)
		return 0;
	left = height(n->left);
	right = height(n->right);
	if (left > right + 1 || right > left + 1 ||
	    n->height != UK_MAX(left, right) + 1)
		return 100;
	return n->height;
}

/* What vmem_above() should find. */
static const struct uk_vma *area_above(uintptr_t vaddr)
{
	for (unsigned int p = page_of(vaddr); p < NPAGES; p++)
		if (world.owner[p] != FREE)
			return &world.vma[world.owner[p]];
	return NULL;
}

/* What vmem_find_gap() should find, or 0. */
static uintptr_t gap(unsigned int npages, size_t align, unsigned int from,
		     unsigned int to)
{
	for (unsigned int p = to; p >= from + npages && p >= npages; p--)
		if (all_free(p - npages, p) &&
		    UK_IS_ALIGNED(AT(p - npages), align))
			return AT(p - npages);
	return 0;
}

static bool looks_right(void)
{
	const struct uk_vma *vma = vmem_above(&world.vas, BASE);

	if (height(world.vas.root) >= 100)
		return false;
	for (unsigned int p = 0; p < NPAGES; p++)
		if (vmem_above(&world.vas, AT(p) + 5) != area_above(AT(p)))
			return false;
	/* In order, both ways. */
	while (vma) {
		const struct uk_vma *const next = vmem_next(&world.vas, vma);

		if (next != (vma->end < END ? area_above(vma->end) : NULL) ||
		    (next && vmem_prev(&world.vas, next) != vma) ||
		    (!next && vmem_last(&world.vas) != vma))
			return false;
		vma = next;
	}
	return true;
}

static bool finds_gap(void)
{
	const unsigned int npages = 1 + below(8);
	const size_t align = PAGE << below(4);
	const unsigned int from = below(NPAGES);
	const unsigned int to = from + below(NPAGES - from + 1);
	const uintptr_t want = gap(npages, align, from, to);
	uintptr_t got = 0;

	return vmem_find_gap(&world.vas, npages * PAGE, align, AT(from),
			     AT(to), &got) == (want != 0) && got == want;
}

/* How many of @nsteps were right: up to the first one that was not. */
static unsigned int run(uint32_t seed, unsigned int nsteps)
{
	unsigned int i = 0;

	begin(seed);
	for (; i < nsteps; i++) {
		step();
		if (!looks_right() || !finds_gap())
			break;
	}
	return i;
}

UK_TEST(vmem_tree, it_finds_what_an_array_finds_in_any_order_of_changes)
{
	for (uint32_t seed = 1; seed <= 8; seed++)
		UK_EXPECT_EQ(run(seed, 500), 500);
}

UK_TEST(vmem_tree, an_empty_one_is_one_gap)
{
	uintptr_t at;

	begin(1);
	UK_EXPECT_NULL(vmem_above(&world.vas, BASE));
	UK_EXPECT_NULL(vmem_last(&world.vas));
	UK_EXPECT(vmem_find_gap(&world.vas, PAGE, PAGE, 0, UINTPTR_MAX, &at));
	UK_EXPECT_EQ(at, END - PAGE);
	UK_EXPECT(vmem_find_gap(&world.vas, END - BASE, PAGE, 0, UINTPTR_MAX,
				&at));
	UK_EXPECT_EQ(at, BASE);
	UK_EXPECT(!vmem_find_gap(&world.vas, END - BASE + PAGE, PAGE, 0,
				 UINTPTR_MAX, &at));
	UK_EXPECT(!vmem_find_gap(&world.vas, PAGE, PAGE, END, BASE, &at));
}

UK_TEST(vmem_tree, areas_added_in_order_make_a_flat_tree)
{
	begin(1);
	for (unsigned int p = 0; p < NPAGES; p++)
		add(p, p + 1);
	/* 1.44 times the binary logarithm of 98. */
	UK_EXPECT_LE(height(world.vas.root), 9);
}
