/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What Xen wrote of a CPU's states, as a function of it. It is written before
 * that CPU runs again, and read by that CPU: so what was read is of one piece
 * if the time of the last change is the same after it, and it is once again at
 * most.
 */
#include "timer_priv.h"

#include <uk/xen_abi.h>

uint64_t xen_stolen_ns(const struct uk_xen_runstate *state)
{
	uint64_t since_ns, ns;

	do {
		since_ns = __atomic_load_n(&state->since_ns, __ATOMIC_ACQUIRE);
		ns = __atomic_load_n(&state->ns[UK_XEN_RUNSTATE_RUNNABLE],
				     __ATOMIC_RELAXED) +
		     __atomic_load_n(&state->ns[UK_XEN_RUNSTATE_OFFLINE],
				     __ATOMIC_RELAXED);
		/* What was read is as old as this. */
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
	} while (since_ns !=
		 __atomic_load_n(&state->since_ns, __ATOMIC_RELAXED));
	return ns;
}
