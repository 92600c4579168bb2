/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/test_file.h>

#include <uk/alloc.h>
#include <uk/compiler.h>
#include <uk/fdtab.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>

UK_TEST(testfd, the_request_for_memory_that_is_to_fail_fails)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	void *got[4];

	uk_test_fail_nth(2);
	for (unsigned int i = 0; i < 4; i++)
		got[i] = i % 2 ? uk_malloc(a, 8) : uk_calloc(a, 1, 8);
	uk_test_fail_nth(0);
	for (unsigned int i = 0; i < 4; i++) {
		UK_EXPECT_EQ(!got[i], i == 1);
		uk_free(a, got[i]);
	}
}

UK_TEST(testfd, a_file_has_the_events_it_is_woken_for_and_ends_once)
{
	struct uk_test_file f;
	const int fd = uk_test_file_open(&f);

	UK_EXPECT_EQ(uk_file_events(&f.file), 0);
	uk_test_file_wake(&f, UK_FILE_PRI);
	UK_EXPECT_EQ(uk_file_events(&f.file), UK_FILE_PRI);
	UK_EXPECT_EQ(f.nreleases, 0);
	UK_EXPECT_EQ(uk_fd_close(fd), 0);
	UK_EXPECT_EQ(f.nreleases, 1);
}

static void do_nothing(void *arg UK_UNUSED)
{
}

UK_TEST(testfd, a_thread_that_ends_without_waiting_is_not_waited_for)
{
	struct uk_thread *const t = uk_test_spawn(do_nothing, NULL);

	uk_test_until_it_waits(t);
	uk_thread_join(t);
}
