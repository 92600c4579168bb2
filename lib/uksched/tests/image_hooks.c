/* SPDX-License-Identifier: BSD-3-Clause */
/* What libraries do for every thread, here: keep a diary. */
#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/thread.h>

#define STACK	8192

/* Of the threads of these cases: others may begin and end meanwhile. */
static const char own_name[] = "noted";

static struct {
	bool on;
	char text[16];
	unsigned int n;
	int fail_at;		/* of the first priority: what it returns */
	struct uk_thread *parent, *child, *ended_in;
} diary;

/* Returns whether @child is one that the diary is of. */
static bool note(const struct uk_thread *child, char c)
{
	if (!diary.on || child->cur.name != own_name)
		return false;
	if (diary.n < sizeof(diary.text) - 1)
		diary.text[diary.n++] = c;
	return true;
}

static void open_diary(void)
{
	__builtin_memset(&diary, 0, sizeof(diary));
	diary.on = true;
}

static int first_init(struct uk_thread *child, struct uk_thread *parent)
{
	if (!note(child, 'a'))
		return 0;
	diary.child = child;
	diary.parent = parent;
	return 0;
}

static void first_term(struct uk_thread *child)
{
	if (!note(child, 'A'))
		return;
	diary.child = child;
	diary.ended_in = uk_thread_current();
}

static int last_init(struct uk_thread *child, struct uk_thread *parent)
{
	(void)parent;
	return note(child, 'c') ? diary.fail_at : 0;
}

static void last_term(struct uk_thread *child)
{
	(void)note(child, 'C');
}

static int fp_init(struct uk_thread *child, struct uk_thread *parent)
{
	(void)parent;
	(void)note(child, 'b');
	return 0;
}

/* Not in the order of their priorities. */
UK_THREAD_INIT_PRIO(last_init, last_term, 9);
UK_THREAD_INIT_PRIO_FLAGS(fp_init, NULL, 3, UK_THREADF_ECTX);
UK_THREAD_INIT_PRIO(first_init, first_term, 0);

static void nothing(void *arg UK_UNUSED)
{
}

static struct uk_thread *make(bool no_ectx)
{
	struct uk_alloc *const a = uk_alloc_get_default();

	return uk_thread_create_fn1(a, nothing, NULL, a, STACK, NULL, 0, a,
				    no_ectx, own_name, NULL, NULL);
}

UK_TEST(thread_hooks, they_are_called_by_priority_and_undone_in_reverse)
{
	struct uk_thread *t;

	open_diary();
	t = make(false);
	if (!UK_EXPECT_NOT_NULL(t))
		return;
	UK_EXPECT_STR_EQ(diary.text, "abc");
	UK_EXPECT_EQ(diary.child, t);
	UK_EXPECT_EQ(diary.parent, uk_thread_current());
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
	uk_thread_join(t);
	UK_EXPECT_STR_EQ(diary.text, "abcCA");
	UK_EXPECT_EQ(diary.ended_in, t);
	diary.on = false;
}

UK_TEST(thread_hooks, a_thread_that_never_ran_is_undone_when_it_is_freed)
{
	struct uk_thread *t;

	open_diary();
	t = make(true);
	if (!UK_EXPECT_NOT_NULL(t))
		return;
	uk_thread_release(t);
	/* Nor is one called for a thread without the flag. */
	UK_EXPECT_STR_EQ(diary.text, "acCA");
	UK_EXPECT_EQ(diary.child, t);
	diary.on = false;
}

UK_TEST(thread_hooks, one_that_fails_undoes_the_others_and_there_is_no_thread)
{
	struct uk_alloc_stats before, after;
	struct uk_alloc *const a = uk_alloc_get_default();

	open_diary();
	diary.fail_at = -EAGAIN;
	UK_EXPECT_EQ(uk_alloc_stats_get(a, &before), 0);
	UK_EXPECT_NULL(make(false));
	UK_EXPECT_EQ(uk_alloc_stats_get(a, &after), 0);
	UK_EXPECT_STR_EQ(diary.text, "abcA");
	UK_EXPECT_EQ(after.cur_nb_allocs, before.cur_nb_allocs);
	diary.on = false;
}
