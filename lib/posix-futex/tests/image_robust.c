/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A thread that leaves mutexes locked. It is one of the core's here: what is
 * robust is the same for those of the program.
 */
#include <stddef.h>

#include <uk/futex.h>
#include <uk/task.h>

#include "futex_fixture.h"

#define BAD	16u

struct mutex {
	uint64_t next;
	uint32_t word;
};

static struct uk_abi_robust_head head;
static struct mutex held[3];

/* What the thread leaves behind. */
struct plan {
	uint32_t flags;		/* beside its number */
	unsigned int n;		/* how many of held[] are in the list */
	bool pending;		/* the last of them is not, but pending */
	uint64_t end;		/* what the last one's next is; 0: the head */
	int tid;
};

static void leave_locked(void *arg)
{
	struct plan *const p = arg;
	const unsigned int listed = p->n - p->pending;
	uint64_t *next = &head.next;

	p->tid = (int)uk_syscall_r_gettid();
	head.offset = offsetof(struct mutex, word);
	for (unsigned int i = 0; i < p->n; i++) {
		held[i].word = (uint32_t)p->tid | p->flags;
		if (i < listed) {
			*next = (uint64_t)&held[i];
			next = &held[i].next;
		}
	}
	*next = p->end ? p->end : (uint64_t)&head;
	head.pending = p->pending ? (uint64_t)&held[listed] : 0;
	UK_EXPECT_EQ(uk_syscall_r_set_robust_list((long)&head, 24), 0);
	uk_syscall_r_exit(0);
}

static void leave(struct plan *p)
{
	uk_thread_join(uk_test_spawn(leave_locked, p));
}

UK_TEST(robust, a_mutex_of_a_thread_that_has_gone_says_so)
{
	struct plan p = { .n = 3 };

	leave(&p);
	for (unsigned int i = 0; i < 3; i++)
		UK_EXPECT_EQ(held[i].word, UK_ABI_FUTEX_OWNER_DIED);
}

UK_TEST(robust, the_first_who_waits_for_it_is_woken)
{
	struct plan p = { .n = 1, .flags = UK_ABI_FUTEX_WAITERS };
	struct sleeper s[2];

	held[0].word = 5;
	lay_down(&s[0], &held[0].word, 5, UK_FUTEX_ANY);
	lay_down(&s[1], &held[0].word, 5, UK_FUTEX_ANY);
	leave(&p);
	UK_EXPECT_EQ(held[0].word,
		     UK_ABI_FUTEX_WAITERS | UK_ABI_FUTEX_OWNER_DIED);
	UK_EXPECT_EQ(get_up(&s[0]), 0);
	UK_EXPECT(!is_done(&s[1]));
	UK_EXPECT_EQ(futex(&held[0].word, UK_ABI_FUTEX_WAKE, 1, 0, NULL, 0),
		     1);
	UK_EXPECT_EQ(get_up(&s[1]), 0);
}

UK_TEST(robust, so_does_one_that_was_about_to_be_listed)
{
	struct plan p = { .n = 2, .pending = true };

	leave(&p);
	UK_EXPECT_EQ(held[0].word, UK_ABI_FUTEX_OWNER_DIED);
	UK_EXPECT_EQ(held[1].word, UK_ABI_FUTEX_OWNER_DIED);
}

static void die_unlocking(void *arg UK_UNUSED)
{
	head = (struct uk_abi_robust_head){
		.next = (uint64_t)&head, .pending = (uint64_t)&held[0],
		.offset = offsetof(struct mutex, word),
	};
	held[0].word = 0;
	(void)uk_syscall_r_set_robust_list((long)&head, 24);
	uk_syscall_r_exit(0);
}

UK_TEST(robust, who_had_unlocked_and_not_yet_woken_wakes)
{
	struct sleeper s;

	held[0].word = 5;
	lay_down(&s, &held[0].word, 5, UK_FUTEX_ANY);
	uk_thread_join(uk_test_spawn(die_unlocking, NULL));
	UK_EXPECT_EQ(held[0].word, 0);
	UK_EXPECT_EQ(get_up(&s), 0);
}

UK_TEST(robust, a_list_that_ends_nowhere_or_in_itself_is_left)
{
	struct plan p = { .n = 2, .end = BAD };

	leave(&p);
	UK_EXPECT_EQ(held[1].word, UK_ABI_FUTEX_OWNER_DIED);
	/* For ever. */
	p.end = (uint64_t)&held[0];
	leave(&p);
	UK_EXPECT_EQ(held[1].word, UK_ABI_FUTEX_OWNER_DIED);
}

UK_TEST(robust, mutexes_of_others_are_left_alone)
{
	struct plan p = { .n = 1, .flags = 1u << 29 };

	leave(&p);
	UK_EXPECT_EQ(held[0].word, (uint32_t)p.tid | 1u << 29);
}

UK_TEST(robust, who_joins_a_thread_is_woken)
{
	uint32_t word = 5;
	struct sleeper s;

	lay_down(&s, &word, 5, UK_FUTEX_ANY);
	UK_EXPECT_EQ(uk_event_raise(uk_task_left, &word),
		     UK_EVENT_HANDLED_CONT);
	UK_EXPECT_EQ(get_up(&s), 0);
}

UK_TEST(robust, the_list_is_told_and_checked)
{
	uint64_t list = 1;
	size_t len = 0;

	UK_EXPECT_EQ(uk_syscall_r_set_robust_list((long)&head, 23), -EINVAL);
	UK_EXPECT_EQ(uk_syscall_r_set_robust_list((long)&head, 24), 0);
	UK_EXPECT_EQ(uk_syscall_r_get_robust_list(0, (long)&list, (long)&len),
		     0);
	UK_EXPECT_EQ(list, (uint64_t)&head);
	UK_EXPECT_EQ(len, 24);
	UK_EXPECT_EQ(uk_syscall_r_get_robust_list(1 << 21, (long)&list,
						  (long)&len), -ESRCH);
	UK_EXPECT_EQ(uk_syscall_r_get_robust_list(0, BAD, (long)&len),
		     -EFAULT);
	UK_EXPECT_EQ(uk_syscall_r_set_robust_list(0, 24), 0);
}
