/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/clock.h>
#include <uk/compiler.h>

/*
 * Real-time clocks: the date kept by the machine, and an alarm.
 *
 * Times are seconds since 1970-01-01 00:00 UTC, of the proleptic Gregorian
 * calendar and without leap seconds. The clock is taken to keep UTC. The first
 * one registered that knows the date is what uk_time_wall() starts from
 * (<uk/time.h>), once that is asked for.
 *
 * Context: thread, unless said otherwise. Who changes a clock or its alarm is
 * alone with it: the callers see to that.
 */

/* The last second that has a struct uk_rtc_date: the end of year 9999. */
#define UK_RTC_MAX		UINT64_C(253402300799)

struct uk_rtc_date {
	uint16_t year;		/* 1970 to 9999 */
	uint8_t month;		/* 1 to 12 */
	uint8_t day;		/* 1 to 31 */
	uint8_t hour;		/* 0 to 23 */
	uint8_t minute;
	uint8_t second;		/* 0 to 59 */
	uint8_t weekday;	/* 0: Sunday */
};

/* The date at @seconds, at most UK_RTC_MAX. Context: any. */
void uk_rtc_date(uint64_t seconds, struct uk_rtc_date *date);

/*
 * The seconds of @date; the weekday is not looked at. Returns 0, or -EINVAL:
 * there is no such date. Context: any.
 */
UK_MUST_USE
int uk_rtc_seconds(const struct uk_rtc_date *date, uint64_t *seconds);

struct uk_rtc;

/* What a driver fills; the functions below, for one clock. */
struct uk_rtc_ops {
	/* Context: thread, or the interrupt of the alarm. */
	int (*get_time)(struct uk_rtc *rtc, uint64_t *seconds);
	int (*set_time)(struct uk_rtc *rtc, uint64_t seconds);

	/* NULL, all three: it has no alarm. */
	int (*get_alarm)(struct uk_rtc *rtc, uint64_t *seconds);

	/* The time was ahead when it was looked at last. */
	int (*set_alarm)(struct uk_rtc *rtc, uint64_t seconds);

	/*
	 * Interrupt no more, whether the alarm was set or not. Context: thread
	 * or interrupt, interrupts off.
	 */
	void (*stop_alarm)(struct uk_rtc *rtc);
};

/* Context: interrupt. The alarm is off when it is called. */
typedef void (*uk_rtc_alarm_fn)(struct uk_rtc *rtc, void *arg);

struct uk_rtc {
	const char *name;
	const struct uk_rtc_ops *ops;

	/* Private to ukrtc; zero. */
	struct uk_rtc *next_;
	struct uk_wallclock wall_;
	uk_rtc_alarm_fn alarm_fn_;	/* these four under its lock */
	void *alarm_arg_;
	uint64_t alarm_seconds_;
	bool alarm_runs_;
};

/* For drivers: @rtc is there and lives forever. Context: boot. */
void uk_rtc_register(struct uk_rtc *rtc);

/*
 * For drivers: the alarm has gone off. It is stopped and its function called,
 * unless the clock says that it is not time yet. Context: interrupt; the
 * driver holds no lock.
 */
void uk_rtc_alarm_fired(struct uk_rtc *rtc);

/* Clock number @idx, in the order they were registered, or NULL. */
struct uk_rtc *uk_rtc_get(unsigned int idx);

/*
 * What time the clock says it is. Takes up to 2 ms, while it ticks.
 *
 * Returns 0, or
 *   -EIO     it does not answer, or does not stop ticking
 *   -EINVAL  what it holds is no date, or it stands still: its battery was
 *            empty. Until it is set
 */
UK_MUST_USE
int uk_rtc_get_time(struct uk_rtc *rtc, uint64_t *seconds);

/*
 * Set the clock, which says @seconds from now on and ticks within a second. An
 * alarm stays as it is. Returns 0, or
 *   -ERANGE  it cannot hold that time
 *   -EIO     as above
 */
UK_MUST_USE
int uk_rtc_set_time(struct uk_rtc *rtc, uint64_t seconds);

/*
 * Call @fn with @arg once, when the clock reaches @seconds; a former alarm is
 * forgotten, also if this fails. The first call registers the interrupt, see
 * <uk/intctlr.h>.
 *
 * Returns 0, or
 *   -ENOTSUP  it has no alarm, or no interrupt
 *   -ERANGE   the time is past, or further away than the alarm reaches (a PC's:
 *             24 hours)
 *   -EIO, -EINVAL  as for uk_rtc_get_time()
 */
UK_MUST_USE
int uk_rtc_set_alarm(struct uk_rtc *rtc, uint64_t seconds, uk_rtc_alarm_fn fn,
		     void *arg);

/*
 * When the alarm is set for, as the clock has it. Returns 0, or -ENOENT: it is
 * not set; -ENOTSUP and the errors of uk_rtc_get_time().
 */
UK_MUST_USE
int uk_rtc_get_alarm(struct uk_rtc *rtc, uint64_t *seconds);

/*
 * Forget the alarm, if there is one. When this returns, its function is not
 * running and not called any more.
 */
void uk_rtc_stop_alarm(struct uk_rtc *rtc);
