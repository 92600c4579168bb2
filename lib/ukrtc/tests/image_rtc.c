/* SPDX-License-Identifier: BSD-3-Clause */
/* The machine's own clock, whichever it is. */
#include <uk/rtc.h>

#include <stdbool.h>
#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/preempt.h>
#include <uk/test.h>
#include <uk/time.h>
#include <uk/timer.h>

/* 2031-03-04 05:06:07: what suites/rtc.py tells QEMU. */
#define TOLD		UINT64_C(1930367167)

/* Wall time is right to this. */
#define EXACT_NS		(4 * (int64_t)UK_TIME_NS_PER_MS)

/* The clock follows the host's date, which may be slewed; the counter not. */
#define APART_NS		((int64_t)UK_TIME_NS_PER_MS)

/* 2026-01-01: QEMU is not older. */
#define LATELY		UINT64_C(1767225600)

static struct {
	volatile unsigned int n;
	volatile uint64_t at;
	struct uk_rtc *volatile rtc;
	void *volatile arg;
	volatile bool in_irq;
} called;

static void call(struct uk_rtc *rtc, void *arg)
{
	uint64_t now = 0;

	UK_EXPECT_EQ(rtc->ops->get_time(rtc, &now), 0);
	called.at = now;
	called.rtc = rtc;
	called.arg = arg;
	called.in_irq = uk_in_irq();
	called.n++;
}

/* With interrupts on, until the alarm is called or @seconds are over. */
static bool wait_for_call(unsigned int seconds)
{
	const uint64_t end_ns = uk_time_now() + seconds * UK_TIME_NS_PER_SEC;
	const unsigned long irq = ukarch_irq_save();

	ukarch_irq_enable();
	while (!called.n && uk_time_now() < end_ns)
		ukarch_spin_wait();
	ukarch_irq_restore(irq);
	return called.n != 0;
}

UK_TEST(rtc_image, it_knows_the_date)
{
	struct uk_rtc *const rtc = uk_rtc_get(0);
	uint64_t now = 0;

	if (!rtc)
		UK_TEST_SKIP("no clock on this machine");
	UK_EXPECT_EQ(uk_rtc_get_time(rtc, &now), 0);
	UK_EXPECT_GE(now, LATELY);
}

UK_TEST(rtc_image, it_is_set_and_read_back)
{
	struct uk_rtc *const rtc = uk_rtc_get(0);
	static const uint64_t times[] = {
		951782399,	/* 2000-02-28 23:59:59 */
		1709164800,	/* 2024-02-29 */
		2147483647,	/* 31 bits */
		4102444800,	/* 2100-01-01 */
		4294967200,	/* 32 bits, nearly */
	};
	uint64_t before = 0, begin_ns, now = 0;

	if (!rtc)
		UK_TEST_SKIP("no clock on this machine");
	begin_ns = uk_time_now();
	UK_EXPECT_EQ(uk_rtc_get_time(rtc, &before), 0);
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		UK_EXPECT_EQ(uk_rtc_set_time(rtc, times[i]), 0);
		UK_EXPECT_EQ(uk_rtc_get_time(rtc, &now), 0);
		UK_EXPECT_GE(now, times[i]);
		UK_EXPECT_LE(now, times[i] + 5);
	}
	UK_EXPECT_EQ(uk_rtc_set_time(rtc, UK_RTC_MAX + 1), -ERANGE);
	now = before + (uk_time_now() - begin_ns) / UK_TIME_NS_PER_SEC;
	UK_EXPECT_EQ(uk_rtc_set_time(rtc, now), 0);
}

UK_TEST(rtc_image, an_alarm_is_set_and_stopped_and_one_that_is_past_refused)
{
	struct uk_rtc *const rtc = uk_rtc_get(0);
	uint64_t now = 0, at = 0;

	if (!rtc)
		UK_TEST_SKIP("no clock on this machine");
	called.n = 0;
	UK_EXPECT_EQ(uk_rtc_get_time(rtc, &now), 0);
	UK_EXPECT_EQ(uk_rtc_set_alarm(rtc, now - 1, call, NULL), -ERANGE);
	UK_EXPECT_EQ(uk_rtc_set_alarm(rtc, now, call, NULL), -ERANGE);
	UK_EXPECT_EQ(uk_rtc_get_alarm(rtc, &at), -ENOENT);
	UK_EXPECT_EQ(uk_rtc_set_alarm(rtc, now + 3600, call, NULL), 0);
	UK_EXPECT_EQ(uk_rtc_get_alarm(rtc, &at), 0);
	UK_EXPECT_EQ(at, now + 3600);
	uk_rtc_stop_alarm(rtc);
	UK_EXPECT_EQ(uk_rtc_get_alarm(rtc, &at), -ENOENT);
	UK_EXPECT_EQ(called.n, 0);
}

/*
 * The following take seconds, or need a machine that is told a date or has no
 * clock: they are picked by name (suites/rtc.py).
 */

/* Wait for the next tick; returns the time then, 0 if there is none. */
static uint64_t next_tick(struct uk_rtc *rtc)
{
	const uint64_t end_ns = uk_time_now() + 3 * UK_TIME_NS_PER_SEC;
	uint64_t first = 0, now = 0;

	if (!UK_EXPECT_EQ(uk_rtc_get_time(rtc, &first), 0))
		return 0;
	while (uk_time_now() < end_ns) {
		if (!UK_EXPECT_EQ(uk_rtc_get_time(rtc, &now), 0))
			return 0;
		if (now != first)
			return now;
	}
	UK_EXPECT_NE(now, first);
	return 0;
}

UK_TEST(on_demand, rtc_ticks_once_a_second)
{
	struct uk_rtc *const rtc = uk_rtc_get(0);
	uint64_t first, second, third, begin_ns, took_ns;

	if (!UK_EXPECT_NOT_NULL(rtc))
		return;
	first = next_tick(rtc);
	begin_ns = uk_time_now();
	second = next_tick(rtc);
	third = next_tick(rtc);
	took_ns = uk_time_now() - begin_ns;
	UK_EXPECT_GT(second, first);
	UK_EXPECT_GT(third, second);
	/* The host may have held this CPU up at either end. */
	UK_EXPECT_GE(took_ns, (third - first - 1) * UK_TIME_NS_PER_SEC);
	UK_EXPECT_LE(took_ns, (third - first + 1) * UK_TIME_NS_PER_SEC);
}

UK_TEST(on_demand, rtc_alarm_interrupts_when_its_second_begins)
{
	struct uk_rtc *const rtc = uk_rtc_get(0);
	uint64_t now = 0, at = 0;
	int arg;

	if (!UK_EXPECT_NOT_NULL(rtc))
		return;
	called.n = 0;
	UK_EXPECT_EQ(uk_rtc_get_alarm(rtc, &at), -ENOENT);
	UK_EXPECT_EQ(uk_rtc_get_time(rtc, &now), 0);
	if (!UK_EXPECT_EQ(uk_rtc_set_alarm(rtc, now + 2, call, &arg), 0))
		return;
	UK_EXPECT_EQ(uk_rtc_get_alarm(rtc, &at), 0);
	UK_EXPECT_EQ(at, now + 2);
	if (!UK_EXPECT(wait_for_call(8)))
		return;
	UK_EXPECT_GE(called.at, now + 2);
	UK_EXPECT_LE(called.at, now + 5);
	UK_EXPECT_EQ(called.rtc, rtc);
	UK_EXPECT_EQ(called.arg, &arg);
	UK_EXPECT(called.in_irq);
	UK_EXPECT_EQ(uk_rtc_get_alarm(rtc, &at), -ENOENT);

	/* It can be set again. */
	called.n = 0;
	UK_EXPECT_EQ(uk_rtc_get_time(rtc, &now), 0);
	UK_EXPECT_EQ(uk_rtc_set_alarm(rtc, now + 2, call, &arg), 0);
	UK_EXPECT(wait_for_call(8));
	UK_EXPECT_EQ(called.n, 1);
}

UK_TEST(on_demand, rtc_alarm_that_was_stopped_does_not_come)
{
	struct uk_rtc *const rtc = uk_rtc_get(0);
	uint64_t now = 0;

	if (!UK_EXPECT_NOT_NULL(rtc))
		return;
	called.n = 0;
	UK_EXPECT_EQ(uk_rtc_get_time(rtc, &now), 0);
	UK_EXPECT_EQ(uk_rtc_set_alarm(rtc, now + 2, call, NULL), 0);
	uk_rtc_stop_alarm(rtc);
	UK_EXPECT(!wait_for_call(4));
}

/* The machine was started at @told not long ago, and wall time is its. */
static void expect_told(uint64_t told)
{
	struct uk_rtc *const rtc = uk_rtc_get(0);
	uint64_t now = 0, wall;

	if (!UK_EXPECT_NOT_NULL(rtc))
		return;
	UK_EXPECT_EQ(uk_rtc_get_time(rtc, &now), 0);
	UK_EXPECT_GE(now, told);
	UK_EXPECT_LE(now, told + 60);
	wall = uk_time_wall() / UK_TIME_NS_PER_SEC;
	UK_EXPECT_GE(wall + 1, now);
	UK_EXPECT_LE(wall, now + 1);
}

UK_TEST(on_demand, the_clock_says_what_the_machine_was_told)
{
	expect_told(TOLD);
}

UK_TEST(on_demand, the_clock_begins_in_1970)
{
	expect_told(0);
}

/* 2038-01-19 03:14:05: 31 bits of seconds end 3 s later. */
UK_TEST(on_demand, the_clock_goes_past_the_end_of_31_bits)
{
	const uint64_t end = UINT64_C(1) << 31;
	struct uk_rtc *const rtc = uk_rtc_get(0);
	uint64_t last = 0, now = 0, wall_ns, last_ns = 0;

	expect_told(end - 3);
	if (!rtc)
		return;
	while (now <= end) {
		wall_ns = uk_time_wall();
		if (!UK_EXPECT_EQ(uk_rtc_get_time(rtc, &now), 0) ||
		    !UK_EXPECT_GE(now, last) ||
		    !UK_EXPECT_GE(wall_ns, last_ns))
			return;
		last = now;
		last_ns = wall_ns;
	}
	expect_told(end);
}

/* Wait until the clock says @end; never back. */
static bool goes_to(struct uk_rtc *rtc, uint64_t end)
{
	uint64_t last = 0, now = 0;

	if (!UK_EXPECT_EQ(uk_rtc_set_time(rtc, end - 2), 0))
		return false;
	while (now < end) {
		if (!UK_EXPECT_EQ(uk_rtc_get_time(rtc, &now), 0) ||
		    !UK_EXPECT_GE(now, last))
			return false;
		last = now;
	}
	return UK_EXPECT_LE(now, end + 60);
}

/* From 2099 on; and 2100 is no leap year. */
UK_TEST(on_demand, the_clock_goes_past_the_century)
{
	const uint64_t end = UINT64_C(4102444800);
	struct uk_rtc *const rtc = uk_rtc_get(0);

	if (UK_EXPECT_NOT_NULL(rtc) && goes_to(rtc, end))
		(void)goes_to(rtc, end + 59 * 86400);
}

static void wake(struct uk_timer *timer UK_UNUSED)
{
	called.n++;
}

/* Nothing but timers of lib/uktime itself interrupts meanwhile. */
UK_TEST(on_demand, a_sleep_of_11_seconds_takes_11_of_the_machines_clock)
{
	const uint64_t begin_ns = uk_time_now();
	struct uk_rtc *const rtc = uk_rtc_get(0);
	unsigned long irq;
	uint64_t first = 0, last = 0;
	struct uk_timer timer;

	if (!UK_EXPECT_NOT_NULL(rtc))
		return;
	called.n = 0;
	uk_timer_init(&timer, wake);
	UK_EXPECT_EQ(uk_rtc_get_time(rtc, &first), 0);
	uk_timer_start(&timer, begin_ns + 11 * UK_TIME_NS_PER_SEC);
	irq = ukarch_irq_save();
	while (!called.n) {
		uk_time_idle();
		ukarch_irq_disable();
	}
	ukarch_irq_restore(irq);
	UK_EXPECT_EQ(uk_rtc_get_time(rtc, &last), 0);
	UK_EXPECT_GE(last - first, 10);
	UK_EXPECT_LE(last - first, 13);
	UK_EXPECT_GE(uk_time_now() - begin_ns, 11 * UK_TIME_NS_PER_SEC);
}

/* QEMU 7.2, told 2099, has a clock of 1963. */
UK_TEST(on_demand, a_date_before_1970_is_none_and_wall_time_begins_there)
{
	struct uk_rtc *const rtc = uk_rtc_get(0);
	uint64_t now = 0;

	if (!UK_EXPECT_NOT_NULL(rtc))
		return;
	UK_EXPECT_EQ(uk_rtc_get_time(rtc, &now), -EINVAL);
	UK_EXPECT_LT(uk_time_wall(), 60 * UK_TIME_NS_PER_SEC);
}

/*
 * By how much wall time is behind the clock: at least @least_ns, told by a
 * moment after a tick was seen, and at most @most_ns, by one before the last
 * look that did not see it. The host may hold this CPU up anywhere.
 */
static bool measure(struct uk_rtc *rtc, int64_t *least_ns, int64_t *most_ns)
{
	uint64_t first = 0, now = 0, before, next = uk_time_wall();

	if (!UK_EXPECT_EQ(uk_rtc_get_time(rtc, &first), 0))
		return false;
	do {
		before = next;
		next = uk_time_wall();
		if (!UK_EXPECT_EQ(uk_rtc_get_time(rtc, &now), 0))
			return false;
	} while (now == first);
	*least_ns = (int64_t)(now * UK_TIME_NS_PER_SEC - uk_time_wall());
	*most_ns = (int64_t)(now * UK_TIME_NS_PER_SEC - before);
	return true;
}

UK_TEST(on_demand, wall_time_is_less_than_a_second_behind_and_then_4_ms)
{
	struct uk_rtc *const rtc = uk_rtc_get(0);
	const uint64_t first = uk_time_wall();
	const uint64_t end_ns = uk_time_now() + 15 * UK_TIME_NS_PER_SEC;
	uint64_t seconds = 0, was = first, wall;
	int64_t least_ns = 0, most_ns = 0;

	if (!UK_EXPECT_NOT_NULL(rtc))
		return;
	UK_EXPECT_EQ(uk_rtc_get_time(rtc, &seconds), 0);
	UK_EXPECT_GE(first + UK_TIME_NS_PER_SEC, seconds * UK_TIME_NS_PER_SEC);
	UK_EXPECT_LT(first, (seconds + 1) * UK_TIME_NS_PER_SEC);

	do {
		wall = uk_time_wall();
		if (!UK_EXPECT_GE(wall, was) ||
		    !measure(rtc, &least_ns, &most_ns) ||
		    !UK_EXPECT_GE(most_ns, -APART_NS))
			return;
		was = wall;
	} while (least_ns > EXACT_NS && uk_time_now() < end_ns);
	UK_EXPECT_LE(least_ns, EXACT_NS);
}

UK_TEST(on_demand, without_a_clock_wall_time_begins_in_1970)
{
	UK_EXPECT_NULL(uk_rtc_get(0));
	UK_EXPECT_LT(uk_time_wall(), 60 * UK_TIME_NS_PER_SEC);
}
