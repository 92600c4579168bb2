/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads on one stack, and a clock that goes as far as it has to. */
#include "calls.h"

#include <uk/call.h>
#include <uk/clock.h>
#include <uk/crash.h>
#include <uk/sched_impl.h>
#include <uk/signal.h>
#include <uk/task.h>
#include <uk/time.h>
#include <uk/timer.h>

#include "../../../../lib/posix-process/process_priv.h"
#include "../../../../lib/uksched/sched_priv.h"
#include "../fuzz.h"

/* Timers that run without waking who waits; signals that do not either. */
#define MOST_TIMERS	20u
#define MOST_ASKED	8u

long calls_host_try(unsigned int level, long (*fn)(void *arg), void *arg);
UK_NORETURN void calls_host_leave(unsigned int level, long result);
extern void (*hosted_on_exit)(int status);

struct runner runners[NTHREADS];
unsigned int running;
bool (*run_next)(void);

static void go_to(unsigned int i)
{
	running = i;
	ukarch_current_set(&runners[i].thread.cur);
}

/* The next one, until there is no input or @me has been woken. */
static void run_others(struct runner *me)
{
	const unsigned int mine = running;
	bool more = mine + 1 < NTHREADS;

	while (more && !uk_thread_is_runnable(&me->thread)) {
		go_to(mine + 1);
		more = run_next();
		FUZZ_EXPECT(running == mine + 1);
		go_to(mine);
	}
}

/* Mostly for nothing; what goes on waiting then is ended with its call. */
static void ask(struct runner *me)
{
	const struct uk_task *const task = me->thread.cur.task;

	/* A wait that nothing ends. */
	FUZZ_EXPECT(me->nasked++ < MOST_ASKED);
	if (me->nasked > MOST_ASKED / 2)
		FUZZ_EXPECT(uk_signal_thread(task->tid, UK_ABI_SIGKILL,
					     NULL) == 0);
	uk_call_ask(&me->thread.cur, UK_CALL_SIGNAL);
	uk_thread_wake(&me->thread);
}

static void yield(struct uk_sched *s UK_UNUSED)
{
	struct runner *const me = &runners[running];
	unsigned int ntimers = 0;

	run_others(me);
	while (!uk_thread_is_runnable(&me->thread)) {
		const uint64_t next = uk_timer_next();

		if (next != UK_TIME_NEVER && ntimers++ < MOST_TIMERS) {
			if (time_ns < next)
				time_ns = next;
			time_run_timers();
			continue;
		}
		ask(me);
	}
}

static void wake(struct uk_sched *s UK_UNUSED, struct uk_thread *t UK_UNUSED)
{
}

static int set_prio(struct uk_sched *s UK_UNUSED, struct uk_thread *t,
		    unsigned int prio)
{
	t->base_prio_ = (uint8_t)prio;
	t->prio = uk_sched_prio(t);
	return 0;
}

static bool lend_prio(struct uk_sched *s UK_UNUSED, struct uk_thread *t,
		      unsigned int prio)
{
	t->lent_prio_ = (uint8_t)prio;
	t->prio = uk_sched_prio(t);
	return false;
}

static const struct uk_sched_ops ops = {
	.name = "calls", .yield = yield, .wake = wake,
	.set_prio = set_prio, .lend_prio = lend_prio,
};

static struct uk_sched sched = { .ops = &ops };

/* Nobody is preempted: there are no interrupts to mark one. */
void uk_preempt_switch(void)
{
	uk_crash("preempted");
}

/* Calls under way: a thread has two while a handler makes one. */
static unsigned int ncalls;

/* The program ends: here the call does. */
static void on_exit(int status)
{
	runners[running].thread.cur.calls = 0;
	calls_host_leave(ncalls - 1, -1000 - status);
}

long run_call(long (*fn)(void *arg), void *arg)
{
	struct runner *const me = &runners[running];
	const unsigned int mine = ncalls++;
	long rc;

	me->nasked = 0;
	rc = calls_host_try(mine, fn, arg);
	ncalls = mine;
	FUZZ_EXPECT(uk_thread_is_runnable(&me->thread));
	FUZZ_EXPECT(me->thread.cur.calls == 0);
	return rc;
}

void threads_init(void)
{
	sched.a = heap();
	hosted_on_exit = on_exit;
	for (unsigned int i = 0; i < NTHREADS; i++) {
		struct uk_thread *const t = &runners[i].thread;

		*t = (struct uk_thread){
			.cur = { .is_thread = 1, .name = "calls" },
			.flags = UK_THREADF_RUNNABLE | UK_THREADF_QUEUEABLE,
			.prio = UK_THREAD_PRIO_DEFAULT,
			.base_prio_ = UK_THREAD_PRIO_DEFAULT,
			.cpus_ = UK_THREAD_CPU_ANY,
			.sched = &sched,
		};
		/* The first one's creator is none, and it is "main". */
		FUZZ_EXPECT(sched_hooks_init(t) == 0);
		if (i > 0)
			task_join_program(t->cur.task);
		sched_register(t);
		go_to(i);
	}
	go_to(0);
}

uint64_t time_ns;

static int clock_start(struct uk_clock *clock UK_UNUSED)
{
	return 0;
}

static uint64_t clock_read(const struct uk_clock *clock UK_UNUSED)
{
	return time_ns += 10;
}

void time_init_fake(void)
{
	static struct uk_clock clock = {
		.name = "fake", .rating = UK_CLOCK_BEST, .bits = 64,
		.synchronous = true, .hz = 1000000000,
		.start = clock_start, .read = clock_read,
	};

	uk_clock_register(&clock);
	(void)uk_time_now();
	(void)uk_time_wall();
}

void time_run_timers(void)
{
	uk_time_idle();
}
