/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>

/*
 * Where time comes from: for drivers of clocks, timers and hypervisors.
 *
 * A driver registers what the machine may have, at boot and without looking
 * for it; lib/uktime starts them in the order of their ratings when time is
 * first asked for, and takes the first that is there. So each start function
 * looks whether its device exists, believes nothing that it reads, and waits
 * for nothing without an end.
 *
 * Ratings, the higher the better; a clock that CPUs read for themselves goes
 * before one that costs an exit to the hypervisor, and one whose rate is told
 * before one that is measured:
 */
enum uk_clock_rating {
	UK_CLOCK_LAST_RESORT = 100,	/* coarse, slow or hardly reliable */
	UK_CLOCK_USABLE = 200,
	UK_CLOCK_GOOD = 300,
	UK_CLOCK_BEST = 400,		/* made for guests */
};

/*
 * A counter that goes up at a steady rate and wraps at @bits.
 *
 * Start functions are called in stage CPU or later, in a thread or the boot
 * context, on the boot CPU, before others run or with them held up.
 */
struct uk_clock {
	const char *name;
	uint32_t rating;	/* enum uk_clock_rating, or between */
	uint32_t bits;		/* of the counter, 8 to 64 */

	/*
	 * Is one reading after another, whichever CPUs they are made on, never
	 * smaller? If not, uktime sees to it, at the price of an atomic write
	 * to one shared word per reading; it does for fewer than 64 bits, and
	 * from the moment on when a counter was found set back.
	 */
	bool synchronous;

	/*
	 * Counts per second, 1 kHz to 10 GHz; set by @start at the latest. 0:
	 * not told, to be measured against another clock.
	 */
	uint64_t hz;

	/*
	 * Find and start the counter. Returns 0, or
	 *   -ENODEV  it is not there
	 * or another negative errno: it is there and cannot be used, and the
	 * driver has logged why.
	 */
	int (*start)(struct uk_clock *clock);

	/* NULL, or makes it ready on another CPU, from there. */
	void (*cpu_start)(struct uk_clock *clock);

	/* Read it; not before the caller's earlier loads. Context: any. */
	uint64_t (*read)(const struct uk_clock *clock);

	/*
	 * NULL, or how many counts of ukarch_ticks() it takes this CPU, at the
	 * rate that they have now, until @ns have passed; 2^62 if it would be
	 * more. For timers that interrupt at a count. Context: any, with
	 * preemption off.
	 */
	uint64_t (*ticks)(const struct uk_clock *clock, uint64_t ns);

	/* Private to uktime; zero. */
	struct uk_clock *next_;
	uint8_t state_;
};

/*
 * Add @clock, which lives forever, to those that may be chosen. Context: boot,
 * stage CPU at the latest.
 */
void uk_clock_register(struct uk_clock *clock);

/*
 * @clock is not synchronous from now on, as the machine moves to another host.
 * Context: any, with all other CPUs held up.
 */
void uk_clock_not_synchronous(const struct uk_clock *clock);

/*
 * What to measure rates against: the clock that was chosen or, before, the best
 * one whose rate is told; NULL if there is none. Context: start functions.
 */
const struct uk_clock *uk_clock_reference(void);

/*
 * Measure how often @clock counts per second, against @ref, whose rate is known
 * and at least 1 MHz. Each change of @ref is timed by two readings of @clock
 * around it, so the error is known however coarse @ref is and however often
 * the guest is held up; the measurement ends when it is 1 in @precision, or
 * after 10 ms of @ref.
 *
 * Returns 0, or -EIO: one of the counters does not move, the CPU is away all
 * the time, or the rate is not 1 kHz to 10 GHz. Context: as start functions.
 */
UK_MUST_USE
int uk_clock_measure(const struct uk_clock *clock, const struct uk_clock *ref,
		     unsigned int precision, uint64_t *hz);

/*
 * A timer that interrupts once. The least it must do is to interrupt no later
 * than @set asked; uktime looks at the time and sets it again if it was early.
 */
struct uk_clock_event {
	const char *name;
	uint32_t rating;

	/* Each CPU has one; else it interrupts the boot CPU only. */
	bool percpu;

	/* Times that @set takes. Set by @start at the latest, @min_ns > 0. */
	uint64_t min_ns;
	uint64_t max_ns;

	/*
	 * Find the timer, take its interrupt, leave it silent. Its handler
	 * calls uk_clock_event_fired(). Errors as for clocks.
	 */
	int (*start)(struct uk_clock_event *event);

	/*
	 * NULL, or makes the timer of the CPU that calls ready; called on each
	 * one before its first @set. Context: interrupts off.
	 */
	void (*cpu_start)(struct uk_clock_event *event);

	/*
	 * Interrupt this CPU once, @ns from now, and not when it was set to
	 * before. Context: interrupts off.
	 */
	void (*set)(struct uk_clock_event *event, uint64_t ns);

	/* Private to uktime; zero. */
	struct uk_clock_event *next_;
};

/* As uk_clock_register(); those of equal rating, in the order of the calls. */
void uk_clock_event_register(struct uk_clock_event *event);

/*
 * The timer of this CPU has interrupted: call what is due. Context: interrupt,
 * interrupts off.
 */
void uk_clock_event_fired(void);

/*
 * The machine is one of hypervisor @name, which lives forever: the line of the
 * log that names the timer says so, and names the clock again. For the driver
 * of the hypervisor, if it has found it; the first one counts. Context: boot.
 */
void uk_clock_set_host(const char *name);

/* Something that knows the date. */
struct uk_wallclock {
	const char *name;
	uint32_t rating;

	/*
	 * It tells whole steps of so many nanoseconds, rounded down: 10^9 if
	 * it counts seconds. 0: the time as it is. With steps it is read again
	 * now and then in the beginning, see uk_time_wall().
	 */
	uint64_t step_ns;

	/*
	 * UTC since 1970, and nothing else changes. Returns 0, or a negative
	 * errno: not there, or what it says is no date; the reason is logged.
	 * Context: thread, preemption off.
	 */
	int (*read)(struct uk_wallclock *source, uint64_t *wall_ns);

	/* Private to uktime; zero. */
	struct uk_wallclock *next_;
};

/*
 * The machine has stood still, and the date gone on by @ns more than time did:
 * so does uk_time_wall(), if anybody has asked it before, and then
 * uk_time_wall_moved says that it was set. Context: thread, all CPUs run.
 */
void uk_wallclock_shift(int64_t ns);

/* Something that knows how much time the hypervisor gave to others. */
struct uk_stolen {
	/*
	 * Of the CPU that calls; begin to count if that was not done. Returns
	 * 0, or a negative errno: it is not told. Context: any.
	 */
	int (*read)(struct uk_stolen *source, uint64_t *stolen_ns);

	/* Private to uktime; zero. */
	struct uk_stolen *next_;
};

/* As uk_clock_register(). */
void uk_stolen_register(struct uk_stolen *source);

/* As uk_clock_register(), in any stage. */
void uk_wallclock_register(struct uk_wallclock *source);
