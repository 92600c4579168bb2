/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/alloc.h>
#include <uk/alloc_impl.h>

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/test.h>

#define NBYTES	(16 * 4096u)

/*
 * A backend that hands out memory from one end to the other, at odd places,
 * and remembers the last thing that was given back.
 */
static char memory[NBYTES] UK_ALIGNED(4096);
static size_t used;
static void *freed;
static unsigned long freed_npages;

static struct uk_alloc one, two;
static struct uk_alloc *saved;

/* The list is the image's: put it aside, and back. */
static void begin(void)
{
	saved = _uk_alloc_head;
	_uk_alloc_head = NULL;
	used = 0;
	freed = NULL;
	memset(memory, 0xa5, sizeof(memory));
}

static void end(void)
{
	_uk_alloc_head = saved;
}

static void *odd_malloc(struct uk_alloc *a UK_UNUSED, size_t size)
{
	void *ptr = memory + used + 1;

	if (size > sizeof(memory) - used - 1)
		return NULL;
	used += size + 1;
	return ptr;
}

static void odd_free(struct uk_alloc *a UK_UNUSED, void *ptr)
{
	freed = ptr;
}

static void *page_palloc(struct uk_alloc *a UK_UNUSED, unsigned long npages)
{
	void *ptr = memory + used;

	if (npages > (sizeof(memory) - used) / 4096)
		return NULL;
	used += npages * 4096;
	return ptr;
}

static void page_pfree(struct uk_alloc *a UK_UNUSED, void *ptr,
		       unsigned long npages)
{
	freed = ptr;
	freed_npages = npages;
}

static long page_avail(struct uk_alloc *a UK_UNUSED)
{
	return (long)((sizeof(memory) - used) / 4096);
}

static bool all(const void *mem, int val, size_t len)
{
	const unsigned char *p = mem;

	while (len && *p == val) {
		p++;
		len--;
	}
	return len == 0;
}

UK_TEST(alloc, the_first_one_registered_is_the_default)
{
	begin();
	UK_EXPECT_NULL(uk_alloc_get_default());
	uk_alloc_init_malloc_ifmalloc(&one, odd_malloc, odd_free, NULL, NULL,
				      NULL);
	uk_alloc_init_palloc(&two, page_palloc, page_pfree, NULL, NULL, NULL);
	UK_EXPECT_EQ(uk_alloc_get_default(), &one);
	UK_EXPECT_EQ(one.next, &two);
	UK_EXPECT_NULL(two.next);
	end();
}

UK_TEST(alloc, no_allocator_is_no_memory)
{
	void *ptr = memory;

	UK_EXPECT_NULL(uk_malloc(NULL, 1));
	UK_EXPECT_NULL(uk_calloc(NULL, 1, 1));
	UK_EXPECT_NULL(uk_zalloc(NULL, 1));
	UK_EXPECT_NULL(uk_realloc(NULL, NULL, 1));
	UK_EXPECT_NULL(uk_memalign(NULL, 16, 1));
	UK_EXPECT_NULL(uk_palloc(NULL, 1));
	UK_EXPECT_EQ(uk_posix_memalign(NULL, &ptr, 16, 1), ENOMEM);
	UK_EXPECT_EQ(ptr, (void *)memory);
	uk_free(NULL, NULL);
	uk_free_sized(NULL, memory, 1);
	uk_pfree(NULL, NULL, 1);
	UK_EXPECT_EQ(uk_alloc_availmem(NULL), -ENOTSUP);
	UK_EXPECT_EQ(uk_alloc_addmem(NULL, memory, 1), -ENOTSUP);
}

/* What any allocator must do, whatever it is made of. */
static void family(struct uk_alloc *a)
{
	unsigned char *p, *q;
	void *ptr = NULL;

	p = uk_malloc(a, 100);
	UK_EXPECT_NOT_NULL(p);
	UK_EXPECT(UK_IS_ALIGNED((uintptr_t)p, 16));
	memset(p, 1, 100);

	q = uk_zalloc(a, 50);
	UK_EXPECT(q && all(q, 0, 50));
	q = uk_calloc(a, 7, 9);
	UK_EXPECT(q && all(q, 0, 63));
	UK_EXPECT_NULL(uk_calloc(a, SIZE_MAX / 2, 3));
	UK_EXPECT_NULL(uk_calloc(a, SIZE_MAX, SIZE_MAX));

	q = uk_realloc(a, p, 5000);
	UK_EXPECT(q && all(q, 1, 100));
	UK_EXPECT_NULL(uk_realloc(a, q, SIZE_MAX));
	UK_EXPECT_NULL(uk_realloc(a, q, SIZE_MAX / 2));
	UK_EXPECT(all(q, 1, 100));
	q = uk_realloc(a, q, 10);
	UK_EXPECT(q && all(q, 1, 10));
	freed = NULL;
	UK_EXPECT_NULL(uk_realloc(a, q, 0));
	UK_EXPECT_NOT_NULL(freed);

	UK_EXPECT_NOT_NULL(uk_malloc(a, 0));
	UK_EXPECT_NULL(uk_malloc(a, SIZE_MAX));
	UK_EXPECT_NULL(uk_malloc(a, SIZE_MAX - 20));
	UK_EXPECT_NULL(uk_malloc(a, NBYTES));
	freed = NULL;
	uk_free(a, NULL);
	UK_EXPECT_NULL(freed);

	UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, 256, 10), 0);
	UK_EXPECT(ptr && UK_IS_ALIGNED((uintptr_t)ptr, 256));
	UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, 24, 10), EINVAL);
	UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, 0, 10), EINVAL);
	UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, 4, 10), EINVAL);
	UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, 16, NBYTES), ENOMEM);
	UK_EXPECT_EQ(uk_posix_memalign(a, &ptr, UINT64_C(1) << 63, 10),
		     ENOMEM);
	ptr = uk_memalign(a, 2, 10);
	UK_EXPECT_NOT_NULL(ptr);
	UK_EXPECT_NULL(uk_memalign(a, 0, 10));
	UK_EXPECT_NULL(uk_memalign(a, 3, 10));
	UK_EXPECT_NULL(uk_memalign(a, UINT64_C(1) << 63, 10));
	UK_EXPECT_NULL(uk_memalign(a, UINT64_C(1) << 63, SIZE_MAX));
	UK_EXPECT_NULL(uk_memalign(a, 16, SIZE_MAX - 15));
	UK_EXPECT_NOT_NULL(uk_memalign(a, 64, 0));
}

UK_TEST(alloc, malloc_and_free_are_enough_for_the_whole_family)
{
	void *ptr;

	begin();
	uk_alloc_init_malloc_ifmalloc(&one, odd_malloc, odd_free, NULL, NULL,
				      NULL);
	family(&one);
	ptr = uk_palloc(&one, 2);
	UK_EXPECT(ptr && UK_IS_ALIGNED((uintptr_t)ptr, 4096));
	UK_EXPECT_NULL(uk_palloc(&one, 0));
	UK_EXPECT_NULL(uk_palloc(&one, SIZE_MAX / 4096 + 2));
	UK_EXPECT_EQ(uk_alloc_maxalloc(&one), -ENOTSUP);
	UK_EXPECT_EQ(uk_alloc_pavailmem(&one), -ENOTSUP);
	end();
}

static int no_memalign(struct uk_alloc *a UK_UNUSED, void **memptr UK_UNUSED,
		       size_t align UK_UNUSED, size_t size UK_UNUSED)
{
	return ENOMEM;
}

/* An allocator of exact blocks, the last one at the very end of memory. */
static void *last_malloc(struct uk_alloc *a UK_UNUSED, size_t size)
{
	if (size > sizeof(memory) - used)
		return NULL;
	used += size;
	return memory + sizeof(memory) - used;
}

UK_TEST(alloc, realloc_reads_nothing_past_the_old_block)
{
	unsigned char *p, *q;

	begin();
	uk_alloc_init_malloc(&one, last_malloc, uk_calloc_compat,
			     uk_realloc_compat, odd_free, no_memalign,
			     uk_memalign_compat, NULL, NULL, NULL);
	/* It ends where memory does; what is behind is not ours to read. */
	p = uk_malloc(&one, 16);
	UK_EXPECT_NOT_NULL(p);
	memset(p, 1, 16);
	q = uk_realloc(&one, p, 4096);
	UK_EXPECT(q && q != p && all(q, 1, 16));
	UK_EXPECT_NOT_NULL(freed);
	/* The rest of the block is what it was before. */
	UK_EXPECT(q && all(q + 32, 0xa5, 4096 - 32));
	end();
}

UK_TEST(alloc, an_allocator_without_realloc_has_the_whole_family)
{
	begin();
	uk_alloc_init_malloc(&one, odd_malloc, uk_calloc_compat,
			     uk_realloc_compat, odd_free, no_memalign,
			     uk_memalign_compat, NULL, NULL, NULL);
	family(&one);
	end();
}

UK_TEST(alloc, realloc_without_a_header_refuses_to_guess)
{
	char *p;

	begin();
	one = (struct uk_alloc){ .malloc = odd_malloc, .free = odd_free };
	p = uk_realloc_compat(&one, NULL, 16);
	UK_EXPECT_NOT_NULL(p);
	UK_EXPECT_NULL(uk_realloc_compat(&one, p, 32));
	UK_EXPECT_NULL(freed);
	UK_EXPECT_NULL(uk_realloc_compat(&one, p, 0));
	UK_EXPECT_EQ(freed, p);
	end();
}

UK_TEST(alloc, pages_are_enough_for_the_whole_family)
{
	begin();
	uk_alloc_init_palloc(&one, page_palloc, page_pfree, page_avail,
			     page_avail, NULL);
	family(&one);
	end();
}

UK_TEST(alloc, pages_come_back_as_they_were_given)
{
	void *base, *ptr;

	begin();
	uk_alloc_init_palloc(&one, page_palloc, page_pfree, page_avail,
			     page_avail, NULL);
	base = memory + used;
	ptr = uk_malloc(&one, 4096);
	UK_EXPECT_EQ(ptr, (void *)((char *)base + 16));
	uk_free(&one, ptr);
	UK_EXPECT_EQ(freed, base);
	UK_EXPECT_EQ(freed_npages, 2);

	base = memory + used;
	ptr = uk_memalign(&one, 4096, 1);
	uk_free(&one, ptr);
	UK_EXPECT_EQ(freed, base);
	end();
}

static void expect_freed(struct uk_alloc *a, void *ptr, size_t size)
{
	freed = NULL;
	uk_free_sized(a, ptr, size);
	UK_EXPECT_EQ(freed != NULL, ptr != NULL);
}

static void sized(struct uk_alloc *a)
{
	void *ptr;

	expect_freed(a, uk_malloc(a, 100), 100);
	expect_freed(a, uk_malloc(a, 0), 0);
	expect_freed(a, uk_calloc(a, 10, 10), 100);
	ptr = uk_realloc(a, uk_malloc(a, 100), 5000);
	expect_freed(a, ptr, 5000);
	expect_freed(a, NULL, 0);
	expect_freed(a, NULL, 100);
}

UK_TEST(alloc, any_allocator_frees_by_size)
{
	begin();
	uk_alloc_init_malloc_ifmalloc(&one, odd_malloc, odd_free, NULL, NULL,
				      NULL);
	sized(&one);
	end();
	begin();
	uk_alloc_init_palloc(&one, page_palloc, page_pfree, page_avail,
			     page_avail, NULL);
	sized(&one);
	end();
	begin();
	uk_alloc_init_malloc(&one, last_malloc, uk_calloc_compat,
			     uk_realloc_compat, odd_free, no_memalign,
			     uk_memalign_compat, NULL, NULL, NULL);
	sized(&one);
	end();
}

UK_TEST(alloc, an_allocator_filled_by_hand_frees_by_size)
{
	begin();
	one = (struct uk_alloc){ .malloc = odd_malloc, .free = odd_free };
	uk_alloc_register(&one);
	expect_freed(&one, uk_malloc(&one, 100), 100);
	end();
}

static size_t freed_size;

static void odd_free_sized(struct uk_alloc *a UK_UNUSED, void *ptr,
			   size_t size)
{
	freed = ptr;
	freed_size = size;
}

static void *no_realloc(struct uk_alloc *a UK_UNUSED, void *ptr UK_UNUSED,
			size_t size UK_UNUSED)
{
	return NULL;
}

UK_TEST(alloc, an_allocator_that_wants_the_size_gets_it)
{
	char *ptr;

	begin();
	uk_alloc_init_malloc(&one, last_malloc, uk_calloc_compat, no_realloc,
			     odd_free, no_memalign, uk_memalign_compat, NULL,
			     NULL, NULL);
	uk_alloc_set_free_sized(&one, odd_free_sized);
	ptr = uk_malloc(&one, 96);
	expect_freed(&one, ptr, 96);
	UK_EXPECT_EQ(freed, ptr);
	UK_EXPECT_EQ(freed_size, 96);
	end();
}

UK_TEST(alloc, the_largest_request_that_pages_promise_is_granted)
{
	long max;

	begin();
	uk_alloc_init_palloc(&one, page_palloc, page_pfree, page_avail,
			     page_avail, NULL);
	max = uk_alloc_maxalloc(&one);
	UK_EXPECT_GT(max, 15 * 4096);
	UK_EXPECT_LE(max, uk_alloc_availmem(&one));
	UK_EXPECT_NOT_NULL(uk_malloc(&one, (size_t)max));
	UK_EXPECT_EQ(uk_alloc_maxalloc(&one), 0);
	UK_EXPECT_EQ(uk_alloc_availmem(&one), 0);
	end();
}

UK_TEST(alloc, free_memory_of_all_allocators_is_added_up)
{
	begin();
	uk_alloc_init_palloc(&one, page_palloc, page_pfree, page_avail,
			     page_avail, NULL);
	uk_alloc_init_malloc_ifmalloc(&two, odd_malloc, odd_free, NULL, NULL,
				      NULL);
	UK_EXPECT_EQ(uk_alloc_availmem_total(), NBYTES);
	end();
}

UK_TEST(alloc, statistics_count_what_happens)
{
	struct uk_alloc_stats stats;
	void *p, *q;

	begin();
	uk_alloc_init_malloc_ifmalloc(&one, odd_malloc, odd_free, NULL, NULL,
				      NULL);
	if (!UK_IS_ENABLED(CONFIG_LIBUKALLOC_IFSTATS)) {
		UK_EXPECT_EQ(uk_alloc_stats_get(&one, &stats), -ENOTSUP);
		end();
		return;
	}

	UK_EXPECT_EQ(uk_alloc_stats_get(&one, &stats), 0);
	UK_EXPECT_EQ(stats.tot_nb_allocs, 0);
	UK_EXPECT_EQ(stats.min_alloc_size, 0);
	p = uk_malloc(&one, 100);
	q = uk_malloc(&one, 1000);
	UK_EXPECT_NULL(uk_malloc(&one, NBYTES));
	uk_free(&one, p);
	UK_EXPECT_EQ(uk_alloc_stats_get(&one, &stats), 0);
	UK_EXPECT_EQ(stats.tot_nb_allocs, 2);
	UK_EXPECT_EQ(stats.tot_nb_frees, 1);
	UK_EXPECT_EQ(stats.cur_nb_allocs, 1);
	UK_EXPECT_EQ(stats.max_nb_allocs, 2);
	UK_EXPECT_EQ(stats.nb_enomem, 1);
	UK_EXPECT_GE(stats.min_alloc_size, 100);
	UK_EXPECT_LT(stats.min_alloc_size, 200);
	UK_EXPECT_GE(stats.max_alloc_size, 1000);
	UK_EXPECT_EQ(stats.cur_mem_use, stats.max_alloc_size);
	UK_EXPECT_EQ(stats.max_mem_use,
		     stats.max_alloc_size + stats.min_alloc_size);
	uk_free(&one, q);
	UK_EXPECT_EQ(uk_alloc_stats_get(&one, &stats), 0);
	UK_EXPECT_EQ(stats.cur_mem_use, 0);
	end();
}
