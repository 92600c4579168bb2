/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/allocpool.h>

#include <stdbool.h>
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/allocregion.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/test.h>

#define MOST	64u

static char memory[16384] UK_ALIGNED(64);
static void *objs[MOST + 1];

static struct uk_allocpool *begin(size_t off, size_t len, size_t obj_len,
				  size_t align)
{
	memset(memory, 0xa5, sizeof(memory));
	return uk_allocpool_init(memory + off, len, obj_len, align);
}

static bool is_fill(const char *ptr, char fill, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (ptr[i] != fill)
			return false;
	return true;
}

/* Take all and write to all of them; then all are as they were written. */
static void use_all(struct uk_allocpool *p, size_t align)
{
	const unsigned int n = uk_allocpool_availcount(p);
	const size_t len = uk_allocpool_objlen(p);

	if (!UK_EXPECT_LE(n, MOST))
		return;
	for (unsigned int i = 0; i < n; i++) {
		objs[i] = uk_allocpool_take(p);
		if (!UK_EXPECT_NOT_NULL(objs[i]))
			return;
		UK_EXPECT(UK_IS_ALIGNED((uintptr_t)objs[i], align));
		memset(objs[i], (int)i, len);
	}
	UK_EXPECT_NULL(uk_allocpool_take(p));
	UK_EXPECT_EQ(uk_allocpool_availcount(p), 0);
	for (unsigned int i = 0; i < n; i++) {
		UK_EXPECT(is_fill(objs[i], (char)i, len));
		uk_allocpool_return(p, objs[i]);
	}
	UK_EXPECT_EQ(uk_allocpool_availcount(p), n);
}

UK_TEST(allocpool, as_many_objects_as_were_reckoned_fit_at_any_place)
{
	for (size_t align = 1; align <= 256; align *= 4)
		for (size_t len = 1; len < 300; len += 1 + len / 2)
			for (size_t off = 0; off < 16; off += 5) {
				const size_t need =
					uk_allocpool_reqmem(20, len, align);
				struct uk_allocpool *const p =
					begin(off, need, len, align);

				if (!UK_EXPECT_NOT_NULL(p))
					return;
				UK_EXPECT_GE(uk_allocpool_maxcount(p), 20);
				UK_EXPECT_GE(uk_allocpool_objlen(p), len);
				use_all(p, align);
				UK_EXPECT(is_fill(memory, (char)0xa5, off));
				UK_EXPECT(is_fill(memory + off + need,
						  (char)0xa5, 64));
			}
}

UK_TEST(allocpool, memory_of_any_length_is_used_and_no_byte_behind)
{
	for (size_t len = 0; len < 3000; len += 37) {
		struct uk_allocpool *const p = begin(3, len, 100, 8);

		if (!p)
			continue;
		use_all(p, 8);
		UK_EXPECT(is_fill(memory + 3 + len, (char)0xa5, 200));
		/* Not one object less than there could be. */
		UK_EXPECT_LT(len, uk_allocpool_reqmem(
				     uk_allocpool_maxcount(p) + 1, 100, 8));
	}
}

UK_TEST(allocpool, what_came_back_last_goes_out_first)
{
	struct uk_allocpool *const p = begin(0, 4096, 64, 64);
	void *const a = uk_allocpool_take(p);
	void *const b = uk_allocpool_take(p);

	UK_EXPECT_EQ((uintptr_t)b, (uintptr_t)a + 64);
	uk_allocpool_return(p, b);
	uk_allocpool_return(p, a);
	UK_EXPECT_EQ(uk_allocpool_take(p), a);
	UK_EXPECT_EQ(uk_allocpool_take(p), b);
}

UK_TEST(allocpool, a_batch_is_what_there_is)
{
	struct uk_allocpool *const p = begin(
		0, uk_allocpool_reqmem(40, 128, 64), 128, 64);
	const unsigned int n = uk_allocpool_maxcount(p);

	UK_EXPECT_EQ(uk_allocpool_take_batch(p, objs, 0), 0);
	UK_EXPECT_EQ(uk_allocpool_take_batch(p, objs, 32), 32);
	UK_EXPECT_EQ(uk_allocpool_availcount(p), n - 32);
	UK_EXPECT_EQ(uk_allocpool_take_batch(p, objs + 32, 32), n - 32);
	UK_EXPECT_EQ(uk_allocpool_take_batch(p, objs + n, 1), 0);
	for (unsigned int i = 0; i < n; i++)
		for (unsigned int k = 0; k < i; k++)
			UK_EXPECT_NE(objs[i], objs[k]);
	uk_allocpool_return_batch(p, objs, 0);
	uk_allocpool_return_batch(p, objs, n);
	UK_EXPECT_EQ(uk_allocpool_availcount(p), n);
	use_all(p, 64);
}

UK_TEST(allocpool, nothing_is_written_to_objects_in_the_pool)
{
	struct uk_allocpool *const p = begin(0, 4096, 64, 64);
	char *const obj = uk_allocpool_take(p);

	UK_EXPECT(is_fill(obj, (char)0xa5, 64));
	memset(obj, 1, 64);
	uk_allocpool_return(p, obj);
	UK_EXPECT(is_fill(obj, 1, 64));
}

UK_TEST(allocpool, a_pool_is_an_allocator_of_what_an_object_can_hold)
{
	struct uk_allocpool *const p = begin(0, 4096, 100, 32);
	struct uk_alloc *const a = uk_allocpool2ukalloc(p);
	const unsigned int n = uk_allocpool_availcount(p);
	char *ptr = uk_malloc(a, 128);
	void *other;

	UK_EXPECT_EQ(uk_allocpool_objlen(p), 128);
	UK_EXPECT_NULL(uk_malloc(a, 129));
	UK_EXPECT_NULL(uk_malloc(a, SIZE_MAX));
	UK_EXPECT_EQ(uk_realloc(a, ptr, 50), ptr);
	UK_EXPECT_NULL(uk_realloc(a, ptr, 129));
	UK_EXPECT_EQ(uk_alloc_maxalloc(a), 128);
	UK_EXPECT_EQ(uk_alloc_availmem(a), (long)(n - 1) * 128);
	UK_EXPECT_NULL(uk_realloc(a, ptr, 0));
	UK_EXPECT_EQ(uk_allocpool_availcount(p), n);
	ptr = uk_calloc(a, 2, 50);
	UK_EXPECT(is_fill(ptr, 0, 100));
	uk_free(a, ptr);
	uk_free(a, NULL);
	UK_EXPECT_NULL(uk_calloc(a, SIZE_MAX / 2, 4));
	UK_EXPECT_EQ(uk_posix_memalign(a, &other, 32, 128), 0);
	uk_free(a, other);
	UK_EXPECT_EQ(uk_posix_memalign(a, &other, 64, 8), ENOMEM);
	UK_EXPECT_EQ(uk_posix_memalign(a, &other, 24, 8), EINVAL);
	UK_EXPECT_EQ(uk_alloc_addmem(a, memory, 4096), -ENOTSUP);
	UK_EXPECT_EQ(uk_allocpool_availcount(p), n);
	while (uk_malloc(a, 1))
		;
	UK_EXPECT_EQ(uk_alloc_maxalloc(a), 0);
}

UK_TEST(allocpool, a_pool_is_in_no_list_of_allocators)
{
	struct uk_allocpool *const p = begin(0, 4096, 100, 32);

	for (struct uk_alloc *a = _uk_alloc_head; a; a = a->next)
		UK_EXPECT_NE(a, uk_allocpool2ukalloc(p));
}

UK_TEST(allocpool, its_parents_memory_comes_back_with_the_pool)
{
	struct uk_alloc *const saved = _uk_alloc_head;
	struct uk_alloc *parent;
	struct uk_allocpool *p;
	long avail;

	_uk_alloc_head = NULL;
	parent = uk_allocregion_init(memory, sizeof(memory));
	_uk_alloc_head = saved;
	avail = uk_alloc_availmem(parent);
	p = uk_allocpool_alloc(parent, 50, 100, 256);
	if (!UK_EXPECT_NOT_NULL(p))
		return;
	UK_EXPECT_EQ(uk_allocpool_maxcount(p), 50);
	use_all(p, 256);
	UK_EXPECT_LT(uk_alloc_availmem(parent), avail - 50 * 256);
	uk_allocpool_free(p);
	UK_EXPECT_EQ(uk_alloc_availmem(parent), avail);
	/* There is not as much, or no such thing. */
	UK_EXPECT_NULL(uk_allocpool_alloc(parent, 5000, 100, 256));
	UK_EXPECT_NULL(uk_allocpool_alloc(NULL, 5, 100, 256));
	UK_EXPECT_NULL(uk_allocpool_alloc(parent, 0, 100, 256));
	UK_EXPECT_NULL(uk_allocpool_alloc(parent, 5, 0, 256));
	UK_EXPECT_NULL(uk_allocpool_alloc(parent, 5, 100, 24));
	UK_EXPECT_EQ(uk_alloc_availmem(parent), avail);
}

UK_TEST(allocpool, what_cannot_be_a_pool_is_refused)
{
	UK_EXPECT_EQ(uk_allocpool_reqmem(1, 0, 8), SIZE_MAX);
	UK_EXPECT_EQ(uk_allocpool_reqmem(1, 8, 0), SIZE_MAX);
	UK_EXPECT_EQ(uk_allocpool_reqmem(1, 8, 12), SIZE_MAX);
	UK_EXPECT_EQ(uk_allocpool_reqmem(1, SIZE_MAX, 8), SIZE_MAX);
	UK_EXPECT_EQ(uk_allocpool_reqmem(1, SIZE_MAX / 2, 8), SIZE_MAX);
	UK_EXPECT_EQ(uk_allocpool_reqmem(UINT32_MAX, SIZE_MAX / 1000, 8),
		     SIZE_MAX);
	UK_EXPECT_EQ(uk_allocpool_reqmem(1, 8, (size_t)1 << 63), SIZE_MAX);
	UK_EXPECT_NULL(uk_allocpool_init(NULL, 4096, 8, 8));
	UK_EXPECT_NULL(uk_allocpool_init(memory, 4096, 0, 8));
	UK_EXPECT_NULL(uk_allocpool_init(memory, 4096, 8, 0));
	UK_EXPECT_NULL(uk_allocpool_init(memory, 4096, 8, 3));
	UK_EXPECT_NULL(uk_allocpool_init(memory, 4096, 4096, 8));
	UK_EXPECT_NULL(uk_allocpool_init(memory, 4096, SIZE_MAX, 8));
	UK_EXPECT_NULL(uk_allocpool_init(memory, 4096, 8, (size_t)1 << 62));
	UK_EXPECT_NULL(uk_allocpool_init(memory, 0, 8, 8));
	UK_EXPECT_NULL(uk_allocpool_init((void *)(UINTPTR_MAX - 9), 4096, 8,
					 8));
}

UK_TEST(allocpool, what_is_counted_is_right)
{
	struct uk_allocpool *const p = begin(0, 4096, 64, 64);
	const unsigned int n = uk_allocpool_maxcount(p);
	struct uk_alloc_stats st;

	if (uk_alloc_stats_get(uk_allocpool2ukalloc(p), &st) < 0)
		UK_TEST_SKIP("this image does not count");
	UK_EXPECT_EQ(uk_allocpool_take_batch(p, objs, n + 1), n);
	uk_allocpool_return_batch(p, objs, 5);
	UK_EXPECT_EQ(uk_alloc_stats_get(uk_allocpool2ukalloc(p), &st), 0);
	UK_EXPECT_EQ(st.cur_nb_allocs, n - 5);
	UK_EXPECT_EQ(st.cur_mem_use, (n - 5) * 64);
	UK_EXPECT_EQ(st.nb_enomem, 1);
}
