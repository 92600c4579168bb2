/* SPDX-License-Identifier: BSD-3-Clause */
/* Nothing to do, and nothing that could change that. */
#include <uk/sched_impl.h>

#include <uk/crash.h>

void uk_sched_idle(void)
{
	uk_crash("deadlock: every thread waits, and in an image without "
		 "interrupts nobody can wake one");
}
