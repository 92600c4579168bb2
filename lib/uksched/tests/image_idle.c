/* SPDX-License-Identifier: BSD-3-Clause */
/* Work that CPUs do while they have nothing to run. */
#include <uk/idle.h>

#include <uk/arch/cpu.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/sched.h>
#include <uk/test.h>
#include <uk/time.h>

#define PIECES	100

static int pieces;	/* that are left; atomic: any CPU may be idle */
static unsigned int with_irqs_off;

static enum uk_event_result do_piece(void *data UK_UNUSED)
{
	if (__atomic_load_n(&pieces, __ATOMIC_RELAXED) <= 0)
		return UK_EVENT_NOT_HANDLED;
	__atomic_fetch_sub(&pieces, 1, __ATOMIC_RELAXED);
	if (UK_IS_ENABLED(CONFIG_HAVE_IRQ) && !ukarch_irq_enabled())
		__atomic_fetch_add(&with_irqs_off, 1, __ATOMIC_RELAXED);
	return UK_EVENT_HANDLED;
}

UK_EVENT_HANDLER(uk_idle, do_piece);

UK_TEST(sched_idle, idle_cpus_work_until_nothing_is_left)
{
	__atomic_store_n(&pieces, PIECES, __ATOMIC_RELAXED);
	/* A CPU that sleeps already need not look before it is woken. */
	for (unsigned int i = 0; i < 100; i++) {
		uk_sched_thread_sleep(UK_TIME_NS_PER_MS);
		if (__atomic_load_n(&pieces, __ATOMIC_RELAXED) <= 0)
			break;
	}
	UK_EXPECT_LE(__atomic_load_n(&pieces, __ATOMIC_RELAXED), 0);
	UK_EXPECT_EQ(with_irqs_off, 0);
}
