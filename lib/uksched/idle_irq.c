/* SPDX-License-Identifier: BSD-3-Clause */
/* Nothing to do, in an image with interrupts: until the next one. */
#include <uk/sched_impl.h>

#include <uk/arch/cpu.h>

void uk_sched_idle(void)
{
	ukarch_idle();
}
