/* SPDX-License-Identifier: BSD-3-Clause */
/* All other CPUs stand still: for these cases, and for all that want it. */
#include <uk/lcpu.h>

#include <stdbool.h>

#include <uk/arch/cpu.h>
#include <uk/compiler.h>
#include <uk/crash.h>
#include <uk/errno.h>
#include <uk/percpu.h>
#include <uk/test.h>
#include <uk/time.h>

#define LONG_NS		(20 * UK_TIME_NS_PER_MS)

static enum uk_event_result on_alone(void *data)
{
	static bool held;

	/* Where one CPU runs so far nobody has to be asked for others. */
	if (*(const bool *)data) {
		held = uk_lcpu_nup() > 1;
		if (held && uk_lcpu_hold_others() < 0)
			uk_crash("the other CPUs cannot be held");
	} else if (held) {
		held = false;
		uk_lcpu_let_go(NULL, NULL);
	}
	return UK_EVENT_HANDLED;
}

UK_EVENT_HANDLER(uk_test_alone, on_alone);

#define NEED_TWO()							\
	do {								\
		if (uk_lcpu_start_all() < 2)				\
			UK_TEST_SKIP("this machine has one CPU");	\
	} while (0)

static UK_PERCPU(unsigned int, gone);

static void count_gone(void *arg UK_UNUSED)
{
	uk_this_cpu(gone) += !ukarch_irq_enabled();
}

static void nothing(void *arg UK_UNUSED)
{
}

static void wait_ns(uint64_t ns)
{
	const uint64_t end = uk_time_now() + ns;

	while (uk_time_now() < end)
		ukarch_spin_wait();
}

UK_TEST(cpus, those_that_are_held_do_nothing_until_they_are_let_go)
{
	static struct uk_lcpu_call call = { .fn = nothing };

	NEED_TWO();
	if (!UK_EXPECT_EQ(uk_lcpu_hold_others(), 0))
		return;
	UK_EXPECT(!ukarch_irq_enabled());
	uk_lcpu_post(1, &call);
	wait_ns(LONG_NS);
	UK_EXPECT(!uk_lcpu_call_done(&call));
	uk_lcpu_let_go(NULL, NULL);
	UK_EXPECT(ukarch_irq_enabled());
	uk_lcpu_wait(1);
	UK_EXPECT(uk_lcpu_call_done(&call));
}

UK_TEST(cpus, each_that_is_let_go_calls_a_function_once_before)
{
	NEED_TWO();
	for (unsigned int i = 0; i < uk_lcpu_count(); i++)
		if (uk_lcpu_state(i) == UK_LCPU_UP)
			*uk_percpu_ptr(gone, uk_lcpu_percpu(i)) = 0;
	for (unsigned int n = 1; n <= 20; n++) {
		if (!UK_EXPECT_EQ(uk_lcpu_hold_others(), 0))
			return;
		uk_lcpu_let_go(count_gone, NULL);
		for (unsigned int i = 0; i < uk_lcpu_count(); i++)
			if (uk_lcpu_state(i) == UK_LCPU_UP)
				UK_EXPECT_EQ(*uk_percpu_ptr(
						gone, uk_lcpu_percpu(i)),
					     i == uk_lcpu_idx() ? 0 : n);
	}
}

static void keep_off(void *arg)
{
	while (!__atomic_load_n((bool *)arg, __ATOMIC_ACQUIRE))
		ukarch_spin_wait();
}

UK_TEST(cpus, one_that_keeps_interrupts_off_is_not_waited_for_without_an_end)
{
	static bool over;
	static struct uk_lcpu_call call = { .fn = keep_off, .arg = &over };

	NEED_TWO();
	__atomic_store_n(&over, false, __ATOMIC_RELAXED);
	uk_lcpu_post(1, &call);
	UK_EXPECT_EQ(uk_lcpu_hold_others(), -ETIMEDOUT);
	UK_EXPECT(ukarch_irq_enabled());
	__atomic_store_n(&over, true, __ATOMIC_RELEASE);
	uk_lcpu_wait(1);
	if (UK_EXPECT_EQ(uk_lcpu_hold_others(), 0))
		uk_lcpu_let_go(NULL, NULL);
}

/* Begun at once: that CPU waits for CPU 1 again and again, interrupts off. */
static void wait_for_1(void *arg)
{
	const uint64_t end = uk_time_now() + LONG_NS;

	__atomic_store_n((bool *)arg, true, __ATOMIC_RELEASE);
	while (uk_time_now() < end)
		uk_lcpu_run(1, nothing, NULL);
}

UK_TEST(cpus_held, one_that_stands_makes_the_calls_that_are_waited_for)
{
	static bool begun;
	static struct uk_lcpu_call call = { .fn = wait_for_1, .arg = &begun };

	if (uk_lcpu_start_all() < 3)
		UK_TEST_SKIP("this machine has too few CPUs");
	__atomic_store_n(&begun, false, __ATOMIC_RELAXED);
	uk_lcpu_post(2, &call);
	while (!__atomic_load_n(&begun, __ATOMIC_ACQUIRE))
		ukarch_spin_wait();
	if (UK_EXPECT_EQ(uk_lcpu_hold_others(), 0))
		uk_lcpu_let_go(NULL, NULL);
	uk_lcpu_wait(2);
	UK_EXPECT(uk_lcpu_call_done(&call));
}
