/* SPDX-License-Identifier: BSD-3-Clause */
/* On a domain to which its tools send orders: support/tests/suites/xl.py. */
#include <stdbool.h>
#include <stdint.h>

#include <uk/plat/terminate.h>
#include <uk/sched.h>
#include <uk/test.h>

#define STEP_NS		UINT64_C(100000000)
#define STEPS		3000u

static struct {
	bool mine;		/* this program sees to it */
	unsigned int asked;	/* atomic */
	enum uk_end how;
} st;

static enum uk_event_result on_asked(void *data)
{
	if (!st.mine)
		return UK_EVENT_NOT_HANDLED;
	st.how = *(const enum uk_end *)data;
	__atomic_fetch_add(&st.asked, 1, __ATOMIC_RELEASE);
	return UK_EVENT_HANDLED;
}

UK_EVENT_HANDLER(ukplat_end_asked, on_asked);

static bool is_asked(void)
{
	for (unsigned int i = 0; i < STEPS; i++) {
		if (__atomic_load_n(&st.asked, __ATOMIC_ACQUIRE))
			return true;
		uk_sched_thread_sleep(STEP_NS);
	}
	return false;
}

UK_TEST(on_demand, xen_control_ends_the_image)
{
	st.mine = false;
	/* Nobody says so here, but after a while that is a failure. */
	UK_EXPECT(is_asked());
}

UK_TEST(on_demand, xen_control_leaves_the_end_to_a_program_that_wants_it)
{
	st.mine = true;
	UK_EXPECT(is_asked());
	UK_EXPECT_EQ((int)st.how, UK_END_REBOOT);
	st.mine = false;
}
