/* SPDX-License-Identifier: BSD-3-Clause */
/* Four threads, on as many CPUs as there are, free each other's blocks. */
#include <uk/alloc.h>

#include <stdint.h>

#include <uk/essentials.h>
#include <uk/sched.h>
#include <uk/string.h>
#include <uk/test.h>
#include <uk/thread.h>

#define NTHREADS	4u
#define NSLOTS		64u
#define STEPS		20000u

/* Blocks on their way to another thread, or NULL; atomic. */
static void *passed[NTHREADS][NSLOTS];
static uint64_t nwrong[NTHREADS], ngot[NTHREADS], ngiven[NTHREADS];
static uint32_t nleft;

/* A block says how long it is, at both ends. */
static uint32_t *get(unsigned int me, size_t size)
{
	uint32_t *const ptr = uk_malloc(uk_alloc_get_default(), size);

	if (!ptr)
		return NULL;
	ngot[me]++;
	ptr[0] = (uint32_t)size;
	ptr[size / 4 - 1] = (uint32_t)size;
	return ptr;
}

static void put(unsigned int me, uint32_t *ptr)
{
	const uint32_t size = ptr[0];

	ngiven[me]++;
	if (size < 4 || size > 100000 || ptr[size / 4 - 1] != size) {
		nwrong[me]++;
		return;
	}
	if (size % 3)
		uk_free_sized(uk_alloc_get_default(), ptr, size);
	else
		uk_free(uk_alloc_get_default(), ptr);
}

static void work(unsigned int me)
{
	uint32_t seed = me * 77 + 1;

	for (unsigned int i = 0; i < STEPS; i++) {
		size_t size;
		uint32_t *ptr;

		seed = seed * 1103515245u + 12345u;
		size = 4 + (seed >> 16) % (i % 64 ? 700 : 40000);
		ptr = get(me, UK_ALIGN_DOWN(size, 4u));
		/* Pairs with itself on another CPU. */
		ptr = __atomic_exchange_n(&passed[(me + 1) % NTHREADS]
						 [(seed >> 8) % NSLOTS], ptr,
					  __ATOMIC_ACQ_REL);
		if (ptr)
			put(me, ptr);
		if (i % 1024 == 0)
			uk_sched_yield();
	}
}

static UK_NORETURN void run(void *arg)
{
	work((unsigned int)(uintptr_t)arg);
	__atomic_sub_fetch(&nleft, 1, __ATOMIC_RELEASE);
	uk_sched_thread_exit();
}

UK_TEST(heap, what_four_threads_allocate_and_free_for_each_other_matches)
{
	uint64_t got = 0, given = 0;

	nleft = NTHREADS;
	memset(nwrong, 0, sizeof(nwrong));
	memset(ngot, 0, sizeof(ngot));
	memset(ngiven, 0, sizeof(ngiven));
	for (unsigned int i = 0; i < NTHREADS; i++)
		if (!UK_EXPECT_NOT_NULL(uk_sched_thread_create(
			    uk_sched_current(), run, (void *)(uintptr_t)i,
			    "heap")))
			return;
	while (__atomic_load_n(&nleft, __ATOMIC_ACQUIRE))
		uk_sched_yield();
	for (unsigned int i = 0; i < NTHREADS; i++) {
		for (unsigned int k = 0; k < NSLOTS; k++) {
			if (passed[i][k])
				put(0, passed[i][k]);
			passed[i][k] = NULL;
		}
		UK_EXPECT_EQ(nwrong[i], 0);
	}
	for (unsigned int i = 0; i < NTHREADS; i++) {
		got += ngot[i];
		given += ngiven[i];
	}
	UK_EXPECT_EQ(got, NTHREADS * STEPS);
	UK_EXPECT_EQ(given, got);
	/* No span is left in a state that is wrong: all can be had. */
	UK_EXPECT_NULL(uk_malloc(uk_alloc_get_default(), PTRDIFF_MAX / 2));
}
