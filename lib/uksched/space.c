/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The other half of a switch between address spaces, which are above: nothing
 * here knows what they are.
 */
#include <uk/sched_impl.h>

/* Written before any thread has an address space. */
static void (*enter_space)(struct uk_vas *vas);

void uk_sched_set_spaces(void (*enter)(struct uk_vas *vas))
{
	enter_space = enter;
}

void uk_sched_enter_space_(struct uk_vas *vas)
{
	enter_space(vas);
}
