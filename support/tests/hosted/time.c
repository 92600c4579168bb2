/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The host's side of the hosted tests, as far as it is another with steps.c:
 * sees libc and no Kiln header.
 */
#include <sched.h>
#include <stdint.h>
#include <time.h>

uint64_t hosted_ticks(void);
void hosted_yield(void);

uint64_t hosted_ticks(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

void hosted_yield(void)
{
	sched_yield();
}
