/* SPDX-License-Identifier: BSD-3-Clause */
/* A front-end in a domain that was restored: its back-end is another one. */
#include "fake_bus.h"

#include <uk/test.h>

#define NEW	"/local/domain/3/backend/vbd/9/51712"

static void step_to(enum uk_xen_front_phase phase)
{
	static const char *const state[] = {
		[UK_XEN_FRONT_OFFERED] = "2", [UK_XEN_FRONT_UP] = "4",
		[UK_XEN_FRONT_CLOSING] = "5", [UK_XEN_FRONT_DOWN] = "6",
	};

	fake_begin_case();
	UK_EXPECT_EQ(xenbus_open(&front, &fake_bus), 0);
	for (enum uk_xen_front_phase p = UK_XEN_FRONT_OFFERED; p <= phase; p++)
		if (state[p]) {
			fake_set(OTHER "/state", state[p]);
			(void)uk_xen_front_poll(&front);
		}
	UK_EXPECT_EQ(front.phase, phase);
}

/* The tools have made the nodes of another domain. */
static void move(void)
{
	fake.domain++;
	fake_remove(OTHER "/state");
	fake_set(OWN "/backend", NEW);
	fake_set(OWN "/state", "1");
	fake_set(NEW "/state", "2");
}

/* The new back-end does what it should. */
static void come_up_again(void)
{
	UK_EXPECT_STR_EQ(front.other, NEW);
	UK_EXPECT_EQ(uk_xen_front_poll(&front), 0);
	UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_OFFERED);
	fake_set(NEW "/state", "4");
	UK_EXPECT_EQ(uk_xen_front_poll(&front), 0);
	UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_UP);
	UK_EXPECT_EQ(front.error, 0);
	UK_EXPECT_EQ(fake.inside, 0);
}

UK_TEST(xen_bus, in_a_new_domain_a_device_in_any_phase_begins_anew)
{
	static const enum uk_xen_front_phase from[] = {
		UK_XEN_FRONT_WAITING, UK_XEN_FRONT_OFFERED, UK_XEN_FRONT_UP,
		UK_XEN_FRONT_CLOSING, UK_XEN_FRONT_DOWN,
	};

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(from); i++) {
		unsigned int starts;

		step_to(from[i]);
		starts = driver.start;
		move();
		UK_EXPECT_EQ(uk_xen_front_poll(&front), 0);
		UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_WAITING);
		/* What was shared has ended once, and only that. */
		UK_EXPECT_EQ(driver.stop, starts);
		UK_EXPECT_EQ(driver.release, starts);
		if (starts)
			UK_EXPECT_EQ(driver.stop_error, -ECONNRESET);
		come_up_again();
		UK_EXPECT_EQ(driver.start, starts + 1);
	}
}

UK_TEST(xen_bus, what_was_over_for_good_before_a_suspend_stays_so)
{
	step_to(UK_XEN_FRONT_OFFERED);
	fake_set(OTHER "/state", "5");
	(void)uk_xen_front_poll(&front);
	UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_CLOSING);
	move();
	UK_EXPECT_EQ(uk_xen_front_poll(&front), -ECONNREFUSED);
	UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_FAILED);
	UK_EXPECT_EQ(driver.stop, 1);
	UK_EXPECT_EQ(driver.release, 1);
	UK_EXPECT_EQ(uk_xen_front_close(&front), 0);
	UK_EXPECT_EQ(driver.release, 1);
}

UK_TEST(xen_bus, who_closes_in_a_new_domain_waits_for_nobody_there)
{
	static const enum uk_xen_front_phase from[] = {
		UK_XEN_FRONT_WAITING, UK_XEN_FRONT_OFFERED, UK_XEN_FRONT_UP,
		UK_XEN_FRONT_CLOSING, UK_XEN_FRONT_DOWN,
	};

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(from); i++) {
		unsigned int starts;

		step_to(from[i]);
		starts = driver.start;
		move();
		UK_EXPECT_EQ(uk_xen_front_close(&front), 0);
		UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_SHUT);
		UK_EXPECT_EQ(driver.start, starts);
		UK_EXPECT_EQ(driver.stop, starts);
		UK_EXPECT_EQ(driver.release, starts);
		UK_EXPECT_STR_EQ(front.other, OTHER);
		UK_EXPECT_LT(fake.ns, UINT64_C(10000000));
		UK_EXPECT_EQ(fake.inside, 0);
	}
}

UK_TEST(xen_bus, a_device_that_the_new_domain_lacks_has_failed)
{
	step_to(UK_XEN_FRONT_UP);
	move();
	fake_remove(OWN "/backend");
	UK_EXPECT_EQ(uk_xen_front_poll(&front), -ENODEV);
	UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_FAILED);
	UK_EXPECT_EQ(driver.stop, 1);
	UK_EXPECT_EQ(driver.release, 1);
	(void)uk_xen_front_close(&front);
	UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_SHUT);
	UK_EXPECT_EQ(fake.inside, 0);
}

UK_TEST(xen_bus, nothing_is_switched_at_a_back_end_that_is_gone)
{
	step_to(UK_XEN_FRONT_UP);
	move();
	UK_EXPECT_EQ(uk_xen_front_switch(&front, UK_XEN_BUS_RECONFIGURING),
		     -EINVAL);
	UK_EXPECT_STR_EQ(fake_find(OWN "/state")->text, "1");
	UK_EXPECT_EQ(fake.inside, 0);
}
