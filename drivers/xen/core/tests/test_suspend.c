/* SPDX-License-Identifier: BSD-3-Clause */
/* The order of a suspend, with two parts, the call and the CPUs played. */
#include "../xen_priv.h"

#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/string.h>
#include <uk/test.h>
#include <uk/xen_suspend.h>

static struct {
	char trace[64];
	int freeze_error, hold_error, call_result;
} play;

static void note(char what)
{
	const size_t len = uk_strlen(play.trace);

	if (UK_EXPECT_LT(len, sizeof(play.trace) - 1))
		play.trace[len] = what;
}

/* Of the part that comes first, by capitals; of the other one. */
static int freeze_a(void)
{
	note('F');
	return play.freeze_error;
}

static void stop_a(void)
{
	note('S');
}

static void resume_a(void)
{
	note('R');
}

static void cpu_resume_a(void)
{
	note('C');
}

static void thaw_a(bool same)
{
	note(same ? '=' : 'T');
}

static int freeze_b(void)
{
	note('f');
	return 0;
}

static void stop_b(void)
{
	note('s');
}

static void resume_b(void)
{
	note('r');
}

static void cpu_resume_b(void)
{
	note('c');
}

static void thaw_b(bool same)
{
	note(same ? '-' : 't');
}

static int hold(void)
{
	note('(');
	return play.hold_error;
}

/* There is one other CPU. */
static void let_go(void (*fn)(void *arg), void *arg)
{
	note(')');
	if (fn)
		fn(arg);
}

static int call(void)
{
	note('!');
	return play.call_result;
}

static const struct uk_xen_suspend_cpus cpus = {
	.hold = hold,
	.let_go = let_go,
};

/* What is called, when all that was said is so. */
static int run(void)
{
	static struct uk_xen_suspend a, b, none;
	struct xen_suspend_parts parts = { .first = NULL };

	a = (struct uk_xen_suspend){ freeze_a, stop_a, resume_a, cpu_resume_a,
				     thaw_a, NULL, NULL };
	b = (struct uk_xen_suspend){ freeze_b, stop_b, resume_b, cpu_resume_b,
				     thaw_b, NULL, NULL };
	none = (struct uk_xen_suspend){ .freeze = NULL };
	memset(play.trace, 0, sizeof(play.trace));
	xen_suspend_add(&parts, &a);
	xen_suspend_add(&parts, &none);
	xen_suspend_add(&parts, &b);
	return xen_suspend(&parts, call, &cpus);
}

UK_TEST(xen_suspend, a_new_domain_has_all_made_anew_in_order)
{
	memset(&play, 0, sizeof(play));
	UK_EXPECT_EQ(run(), 0);
	UK_EXPECT_STR_EQ(play.trace, "fF(Ss!RrCc)CcTt");
}

UK_TEST(xen_suspend, in_the_same_domain_nothing_is_made_anew)
{
	memset(&play, 0, sizeof(play));
	play.call_result = 1;
	UK_EXPECT_EQ(run(), 1);
	UK_EXPECT_STR_EQ(play.trace, "fF(Ss!)=-");
}

UK_TEST(xen_suspend, a_call_that_xen_refuses_changes_nothing)
{
	memset(&play, 0, sizeof(play));
	play.call_result = -EPERM;
	UK_EXPECT_EQ(run(), -EPERM);
	UK_EXPECT_STR_EQ(play.trace, "fF(Ss!)=-");
}

UK_TEST(xen_suspend, one_part_that_cannot_now_has_those_before_it_thawed)
{
	memset(&play, 0, sizeof(play));
	play.freeze_error = -EBUSY;
	UK_EXPECT_EQ(run(), -EBUSY);
	UK_EXPECT_STR_EQ(play.trace, "fF-");
}

UK_TEST(xen_suspend, cpus_that_cannot_be_held_are_not_suspended)
{
	memset(&play, 0, sizeof(play));
	play.hold_error = -ETIMEDOUT;
	UK_EXPECT_EQ(run(), -ETIMEDOUT);
	UK_EXPECT_STR_EQ(play.trace, "fF(=-");
}
