/* SPDX-License-Identifier: BSD-3-Clause */
/* What is returned wrongly, with CONFIG_LIBUKALLOCPOOL_DEBUG. */
#include <uk/allocpool.h>

#include <uk/alloc.h>
#include <uk/compiler.h>
#include <uk/string.h>
#include <uk/test.h>

static char memory[4096] UK_ALIGNED(64);
static struct uk_allocpool *pool;
static char *obj;

static void begin(void)
{
	pool = uk_allocpool_init(memory, sizeof(memory), 64, 64);
	obj = uk_allocpool_take(pool);
}

static void give(void *ptr)
{
	uk_allocpool_return_batch(pool, &ptr, 1);
}

static void give_two(void *objs)
{
	uk_allocpool_return_batch(pool, objs, 2);
}

static void free_it(void *ptr)
{
	uk_free(uk_allocpool2ukalloc(pool), ptr);
}

static void free_pool(void *p)
{
	uk_allocpool_free(p);
}

/* The place is printed before what is wrong with it. */
static void expect_cause(const char *what)
{
	const char *const cause = uk_test_crash_cause();
	const size_t len = uk_strlen(cause), tail = uk_strlen(what);

	UK_EXPECT(uk_strprefix(cause, "pool: "));
	if (UK_EXPECT_GE(len, tail))
		UK_EXPECT_STR_EQ(cause + len - tail, what);
}

UK_TEST(allocpool, what_is_returned_twice_is_told)
{
	void *twice[2];

	begin();
	give(obj);
	UK_EXPECT_CRASH(give, obj);
	expect_cause("in the pool already");
	UK_EXPECT_CRASH(free_it, obj);
	twice[0] = twice[1] = uk_allocpool_take(pool);
	UK_EXPECT_CRASH(give_two, twice);
	expect_cause("in the pool already");
}

UK_TEST(allocpool, what_is_no_object_of_the_pool_is_told)
{
	static char other[64];
	unsigned int n;

	begin();
	n = uk_allocpool_maxcount(pool);
	UK_EXPECT_CRASH(give, other);
	expect_cause("no object of the pool");
	UK_EXPECT_CRASH(give, obj + 8);
	expect_cause("no object of the pool");
	UK_EXPECT_CRASH(give, obj - 64);
	UK_EXPECT_CRASH(give, obj + 64 * n);
	UK_EXPECT_EQ(uk_allocpool_availcount(pool), n - 1);
	give(obj);
	UK_EXPECT_EQ(uk_allocpool_availcount(pool), n);
}

UK_TEST(allocpool, a_pool_that_is_freed_with_objects_in_use_is_told)
{
	begin();
	UK_EXPECT_CRASH(free_pool, pool);
	expect_cause("are in use when the pool is freed");
	give(obj);
	uk_allocpool_free(pool);
}
