/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Every CPU of the machine at work. They start in the first case that needs
 * them; on a machine with one CPU the cases that need two are skipped.
 */
#include <uk/lcpu.h>

#include <uk/alloc.h>
#include <uk/arch/cpu.h>
#include <uk/arch/lcpu.h>
#include <uk/compiler.h>
#include <uk/crash.h>
#include <uk/errno.h>
#include <uk/percpu.h>
#include <uk/print.h>
#include <uk/test.h>
#include <uk/time.h>
#include <uk/timer.h>

static UK_PERCPU(unsigned int, runs);
static UK_PERCPU(uint64_t, id_seen);
static UK_PERCPU(bool, irqs_were_off);
static unsigned int raised;

static enum uk_event_result on_up(void *data)
{
	(void)data;
	__atomic_fetch_add(&raised, 1, __ATOMIC_RELAXED);
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_lcpu_up, on_up);

#define NEED_TWO()							\
	do {								\
		if (uk_lcpu_start_all() < 2)				\
			UK_TEST_SKIP("this machine has one CPU");	\
	} while (0)

UK_TEST(cpus, the_boot_cpu_is_index_0_and_up)
{
	UK_EXPECT_GE(uk_lcpu_count(), 1);
	UK_EXPECT_EQ(uk_lcpu_idx(), 0);
	UK_EXPECT_EQ(uk_lcpu_state(0), UK_LCPU_UP);
	UK_EXPECT_EQ(uk_lcpu_id(0), ukarch_hwid());
	UK_EXPECT_EQ(uk_lcpu_percpu(0), 0);
	UK_EXPECT_EQ(uk_lcpu_start(0), -EALREADY);
	UK_EXPECT_EQ(uk_lcpu_start(uk_lcpu_count()), -EINVAL);
}

UK_TEST(cpus, all_cpus_of_the_machine_come_up)
{
	UK_EXPECT_EQ(uk_lcpu_start_all(), uk_lcpu_count());
	UK_EXPECT_EQ(uk_lcpu_nup(), uk_lcpu_count());
	for (unsigned int i = 1; i < uk_lcpu_count(); i++)
		uk_lcpu_wait(i);
	UK_EXPECT_EQ(__atomic_load_n(&raised, __ATOMIC_RELAXED),
		     uk_lcpu_count() - 1);
}

static void count_run(void *arg UK_UNUSED)
{
	uk_this_cpu(runs)++;
	uk_this_cpu(id_seen) = ukarch_hwid();
	uk_this_cpu(irqs_were_off) = !ukarch_irq_enabled();
}

static void expect_one_run(unsigned int idx)
{
	const unsigned long irq = ukarch_irq_save();

	*uk_percpu_ptr(runs, uk_lcpu_percpu(idx)) = 0;
	ukarch_irq_enable();
	uk_lcpu_run(idx, count_run, NULL);
	UK_EXPECT(ukarch_irq_enabled());
	ukarch_irq_restore(irq);
	UK_EXPECT_EQ(*uk_percpu_ptr(runs, uk_lcpu_percpu(idx)), 1);
	UK_EXPECT_EQ(*uk_percpu_ptr(id_seen, uk_lcpu_percpu(idx)),
		     uk_lcpu_id(idx));
	UK_EXPECT(*uk_percpu_ptr(irqs_were_off, uk_lcpu_percpu(idx)));
}

UK_TEST(cpus, every_index_runs_once_on_the_cpu_with_its_id)
{
	unsigned int nup = uk_lcpu_start_all();

	for (unsigned int i = 0; i < uk_lcpu_count(); i++) {
		UK_EXPECT_EQ(uk_lcpu_find(uk_lcpu_id(i)), (int)i);
		if (uk_lcpu_state(i) != UK_LCPU_UP)
			continue;
		expect_one_run(i);
		nup--;
	}
	UK_EXPECT_EQ(nup, 0);
}

static void add_one(void *arg)
{
	__atomic_fetch_add((unsigned int *)arg, 1, __ATOMIC_RELAXED);
}

UK_TEST(cpus, a_call_to_all_others_returns_when_all_have_made_it)
{
	unsigned int made = 0;

	NEED_TWO();
	for (unsigned int i = 1; i <= 100; i++) {
		uk_lcpu_run_others(add_one, &made);
		if (!UK_EXPECT_EQ(made, i * (uk_lcpu_nup() - 1)))
			break;
	}
}

struct order {
	unsigned int next;
	bool wrong;
};

struct posted {
	struct uk_lcpu_call call;
	struct order *order;
	unsigned int number;
};

static void check_order(void *arg)
{
	struct posted *const p = arg;

	if (p->order->next++ != p->number)
		p->order->wrong = true;
}

UK_TEST(cpus, calls_that_are_posted_are_made_in_order)
{
	static struct posted posted[64];
	struct order order = { .next = 0 };

	NEED_TWO();
	for (unsigned int i = 0; i < 64; i++) {
		posted[i] = (struct posted){
			.call = { .fn = check_order, .arg = &posted[i] },
			.order = &order,
			.number = i,
		};
		uk_lcpu_post(1, &posted[i].call);
	}
	uk_lcpu_wait(1);
	UK_EXPECT_EQ(order.next, 64);
	UK_EXPECT(!order.wrong);
	UK_EXPECT(uk_lcpu_call_done(&posted[63].call));
}

/* On CPU 1: call CPU 0, which is waiting for this with interrupts off. */
static void call_back(void *arg)
{
	uk_lcpu_run(0, add_one, arg);
}

UK_TEST(cpus, two_cpus_that_call_each_other_both_get_their_answer)
{
	unsigned int made = 0;
	unsigned long irq;

	NEED_TWO();
	irq = ukarch_irq_save();
	for (unsigned int i = 0; i < 100; i++)
		uk_lcpu_run(1, call_back, &made);
	ukarch_irq_restore(irq);
	UK_EXPECT_EQ(made, 100);
}

/* The latest time any CPU has seen, and whether it went back. */
static struct {
	uint64_t latest;
	unsigned int back;
} clock_seen;

static void look_at_clock(void *arg UK_UNUSED)
{
	for (unsigned int i = 0; i < 1000; i++) {
		const uint64_t before = __atomic_load_n(&clock_seen.latest,
							__ATOMIC_SEQ_CST);
		const uint64_t now = uk_time_now();
		uint64_t latest = before;

		if (now < before)
			__atomic_fetch_add(&clock_seen.back, 1,
					   __ATOMIC_RELAXED);
		while (latest < now &&
		       !__atomic_compare_exchange_n(&clock_seen.latest,
						    &latest, now, false,
						    __ATOMIC_SEQ_CST,
						    __ATOMIC_SEQ_CST))
			;
	}
}

UK_TEST(cpus, time_never_goes_back_from_one_cpu_to_another)
{
	struct uk_lcpu_call call[UK_LCPU_MAX > 8 ? 8 : UK_LCPU_MAX];
	unsigned int n;

	NEED_TWO();
	n = uk_lcpu_nup() < 8 ? uk_lcpu_nup() : 8;
	clock_seen.latest = 0;
	for (unsigned int i = 1; i < n; i++) {
		call[i] = (struct uk_lcpu_call){ .fn = look_at_clock };
		uk_lcpu_post(i, &call[i]);
	}
	look_at_clock(NULL);
	for (unsigned int i = 1; i < n; i++)
		uk_lcpu_wait(i);
	UK_EXPECT_EQ(clock_seen.back, 0);
}

static struct {
	struct uk_timer timer;
	unsigned int idx;	/* where it ran */
	uint32_t ran;
} cpu_timer;

static void note_cpu(struct uk_timer *timer UK_UNUSED)
{
	cpu_timer.idx = uk_lcpu_idx();
	__atomic_store_n(&cpu_timer.ran, 1, __ATOMIC_RELEASE);
}

static void start_timer(void *arg UK_UNUSED)
{
	uk_timer_start(&cpu_timer.timer, uk_time_now() + UK_TIME_NS_PER_MS);
}

/* With interrupts on, on this CPU too. */
static bool timer_ran(void)
{
	const uint64_t end_ns = uk_time_now() + UK_TIME_NS_PER_SEC;
	const unsigned long irq = ukarch_irq_save();

	ukarch_irq_enable();
	while (!__atomic_load_n(&cpu_timer.ran, __ATOMIC_ACQUIRE) &&
	       uk_time_now() < end_ns)
		ukarch_spin_wait();
	ukarch_irq_restore(irq);
	return cpu_timer.ran;
}

UK_TEST(cpus, every_cpu_has_a_timer_that_interrupts_it)
{
	NEED_TWO();
	/* From CPU 0 first: what interrupts is chosen there. */
	for (unsigned int i = 0; i < uk_lcpu_count(); i++) {
		if (uk_lcpu_state(i) != UK_LCPU_UP)
			continue;
		uk_timer_init(&cpu_timer.timer, note_cpu);
		cpu_timer.ran = 0;
		uk_lcpu_run(i, start_timer, NULL);
		if (!UK_EXPECT(timer_ran()))
			return;
		UK_EXPECT_EQ(cpu_timer.idx, i);
	}
}

UK_TEST(cpus, one_that_failed_is_left_out_and_not_started_again)
{
	unsigned int nfailed = 0;

	(void)uk_lcpu_start_all();
	for (unsigned int i = 0; i < uk_lcpu_count(); i++) {
		if (uk_lcpu_state(i) != UK_LCPU_FAILED)
			continue;
		nfailed++;
		UK_EXPECT_EQ(uk_lcpu_start(i), -ENODEV);
		UK_EXPECT_EQ(uk_lcpu_state(i), UK_LCPU_FAILED);
		UK_EXPECT_EQ(uk_lcpu_find(uk_lcpu_id(i)), (int)i);
	}
	UK_EXPECT_EQ(uk_lcpu_nup(), uk_lcpu_count() - nfailed);
}

/* All memory in large pieces, each of which begins with the one before. */
static void **take_memory(struct uk_alloc *a)
{
	void **last = NULL;

	while (uk_alloc_maxalloc(a) >= 4096) {
		void **const next = uk_malloc(a, (size_t)uk_alloc_maxalloc(a));

		if (!UK_EXPECT_NOT_NULL(next))
			break;
		*next = last;
		last = next;
	}
	return last;
}

UK_TEST(on_demand, a_cpu_that_there_is_no_memory_for_stays_off)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	void **taken;

	if (!UK_EXPECT_GE(uk_lcpu_count(), 2) ||
	    !UK_EXPECT_EQ(uk_lcpu_state(1), UK_LCPU_OFF))
		return;
	taken = take_memory(a);
	UK_EXPECT_EQ(uk_lcpu_start(1), -ENOMEM);
	UK_EXPECT_EQ(uk_lcpu_state(1), UK_LCPU_OFF);
	UK_EXPECT_EQ(uk_lcpu_nup(), 1);

	while (taken) {
		void **const next = *taken;

		uk_free(a, taken);
		taken = next;
	}
	UK_EXPECT_EQ(uk_lcpu_start(1), 0);
	UK_EXPECT_EQ(uk_lcpu_state(1), UK_LCPU_UP);
}

/* For who knows what the machine was told. */
UK_TEST(on_demand, hardware_ids_are_told)
{
	for (unsigned int i = 0; i < uk_lcpu_count(); i++)
		uk_pr_info("CPU %u has hardware id %#lx", i,
			   (unsigned long)uk_lcpu_id(i));
	UK_EXPECT_GE(uk_lcpu_count(), 1);
}

/* For the crash screen; a crash of another CPU is not recovered from. */
static void crash(void *arg UK_UNUSED)
{
	uk_crash("on purpose, by CPU %u", uk_lcpu_idx());
}

static void keep_irqs_off(void *arg)
{
	__atomic_store_n((bool *)arg, true, __ATOMIC_RELAXED);
	for (;;)
		ukarch_spin_wait();
}

UK_TEST(on_demand, cpu_1_crashes_while_cpu_2_keeps_interrupts_off)
{
	static bool off;
	static struct uk_lcpu_call call[2] = {
		{ .fn = keep_irqs_off, .arg = &off },
		{ .fn = crash },
	};

	NEED_TWO();
	uk_lcpu_post(2, &call[0]);
	while (!__atomic_load_n(&off, __ATOMIC_RELAXED))
		ukarch_spin_wait();
	uk_lcpu_post(1, &call[1]);
	ukarch_irq_enable();
	for (;;)
		ukarch_spin_wait();
}

UK_TEST(on_demand, all_other_cpus_crash_at_once)
{
	NEED_TWO();
	uk_lcpu_run_others(crash, NULL);
}
