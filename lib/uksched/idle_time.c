/* SPDX-License-Identifier: BSD-3-Clause */
/* Nothing to do, in an image that knows time: until the next timer. */
#include <uk/sched_impl.h>

#include <uk/time.h>

void uk_sched_idle(void)
{
	uk_time_idle();
}
