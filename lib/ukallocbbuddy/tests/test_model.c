/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Random requests, against a list of what is in use: no block may lie in
 * another one or lose what is written to it, what is refused must not fit, and
 * all memory must be there again in the end.
 */
#include <uk/allocbbuddy.h>

#include <stdbool.h>
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/compiler.h>
#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/test.h>
#include <uk/test_random.h>

#define NSLOTS	48u

static char memory[96u << 10] UK_ALIGNED(4096);

static struct {
	uint64_t seed;
	struct slot {
		uint8_t *ptr;		/* NULL: not in use */
		size_t size;
		uint8_t fill;
	} slots[NSLOTS];
	struct uk_alloc *a;
	unsigned int nrefused;
} model;

static unsigned int below(unsigned int n)
{
	return (unsigned int)(uk_test_draw(&model.seed) >> 32) % n;
}

static size_t random_size(void)
{
	return below(below(6) ? 300 : 12000);
}

static bool overlaps(const struct slot *s)
{
	for (unsigned int i = 0; i < NSLOTS; i++) {
		const struct slot *const o = &model.slots[i];

		if (o != s && o->ptr && s->ptr < o->ptr + o->size &&
		    o->ptr < s->ptr + s->size)
			return true;
	}
	return false;
}

static bool is_whole(const struct slot *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s->ptr[i] != s->fill)
			return false;
	return true;
}

/* @s is at @ptr now, with @size bytes, or the request for them was refused. */
static bool settle(struct slot *s, void *ptr, size_t size, bool fits)
{
	if (!ptr) {
		model.nrefused++;
		return UK_EXPECT(!fits);
	}
	s->ptr = ptr;
	s->size = size;
	s->fill = (uint8_t)below(256);
	memset(s->ptr, s->fill, size);
	return UK_EXPECT(!overlaps(s)) &&
	       UK_EXPECT(s->ptr >= (uint8_t *)memory) &&
	       UK_EXPECT(s->ptr + size <=
			 (uint8_t *)memory + sizeof(memory));
}

static bool take(struct slot *s)
{
	const size_t size = random_size();
	const size_t align = (size_t)16 << (below(4) ? 0 : below(9));
	const bool fits = (size_t)uk_alloc_maxalloc(model.a) >=
			  UK_MAX(size, align);
	void *const ptr = align == 16 ? uk_malloc(model.a, size) :
			  uk_memalign(model.a, align, size);

	return settle(s, ptr, size, fits) &&
	       UK_EXPECT(UK_IS_ALIGNED((uintptr_t)ptr, align));
}

static bool resize(struct slot *s)
{
	const size_t size = 1 + random_size();
	const bool fits = (size_t)uk_alloc_maxalloc(model.a) >= size ||
			  size <= s->size;
	uint8_t *const ptr = uk_realloc(model.a, s->ptr, size);

	if (ptr)
		s->ptr = ptr;
	return UK_EXPECT(is_whole(s, ptr ? UK_MIN(size, s->size) : s->size)) &&
	       settle(s, ptr, size, fits);
}

static bool give(struct slot *s)
{
	const bool whole = is_whole(s, s->size);

	uk_free(model.a, s->ptr);
	s->ptr = NULL;
	return UK_EXPECT(whole);
}

static bool step(struct slot *s)
{
	if (!s->ptr)
		return take(s);
	return below(3) ? give(s) : resize(s);
}

static void run(uint64_t seed, unsigned int nsteps)
{
	struct uk_alloc *const saved = _uk_alloc_head;
	long avail, max;

	memset(&model, 0, sizeof(model));
	model.seed = seed;
	memset(memory, 0xa5, sizeof(memory));
	_uk_alloc_head = NULL;
	model.a = uk_allocbbuddy_init(memory + 40, 50000);
	UK_EXPECT_EQ(uk_alloc_addmem(model.a, memory + 60001, 33333), 0);
	_uk_alloc_head = saved;
	avail = uk_alloc_availmem(model.a);
	max = uk_alloc_maxalloc(model.a);

	for (unsigned int i = 0; i < nsteps; i++)
		if (!step(&model.slots[below(NSLOTS)]))
			return;
	for (unsigned int i = 0; i < NSLOTS; i++)
		if (model.slots[i].ptr)
			give(&model.slots[i]);
	UK_EXPECT_EQ(uk_alloc_availmem(model.a), avail);
	UK_EXPECT_EQ(uk_alloc_maxalloc(model.a), max);
	UK_EXPECT_GT(model.nrefused, 0);
}

UK_TEST(allocbbuddy, what_is_in_use_is_as_in_a_list_of_it)
{
	for (uint64_t seed = 1; seed <= 4; seed++)
		run(seed, 3000);
}

/* For soak, hosted. */
UK_TEST(on_demand, a_million_random_requests_of_a_buddy_heap)
{
	run(9, 1000000);
}
