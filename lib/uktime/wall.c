/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The wall clock is the monotonic one and an offset, which is found when it is
 * first asked for. Sources are asked by rating until one knows the date.
 */
#include <uk/time.h>

#include <stdbool.h>
#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/clock.h>
#include <uk/preempt.h>
#include <uk/print.h>

static struct {
	struct uk_wallclock *sources;	/* by rating; written at boot */
	uint64_t offset_ns;	/* modulo 2^64; before @known, and relaxed */
	bool known;		/* release, acquire */
	bool busy;		/* a lock, preemption off: acquire, release */
} st;

void uk_wallclock_register(struct uk_wallclock *source)
{
	struct uk_wallclock **link = &st.sources;

	while (*link && (*link)->rating >= source->rating)
		link = &(*link)->next_;
	source->next_ = *link;
	*link = source;
}

static uint64_t ask_sources(void)
{
	uint64_t wall_ns;

	for (struct uk_wallclock *s = st.sources; s; s = s->next_)
		if (s->read(s, &wall_ns) == 0) {
			uk_pr_info("the date is that of %s", s->name);
			return wall_ns;
		}
	uk_pr_warn("nothing knows the date: it is 1970");
	return 0;
}

void uk_time_wall_set(uint64_t wall_ns)
{
	__atomic_store_n(&st.offset_ns, wall_ns - uk_time_now(),
			 __ATOMIC_RELAXED);
	__atomic_store_n(&st.known, true, __ATOMIC_RELEASE);
}

UK_COLD UK_NOINLINE
static void find_out(void)
{
	uk_preempt_disable();
	while (__atomic_exchange_n(&st.busy, true, __ATOMIC_ACQUIRE))
		ukarch_spin_wait();
	if (!__atomic_load_n(&st.known, __ATOMIC_RELAXED))
		uk_time_wall_set(ask_sources());
	__atomic_store_n(&st.busy, false, __ATOMIC_RELEASE);
	uk_preempt_enable();
}

uint64_t uk_time_wall(void)
{
	if (!__atomic_load_n(&st.known, __ATOMIC_ACQUIRE))
		find_out();
	return uk_time_now() + __atomic_load_n(&st.offset_ns, __ATOMIC_RELAXED);
}
