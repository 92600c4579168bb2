/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads that use a descriptor which others close and open. */
#include <uk/fdtab.h>

#include <stddef.h>

#include <uk/alloc.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>

#include "fdtab_fixture.h"

#define FD		200
#define NUSERS		3u
#define NFILES		500u

static struct plain files[NFILES];
static uint32_t stop;			/* atomic */
static uint64_t nused, ngone;		/* atomic */

static void use(void *arg UK_UNUSED)
{
	while (!__atomic_load_n(&stop, __ATOMIC_ACQUIRE)) {
		struct uk_file *const file = uk_fd_borrow(FD);

		if (file) {
			const struct plain *const p =
				UK_CONTAINER_OF(file, struct plain, file);

			uk_sched_yield();
			/* Whoever has borrowed it finds it alive. */
			if (__atomic_load_n(&p->nreleases, __ATOMIC_RELAXED))
				__atomic_fetch_add(&ngone, 1,
						   __ATOMIC_RELAXED);
			uk_fd_return(FD, file);
			__atomic_fetch_add(&nused, 1, __ATOMIC_RELAXED);
		}
		uk_sched_yield();
	}
}

UK_TEST(fdtab_threads, a_file_that_is_in_use_outlives_its_descriptor)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *t[NUSERS];

	stop = 0;
	nused = ngone = 0;
	for (unsigned int i = 0; i < NUSERS; i++) {
		t[i] = uk_thread_create_fn1(a, use, NULL, a, 0, NULL, 0, NULL,
					    false, "use", NULL, NULL);
		UK_EXPECT_NOT_NULL(t[i]);
		UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t[i]), 0);
	}
	for (unsigned int i = 0; i < NFILES; i++) {
		plain_init(&files[i]);
		UK_EXPECT_EQ(uk_fd_open(&files[i].file, FD, false), FD);
		uk_sched_yield();
		UK_EXPECT_EQ(uk_fd_close(FD), 0);
	}
	__atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
	for (unsigned int i = 0; i < NUSERS; i++)
		uk_thread_join(t[i]);
	UK_EXPECT_GT(nused, 0);
	UK_EXPECT_EQ(ngone, 0);
	for (unsigned int i = 0; i < NFILES; i++)
		UK_EXPECT_EQ(files[i].nreleases, 1);
}
