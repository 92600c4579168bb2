/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end of a machine of several CPUs, picked by name (suites/ends.py), which
 * looks at its status and at how the machine went.
 */
#include <uk/alloc.h>
#include <uk/arch/cpu.h>
#include <uk/console.h>
#include <uk/crash.h>
#include <uk/end.h>
#include <uk/init.h>
#include <uk/lcpu.h>
#include <uk/plat/terminate.h>
#include <uk/print.h>
#include <uk/sched.h>
#include <uk/spinlock.h>
#include <uk/test.h>
#include <uk/thread.h>
#include <uk/time.h>
#include <uk/timer.h>

#define STACK	8192
#define ON(cpu)	(UINT64_C(1) << (cpu))
#define MAX	4u

static struct {
	unsigned int ready;	/* atomic, relaxed */
	struct uk_spinlock lock;
	volatile bool forever;
	bool slow;		/* the end takes its time */
} x = { .forever = true };

static void start(uk_thread_fn1_t fn, unsigned long arg, unsigned int cpu)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = uk_thread_create_fn1(
		a, fn, (void *)arg, a, STACK, NULL, 0, NULL, false, "ender",
		NULL, NULL);

	if (!UK_EXPECT_NOT_NULL(t))
		return;
	UK_EXPECT_EQ(uk_thread_set_affinity(t, ON(cpu)), 0);
	UK_EXPECT_EQ(uk_sched_thread_add(uk_sched_current(), t), 0);
}

/* All that take part, at about the same time. */
static void meet(unsigned int n)
{
	(void)__atomic_fetch_add(&x.ready, 1, __ATOMIC_RELAXED);
	while (__atomic_load_n(&x.ready, __ATOMIC_RELAXED) < n)
		ukarch_spin_wait();
}

static void compute(void)
{
	while (x.forever)
		;
}

static void exit_with(void *arg)
{
	meet(2);
	uk_exit((int)(unsigned long)arg);
}

UK_TEST(on_demand, another_cpu_ends_while_the_first_computes)
{
	start(exit_with, 21, 1);
	meet(2);
	compute();
}

UK_TEST(on_demand, another_cpu_ends_while_the_first_holds_a_lock)
{
	start(exit_with, 22, 1);
	uk_spin_lock(&x.lock);
	meet(2);
	compute();
	uk_spin_unlock(&x.lock);
}

UK_TEST(on_demand, another_cpu_ends_while_the_first_is_halted)
{
	start(exit_with, 23, 1);
	meet(2);
	ukarch_halt_forever();
}

/* What must be over before any CPU ends the machine. */
static void undo(int status UK_UNUSED)
{
	const uint64_t end = uk_time_now() + 100 * UK_TIME_NS_PER_MS;

	if (!x.slow)
		return;
	while (uk_time_now() < end)
		ukarch_spin_wait();
	uk_pr_warn("all is undone");
}

UK_INIT(LATE, NULL, undo);

static void exit_together(void *arg)
{
	meet(MAX);
	uk_exit((int)(unsigned long)arg);
}

UK_TEST(on_demand, all_cpus_end_at_once)
{
	for (unsigned int cpu = 1; cpu < MAX; cpu++)
		start(exit_together, 30 + cpu, cpu);
	x.slow = true;
	exit_together((void *)30);
}

/* Each with a status of its own, past uk_exit(). */
static void terminate_together(void *arg)
{
	meet(MAX);
	ukplat_terminate(UK_END_POWEROFF, (int)(unsigned long)arg);
}

UK_TEST(on_demand, all_cpus_terminate_at_once)
{
	for (unsigned int cpu = 1; cpu < MAX; cpu++)
		start(terminate_together, 30 + cpu, cpu);
	terminate_together((void *)30);
}

static void crash_or_end(void *arg)
{
	meet(MAX);
	if ((unsigned long)arg % 2)
		uk_crash("at the same time");
	ukplat_terminate(UK_END_POWEROFF, 34);
}

UK_TEST(on_demand, cpus_crash_while_others_terminate)
{
	for (unsigned long cpu = 1; cpu < MAX; cpu++)
		start(crash_or_end, cpu, (unsigned int)cpu);
	crash_or_end(NULL);
}

/* End the image from here while @fn is at work, on other CPUs or on this. */
static void end_among(void (*fn)(void *), bool apart, int status)
{
	for (unsigned long i = 1; i < MAX; i++)
		start(fn, i, apart ? (unsigned int)i : 0);
	meet(MAX);
	uk_sched_thread_sleep(20 * UK_TIME_NS_PER_MS);
	uk_exit(status);
}

/* Lines without an end, so that somebody is always at the console. */
static void log_forever(void *arg)
{
	meet(MAX);
	for (;;)
		uk_pr_warn("cpu %lu goes on", (unsigned long)arg);
}

UK_TEST(on_demand, the_first_cpu_ends_while_the_others_log)
{
	end_among(log_forever, true, 25);
}

/* Halves of lines, so that somebody is always within one. */
static void write_forever(void *arg)
{
	static const char text[] =
		"a line of a program\nwhich is not the last\n"
		"# half of one, 8901";

	meet(MAX);
	for (size_t len = (unsigned long)arg;; len = len % 60 + 1)
		uk_console_out(text, len);
}

UK_TEST(on_demand, the_first_cpu_ends_while_the_others_write)
{
	end_among(write_forever, true, 26);
}

UK_TEST(on_demand, a_thread_ends_while_others_of_its_cpu_write)
{
	end_among(write_forever, false, 27);
}

static void terminate_off(struct uk_timer *timer)
{
	(void)timer;
	ukplat_terminate(UK_END_POWEROFF, 24);
}

static void terminate_again(struct uk_timer *timer)
{
	(void)timer;
	ukplat_terminate(UK_END_REBOOT, 0);
}

static void end_by(uk_timer_fn fn)
{
	static struct uk_timer timer;

	uk_timer_init(&timer, fn);
	uk_timer_start(&timer, uk_time_now() + 5 * UK_TIME_NS_PER_MS);
	compute();
}

UK_TEST(on_demand, an_interrupt_switches_the_machine_off)
{
	end_by(terminate_off);
}

UK_TEST(on_demand, an_interrupt_restarts_the_machine)
{
	end_by(terminate_again);
}
