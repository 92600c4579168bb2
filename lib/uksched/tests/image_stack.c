/* SPDX-License-Identifier: BSD-3-Clause */
/* Stacks that were used up. */
#include <uk/alloc.h>
#include <uk/sched.h>
#include <uk/sched_impl.h>
#include <uk/string.h>
#include <uk/test.h>
#include <uk/thread.h>

#define STACK	8192

static void nothing(void *arg UK_UNUSED)
{
}

static void look(void *t)
{
	uk_thread_check_stack(t);
}

UK_TEST(thread_stack, one_that_overran_its_stack_is_named_whichever_byte_it_was)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, nothing, NULL, a, STACK, NULL, 0, NULL, true, "smasher",
		NULL, NULL);
	unsigned char *low;

	if (!UK_EXPECT_NOT_NULL(t))
		return;
	low = t->_mem.stack;
	for (unsigned int i = 0; i < UK_THREAD_CANARY_LEN; i++) {
		low[i] ^= 0x80;
		UK_EXPECT_CRASH(look, t);
		UK_EXPECT_STR_EQ(uk_test_crash_cause(),
				 "stack overflow: thread \"smasher\" has used "
				 "more than its 8192 bytes");
		low[i] ^= 0x80;
	}
	/* All but the canary is the thread's. */
	low[UK_THREAD_CANARY_LEN] ^= 0x80;
	uk_thread_check_stack(t);
	uk_thread_release(t);
}

static void smash(void *arg UK_UNUSED)
{
	unsigned char *const low = uk_thread_current()->_mem.stack;

	low[0] ^= 1;
}

/* The image ends; support/tests looks at the screen. */
UK_TEST(on_demand, a_thread_that_overran_its_stack_does_not_exit)
{
	(void)uk_sched_thread_create(uk_sched_current(), smash, NULL,
				     "smasher");
	uk_sched_yield();
}
