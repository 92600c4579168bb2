/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/event.h>

/*
 * What time it is, and waiting.
 *
 * All times are nanoseconds. Monotonic time begins at boot, or when it is first
 * asked for if until then nothing told how fast the CPU's counter runs; it goes
 * on while the image is idle, and never back, whichever CPUs ask one after the
 * other. If the counter is set back by a millisecond or more, on one CPU or on
 * all, time goes on from where it was, or up to a millisecond later. Wall time
 * is UTC since 1970 and may be set; it is monotonic time plus an offset. 64
 * bits hold 584 years of both.
 *
 * Nothing is probed or measured before it is asked for. The first call of all
 * of these functions chooses the best of the clocks that drivers have
 * registered (<uk/clock.h>) and may measure its rate, for 10 ms at most and
 * where reading clocks is cheap for some 100 us; it is made in stage CPU or
 * later, by a thread or the boot context, of the boot CPU. From then on log
 * lines carry this time. Where there is no clock at all, that is logged once
 * and time stands still.
 */

#define UK_TIME_NS_PER_SEC	UINT64_C(1000000000)
#define UK_TIME_NS_PER_MS	UINT64_C(1000000)
#define UK_TIME_NS_PER_US	UINT64_C(1000)

/* Later than anything: for a deadline that never comes. */
#define UK_TIME_NEVER		UINT64_MAX

/* Nanoseconds since boot. Context: any, after the first call. */
uint64_t uk_time_now(void);

/*
 * The least time that two readings of uk_time_now() can differ by if they
 * differ, at least 1. Context: as uk_time_now().
 */
uint64_t uk_time_resolution(void);

/*
 * How long this CPU would have run and the hypervisor had others run instead,
 * since some moment before the first call on this CPU. Returns 0, or
 *   -ENOTSUP  nobody tells
 * Context: any.
 */
UK_MUST_USE int uk_time_stolen(uint64_t *stolen_ns);

/*
 * Nanoseconds since 1970-01-01 00:00 UTC. The first call reads it from the
 * best source there is (<uk/clock.h>), which may take 2 ms; without one it
 * is logged once that it was 1970 at boot.
 *
 * A source that counts seconds does not tell how much of a second is over, and
 * nobody waits for its next tick: at first wall time is up to one second
 * behind. Some of the calls of the next 16 s, 30 at most and not those with
 * interrupts off, read it again, which moves wall time forward until it is less
 * than 4 ms behind; a program that asks often is there after 8 s. It never goes
 * back, and is ahead of the source by no more than their rates differ.
 *
 * Context: thread; any, after the first call.
 */
uint64_t uk_time_wall(void);

/*
 * From now on the wall clock is at @wall_ns. The machine's own clock stays as
 * it is, see <uk/rtc.h>. Context: thread.
 */
void uk_time_wall_set(uint64_t wall_ns);

/*
 * Wall time has moved against monotonic time: raised after that with a
 * struct uk_time_wall_move, for all handlers. Who waits for a wall time looks
 * again. Context: that of uk_time_wall(), with no lock of uktime held but with
 * its caller's, of uk_time_wall_set(), or of uk_wallclock_shift(). So a handler
 * does not block, and what it locks is locked elsewhere with interrupts off.
 */
UK_EVENT_DECLARE(uk_time_wall_moved);

struct uk_time_wall_move {
	uint64_t by_ns;		/* modulo 2^64 */
	bool was_set;		/* or shifted; else its source was read again */
};

/*
 * Do nothing for @ns at least; where there is no clock, for about as long.
 * Context: any, after the first call.
 */
void uk_time_spin(uint64_t ns);

/*
 * Sleep until an interrupt comes, a timer's (<uk/timer.h>) or another. Called
 * with interrupts off, by whoever has just seen that there is nothing to do;
 * an interrupt that has come since they went off ends it at once. When it
 * returns interrupts are on. It may return without a reason.
 *
 * Where no timer interrupts, it runs those that are due and returns; and in an
 * image without interrupts (CONFIG_HAVE_IRQ) it leaves them off.
 *
 * Context: thread, the idle one of its CPU.
 */
void uk_time_idle(void);

/*
 * Make this CPU ready for the other functions. Called once on each CPU but the
 * boot CPU, by whoever starts it, before anything else here; the boot CPU has
 * asked for the time before. Context: boot of that CPU, interrupts off.
 */
void uk_time_cpu_start(void);
