/* SPDX-License-Identifier: BSD-3-Clause */
/* Blocks between CPUs: each takes, writes, and frees what another one took. */
#include <uk/allocbbuddy.h>

#include <uk/alloc.h>
#include <uk/compiler.h>
#include <uk/string.h>
#include <uk/test.h>

#include "hosted_sched.h"
#include "hosted_threads.h"

#define NCPUS		4u
#define STEPS		5000u

static char memory[128u << 10] UK_ALIGNED(4096);
static struct uk_alloc *heap;

/* A block that goes from one CPU to the next, or NULL; atomic. */
static char *passed[NCPUS];
static unsigned int nfailed[NCPUS];

static void work(void *arg UK_UNUSED, unsigned int cpu)
{
	char *ptr;

	for (unsigned int i = 0; i < STEPS; i++) {
		ptr = uk_malloc(heap, 1 + i % 700);
		if (!ptr) {
			nfailed[cpu]++;
			continue;
		}
		/* Every byte that a CPU writes is its own, or it is a race. */
		memset(ptr, (int)cpu, 1 + i % 700);
		if (i % 5 == 0)
			ptr = uk_realloc(heap, ptr, 900);
		/* The next CPU frees it. */
		ptr = __atomic_exchange_n(&passed[(cpu + 1) % NCPUS], ptr,
					  __ATOMIC_ACQ_REL);
		uk_free(heap, ptr);
		if (i % 256 == 0)
			hosted_yield();
	}
}

UK_TEST(allocbbuddy, four_cpus_take_and_free_and_no_byte_is_lost)
{
	struct uk_alloc *const saved = _uk_alloc_head;
	long avail;

	_uk_alloc_head = NULL;
	heap = uk_allocbbuddy_init(memory, sizeof(memory));
	_uk_alloc_head = saved;
	avail = uk_alloc_availmem(heap);
	hosted_uk_threads(NCPUS, work, NULL);
	for (unsigned int i = 0; i < NCPUS; i++) {
		UK_EXPECT_EQ(nfailed[i], 0);
		uk_free(heap, passed[i]);
		passed[i] = NULL;
	}
	UK_EXPECT_EQ(uk_alloc_availmem(heap), avail);
}
