/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Cases that want the machine for themselves. This library knows of no other
 * CPUs; whoever does holds them when the event is raised, and where nobody
 * does there are none.
 */
#include <stdbool.h>

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/test.h>

#include "uktest_priv.h"

UK_EVENT(uk_test_alone);

/* Of the one case that runs. */
static struct {
	bool is;
	unsigned long irq;
} alone;

void uk_test_alone_begin(void)
{
	bool begin = true;

	UK_ASSERT(!alone.is);

	(void)uk_event_raise(uk_test_alone, &begin);
	alone.irq = ukarch_irq_save();
	alone.is = true;
}

void uk_test_alone_end(void)
{
	bool begin = false;

	UK_ASSERT(alone.is);

	alone.is = false;
	ukarch_irq_restore(alone.irq);
	(void)uk_event_raise(uk_test_alone, &begin);
}

void uktest_alone_over(void)
{
	if (alone.is)
		uk_test_alone_end();
}
