/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Each CPU's timers, and the interrupt that is due with the first of them.
 *
 * The interrupt is set when a timer starts that is due before what it is set
 * to, and after it has come. It is left alone when a timer stops: one
 * interrupt too many costs less than setting it, which is an exit to the
 * hypervisor, and most timers are time-outs that are stopped.
 *
 * An interrupt that never comes would be waited for for ever, as it is due
 * before all others. So who goes idle twice on account of the same one, and
 * now and then who starts a timer, looks whether it is long past, and sets it
 * again.
 */
#include <uk/timer.h>

#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/config.h>
#include <uk/essentials.h>
#include <uk/percpu.h>
#include <uk/preempt.h>
#include <uk/print.h>
#include <uk/time.h>

#include "time_priv.h"

/* Of its CPU only, and with interrupts off, but for the queue itself. */
struct cpu_timers {
	struct uk_timer_queue queue;
	uint64_t set_ns;	/* when the CPU is interrupted; 0: not set */
	uint64_t slept_ns;	/* set_ns when it went idle last */
	bool ready;		/* its timer may be set */
	bool told;		/* that an interrupt was lost */
	uint8_t nstarts;	/* of timers, modulo LOOK_EVERY */
};

/* Later than that it is lost; hosts that are busy are late as well. */
#define LOST_NS		(100 * UK_TIME_NS_PER_MS)

/* So many timers are started between two looks. */
#define LOOK_EVERY	64

static UK_PERCPU(struct cpu_timers, timers);

static struct {
	struct uk_clock_event *events;	/* by rating; written at boot */
	const char *host;	/* the hypervisor; or NULL; written at boot */

	/* Release by who holds @busy, acquire. NULL: none yet, or none. */
	struct uk_clock_event *chosen;
	bool done;		/* it has been looked for; as @chosen */
	bool busy;		/* a lock, preemption off: acquire, release */
} st;

void uk_clock_event_register(struct uk_clock_event *event)
{
	struct uk_clock_event **link = &st.events;

	while (*link && (*link)->rating >= event->rating)
		link = &(*link)->next_;
	event->next_ = *link;
	*link = event;
}

void uk_clock_set_host(const char *name)
{
	if (!st.host)
		st.host = name;
}

static void tell(const struct uk_clock_event *e)
{
	if (st.host)
		uk_pr_info("on %s, clock %s, timer %s", st.host,
			   time_main.shown->clock->name, e->name);
	else
		uk_pr_info("timer %s", e->name);
}

static struct uk_clock_event *first_there(void)
{
	for (struct uk_clock_event *e = st.events; e; e = e->next_)
		if (e->start(e) == 0) {
			UK_ASSERT(e->min_ns > 0 && e->min_ns <= e->max_ns);
			tell(e);
			return e;
		}
	uk_pr_warn("there is no timer interrupt: timers wait until idle");
	return NULL;
}

/* The timer that interrupts, or NULL. */
UK_COLD UK_NOINLINE
static struct uk_clock_event *choose(void)
{
	UK_ASSERT(!uk_in_irq());

	/* It may be measured against the clock. */
	(void)uk_time_now();

	uk_preempt_disable();
	while (__atomic_exchange_n(&st.busy, true, __ATOMIC_ACQUIRE))
		ukarch_spin_wait();
	if (!st.done) {
		__atomic_store_n(&st.chosen, first_there(), __ATOMIC_RELEASE);
		__atomic_store_n(&st.done, true, __ATOMIC_RELEASE);
	}
	__atomic_store_n(&st.busy, false, __ATOMIC_RELEASE);
	uk_preempt_enable();
	return st.chosen;
}

static struct uk_clock_event *event(void)
{
	if (UK_UNLIKELY(!__atomic_load_n(&st.done, __ATOMIC_ACQUIRE)))
		return choose();
	return __atomic_load_n(&st.chosen, __ATOMIC_ACQUIRE);
}

/* Have this CPU interrupted at @deadline_ns, if it is not before. */
static void set(struct cpu_timers *cpu, uint64_t deadline_ns)
{
	struct uk_clock_event *const e = event();
	uint64_t now_ns, ns;

	if (!e || (cpu->set_ns != 0 && cpu->set_ns <= deadline_ns))
		return;
	if (!cpu->ready) {
		cpu->ready = true;
		if (e->cpu_start)
			e->cpu_start(e);
	}
	now_ns = uk_time_now();
	ns = deadline_ns > now_ns ? deadline_ns - now_ns : 0;
	ns = UK_MAX(ns, e->min_ns);
	ns = UK_MIN(ns, e->max_ns);
	cpu->set_ns = now_ns + ns;
	e->set(e, ns);
}

/* Interrupts off. */
UK_COLD UK_NOINLINE
static void look_for_lost(struct cpu_timers *cpu)
{
	uint64_t deadline_ns;

	if (cpu->set_ns == 0 || uk_time_now() < cpu->set_ns + LOST_NS)
		return;
	if (!cpu->told)
		uk_pr_warn("an interrupt of timer %s is lost: set again",
			   st.chosen->name);
	cpu->told = true;
	cpu->set_ns = 0;
	deadline_ns = time_queue_next(&cpu->queue);
	if (deadline_ns != UK_TIME_NEVER)
		set(cpu, deadline_ns);
}

void uk_timer_start(struct uk_timer *timer, uint64_t deadline_ns)
{
	struct cpu_timers *cpu;
	unsigned long irq;

	(void)event();
	irq = ukarch_irq_save();
	cpu = uk_this_cpu_ptr(timers);
	if (time_queue_add(&cpu->queue, timer, deadline_ns) &&
	    deadline_ns != UK_TIME_NEVER)
		set(cpu, deadline_ns);
	if (UK_UNLIKELY(++cpu->nstarts % LOOK_EVERY == 0))
		look_for_lost(cpu);
	ukarch_irq_restore(irq);
}

enum uk_timer_state uk_timer_stop(struct uk_timer *timer)
{
	struct uk_timer_queue *const q = timer->queue_;
	enum uk_timer_state state;
	unsigned long irq;

	if (!q)
		return UK_TIMER_IDLE;
	irq = ukarch_irq_save();
	state = time_queue_stop(q, timer);
	ukarch_irq_restore(irq);
	return state;
}

bool uk_timer_stop_wait(struct uk_timer *timer)
{
	enum uk_timer_state state;

	while ((state = uk_timer_stop(timer)) == UK_TIMER_RUNNING)
		ukarch_spin_wait();
	return state == UK_TIMER_STOPPED;
}

uint64_t uk_timer_next(void)
{
	return time_queue_next(&uk_this_cpu_ptr(timers)->queue);
}

void uk_clock_event_fired(void)
{
	struct cpu_timers *const cpu = uk_this_cpu_ptr(timers);
	uint64_t deadline_ns;

	cpu->set_ns = 0;
	time_queue_run(&cpu->queue, uk_time_now());
	deadline_ns = time_queue_next(&cpu->queue);
	if (deadline_ns != UK_TIME_NEVER)
		set(cpu, deadline_ns);
}

void uk_time_idle(void)
{
	struct cpu_timers *const cpu = uk_this_cpu_ptr(timers);
	struct uk_timer_queue *const q = &cpu->queue;

	if (!UK_IS_ENABLED(CONFIG_HAVE_IRQ)) {
		time_queue_run(q, uk_time_now());
		ukarch_spin_wait();
	} else if (time_queue_next(q) != UK_TIME_NEVER && !event()) {
		time_queue_run(q, uk_time_now());
		ukarch_irq_enable();
		ukarch_spin_wait();
	} else {
		if (UK_UNLIKELY(cpu->slept_ns == cpu->set_ns))
			look_for_lost(cpu);
		cpu->slept_ns = cpu->set_ns;
		ukarch_idle();
	}
}
