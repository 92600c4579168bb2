/* SPDX-License-Identifier: BSD-3-Clause */
/* The host asks while an init entry is blocked. */
#include "probe.h"

#include <stddef.h>

#include <uk/plat/terminate.h>
#include <uk/print.h>
#include <uk/sched.h>
#include <uk/time.h>

static void ask(void *arg)
{
	enum uk_end end = UK_END_POWEROFF;

	(void)arg;
	(void)uk_event_raise(ukplat_end_asked, &end);
}

void probe_ask_meanwhile(void)
{
	if (!uk_sched_thread_create(uk_sched_current(), ask, NULL, "host"))
		uk_pr_err("nobody asks: no memory");
	probe_let_others();
}

void probe_let_others(void)
{
	uk_sched_thread_sleep(10 * UK_TIME_NS_PER_MS);
}
