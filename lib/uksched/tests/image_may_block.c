/* SPDX-License-Identifier: BSD-3-Clause */
/* Blocking where one must not, with LIBUKSCHED_DEBUG. */
#include <uk/arch/percpu.h>
#include <uk/config.h>
#include <uk/preempt.h>
#include <uk/test.h>
#include <uk/wait.h>

static DEFINE_WAIT_QUEUE(wq);

/* What is waited for is there already. */
static void wait_for_nothing(void *arg)
{
	(void)arg;
	uk_waitq_wait_event(&wq, true);
}

UK_TEST(may_block, a_thread_may)
{
	wait_for_nothing(NULL);
	uk_might_block();
}

UK_TEST(may_block, an_interrupt_handler_may_not)
{
	struct uk_current *const cur = ukarch_current();

	cur->irq_depth++;
	UK_EXPECT_CRASH(wait_for_nothing, NULL);
	cur->irq_depth--;
	UK_EXPECT_STR_EQ(uk_test_crash_cause(), "an interrupt handler, on top "
			 "of \"main\", called what may block");
}

UK_TEST(may_block, who_holds_a_spinlock_may_not)
{
	static struct uk_spinlock lock = UK_SPINLOCK_INIT;

	if (!UK_IS_ENABLED(CONFIG_HAVE_PREEMPT))
		UK_TEST_SKIP("nobody counts them in this image");
	uk_spin_lock(&lock);
	UK_EXPECT_CRASH(wait_for_nothing, NULL);
	uk_spin_unlock(&lock);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(), "\"main\" called what may "
			 "block, with a spinlock held or preemption off");
}
