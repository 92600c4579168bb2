/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a press does; it has to be taken here, or it would end the tests. That
 * it does is looked at from outside (suites/buttons.py).
 */
#include <uk/button.h>

#include <uk/compiler.h>
#include <uk/plat/terminate.h>
#include <uk/print.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/time.h>

static struct {
	bool mine;
	unsigned int asked;	/* atomic */
	enum uk_end how;
} x;

static enum uk_event_result on_asked(void *data)
{
	if (!x.mine)
		return UK_EVENT_NOT_HANDLED;
	x.how = *(const enum uk_end *)data;
	(void)__atomic_fetch_add(&x.asked, 1, __ATOMIC_RELEASE);
	return UK_EVENT_HANDLED;
}

UK_EVENT_HANDLER_PRIO(ukplat_end_asked, on_asked, UK_EVENT_PRIO_FIRST);

static bool are_asked(unsigned int n)
{
	const uint64_t end = uk_time_now() + 10 * UK_TIME_NS_PER_SEC;

	while (__atomic_load_n(&x.asked, __ATOMIC_ACQUIRE) < n &&
	       uk_time_now() < end)
		uk_sched_yield();
	return __atomic_load_n(&x.asked, __ATOMIC_ACQUIRE) == n;
}

UK_TEST(button, each_press_asks_for_the_end)
{
	x.mine = true;
	x.asked = 0;
	UK_EXPECT_EQ(uk_button_start(), 0);
	UK_EXPECT_EQ(uk_button_start(), 0);
	uk_button_pressed();
	UK_EXPECT(are_asked(1));
	UK_EXPECT_EQ(x.how, UK_END_POWEROFF);
	uk_button_pressed();
	uk_button_pressed();
	UK_EXPECT(are_asked(3));
	x.mine = false;
}

/* Picked by name: somebody presses the button meanwhile. */
UK_TEST(on_demand, the_button_is_waited_for)
{
	uk_pr_warn("press the button");
	for (;;)
		uk_sched_thread_sleep(UK_TIME_NS_PER_SEC);
}

/* The same for a program that never waits. */
UK_TEST(on_demand, the_button_is_not_waited_for)
{
	volatile bool forever = true;

	uk_pr_warn("press the button");
	while (forever)
		;
}
