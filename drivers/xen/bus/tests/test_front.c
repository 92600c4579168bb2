/* SPDX-License-Identifier: BSD-3-Clause */
/* The handshake with a back-end as it should be. */
#include "fake_bus.h"

#include <uk/test.h>

static char own_state(void)
{
	return fake_find(OWN "/state")->text[0];
}

static void other_is_at(char state)
{
	const char text[2] = { state };

	fake_set(OTHER "/state", text);
}

/* Does what this end's state asks for. */
static void honest(void)
{
	static const char answer[] = { '1', '2', '2', '4', '4', '5', '6' };
	const char own = own_state();
	const char want = answer[own - '0'];

	if (fake_find(OTHER "/state")->text[0] != want)
		other_is_at(want);
}

static bool come_up(void)
{
	fake.backend = honest;
	return UK_EXPECT_EQ(xenbus_open(&front, &fake_bus), 0) &&
	       UK_EXPECT_EQ(uk_xen_front_wait(&front), 0);
}

UK_TEST(xen_bus, a_front_end_and_its_back_end_come_up)
{
	fake_begin_case();
	if (!come_up())
		return;
	UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_UP);
	UK_EXPECT_EQ(front.domid, 3);
	UK_EXPECT_STR_EQ(front.node, OWN);
	UK_EXPECT_STR_EQ(front.other, OTHER);
	UK_EXPECT_EQ(driver.start, 1);
	UK_EXPECT_EQ(driver.publish, 1);
	UK_EXPECT_EQ(fake.commits, 1);
	UK_EXPECT_EQ(driver.connect, 1);
	UK_EXPECT_EQ(driver.stop + driver.release, 0);
	UK_EXPECT_STR_EQ(fake_find(OWN "/ring-ref")->text, "8");
	UK_EXPECT_EQ(own_state(), '4');
}

UK_TEST(xen_bus, a_close_from_here_is_in_order)
{
	fake_begin_case();
	if (!come_up())
		return;
	UK_EXPECT_EQ(uk_xen_front_close(&front), 0);
	UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_SHUT);
	UK_EXPECT_EQ(driver.stop, 1);
	UK_EXPECT_EQ(driver.stop_error, 0);
	UK_EXPECT_EQ(driver.release, 1);
	UK_EXPECT_EQ(own_state(), '6');
	UK_EXPECT_NULL(fake.watch);
	/* It can be opened again. */
	fake.backend = honest;
	UK_EXPECT_EQ(xenbus_open(&front, &fake_bus), 0);
	UK_EXPECT_EQ(uk_xen_front_wait(&front), 0);
	UK_EXPECT_EQ(driver.start, 2);
	UK_EXPECT_EQ(uk_xen_front_close(&front), 0);
}

UK_TEST(xen_bus, one_that_waits_is_closed_without_a_word_to_the_driver)
{
	fake_begin_case();
	UK_EXPECT_EQ(xenbus_open(&front, &fake_bus), 0);
	UK_EXPECT_EQ(uk_xen_front_poll(&front), 0);
	UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_WAITING);
	UK_EXPECT_EQ(uk_xen_front_close(&front), 0);
	UK_EXPECT_EQ(driver.start + driver.stop + driver.release, 0);
	UK_EXPECT_EQ(own_state(), '6');
}

/* A back-end that is upgraded: it closes, and comes again. */
UK_TEST(xen_bus, a_back_end_that_comes_again_is_connected_again)
{
	fake_begin_case();
	if (!come_up())
		return;
	fake.backend = NULL;
	other_is_at('5');
	UK_EXPECT_EQ(uk_xen_front_poll(&front), 0);
	UK_EXPECT_EQ(driver.stop, 1);
	UK_EXPECT_EQ(driver.stop_error, -ECONNRESET);
	UK_EXPECT_EQ(driver.release, 0);
	UK_EXPECT_EQ(own_state(), '6');
	other_is_at('6');
	UK_EXPECT_EQ(uk_xen_front_poll(&front), 0);
	UK_EXPECT_EQ(driver.release, 1);
	UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_DOWN);
	UK_EXPECT_EQ(front.error, -ECONNRESET);
	/* Nothing is late now, however long it takes. */
	fake.ns += 1000 * XENBUS_PATIENCE_NS;
	UK_EXPECT_EQ(uk_xen_front_poll(&front), 0);
	other_is_at('2');
	fake.backend = honest;
	UK_EXPECT_EQ(uk_xen_front_poll(&front), 0);
	UK_EXPECT_EQ(uk_xen_front_wait(&front), 0);
	UK_EXPECT_EQ(front.error, 0);
	UK_EXPECT_EQ(driver.start, 2);
	UK_EXPECT_EQ(driver.connect, 2);
	UK_EXPECT_EQ(uk_xen_front_close(&front), 0);
	UK_EXPECT_EQ(driver.stop, 2);
	UK_EXPECT_EQ(driver.release, 2);
}

UK_TEST(xen_bus, what_changes_while_it_is_up_is_told)
{
	fake_begin_case();
	if (!come_up())
		return;
	fake.backend = NULL;
	(void)uk_xen_front_poll(&front);
	driver.changed = 0;
	other_is_at('7');
	UK_EXPECT_EQ(uk_xen_front_poll(&front), 0);
	UK_EXPECT_EQ(driver.changed, 1);
	UK_EXPECT_EQ(driver.other, UK_XEN_BUS_RECONFIGURING);
	UK_EXPECT_EQ(uk_xen_front_switch(&front, UK_XEN_BUS_RECONFIGURED), 0);
	UK_EXPECT_EQ(own_state(), '8');
	UK_EXPECT_EQ(uk_xen_front_switch(&front, UK_XEN_BUS_CLOSED), -EINVAL);
	UK_EXPECT_EQ(uk_xen_front_poll(&front), 0);
	UK_EXPECT_EQ(driver.changed, 1);
	UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_UP);
}

UK_TEST(xen_bus, nodes_are_published_at_one_moment_however_often_it_takes)
{
	fake_begin_case();
	fake.conflicts = 5;
	if (!come_up())
		return;
	UK_EXPECT_EQ(driver.publish, 6);
	UK_EXPECT_EQ(driver.start, 1);
	UK_EXPECT_EQ(fake.commits, 1);
	/* But not for ever. */
	fake_begin_case();
	fake.conflicts = 1000;
	fake.backend = honest;
	UK_EXPECT_EQ(xenbus_open(&front, &fake_bus), 0);
	UK_EXPECT_EQ(uk_xen_front_wait(&front), -EAGAIN);
	UK_EXPECT_EQ(driver.stop, 1);
	UK_EXPECT_EQ(driver.release, 1);
}

static struct uk_xen_front_ops card_ops;

/* As network cards: it connects when this end says that it has. */
static void waits_for_connected(void)
{
	if (own_state() == '1')
		other_is_at('2');
	if (own_state() == '4')
		other_is_at('4');
}

UK_TEST(xen_bus, a_front_end_may_be_the_first_to_be_connected)
{
	fake_begin_case();
	card_ops = driver_ops;
	card_ops.published = UK_XEN_BUS_CONNECTED;
	front.ops = &card_ops;
	fake.backend = waits_for_connected;
	UK_EXPECT_EQ(xenbus_open(&front, &fake_bus), 0);
	UK_EXPECT_EQ(uk_xen_front_wait(&front), 0);
	UK_EXPECT_EQ(own_state(), '4');
	UK_EXPECT_EQ(driver.connect, 1);
}

/* Tools that take a device away take its nodes away. */
UK_TEST(xen_bus, nodes_that_were_taken_away_are_not_written_again)
{
	fake_begin_case();
	if (!come_up())
		return;
	fake.backend = NULL;
	fake_remove(OWN "/state");
	fake_remove(OTHER "/state");
	UK_EXPECT_EQ(uk_xen_front_poll(&front), 0);
	UK_EXPECT_EQ(uk_xen_front_poll(&front), 0);
	UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_DOWN);
	UK_EXPECT_EQ(front.error, -ENODEV);
	UK_EXPECT_EQ(driver.stop_error, -ENODEV);
	UK_EXPECT_EQ(driver.release, 1);
	UK_EXPECT_EQ(uk_xen_front_close(&front), 0);
	UK_EXPECT_EQ(fake_find(OWN "/state")->len, -1);
}

static unsigned int numbers[8], nnumbers;

static void note(unsigned int number, void *arg)
{
	UK_EXPECT(arg == &nnumbers);
	if (nnumbers < UK_ARRAY_SIZE(numbers))
		numbers[nnumbers++] = number;
}

UK_TEST(xen_bus, the_devices_of_a_type_are_found_and_others_left_out)
{
	static const char list[] = "51712\0" "x\0" "-1\0" "0\0" "4294967296";

	fake_begin_case();
	nnumbers = 0;
	UK_EXPECT_EQ(xenbus_each(&fake_bus, "vbd", note, &nnumbers), 0);
	fake_set_bytes("list", list, sizeof(list));
	UK_EXPECT_EQ(xenbus_each(&fake_bus, "vbd", note, &nnumbers), 2);
	UK_EXPECT_EQ(numbers[0], 51712);
	UK_EXPECT_EQ(numbers[1], 0);
	fake_find("list")->error = -EACCES;
	UK_EXPECT_EQ(xenbus_each(&fake_bus, "vbd", note, &nnumbers), -EACCES);
	UK_EXPECT_EQ(xenbus_each(&fake_bus, "a type longer than any type is",
				 note, &nnumbers), -EINVAL);
}
