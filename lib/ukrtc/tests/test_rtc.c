/* SPDX-License-Identifier: BSD-3-Clause */
/* Alarms over a clock of the tests' own, which is not registered. */
#include <uk/rtc.h>

#include <stdbool.h>
#include <stddef.h>

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/test.h>

static struct fake {
	struct uk_rtc rtc;
	uint64_t now, alarm;
	bool on;		/* the alarm is set */
	unsigned int ticks_in_set;	/* so long setting the alarm takes */
	bool fires_in_set;
	int get_rc, set_rc;
	unsigned int nstops;
} f;

static struct {
	unsigned int n;
	void *arg;
	bool was_on;
} called;

static int get_time(struct uk_rtc *rtc UK_UNUSED, uint64_t *seconds)
{
	if (f.get_rc == 0)
		*seconds = f.now;
	return f.get_rc;
}

static int set_time(struct uk_rtc *rtc UK_UNUSED, uint64_t seconds)
{
	f.now = seconds;
	return 0;
}

static int get_alarm(struct uk_rtc *rtc UK_UNUSED, uint64_t *seconds)
{
	if (!f.on)
		return -ENOENT;
	*seconds = f.alarm;
	return 0;
}

static int set_alarm(struct uk_rtc *rtc, uint64_t seconds)
{
	if (f.set_rc < 0)
		return f.set_rc;
	f.alarm = seconds;
	f.on = true;
	f.now += f.ticks_in_set;
	if (f.fires_in_set)
		uk_rtc_alarm_fired(rtc);
	return 0;
}

static void stop_alarm(struct uk_rtc *rtc UK_UNUSED)
{
	f.on = false;
	f.nstops++;
}

static const struct uk_rtc_ops ops = {
	.get_time = get_time,
	.set_time = set_time,
	.get_alarm = get_alarm,
	.set_alarm = set_alarm,
	.stop_alarm = stop_alarm,
};

static const struct uk_rtc_ops no_alarm = {
	.get_time = get_time,
	.set_time = set_time,
};

static void call(struct uk_rtc *rtc, void *arg)
{
	UK_EXPECT_EQ(rtc, &f.rtc);
	called.n++;
	called.arg = arg;
	called.was_on = f.on;
}

static struct uk_rtc *begin(void)
{
	f = (struct fake){
		.rtc = { .name = "fake", .ops = &ops },
		.now = 1000,
	};
	called.n = 0;
	return &f.rtc;
}

UK_TEST(rtc_alarm, it_is_called_once_with_its_argument_and_is_off_then)
{
	struct uk_rtc *const rtc = begin();
	uint64_t at = 0;

	UK_EXPECT_EQ(uk_rtc_set_alarm(rtc, 1010, call, &at), 0);
	UK_EXPECT_EQ(uk_rtc_get_alarm(rtc, &at), 0);
	UK_EXPECT_EQ(at, 1010);
	f.now = 1010;
	uk_rtc_alarm_fired(rtc);
	UK_EXPECT_EQ(called.n, 1);
	UK_EXPECT_EQ(called.arg, &at);
	UK_EXPECT(!called.was_on);
	uk_rtc_alarm_fired(rtc);
	UK_EXPECT_EQ(called.n, 1);
	UK_EXPECT_EQ(uk_rtc_get_alarm(rtc, &at), -ENOENT);
}

UK_TEST(rtc_alarm, one_in_the_past_is_refused_and_the_former_is_forgotten)
{
	struct uk_rtc *const rtc = begin();

	UK_EXPECT_EQ(uk_rtc_set_alarm(rtc, 1010, call, NULL), 0);
	UK_EXPECT_EQ(uk_rtc_set_alarm(rtc, 1000, call, NULL), -ERANGE);
	UK_EXPECT(!f.on);
	UK_EXPECT_EQ(uk_rtc_set_alarm(rtc, 0, call, NULL), -ERANGE);
	UK_EXPECT_EQ(uk_rtc_set_alarm(rtc, UK_RTC_MAX + 1, call, NULL),
		     -ERANGE);
	f.now = 2000;
	uk_rtc_alarm_fired(rtc);
	UK_EXPECT_EQ(called.n, 0);
}

UK_TEST(rtc_alarm, one_that_is_stopped_is_not_called)
{
	struct uk_rtc *const rtc = begin();

	UK_EXPECT_EQ(uk_rtc_set_alarm(rtc, 1010, call, NULL), 0);
	uk_rtc_stop_alarm(rtc);
	UK_EXPECT(!f.on);
	f.now = 1010;
	uk_rtc_alarm_fired(rtc);	/* was on its way */
	UK_EXPECT_EQ(called.n, 0);
	uk_rtc_stop_alarm(rtc);
}

UK_TEST(rtc_alarm, an_interrupt_of_the_former_alarm_does_not_call_the_next_one)
{
	struct uk_rtc *const rtc = begin();

	UK_EXPECT_EQ(uk_rtc_set_alarm(rtc, 1010, call, NULL), 0);
	f.now = 1010;
	UK_EXPECT_EQ(uk_rtc_set_alarm(rtc, 1020, call, NULL), 0);
	uk_rtc_alarm_fired(rtc);	/* that of 1010 */
	UK_EXPECT_EQ(called.n, 0);
	UK_EXPECT(f.on);
	f.now = 1020;
	uk_rtc_alarm_fired(rtc);
	UK_EXPECT_EQ(called.n, 1);
}

UK_TEST(rtc_alarm, one_that_passes_while_it_is_set_is_refused_not_forgotten)
{
	struct uk_rtc *const rtc = begin();

	f.ticks_in_set = 1;
	UK_EXPECT_EQ(uk_rtc_set_alarm(rtc, 1001, call, NULL), -ERANGE);
	UK_EXPECT(!f.on);
	uk_rtc_alarm_fired(rtc);
	UK_EXPECT_EQ(called.n, 0);

	/* Unless it has interrupted in time. */
	f.fires_in_set = true;
	UK_EXPECT_EQ(uk_rtc_set_alarm(rtc, f.now + 1, call, NULL), 0);
	UK_EXPECT_EQ(called.n, 1);
}

UK_TEST(rtc_alarm, one_that_the_driver_refuses_is_not_set)
{
	struct uk_rtc *const rtc = begin();

	f.set_rc = -ENOTSUP;
	UK_EXPECT_EQ(uk_rtc_set_alarm(rtc, 1010, call, NULL), -ENOTSUP);
	f.now = 1010;
	uk_rtc_alarm_fired(rtc);
	UK_EXPECT_EQ(called.n, 0);

	f.set_rc = 0;
	f.get_rc = -EIO;
	UK_EXPECT_EQ(uk_rtc_set_alarm(rtc, 1020, call, NULL), -EIO);
	UK_EXPECT(!f.on);
}

UK_TEST(rtc_alarm, when_the_clock_does_not_answer_the_interrupt_is_believed)
{
	struct uk_rtc *const rtc = begin();

	UK_EXPECT_EQ(uk_rtc_set_alarm(rtc, 1010, call, NULL), 0);
	f.get_rc = -EIO;
	uk_rtc_alarm_fired(rtc);
	UK_EXPECT_EQ(called.n, 1);
}

UK_TEST(rtc_alarm, a_clock_without_one_says_so)
{
	struct uk_rtc *const rtc = begin();
	uint64_t at;

	rtc->ops = &no_alarm;
	UK_EXPECT_EQ(uk_rtc_set_alarm(rtc, 1010, call, NULL), -ENOTSUP);
	UK_EXPECT_EQ(uk_rtc_get_alarm(rtc, &at), -ENOTSUP);
	uk_rtc_stop_alarm(rtc);
}

UK_TEST(rtc, a_time_past_the_year_9999_is_not_set)
{
	struct uk_rtc *const rtc = begin();

	UK_EXPECT_EQ(uk_rtc_set_time(rtc, UK_RTC_MAX + 1), -ERANGE);
	UK_EXPECT_EQ(f.now, 1000);
	UK_EXPECT_EQ(uk_rtc_set_time(rtc, UK_RTC_MAX), 0);
	UK_EXPECT_EQ(f.now, UK_RTC_MAX);
}

UK_TEST(rtc, there_is_an_end_of_the_list)
{
	UK_EXPECT_NULL(uk_rtc_get(1000));
}
