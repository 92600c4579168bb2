/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * CPU time, as the scheduler counts it: in ticks of the CPU's counter. How fast
 * that runs is told on some machines; on others it is measured against
 * monotonic time when it is first needed, and kept, so that no later and better
 * figure has a clock go back. The measurement takes 2 ms, and its error is that
 * of two readings in 2 ms.
 *
 * What the process had may be a moment less than before, when it is asked for
 * while another CPU switches (uk_thread_stats_all()): the most that was seen is
 * kept and told.
 */
#include <uk/posix_time.h>

#include <stdbool.h>

#include <uk/arch/cpu.h>
#include <uk/clock_scale.h>
#include <uk/errno.h>
#include <uk/thread.h>
#include <uk/time.h>

#include "posix_time_priv.h"

#define MEASURE_NS	(2 * UK_TIME_NS_PER_MS)
/* Of two readings, the best pair of so many. */
#define TRIES		8u
/* Time that has not moved by then stands still. */
#define STILL_TICKS	(UINT64_C(1) << 32)

static struct {
	uint64_t hz;		/* atomic, relaxed; 0: not known yet */
	uint64_t process_ns;	/* the most that was told; likewise */
} cpu;

struct moment {
	uint64_t ticks;
	uint64_t ns;
};

/* Both clocks at one moment, as nearly as can be. */
static struct moment look(void)
{
	struct moment best = { .ticks = 0 };
	uint64_t narrow = UINT64_MAX;

	for (unsigned int i = 0; i < TRIES; i++) {
		const uint64_t before = ukarch_ticks();
		const uint64_t ns = uk_time_now();
		const uint64_t width = ukarch_ticks() - before;

		if (width < narrow) {
			narrow = width;
			best.ticks = before + width / 2;
			best.ns = ns;
		}
	}
	return best;
}

/* 0: it is no steady rate. */
static uint64_t measure(void)
{
	const struct moment a = look();
	struct moment b;

	do {
		ukarch_spin_wait();
		b = look();
		if (b.ticks - a.ticks > STILL_TICKS)
			return 0;
	} while (b.ns - a.ns < MEASURE_NS);
	return (uint64_t)((unsigned __int128)(b.ticks - a.ticks) *
			  UK_TIME_NS_PER_SEC / (b.ns - a.ns));
}

static uint64_t rate(void)
{
	uint64_t hz = __atomic_load_n(&cpu.hz, __ATOMIC_RELAXED);
	uint64_t none = 0;

	if (UK_LIKELY(hz))
		return hz;
	hz = ukarch_ticks_hz();
	if (!hz)
		hz = measure();
	/* Who comes second takes what the first one found. */
	if (hz && !__atomic_compare_exchange_n(&cpu.hz, &none, hz, false,
					       __ATOMIC_RELAXED,
					       __ATOMIC_RELAXED))
		hz = none;
	return hz;
}

static int to_ns(const struct uk_thread_stats *stats, uint64_t *ns)
{
	struct uk_clock_scale scale;
	const uint64_t hz = rate();

	if (hz < UK_CLOCK_MIN_HZ || hz > UK_CLOCK_MAX_HZ)
		return -EINVAL;
	uk_clock_scale_set(&scale, hz);
	*ns = uk_clock_to_ns(&scale, stats->run_ticks);
	return 0;
}

int uk_posix_clock_of(const struct uk_thread *t, uint64_t *ns)
{
	struct uk_thread_stats stats;

	if (uk_thread_stats_get(t, &stats) < 0)
		return -EINVAL;
	return to_ns(&stats, ns);
}

int ptime_thread(uint64_t *ns)
{
	return uk_posix_clock_of(uk_thread_current(), ns);
}

int ptime_process(uint64_t *ns)
{
	struct uk_thread_stats stats;
	uint64_t most = __atomic_load_n(&cpu.process_ns, __ATOMIC_RELAXED);
	int rc;

	if (uk_thread_stats_all(&stats) < 0)
		return -EINVAL;
	rc = to_ns(&stats, ns);
	if (rc < 0)
		return rc;
	while (*ns > most)
		if (__atomic_compare_exchange_n(&cpu.process_ns, &most, *ns,
						true, __ATOMIC_RELAXED,
						__ATOMIC_RELAXED))
			return 0;
	*ns = most;
	return 0;
}

/* User and system time are one: there is no border between them. */
int ptime_cpu_clock(int clk, uint64_t *ns)
{
	const bool is_thread = clk & UK_ABI_CPUCLOCK_THREAD;

	if (UK_ABI_CPUCLOCK_WHICH(clk) > UK_ABI_CPUCLOCK_SCHED)
		return -EINVAL;
	/* Before a lock is held: the rate may have to be measured. */
	if (rate() == 0)
		return -EINVAL;
	if (UK_ABI_CPUCLOCK_ID(clk) != 0)
		return ptime_by_number(UK_ABI_CPUCLOCK_ID(clk), is_thread, ns);
	return is_thread ? ptime_thread(ns) : ptime_process(ns);
}
