/* SPDX-License-Identifier: BSD-3-Clause */
/* Back-ends, tools and stores that are wrong, gone, late or mad. */
#include "fake_bus.h"

#include <uk/test.h>

static void other_is_at(const char *text)
{
	fake_set(OTHER "/state", text);
}

/* The phases in which a back-end may do anything, and how to come there. */
static bool come_to(enum uk_xen_front_phase phase)
{
	fake_begin_case();
	if (!UK_EXPECT_EQ(xenbus_open(&front, &fake_bus), 0))
		return false;
	if (phase >= UK_XEN_FRONT_OFFERED) {
		other_is_at("2");
		(void)uk_xen_front_poll(&front);
	}
	if (phase >= UK_XEN_FRONT_UP) {
		other_is_at("4");
		(void)uk_xen_front_poll(&front);
	}
	if (phase >= UK_XEN_FRONT_CLOSING) {
		other_is_at("5");
		(void)uk_xen_front_poll(&front);
	}
	if (phase >= UK_XEN_FRONT_DOWN) {
		other_is_at("6");
		(void)uk_xen_front_poll(&front);
	}
	return UK_EXPECT_EQ(front.phase, phase);
}

/* Whatever has happened: the calls are in pairs, and it can be closed. */
static void expect_pairs(void)
{
	UK_EXPECT_EQ(driver.stop, driver.release);
	UK_EXPECT_EQ(driver.start - (driver.start_error != 0), driver.stop);
}

static void expect_end(void)
{
	for (unsigned int i = 0; i < 30000 &&
	     front.phase != UK_XEN_FRONT_FAILED &&
	     front.phase != UK_XEN_FRONT_DOWN; i++) {
		(void)uk_xen_front_poll(&front);
		fake_pause();
	}
	UK_EXPECT(front.phase == UK_XEN_FRONT_FAILED ||
		  front.phase == UK_XEN_FRONT_DOWN);
	expect_pairs();
	(void)uk_xen_front_close(&front);
	UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_SHUT);
	UK_EXPECT_NULL(fake.watch);
	expect_pairs();
}

static int fails_with(const char *state, enum uk_xen_front_phase phase)
{
	if (!come_to(phase))
		return 0;
	if (state)
		other_is_at(state);
	else
		fake_remove(OTHER "/state");
	(void)uk_xen_front_poll(&front);
	return front.error;
}

UK_TEST(xen_bus_hostile, a_state_that_makes_no_sense_is_told_and_the_end)
{
	static const char *const mad[] = {
		"9", "", "x", "-1", " 4", "4x", "99999999999999999999",
		"a state that is longer than any number is",
	};

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(mad); i++) {
		UK_EXPECT_EQ(fails_with(mad[i], UK_XEN_FRONT_WAITING),
			     -EPROTO);
		expect_end();
		UK_EXPECT_EQ(fails_with(mad[i], UK_XEN_FRONT_OFFERED),
			     -EPROTO);
		expect_end();
		UK_EXPECT_EQ(fails_with(mad[i], UK_XEN_FRONT_UP), -EPROTO);
		UK_EXPECT_EQ(driver.stop_error, -EPROTO);
		expect_end();
	}
	/* A NUL inside. */
	if (!come_to(UK_XEN_FRONT_UP))
		return;
	fake_set_bytes(OTHER "/state", "4\0" "4", 3);
	(void)uk_xen_front_poll(&front);
	UK_EXPECT_EQ(front.error, -EPROTO);
	expect_end();
}

UK_TEST(xen_bus_hostile, a_state_that_goes_back_is_told_and_the_end)
{
	UK_EXPECT_EQ(fails_with("1", UK_XEN_FRONT_OFFERED), -EPROTO);
	expect_end();
	for (char s = '1'; s <= '3'; s++) {
		const char text[2] = { s };

		UK_EXPECT_EQ(fails_with(text, UK_XEN_FRONT_UP), -EPROTO);
		expect_end();
		UK_EXPECT_EQ(driver.start, 1);
	}
	/* Nothing was connected that could be changed. */
	UK_EXPECT_EQ(fails_with("7", UK_XEN_FRONT_OFFERED), -EPROTO);
	expect_end();
	UK_EXPECT_EQ(driver.changed, 0);
}

UK_TEST(xen_bus_hostile, a_back_end_that_closes_in_any_state_is_told)
{
	for (unsigned int i = 0; i < 2; i++) {
		const char *const state = i ? "6" : "5";

		UK_EXPECT_EQ(fails_with(state, UK_XEN_FRONT_OFFERED),
			     -ECONNREFUSED);
		expect_end();
		UK_EXPECT_EQ(fails_with(state, UK_XEN_FRONT_UP), -ECONNRESET);
		expect_end();
		/* It may be the one of before; then it is late. */
		UK_EXPECT_EQ(fails_with(state, UK_XEN_FRONT_WAITING), 0);
		UK_EXPECT_EQ(uk_xen_front_wait(&front), -ETIMEDOUT);
		expect_end();
		UK_EXPECT_EQ(fails_with(state, UK_XEN_FRONT_CLOSING),
			     -ECONNRESET);
		expect_end();
		UK_EXPECT_EQ(fails_with(state, UK_XEN_FRONT_DOWN),
			     -ECONNRESET);
		expect_end();
	}
}

UK_TEST(xen_bus_hostile, a_back_end_that_vanishes_in_any_state_is_told)
{
	UK_EXPECT_EQ(fails_with(NULL, UK_XEN_FRONT_WAITING), 0);
	UK_EXPECT_EQ(uk_xen_front_wait(&front), -ETIMEDOUT);
	expect_end();
	UK_EXPECT_EQ(fails_with(NULL, UK_XEN_FRONT_OFFERED), -ENODEV);
	expect_end();
	UK_EXPECT_EQ(fails_with(NULL, UK_XEN_FRONT_UP), -ENODEV);
	expect_end();
	UK_EXPECT_EQ(fails_with(NULL, UK_XEN_FRONT_CLOSING), -ECONNRESET);
	UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_DOWN);
	expect_end();
}

UK_TEST(xen_bus_hostile, a_back_end_that_never_answers_is_late_in_any_state)
{
	fake_begin_case();
	front.patience_ns = 50000000;
	UK_EXPECT_EQ(xenbus_open(&front, &fake_bus), 0);
	UK_EXPECT_EQ(uk_xen_front_wait(&front), -ETIMEDOUT);
	/* Once for each of two states, and not much more. */
	UK_EXPECT_LE(fake.ns, 105000000);
	UK_EXPECT_EQ(driver.start, 0);
	expect_end();

	if (!come_to(UK_XEN_FRONT_OFFERED))
		return;
	UK_EXPECT_EQ(uk_xen_front_wait(&front), -ETIMEDOUT);
	UK_EXPECT_EQ(driver.stop_error, -ETIMEDOUT);
	UK_EXPECT_GE(fake.ns, XENBUS_PATIENCE_NS);
	expect_end();

	if (!come_to(UK_XEN_FRONT_UP))
		return;
	/* It stays connected whatever is said here. */
	UK_EXPECT_EQ(uk_xen_front_close(&front), -ETIMEDOUT);
	UK_EXPECT_LE(fake.ns, 3 * XENBUS_PATIENCE_NS);
	expect_pairs();

	if (!come_to(UK_XEN_FRONT_CLOSING))
		return;
	UK_EXPECT_EQ(driver.release, 0);
	UK_EXPECT_EQ(uk_xen_front_close(&front), -ETIMEDOUT);
	expect_pairs();
}

/* Writes its state whenever it is looked at, and never another one. */
static void same_again(void)
{
	other_is_at("1");
}

UK_TEST(xen_bus_hostile, a_back_end_that_writes_without_an_end_is_late_too)
{
	fake_begin_case();
	fake.backend = same_again;
	UK_EXPECT_EQ(xenbus_open(&front, &fake_bus), 0);
	expect_end();
	UK_EXPECT_EQ(front.error, -ETIMEDOUT);
}

static void flap(void)
{
	static unsigned int n;

	other_is_at(n++ % 2 ? "2" : "6");
}

UK_TEST(xen_bus_hostile, a_back_end_that_comes_and_goes_costs_a_step_a_look)
{
	if (!come_to(UK_XEN_FRONT_DOWN))
		return;
	fake.backend = flap;
	for (unsigned int i = 0; i < 1000; i++) {
		const unsigned int before = driver.start + driver.stop +
					    driver.release;

		fake_pause();
		(void)uk_xen_front_poll(&front);
		UK_EXPECT_LE(driver.start + driver.stop + driver.release,
			     before + 2);
		UK_EXPECT_LE(driver.start, driver.release + 1);
	}
	fake.backend = NULL;
	other_is_at("6");
	expect_end();
}

UK_TEST(xen_bus_hostile, nodes_of_tools_that_make_no_sense_are_refused)
{
	static const struct {
		const char *path, *text;
		int error;
	} bad[] = {
		{ OWN "/backend", NULL, -ENODEV },
		{ OWN "/backend", "", -EPROTO },
		{ OWN "/backend", "device/vbd/51712", -EPROTO },
		{ OWN "/backend-id", NULL, -ENODEV },
		{ OWN "/backend-id", "", -EPROTO },
		{ OWN "/backend-id", "32752", -EPROTO },
		{ OWN "/backend-id", "-3", -EPROTO },
		{ OWN "/backend-id", "three", -EPROTO },
		{ OWN "/backend-id", "100000000000000000000000000", -EPROTO },
	};

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(bad); i++) {
		fake_begin_case();
		if (bad[i].text)
			fake_set(bad[i].path, bad[i].text);
		else
			fake_remove(bad[i].path);
		UK_EXPECT_EQ(xenbus_open(&front, &fake_bus), bad[i].error);
		UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_SHUT);
		UK_EXPECT_NULL(fake.watch);
	}
	/* Longer than there is room for, and text that has a NUL. */
	fake_begin_case();
	fake_find(OWN "/backend")->error = -E2BIG;
	UK_EXPECT_EQ(xenbus_open(&front, &fake_bus), -EPROTO);
	fake_begin_case();
	fake_set_bytes(OWN "/backend", "/a\0b", 4);
	UK_EXPECT_EQ(xenbus_open(&front, &fake_bus), -EPROTO);
	fake_begin_case();
	front.type = "a type longer than any type is";
	UK_EXPECT_EQ(xenbus_open(&front, &fake_bus), -EINVAL);
}

/* Opens it for a back-end that waits; the driver returns one error. */
static void expect_driver_error(int *result, int error)
{
	fake_begin_case();
	*result = error;
	other_is_at("2");
	UK_EXPECT_EQ(xenbus_open(&front, &fake_bus), 0);
	UK_EXPECT_EQ(uk_xen_front_wait(&front), error);
	UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_FAILED);
	UK_EXPECT_EQ(driver.start, 1);
}

UK_TEST(xen_bus_hostile, what_the_driver_cannot_do_is_its_error_and_the_end)
{
	/* A grant that is refused. */
	expect_driver_error(&driver.start_error, -ENOSPC);
	UK_EXPECT_EQ(driver.stop, 0);
	expect_end();
	/* An error that a back-end's end has, too, is not taken for one. */
	expect_driver_error(&driver.start_error, -ENODEV);
	expect_end();
	expect_driver_error(&driver.publish_error, -EIO);
	/* Nothing of it was published. */
	UK_EXPECT_EQ(fake.commits, 0);
	UK_EXPECT_NULL(fake_find(OWN "/ring-ref"));
	expect_end();

	if (!come_to(UK_XEN_FRONT_OFFERED))
		return;
	driver.connect_error = -EIO;
	other_is_at("4");
	(void)uk_xen_front_poll(&front);
	UK_EXPECT_EQ(front.error, -EIO);
	UK_EXPECT_EQ(driver.stop_error, -EIO);
	expect_end();
}

UK_TEST(xen_bus_hostile, a_store_that_fails_is_the_end_in_any_state)
{
	for (int phase = UK_XEN_FRONT_WAITING; phase <= UK_XEN_FRONT_DOWN;
	     phase++) {
		if (phase == UK_XEN_FRONT_ENDING ||
		    !come_to((enum uk_xen_front_phase)phase))
			continue;
		fake.poll_error = -EPROTO;
		fake.write_error = -EPROTO;
		UK_EXPECT_LT(uk_xen_front_poll(&front), 0);
		UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_FAILED);
		expect_end();
	}
	if (come_to(UK_XEN_FRONT_UP)) {
		fake.write_error = -ETIMEDOUT;
		UK_EXPECT_EQ(uk_xen_front_close(&front), -ETIMEDOUT);
		expect_pairs();
	}
	fake_begin_case();
	fake.watch_error = -ENOSPC;
	UK_EXPECT_EQ(xenbus_open(&front, &fake_bus), -ENOSPC);
	fake_begin_case();
	fake.write_error = -EACCES;
	UK_EXPECT_EQ(xenbus_open(&front, &fake_bus), -EACCES);
	UK_EXPECT_NULL(fake.watch);
}

UK_TEST(xen_bus_hostile, numbers_of_the_other_end_are_in_their_range)
{
	uint64_t val = 77;
	char buf[8];

	if (!come_to(UK_XEN_FRONT_UP))
		return;
	UK_EXPECT_EQ(uk_xen_front_read_number(&front, UK_XEN_OTHER, "sectors",
					      100, &val), -ENOENT);
	fake_set(OTHER "/sectors", "101");
	UK_EXPECT_EQ(uk_xen_front_read_number(&front, UK_XEN_OTHER, "sectors",
					      100, &val), -ERANGE);
	fake_set(OTHER "/sectors", "18446744073709551616");
	UK_EXPECT_EQ(uk_xen_front_read_number(&front, UK_XEN_OTHER, "sectors",
					      UINT64_MAX, &val), -ERANGE);
	fake_set(OTHER "/sectors", "0x10");
	UK_EXPECT_EQ(uk_xen_front_read_number(&front, UK_XEN_OTHER, "sectors",
					      100, &val), -EILSEQ);
	UK_EXPECT_EQ(val, 77);
	fake_set(OTHER "/sectors", "100");
	UK_EXPECT_EQ(uk_xen_front_read_number(&front, UK_XEN_OTHER, "sectors",
					      100, &val), 0);
	UK_EXPECT_EQ(val, 100);
	UK_EXPECT_EQ(uk_xen_front_read(&front, UK_XEN_OWN, "backend", buf,
				       sizeof(buf)), -E2BIG);
	UK_EXPECT_EQ(uk_xen_front_write(&front, 0, "a name that is so much "
					"longer than any that a device of Xen "
					"has anywhere", "x"), -EINVAL);
}

/* What a back-end does when this end parts from it. */
static const char *at_the_end;

static void does_at_the_end(void)
{
	if (at_the_end)
		other_is_at(at_the_end);
	else
		fake_remove(OTHER "/state");
	fake.backend = NULL;
}

UK_TEST(xen_bus_hostile, what_a_back_end_does_while_it_is_parted_from_is_told)
{
	static const struct {
		const char *state;
		int result;
	} may[] = {
		{ NULL, 0 }, { "1", 0 }, { "2", 0 }, { "6", 0 },
		/* It goes no further, whether it has begun to close or not. */
		{ "3", -ETIMEDOUT }, { "4", -ETIMEDOUT }, { "5", -ETIMEDOUT },
		{ "7", -ETIMEDOUT }, { "8", -ETIMEDOUT },
		{ "9", -EPROTO }, { "", -EPROTO },
	};

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(may); i++)
		for (enum uk_xen_front_phase p = UK_XEN_FRONT_OFFERED;
		     p <= UK_XEN_FRONT_UP; p++) {
			if (!come_to(p))
				return;
			at_the_end = may[i].state;
			fake.backend = does_at_the_end;
			UK_EXPECT_EQ(uk_xen_front_close(&front),
				     may[i].result);
			UK_EXPECT_EQ(driver.stop_error, 0);
			UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_SHUT);
			UK_EXPECT_EQ(driver.stop, 1);
			expect_pairs();
		}
}

UK_TEST(xen_bus_hostile, what_follows_the_end_of_a_back_end_is_no_second_end)
{
	/* As far as the first error goes, it stays. */
	UK_EXPECT_EQ(fails_with("9", UK_XEN_FRONT_CLOSING), -ECONNRESET);
	UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_FAILED);
	expect_end();
	UK_EXPECT_EQ(fails_with("4", UK_XEN_FRONT_CLOSING), -ECONNRESET);
	UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_CLOSING);
	expect_end();
	UK_EXPECT_EQ(fails_with("9", UK_XEN_FRONT_DOWN), -ECONNRESET);
	UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_FAILED);
	expect_end();
	UK_EXPECT_EQ(fails_with(NULL, UK_XEN_FRONT_DOWN), -ECONNRESET);
	UK_EXPECT_EQ(front.phase, UK_XEN_FRONT_DOWN);
	expect_end();
	/* Nothing it does wakes one that has failed. */
	for (char s = '1'; s <= '9'; s++) {
		const char text[2] = { s };

		UK_EXPECT_EQ(fails_with("9", UK_XEN_FRONT_UP), -EPROTO);
		other_is_at("6");
		UK_EXPECT_EQ(uk_xen_front_poll(&front), -EPROTO);
		other_is_at(text);
		UK_EXPECT_EQ(uk_xen_front_poll(&front), -EPROTO);
		UK_EXPECT_EQ(driver.start, 1);
		expect_end();
	}
}
