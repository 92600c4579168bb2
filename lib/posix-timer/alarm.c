/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * setitimer(2) and alarm(2): three timers of the process, that are made when
 * they are first set, as are those of RLIMIT_CPU (cpulimit.c). User time is all
 * CPU time: there is no border to the system.
 */
#include <stdbool.h>
#include <stddef.h>

#include <uk/abi/timer.h>
#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/nofault.h>
#include <uk/posix_time.h>
#include <uk/spinlock.h>
#include <uk/syscall.h>

#include "timer_priv.h"

#define NWHICH		3	/* that setitimer(2) knows */
#define NS_PER_US	((long)UK_TIME_NS_PER_US)
#define US_PER_SEC	1000000ul

static const struct {
	int clk, sig;
} kinds[NALARMS] = {
	[UK_ABI_ITIMER_REAL] = {
		UK_ABI_CLOCK_MONOTONIC, UK_ABI_SIGALRM,
	},
	[UK_ABI_ITIMER_VIRTUAL] = {
		UK_ABI_CLOCK_PROCESS_CPUTIME_ID, UK_ABI_SIGVTALRM,
	},
	[UK_ABI_ITIMER_PROF] = {
		UK_ABI_CLOCK_PROCESS_CPUTIME_ID, UK_ABI_SIGPROF,
	},
	[ALARM_SOFT_LIMIT] = {
		UK_ABI_CLOCK_PROCESS_CPUTIME_ID, UK_ABI_SIGXCPU,
	},
	[ALARM_HARD_LIMIT] = {
		UK_ABI_CLOCK_PROCESS_CPUTIME_ID, UK_ABI_SIGKILL,
	},
};

static struct {
	struct uk_spinlock lock;	/* setting one of them */
	struct sender *timer[NALARMS];	/* atomic; from NULL to one, once */
} alarms = { .lock = UK_SPINLOCK_INIT };

static struct sender *get(int which)
{
	return __atomic_load_n(&alarms.timer[which], __ATOMIC_ACQUIRE);
}

static void on_taken(struct uk_abi_siginfo *info)
{
	uint64_t n;

	/* It goes on; how often it has expired nobody is told. */
	for (int i = 0; i < NALARMS; i++) {
		if (kinds[i].sig == info->signo)
			(void)uk_itimer_take(&get(i)->timer, &n);
	}
}

/* Make one; somebody else may have been faster. */
static int make(int which, struct sender **made)
{
	struct sender *none = NULL;
	struct sender *s;
	int tid;
	const int kind = timer_clock(kinds[which].clk, &tid);

	if (kind < 0)
		return kind;
	s = uk_zalloc(uk_alloc_get_default(), sizeof(*s));
	if (!s)
		return -ENOMEM;
	s->entry.taken = on_taken;
	s->entry.info = (struct uk_abi_siginfo){
		.signo = kinds[which].sig, .code = UK_ABI_SI_KERNEL,
	};
	sender_init(s, (enum kind)kind);
	*made = s;
	if (!__atomic_compare_exchange_n(&alarms.timer[which], &none, s, false,
					 __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
		sender_end(s);
		uk_free(uk_alloc_get_default(), s);
		*made = none;
	}
	return 0;
}

int alarm_get(int which, struct sender **s)
{
	*s = get(which);
	return *s ? 0 : make(which, s);
}

static struct uk_abi_timespec from_timeval(const struct uk_abi_timeval *tv)
{
	return (struct uk_abi_timespec){
		.tv_sec = tv->tv_sec, .tv_nsec = tv->tv_usec * NS_PER_US,
	};
}

static struct uk_abi_timeval to_timeval(const struct uk_abi_timespec *ts)
{
	struct uk_abi_timeval tv = {
		.tv_sec = ts->tv_sec, .tv_usec = ts->tv_nsec / NS_PER_US,
	};

	/* 0 would be: it is not set. */
	if (tv.tv_sec == 0 && tv.tv_usec == 0 && ts->tv_nsec)
		tv.tv_usec = 1;
	return tv;
}

static struct uk_abi_itimerval
to_itimerval(const struct uk_abi_itimerspec *spec)
{
	return (struct uk_abi_itimerval){
		.it_interval = to_timeval(&spec->it_interval),
		.it_value = to_timeval(&spec->it_value),
	};
}

static int set(int which, const struct uk_abi_itimerval *val,
	       struct uk_abi_itimerval *old)
{
	const struct uk_abi_itimerspec spec = {
		.it_interval = from_timeval(&val->it_interval),
		.it_value = from_timeval(&val->it_value),
	};
	struct uk_abi_itimerspec was;
	struct sender *s;
	unsigned long irq;
	const int rc = alarm_get(which, &s);

	if (rc < 0)
		return rc;
	irq = uk_spin_lock_irqsave(&alarms.lock);
	sender_set(s, false, &spec, &was);
	uk_spin_unlock_irqrestore(&alarms.lock, irq);
	*old = to_itimerval(&was);
	return 0;
}

static bool is_which(int which)
{
	return which >= 0 && which < NWHICH;
}

static bool is_valid(const struct uk_abi_timeval *tv)
{
	return tv->tv_sec >= 0 && (unsigned long)tv->tv_usec < US_PER_SEC;
}

static int put(struct uk_abi_itimerval *to,
	       const struct uk_abi_itimerval *val)
{
	return uk_nofault_memcpy(to, val, sizeof(*val), 0) == sizeof(*val) ?
	       0 : -EFAULT;
}

/* Without a value it is as with one of 0. */
UK_SYSCALL_R_DEFINE(int, setitimer, int, which,
		    const struct uk_abi_itimerval *, from,
		    struct uk_abi_itimerval *, to)
{
	struct uk_abi_itimerval val = { .it_value = { 0, 0 } }, old;
	int rc;

	if (from && !uk_nofault_try_read(val, from))
		return -EFAULT;
	if (!is_which(which) || !is_valid(&val.it_interval) ||
	    !is_valid(&val.it_value))
		return -EINVAL;
	rc = set(which, &val, &old);
	return rc == 0 && to ? put(to, &old) : rc;
}

UK_SYSCALL_R_DEFINE(int, getitimer, int, which, struct uk_abi_itimerval *, to)
{
	struct uk_abi_itimerspec spec = { .it_value = { 0, 0 } };
	struct uk_abi_itimerval val;
	struct sender *s;

	if (!is_which(which))
		return -EINVAL;
	s = get(which);
	if (s)
		uk_itimer_get(&s->timer, &spec);
	val = to_itimerval(&spec);
	return put(to, &val);
}

/* Not on arm64. Half a second and more is one, and never 0 if it is set. */
UK_SYSCALL_R_DEFINE(long, alarm, unsigned int, sec)
{
	const struct uk_abi_itimerval val = { .it_value = { .tv_sec = sec } };
	struct uk_abi_itimerval old;
	const int rc = set(UK_ABI_ITIMER_REAL, &val, &old);

	if (rc < 0)
		return rc;
	if (old.it_value.tv_usec >= (long)US_PER_SEC / 2 ||
	    (old.it_value.tv_sec == 0 && old.it_value.tv_usec))
		old.it_value.tv_sec++;
	return old.it_value.tv_sec;
}
