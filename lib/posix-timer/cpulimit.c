/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * RLIMIT_CPU of setrlimit(2): SIGXCPU when the process has computed for as long
 * as the soft limit says, and again after each second that it goes on; SIGKILL
 * at the hard limit. Where nobody counts CPU time, lib/posix-process keeps the
 * limit, and nothing comes of it.
 */
#include <stddef.h>

#include <uk/abi/timer.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/event.h>
#include <uk/print.h>
#include <uk/rlimit.h>
#include <uk/spinlock.h>

#include "timer_priv.h"

/* What is set is what was read last. */
static struct uk_spinlock lock = UK_SPINLOCK_INIT;

/* From @sec of CPU time on; or not at all. */
static void set(struct sender *s, uint64_t sec)
{
	const struct uk_abi_itimerspec spec = {
		/* 0 would switch it off. */
		.it_value = { .tv_sec = (long)UK_MAX(sec, 1u) },
		.it_interval = { .tv_sec = 1 },
	};
	const struct uk_abi_itimerspec none = { .it_value = { 0, 0 } };

	sender_set(s, true, sec == UK_ABI_RLIM_INFINITY ? &none : &spec, NULL);
}

static enum uk_event_result on_set(void *data)
{
	struct sender *soft, *hard;
	unsigned long irq;
	int rc;

	if (*(const unsigned int *)data != UK_ABI_RLIMIT_CPU)
		return UK_EVENT_NOT_HANDLED;
	rc = alarm_get(ALARM_SOFT_LIMIT, &soft);
	if (rc == 0)
		rc = alarm_get(ALARM_HARD_LIMIT, &hard);
	if (rc == -ENOMEM)
		uk_pr_err("no memory for RLIMIT_CPU: it is not kept to");
	if (rc < 0)
		return UK_EVENT_NOT_HANDLED;
	irq = uk_spin_lock_irqsave(&lock);
	set(soft, uk_rlimit(UK_ABI_RLIMIT_CPU));
	set(hard, uk_rlimit_max(UK_ABI_RLIMIT_CPU));
	uk_spin_unlock_irqrestore(&lock, irq);
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_rlimit_set, on_set);
