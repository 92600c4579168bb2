/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One uk_timer stands behind each, for the moment of monotonic time at which it
 * expires next; all that its function does is to say so. What has expired is
 * found out by who takes it, who then starts it again (due.c).
 *
 * So the function takes no lock of ours, and whoever holds the lock may wait
 * for it to end: a uk_timer that was stopped for another time never fires late.
 *
 * A timer by wall time is in a list, and counted out and started anew when that
 * clock moves. One by CPU time is started again by its function until that
 * clock has come so far. Refused: that threads look for such timers where they
 * leave a CPU; all would pay for what hardly any program has.
 */
#include <uk/itimer.h>

#include <stddef.h>

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/posix_time.h>
#include <uk/time.h>

/* How late a timer by CPU time may be. */
#define LATE_NS		UK_TIME_NS_PER_MS

/* Timers of CLOCK_REALTIME. */
static struct {
	struct uk_spinlock lock;
	struct uk_list timers;	/* lock */
} walls = {
	.lock = UK_SPINLOCK_INIT,
	.timers = UK_LIST_INIT(walls.timers),
};

static void set_ready(struct uk_itimer *t, bool ready)
{
	__atomic_store_n(&t->ready, ready, __ATOMIC_RELEASE);
}

/* What its clock shows; false: it has stopped. */
static bool now_of(const struct uk_itimer *t, uint64_t *ns)
{
	if (t->cpu)
		return t->cpu->now(t, ns);
	*ns = t->by_wall ? uk_time_wall() : uk_time_now();
	return true;
}

/* Of a clock that has stopped, nothing has come. */
static uint64_t time_of(const struct uk_itimer *t)
{
	uint64_t ns;

	return now_of(t, &ns) ? ns : 0;
}

/* How long to wait, at least, until @left_ns have passed by its clock. */
static uint64_t wait_ns(const struct uk_itimer *t, uint64_t left_ns)
{
	if (!t->cpu || left_ns == 0)
		return left_ns;
	return UK_MAX(left_ns / t->cpu->pace(), LATE_NS);
}

/* By its function, or with the lock held and the timer stopped. */
static void start(struct uk_itimer *t)
{
	const uint64_t at_ns = t->due.at_ns;
	uint64_t now_ns, left_ns;

	if (!now_of(t, &now_ns))
		return;
	left_ns = at_ns > now_ns ? at_ns - now_ns : 0;
	uk_timer_start(&t->timer, uk_time_add(uk_time_now(),
					      wait_ns(t, left_ns)));
}

static void on_timer(struct uk_timer *timer)
{
	struct uk_itimer *const t = UK_CONTAINER_OF(timer, struct uk_itimer,
						    timer);

	if (t->cpu && time_of(t) < t->due.at_ns) {
		start(t);
		return;
	}
	set_ready(t, true);
	t->expired(t);
}

/* The lock is held; the timer has been stopped. */
static void start_if_armed(struct uk_itimer *t)
{
	if (!t->due.armed)
		return;
	uk_timer_init(&t->timer, on_timer);
	start(t);
}

/* The lock is held. Nothing has expired afterwards, and no function runs. */
static void stop(struct uk_itimer *t)
{
	(void)uk_timer_stop_wait(&t->timer);
	set_ready(t, false);
}

/*
 * Wall time was @old_ns a moment ago and is another one now. What had expired
 * by then has; the rest is due at another moment.
 */
static void move(struct uk_itimer *t, uint64_t old_ns, bool was_set)
{
	const unsigned long irq = uk_spin_lock_irqsave(&t->lock);
	const bool cancelled = t->may_cancel && was_set;

	if (t->by_wall || cancelled) {
		stop(t);
		if (t->by_wall)
			t->counted += uk_due_take(&t->due, old_ns);
		t->cancelled |= cancelled;
		set_ready(t, t->counted || t->cancelled);
		start_if_armed(t);
		/* Under the lock: when it is set anew, that is past. */
		if (uk_itimer_is_ready(t))
			t->expired(t);
	}
	uk_spin_unlock_irqrestore(&t->lock, irq);
}

static enum uk_event_result on_wall_moved(void *data)
{
	const struct uk_time_wall_move *const m = data;
	const unsigned long irq = uk_spin_lock_irqsave(&walls.lock);
	const uint64_t old_ns = uk_time_wall() - m->by_ns;
	struct uk_itimer *t;

	uk_list_for_each(t, &walls.timers, node)
		move(t, old_ns, m->was_set);
	uk_spin_unlock_irqrestore(&walls.lock, irq);
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_time_wall_moved, on_wall_moved);

/*
 * What is chosen at the first use of a clock, or timer, is so here: later both
 * are used with interrupts off.
 */
static void prepare(struct uk_itimer *t)
{
	(void)time_of(t);
	uk_timer_init(&t->timer, on_timer);
	uk_timer_start(&t->timer, UK_TIME_NEVER);
	(void)uk_timer_stop_wait(&t->timer);
}

void uk_itimer_init(struct uk_itimer *t, bool is_wall,
		    void (*expired)(struct uk_itimer *t))
{
	unsigned long irq;

	*t = (struct uk_itimer){ .expired = expired, .is_wall = is_wall };
	uk_spin_init(&t->lock);
	(void)uk_time_wall();
	prepare(t);
	if (!is_wall)
		return;
	irq = uk_spin_lock_irqsave(&walls.lock);
	uk_list_push_back(&walls.timers, &t->node);
	uk_spin_unlock_irqrestore(&walls.lock, irq);
}

void uk_itimer_init_cpu(struct uk_itimer *t, const struct uk_itimer_clock *cpu,
			void (*expired)(struct uk_itimer *t))
{
	*t = (struct uk_itimer){ .expired = expired, .cpu = cpu };
	uk_spin_init(&t->lock);
	prepare(t);
}

void uk_itimer_end(struct uk_itimer *t)
{
	unsigned long irq;

	if (t->is_wall) {
		irq = uk_spin_lock_irqsave(&walls.lock);
		uk_list_remove(&t->node);
		uk_spin_unlock_irqrestore(&walls.lock, irq);
	}
	irq = uk_spin_lock_irqsave(&t->lock);
	stop(t);
	t->due.armed = false;
	uk_spin_unlock_irqrestore(&t->lock, irq);
}

/* The lock is held. */
static struct uk_abi_itimerspec spec_of(const struct uk_itimer *t)
{
	return (struct uk_abi_itimerspec){
		.it_interval = uk_timespec_of(t->due.interval_ns),
		.it_value = uk_timespec_of(uk_due_left(&t->due, time_of(t))),
	};
}

void uk_itimer_get(struct uk_itimer *t, struct uk_abi_itimerspec *spec)
{
	const unsigned long irq = uk_spin_lock_irqsave(&t->lock);

	*spec = spec_of(t);
	uk_spin_unlock_irqrestore(&t->lock, irq);
}

/* The lock is held. When, by its clock, it is @value_ns later. */
static uint64_t time_in(const struct uk_itimer *t, uint64_t value_ns)
{
	return uk_time_add(time_of(t), value_ns);
}

int uk_itimer_set(struct uk_itimer *t, unsigned int flags,
		  const struct uk_abi_itimerspec *spec,
		  struct uk_abi_itimerspec *old)
{
	const bool absolute = flags & UK_ITIMER_ABSOLUTE;
	const uint64_t value_ns = uk_timespec_ns(&spec->it_value);
	const unsigned long irq = uk_spin_lock_irqsave(&t->lock);
	int rc = 0;

	if (old)
		*old = spec_of(t);
	stop(t);
	/* A relative time is of the monotonic clock. */
	t->by_wall = t->is_wall && absolute;
	t->may_cancel = t->by_wall && flags & UK_ITIMER_CANCEL;
	t->due.armed = value_ns != 0;
	t->due.at_ns = absolute ? value_ns : time_in(t, value_ns);
	t->due.interval_ns = uk_timespec_ns(&spec->it_interval);
	if (t->cancelled && t->may_cancel && t->due.armed)
		rc = -ECANCELED;
	t->cancelled = false;
	t->counted = 0;
	start_if_armed(t);
	uk_spin_unlock_irqrestore(&t->lock, irq);
	return rc;
}

/* The lock is held. */
static uint64_t take(struct uk_itimer *t)
{
	const uint64_t now_ns = time_of(t);
	uint64_t n = t->counted;

	if (!n && !t->cancelled && !(t->due.armed && now_ns >= t->due.at_ns))
		return 0;
	stop(t);
	n += uk_due_take(&t->due, now_ns);
	t->counted = 0;
	t->cancelled = false;
	start_if_armed(t);
	return n;
}

int uk_itimer_take(struct uk_itimer *t, uint64_t *n)
{
	const unsigned long irq = uk_spin_lock_irqsave(&t->lock);
	const int rc = t->cancelled ? -ECANCELED : 0;

	*n = take(t);
	uk_spin_unlock_irqrestore(&t->lock, irq);
	return rc;
}
