/* SPDX-License-Identifier: BSD-3-Clause */
/* Mailboxes between CPUs. */
#include <uk/mbox.h>

#include <uk/alloc.h>
#include <uk/test.h>

#include "hosted_sched.h"
#include "hosted_threads.h"

#define NSENDERS	3u
#define NRECEIVERS	3u
#define EACH		3000u

struct msg {
	unsigned int sender, num;
};

static struct msg msgs[NSENDERS][EACH];

/* What each receiver found. */
static struct {
	unsigned int next[NSENDERS];	/* no lower number may come */
	unsigned int ndisorder;
	unsigned int sum;
} found[NRECEIVERS];

static void send(struct uk_mbox *m, unsigned int sender)
{
	for (unsigned int i = 0; i < EACH; i++) {
		struct msg *const msg = &msgs[sender][i];

		msg->sender = sender;
		msg->num = i;
		if (i % 2 || uk_mbox_post_try(m, msg) < 0)
			uk_mbox_post(m, msg);
	}
}

static void receive(struct uk_mbox *m, unsigned int me)
{
	for (unsigned int i = 0; i < EACH; i++) {
		void *ptr;
		const struct msg *msg;

		if (i % 2 || uk_mbox_recv_try(m, &ptr) < 0)
			uk_mbox_recv(m, &ptr);
		msg = ptr;
		found[me].ndisorder += msg->num < found[me].next[msg->sender];
		found[me].next[msg->sender] = msg->num + 1;
		found[me].sum += msg->num;
	}
}

static void both(void *m, unsigned int i)
{
	if (i < NSENDERS)
		send(m, i);
	else
		receive(m, i - NSENDERS);
}

UK_TEST(mbox, each_message_of_3_senders_reaches_one_of_3_receivers_whole)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_mbox *const m = uk_mbox_create(a, 5);
	unsigned int sum = 0;

	if (!UK_EXPECT_NOT_NULL(m))
		return;
	hosted_uk_threads(NSENDERS + NRECEIVERS, both, m);
	for (unsigned int i = 0; i < NRECEIVERS; i++) {
		UK_EXPECT_EQ(found[i].ndisorder, 0);
		sum += found[i].sum;
	}
	UK_EXPECT_EQ(sum, NSENDERS * (EACH * (EACH - 1) / 2));
	UK_EXPECT_LT(uk_mbox_recv_try(m, NULL), 0);
	uk_mbox_free(a, m);
}
