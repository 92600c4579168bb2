/* SPDX-License-Identifier: BSD-3-Clause */
/* Mailboxes that nobody has to wait for. */
#include <uk/mbox.h>

#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/test.h>

#define SIZE	3u

UK_TEST(mbox, messages_come_out_in_the_order_they_went_in_round_and_round)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_mbox *const m = uk_mbox_create(a, SIZE);
	void *msg;

	if (!UK_EXPECT_NOT_NULL(m))
		return;
	for (uintptr_t i = 0; i < 3 * SIZE + 1; i++) {
		uk_mbox_post(m, (void *)(2 * i));
		UK_EXPECT_EQ(uk_mbox_post_try(m, (void *)(2 * i + 1)), 0);
		UK_EXPECT_EQ(uk_mbox_recv_try(m, &msg), 0);
		UK_EXPECT_EQ((uintptr_t)msg, 2 * i);
		uk_mbox_recv(m, &msg);
		UK_EXPECT_EQ((uintptr_t)msg, 2 * i + 1);
	}
	/* And all of it, wherever it begins. */
	for (uintptr_t round = 0; round < SIZE; round++) {
		for (uintptr_t i = 0; i < SIZE; i++)
			UK_EXPECT_EQ(uk_mbox_post_try(m, (void *)(i + 1)), 0);
		for (uintptr_t i = 0; i < SIZE; i++) {
			UK_EXPECT_EQ(uk_mbox_recv_try(m, &msg), 0);
			UK_EXPECT_EQ((uintptr_t)msg, i + 1);
		}
		uk_mbox_post(m, a);
		uk_mbox_recv(m, &msg);
	}
	uk_mbox_free(a, m);
}

UK_TEST(mbox, a_full_one_takes_nothing_and_an_empty_one_gives_nothing)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_mbox *const m = uk_mbox_create(a, SIZE);
	void *msg = a;

	if (!UK_EXPECT_NOT_NULL(m))
		return;
	UK_EXPECT_EQ(uk_mbox_recv_try(m, &msg), -ENOMSG);
	UK_EXPECT_NULL(msg);
	UK_EXPECT_EQ(uk_mbox_recv_try_isr(m, NULL), -ENOMSG);
	for (unsigned int i = 0; i < SIZE; i++)
		UK_EXPECT_EQ(uk_mbox_post_try_isr(m, m), 0);
	UK_EXPECT_EQ(uk_mbox_post_try(m, a), -ENOBUFS);

	/* Who does not want to see the message drops it. */
	uk_mbox_recv(m, NULL);
	UK_EXPECT_EQ(uk_mbox_post_try(m, NULL), 0);
	for (unsigned int i = 0; i < SIZE - 1; i++) {
		uk_mbox_recv(m, &msg);
		UK_EXPECT_EQ(msg, m);
	}
	uk_mbox_recv(m, &msg);
	UK_EXPECT_NULL(msg);
	uk_mbox_free(a, m);
}

UK_TEST(mbox, a_size_that_no_memory_holds_is_refused)
{
	struct uk_alloc *const a = uk_alloc_get_default();

	UK_EXPECT_NULL(uk_mbox_create(a, 0));
	UK_EXPECT_NULL(uk_mbox_create(a, SIZE_MAX));
	UK_EXPECT_NULL(uk_mbox_create(a, SIZE_MAX / sizeof(void *)));
	UK_EXPECT_NULL(uk_mbox_create(a, SIZE_MAX / sizeof(void *) / 4));
}
