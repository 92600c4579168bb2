/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * timer_create(2) and its like. Timers have numbers that are not used again
 * before all have been: who takes a signal looks its timer up by the number in
 * it, and finds none if that was deleted meanwhile.
 */
#include <limits.h>
#include <stddef.h>

#include <uk/abi/resource.h>
#include <uk/abi/timer.h>
#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/nofault.h>
#include <uk/posix_time.h>
#include <uk/rlimit.h>
#include <uk/spinlock.h>
#include <uk/syscall.h>
#include <uk/task.h>

#include "timer_priv.h"

/* To begin with; from then on there are about as many as there are timers. */
#define NBUCKETS	32u
#define GROW		8u

struct timer {
	struct timer *next;	/* lock */
	int id;
	bool plain;		/* the value that it sends is its number */
	int overrun;		/* lock: of the signal taken last */
	struct sender sender;	/* set under the lock */
};

static struct timer *first_buckets[NBUCKETS];

static struct {
	struct uk_spinlock lock;
	struct timer **bucket;		/* lock */
	uint32_t nbuckets;		/* lock; a power of 2 */
	int next;			/* lock: number to try first */
	uint64_t count;			/* lock */
} timers = {
	.lock = UK_SPINLOCK_INIT, .bucket = first_buckets,
	.nbuckets = NBUCKETS,
};

/* What points to the timer @id, or to NULL. The lock is held. */
static struct timer **find(int id)
{
	struct timer **at = &timers.bucket[(uint32_t)id %
					   timers.nbuckets];

	while (*at && (*at)->id != id)
		at = &(*at)->next;
	return at;
}

/* Put all of them into the @n buckets at @to. The lock is held. */
static void move_all(struct timer **to, uint32_t n)
{
	for (uint32_t i = 0; i < timers.nbuckets; i++) {
		struct timer *t = timers.bucket[i], *next;

		for (; t; t = next) {
			next = t->next;
			t->next = to[(uint32_t)t->id % n];
			to[(uint32_t)t->id % n] = t;
		}
	}
	timers.bucket = to;
	timers.nbuckets = n;
}

/* Have more buckets, if it is time and there is memory for them. */
static void make_room(void)
{
	unsigned long irq = uk_spin_lock_irqsave(&timers.lock);
	const uint32_t n = timers.nbuckets * GROW;
	const bool full = timers.count >= timers.nbuckets &&
			  n > timers.nbuckets;
	struct timer **more, **unused;

	uk_spin_unlock_irqrestore(&timers.lock, irq);
	if (!full)
		return;
	more = uk_calloc(uk_alloc_get_default(), n, sizeof(struct timer *));
	if (!more)
		return;
	unused = more;
	irq = uk_spin_lock_irqsave(&timers.lock);
	if (timers.nbuckets < n) {
		unused = timers.bucket;
		move_all(more, n);
	}
	uk_spin_unlock_irqrestore(&timers.lock, irq);
	if (unused != first_buckets)
		uk_free(uk_alloc_get_default(), unused);
}

/* The lock is held. */
static int overruns(struct timer *t)
{
	uint64_t n;

	/* It cannot be cancelled. */
	if (uk_itimer_take(&t->sender.timer, &n) < 0 || n == 0)
		return 0;
	return n - 1 < INT_MAX ? (int)(n - 1) : INT_MAX;
}

static void on_taken(struct uk_abi_siginfo *info)
{
	const unsigned long irq = uk_spin_lock_irqsave(&timers.lock);
	struct timer *const t = *find(info->timer.id);

	if (t) {
		t->overrun = overruns(t);
		info->timer.overrun = t->overrun;
	}
	uk_spin_unlock_irqrestore(&timers.lock, irq);
}

/*
 * Somebody listens to this signal again: a timer that goes on and could not
 * send meanwhile does now.
 */
static enum uk_event_result on_heard(void *data)
{
	const int sig = *(const int *)data;
	const unsigned long irq = uk_spin_lock_irqsave(&timers.lock);
	struct timer *t;

	for (uint32_t i = 0; i < timers.nbuckets; i++) {
		for (t = timers.bucket[i]; t; t = t->next) {
			struct sender *const s = &t->sender;

			if (s->entry.info.signo == sig && !s->silent &&
			    uk_itimer_is_ready(&s->timer) &&
			    s->timer.due.interval_ns)
				s->timer.expired(&s->timer);
		}
	}
	uk_spin_unlock_irqrestore(&timers.lock, irq);
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_signal_heard, on_heard);

/* Give @t a number. Returns false: there are too many. */
static bool add(struct timer *t)
{
	const uint64_t most = UK_MIN(uk_rlimit(UK_ABI_RLIMIT_SIGPENDING),
				     (uint64_t)INT_MAX);
	const unsigned long irq = uk_spin_lock_irqsave(&timers.lock);
	const bool fits = timers.count < most;

	while (fits && *find(timers.next))
		timers.next = timers.next < INT_MAX ? timers.next + 1 : 0;
	if (fits) {
		t->id = timers.next;
		timers.next = t->id < INT_MAX ? t->id + 1 : 0;
		t->sender.entry.info.timer.id = t->id;
		if (t->plain)
			t->sender.entry.info.timer.value = (uint64_t)t->id;
		*find(t->id) = t;
		timers.count++;
	}
	uk_spin_unlock_irqrestore(&timers.lock, irq);
	return fits;
}

/* Take it out of the table; NULL: there is none. */
static struct timer *take_out(int id)
{
	const unsigned long irq = uk_spin_lock_irqsave(&timers.lock);
	struct timer **const at = find(id);
	struct timer *const t = *at;

	if (t) {
		*at = t->next;
		timers.count--;
	}
	uk_spin_unlock_irqrestore(&timers.lock, irq);
	return t;
}

static void end(struct timer *t)
{
	sender_end(&t->sender);
	uk_free(uk_alloc_get_default(), t);
}

static bool is_event(const struct uk_abi_sigevent *ev)
{
	switch (ev->notify) {
	case UK_ABI_SIGEV_NONE:
		return true;
	case UK_ABI_SIGEV_THREAD_ID:
		if (!uk_task_exists(ev->tid))
			return false;
		break;
	case UK_ABI_SIGEV_SIGNAL:
	case UK_ABI_SIGEV_THREAD:
		break;
	default:
		return false;
	}
	return ev->signo >= 1 && ev->signo <= UK_ABI_NSIG;
}

/* A timer of @kind, by the CPU time of @tid, that does @ev; NULL: no memory. */
static struct timer *make(enum kind kind, int tid,
			  const struct uk_abi_sigevent *ev)
{
	struct timer *const t = uk_zalloc(uk_alloc_get_default(), sizeof(*t));

	if (!t)
		return NULL;
	t->sender.clock_tid = tid;
	t->sender.silent = ev->notify == UK_ABI_SIGEV_NONE;
	if (ev->notify == UK_ABI_SIGEV_THREAD_ID)
		t->sender.tid = ev->tid;
	t->sender.entry.taken = on_taken;
	t->sender.entry.info = (struct uk_abi_siginfo){
		.signo = ev->signo, .code = UK_ABI_SI_TIMER,
		.timer = { .value = ev->value },
	};
	sender_init(&t->sender, kind);
	return t;
}

UK_SYSCALL_R_DEFINE(long, timer_create, int, clk,
		    const struct uk_abi_sigevent *, from, int *, to)
{
	struct uk_abi_sigevent ev = { .signo = UK_ABI_SIGALRM };
	struct timer *t;
	int kind, id, tid = 0;

	if (from && !uk_nofault_try_read(ev, from))
		return -EFAULT;
	kind = timer_clock(clk, &tid);
	if (kind < 0)
		return kind;
	if (!is_event(&ev))
		return -EINVAL;
	t = make((enum kind)kind, tid, &ev);
	if (!t)
		return -EAGAIN;
	t->plain = !from;
	make_room();
	if (!add(t)) {
		end(t);
		return -EAGAIN;
	}
	id = t->id;
	if (uk_nofault_memcpy(to, &id, sizeof(id), 0) != sizeof(id)) {
		/* Who has guessed it may have deleted it. */
		t = take_out(id);
		if (t)
			end(t);
		return -EFAULT;
	}
	return 0;
}

UK_SYSCALL_R_DEFINE(long, timer_delete, int, id)
{
	struct timer *const t = take_out(id);

	if (!t)
		return -EINVAL;
	end(t);
	return 0;
}

static long put(struct uk_abi_itimerspec *to,
		const struct uk_abi_itimerspec *spec)
{
	return uk_nofault_memcpy(to, spec, sizeof(*spec), 0) == sizeof(*spec) ?
	       0 : -EFAULT;
}

UK_SYSCALL_R_DEFINE(long, timer_settime, int, id, int, flags,
		    const struct uk_abi_itimerspec *, from,
		    struct uk_abi_itimerspec *, to)
{
	struct uk_abi_itimerspec spec, old;
	unsigned long irq;
	struct timer *t;

	if (!from)
		return -EINVAL;
	if (!uk_nofault_try_read(spec, from))
		return -EFAULT;
	if (!uk_timespec_is_valid(&spec.it_interval) ||
	    !uk_timespec_is_valid(&spec.it_value))
		return -EINVAL;
	irq = uk_spin_lock_irqsave(&timers.lock);
	t = *find(id);
	if (t) {
		sender_set(&t->sender, flags & UK_ABI_TIMER_ABSTIME, &spec,
			   &old);
		t->overrun = 0;
	}
	uk_spin_unlock_irqrestore(&timers.lock, irq);
	if (!t)
		return -EINVAL;
	return to ? put(to, &old) : 0;
}

UK_SYSCALL_R_DEFINE(long, timer_gettime, int, id,
		    struct uk_abi_itimerspec *, to)
{
	const unsigned long irq = uk_spin_lock_irqsave(&timers.lock);
	struct timer *const t = *find(id);
	struct uk_abi_itimerspec spec;

	if (t)
		uk_itimer_get(&t->sender.timer, &spec);
	uk_spin_unlock_irqrestore(&timers.lock, irq);
	return t ? put(to, &spec) : -EINVAL;
}

UK_SYSCALL_R_DEFINE(long, timer_getoverrun, int, id)
{
	const unsigned long irq = uk_spin_lock_irqsave(&timers.lock);
	struct timer *const t = *find(id);
	const long n = t ? t->overrun : -EINVAL;

	uk_spin_unlock_irqrestore(&timers.lock, irq);
	return n;
}
