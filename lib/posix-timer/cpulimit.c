/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * RLIMIT_CPU of setrlimit(2): SIGXCPU when the process has computed for as long
 * as the soft limit says, and again after each second that it goes on; SIGKILL
 * at the hard limit. Where nobody counts CPU time, lib/posix-process keeps the
 * limit, and nothing comes of it.
 */
#include <stdbool.h>
#include <stddef.h>

#include <uk/abi/timer.h>
#include <uk/essentials.h>
#include <uk/event.h>
#include <uk/rlimit.h>
#include <uk/spinlock.h>

#include "timer_priv.h"

enum { SOFT, HARD, NLIMITS };

static struct {
	struct uk_spinlock lock;
	bool made;			/* lock */
	struct sender timer[NLIMITS];	/* setting one: lock */
} limits = { .lock = UK_SPINLOCK_INIT };

static void on_taken(struct uk_abi_siginfo *info UK_UNUSED)
{
	uint64_t n;

	(void)uk_itimer_take(&limits.timer[SOFT].timer, &n);
}

static void make(unsigned int which, int sig)
{
	struct sender *const s = &limits.timer[which];

	s->entry.taken = on_taken;
	s->entry.info = (struct uk_abi_siginfo){
		.signo = sig, .code = UK_ABI_SI_KERNEL,
	};
	sender_init(s, KIND_PROCESS);
}

/* From @sec of CPU time on; no limit is more than there will ever be. */
static void set(unsigned int which, uint64_t sec)
{
	const struct uk_abi_itimerspec spec = {
		/* 0 would switch it off. */
		.it_value = { .tv_sec = (long)UK_MAX(sec, 1u) },
		.it_interval = { .tv_sec = 1 },
	};
	const struct uk_abi_itimerspec none = { .it_value = { 0, 0 } };

	sender_set(&limits.timer[which], true,
		   sec == UK_ABI_RLIM_INFINITY ? &none : &spec, NULL);
}

static enum uk_event_result on_set(void *data)
{
	unsigned long irq;
	int tid;

	if (*(const unsigned int *)data != UK_ABI_RLIMIT_CPU ||
	    timer_clock(UK_ABI_CLOCK_PROCESS_CPUTIME_ID, &tid) < 0)
		return UK_EVENT_NOT_HANDLED;
	irq = uk_spin_lock_irqsave(&limits.lock);
	if (!limits.made) {
		make(SOFT, UK_ABI_SIGXCPU);
		make(HARD, UK_ABI_SIGKILL);
		limits.made = true;
	}
	set(SOFT, uk_rlimit(UK_ABI_RLIMIT_CPU));
	set(HARD, uk_rlimit_max(UK_ABI_RLIMIT_CPU));
	uk_spin_unlock_irqrestore(&limits.lock, irq);
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_rlimit_set, on_set);
