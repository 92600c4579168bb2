/* SPDX-License-Identifier: BSD-3-Clause */
/* Mailboxes that are full or empty for too long. */
#include <uk/mbox.h>

#include <stdint.h>

#include <uk/alloc.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>

#define SIZE	3u
#define NMSGS	20u

#define MS	UINT64_C(1000000)
#define HOUR	(3600 * 1000 * MS)

static void post_all(void *m)
{
	for (uintptr_t i = 0; i < NMSGS; i++)
		uk_mbox_post(m, (void *)i);
}

UK_TEST(mbox, who_waits_with_a_time_out_gets_room_a_message_or_neither)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_mbox *const m = uk_mbox_create(a, SIZE);
	void *msg = a;

	if (!UK_EXPECT_NOT_NULL(m))
		return;
	UK_EXPECT_EQ(uk_mbox_recv_to(m, &msg, 2 * MS), UINT64_MAX);
	UK_EXPECT_NULL(msg);
	UK_EXPECT_NOT_NULL(uk_sched_thread_create(uk_sched_current(), post_all,
						  m, "sender"));
	for (uintptr_t i = 0; i < NMSGS; i++) {
		UK_EXPECT_LT(uk_mbox_recv_to(m, &msg, HOUR), HOUR);
		UK_EXPECT_EQ((uintptr_t)msg, i);
	}
	UK_EXPECT_EQ(uk_mbox_recv_to(m, NULL, 0), UINT64_MAX);

	for (unsigned int i = 0; i < SIZE; i++)
		UK_EXPECT_EQ(uk_mbox_post_to(m, a, HOUR), 0);
	UK_EXPECT_EQ(uk_mbox_post_to(m, a, 2 * MS), UINT64_MAX);
	UK_EXPECT_EQ(uk_mbox_recv_to(m, &msg, HOUR), 0);
	UK_EXPECT_EQ(msg, a);
	UK_EXPECT_EQ(uk_mbox_post_to(m, m, 2 * MS), 0);
	uk_mbox_free(a, m);
}
