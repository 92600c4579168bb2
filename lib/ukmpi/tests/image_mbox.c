/* SPDX-License-Identifier: BSD-3-Clause */
/* Mailboxes between threads that wait for each other. */
#include <uk/mbox.h>

#include <stdint.h>

#include <uk/alloc.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>

#define STACK	8192
#define SIZE	3u
#define NMSGS	20u

static struct {
	struct uk_mbox *m;
	unsigned int nposted;
	unsigned int nwrong;
} x;

static void post_all(void *arg UK_UNUSED)
{
	for (uintptr_t i = 0; i < NMSGS; i++) {
		uk_mbox_post(x.m, (void *)i);
		x.nposted++;
	}
}

static struct uk_thread *start(uk_thread_fn1_t fn)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, fn, NULL, a, STACK, NULL, 0, NULL, true, "mailer", NULL,
		NULL);

	x.nposted = x.nwrong = 0;
	x.m = uk_mbox_create(a, SIZE);
	if (!UK_EXPECT_NOT_NULL(x.m) || !UK_EXPECT_NOT_NULL(t))
		return NULL;
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	uk_sched_yield();
	return t;
}

static void end(struct uk_thread *t)
{
	uk_thread_join(t);
	uk_mbox_free(uk_alloc_get_default(), x.m);
	UK_EXPECT_EQ(x.nwrong, 0);
}

UK_TEST(mbox, a_sender_waits_for_room)
{
	struct uk_thread *const t = start(post_all);
	void *msg;

	if (!t)
		return;
	UK_EXPECT_EQ(x.nposted, SIZE);
	for (uintptr_t i = 0; i < NMSGS; i++) {
		uk_mbox_recv(x.m, &msg);
		UK_EXPECT_EQ((uintptr_t)msg, i);
	}
	end(t);
	UK_EXPECT_EQ(x.nposted, NMSGS);
}

static void recv_all(void *arg UK_UNUSED)
{
	void *msg;

	for (uintptr_t i = 0; i < NMSGS; i++) {
		uk_mbox_recv(x.m, &msg);
		x.nwrong += (uintptr_t)msg != i;
	}
}

UK_TEST(mbox, a_receiver_waits_for_a_message)
{
	struct uk_thread *const t = start(recv_all);

	if (!t)
		return;
	for (uintptr_t i = 0; i < NMSGS; i++) {
		UK_EXPECT(!uk_thread_is_exited(t));
		uk_mbox_post(x.m, (void *)i);
		uk_sched_yield();
	}
	UK_EXPECT(uk_thread_is_exited(t));
	end(t);
}
