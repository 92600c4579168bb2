/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file that is a timer. One uk_timer stands behind it, for the moment of
 * monotonic time at which it expires next; all that its function does is to say
 * that the file is ready and to wake. What has expired is found out by who
 * reads, who then starts it again (due.c): a timer that nobody reads interrupts
 * once.
 *
 * So the function takes no lock of ours, and whoever holds the lock may wait
 * for it to end: a uk_timer that was stopped for another time never fires late.
 *
 * A timer by wall time is in a list, and counted out and started anew when that
 * clock moves.
 */
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/fcntl.h>
#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/fdtab.h>
#include <uk/file.h>
#include <uk/io.h>
#include <uk/list.h>
#include <uk/nofault.h>
#include <uk/posix_time.h>
#include <uk/spinlock.h>
#include <uk/syscall.h>
#include <uk/time.h>
#include <uk/timer.h>

#include "timerfd_priv.h"

struct timerfd {
	struct uk_file file;
	bool is_wall;		/* CLOCK_REALTIME; constant */
	struct uk_list node;	/* the list's lock, if is_wall */

	struct uk_spinlock lock;	/* inside the list's */
	struct uk_timer timer;	/* lock, but for its function */
	struct due due;		/* lock */
	bool by_wall;		/* lock: @due is of wall time */
	bool may_cancel;	/* lock: TFD_TIMER_CANCEL_ON_SET */
	bool cancelled;		/* lock: the clock was set, nobody knows */
	uint64_t counted;	/* lock: taken when the clock was moved */

	/*
	 * A read would not wait. Set by the timer's function or under the
	 * lock, cleared under it while the timer is stopped. Atomic.
	 */
	bool ready;
};

/* Timers of CLOCK_REALTIME. */
static struct {
	struct uk_spinlock lock;
	struct uk_list timers;	/* lock */
} walls = {
	.lock = UK_SPINLOCK_INIT,
	.timers = UK_LIST_INIT(walls.timers),
};

static struct timerfd *timerfd_of(struct uk_file *file)
{
	return UK_CONTAINER_OF(file, struct timerfd, file);
}

static void set_ready(struct timerfd *t, bool ready)
{
	__atomic_store_n(&t->ready, ready, __ATOMIC_RELEASE);
}

static void on_timer(struct uk_timer *timer)
{
	struct timerfd *const t = UK_CONTAINER_OF(timer, struct timerfd,
						  timer);

	set_ready(t, true);
	uk_file_wake(&t->file, UK_FILE_IN);
}

static uint64_t now_of(const struct timerfd *t)
{
	return t->by_wall ? uk_time_wall() : uk_time_now();
}

/* The lock is held; the timer has been stopped. */
static void start(struct timerfd *t)
{
	const uint64_t now_ns = now_of(t), at_ns = t->due.at_ns;
	const uint64_t left_ns = at_ns > now_ns ? at_ns - now_ns : 0;

	if (!t->due.armed)
		return;
	uk_timer_init(&t->timer, on_timer);
	uk_timer_start(&t->timer, uk_time_add(uk_time_now(), left_ns));
}

/* The lock is held. Nothing has expired afterwards, and no function runs. */
static void stop(struct timerfd *t)
{
	(void)uk_timer_stop_wait(&t->timer);
	set_ready(t, false);
}

/*
 * Wall time was @old_ns a moment ago and is another one now. What had expired
 * by then has; the rest is due at another moment.
 */
static void move(struct timerfd *t, uint64_t old_ns, bool was_set)
{
	const unsigned long irq = uk_spin_lock_irqsave(&t->lock);
	const bool cancelled = t->may_cancel && was_set;

	if (t->by_wall || cancelled) {
		stop(t);
		if (t->by_wall)
			t->counted += due_take(&t->due, old_ns);
		t->cancelled |= cancelled;
		set_ready(t, t->counted || t->cancelled);
		start(t);
	}
	uk_spin_unlock_irqrestore(&t->lock, irq);
	if (__atomic_load_n(&t->ready, __ATOMIC_RELAXED))
		uk_file_wake(&t->file, UK_FILE_IN);
}

static enum uk_event_result on_moved(void *data)
{
	const struct uk_time_wall_move *const m = data;
	const unsigned long irq = uk_spin_lock_irqsave(&walls.lock);
	const uint64_t old_ns = uk_time_wall() - m->by_ns;
	struct timerfd *t;

	uk_list_for_each(t, &walls.timers, node)
		move(t, old_ns, m->was_set);
	uk_spin_unlock_irqrestore(&walls.lock, irq);
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_time_wall_moved, on_moved);

static uint32_t on_events(struct uk_file *file)
{
	return __atomic_load_n(&timerfd_of(file)->ready, __ATOMIC_ACQUIRE) ?
	       UK_FILE_IN : 0;
}

/* What a read finds. */
struct taken {
	uint64_t n;
	int rc;
};

/* The lock is held. */
static struct taken take(struct timerfd *t)
{
	struct taken taken = { .n = t->counted };

	taken.n += due_take(&t->due, now_of(t));
	if (t->cancelled)
		taken.rc = -ECANCELED;
	if (taken.n == 0 && !t->cancelled)
		return taken;
	t->counted = 0;
	t->cancelled = false;
	stop(t);
	start(t);
	return taken;
}

static bool try_take(struct uk_file *file, void *arg)
{
	struct timerfd *const t = timerfd_of(file);
	const unsigned long irq = uk_spin_lock_irqsave(&t->lock);
	const struct taken taken = take(t);

	uk_spin_unlock_irqrestore(&t->lock, irq);
	*(struct taken *)arg = taken;
	return taken.n || taken.rc < 0;
}

static ptrdiff_t on_read(struct uk_file *file, struct uk_io *io,
			 int64_t pos UK_UNUSED)
{
	struct taken taken;
	int rc;

	if (io->left < sizeof(taken.n))
		return -EINVAL;
	rc = uk_file_try(file, UK_FILE_IN, try_take, &taken);
	if (rc == 0)
		rc = taken.rc;
	if (rc < 0)
		return rc;
	return uk_io_put(io, &taken.n, sizeof(taken.n)) == sizeof(taken.n) ?
	       (ptrdiff_t)sizeof(taken.n) : -EFAULT;
}

static void on_release(struct uk_file *file)
{
	struct timerfd *const t = timerfd_of(file);

	if (t->is_wall) {
		const unsigned long irq = uk_spin_lock_irqsave(&walls.lock);

		uk_list_remove(&t->node);
		uk_spin_unlock_irqrestore(&walls.lock, irq);
	}
	(void)uk_timer_stop_wait(&t->timer);
	uk_free(uk_alloc_get_default(), t);
}

static const struct uk_file_ops ops = {
	.kind = "timerfd", .read = on_read, .events = on_events,
	.release = on_release,
};

/* The lock is held. */
static struct uk_abi_itimerspec spec_of(const struct timerfd *t)
{
	return (struct uk_abi_itimerspec){
		.it_interval = uk_timespec_of(t->due.interval_ns),
		.it_value = uk_timespec_of(due_left(&t->due, now_of(t))),
	};
}

/* Returns 0, or -ECANCELED: the clock was set; it is armed all the same. */
static int set(struct timerfd *t, int flags,
	       const struct uk_abi_itimerspec *spec,
	       struct uk_abi_itimerspec *old)
{
	const bool absolute = flags & UK_ABI_TFD_TIMER_ABSTIME;
	const uint64_t value_ns = uk_timespec_ns(&spec->it_value);
	const unsigned long irq = uk_spin_lock_irqsave(&t->lock);
	int rc = 0;

	*old = spec_of(t);
	stop(t);
	t->by_wall = t->is_wall && absolute;
	t->may_cancel = t->by_wall && flags & UK_ABI_TFD_TIMER_CANCEL_ON_SET;
	t->due.armed = value_ns != 0;
	t->due.at_ns = absolute ? value_ns :
		       uk_time_add(uk_time_now(), value_ns);
	t->due.interval_ns = uk_timespec_ns(&spec->it_interval);
	if (t->cancelled && t->may_cancel && t->due.armed)
		rc = -ECANCELED;
	t->cancelled = false;
	t->counted = 0;
	start(t);
	uk_spin_unlock_irqrestore(&t->lock, irq);
	return rc;
}

/* Borrow the timer at @fd. Returns 0, or -EBADF, -EINVAL: it is no timer. */
static int borrow(int fd, struct timerfd **t)
{
	struct uk_file *const file = uk_fd_borrow(fd);

	if (!file)
		return -EBADF;
	if (file->ops != &ops) {
		uk_fd_return(fd, file);
		return -EINVAL;
	}
	*t = timerfd_of(file);
	return 0;
}

static bool is_wall(int clk)
{
	return clk == UK_ABI_CLOCK_REALTIME ||
	       clk == UK_ABI_CLOCK_REALTIME_ALARM;
}

/* An alarm would wake a machine that sleeps; this one does not. */
static bool is_clock(int clk)
{
	return is_wall(clk) || clk == UK_ABI_CLOCK_MONOTONIC ||
	       clk == UK_ABI_CLOCK_BOOTTIME ||
	       clk == UK_ABI_CLOCK_BOOTTIME_ALARM;
}

/*
 * What is chosen at the first use of a clock, or timer, is so here: later both
 * are used with interrupts off.
 */
static void prepare(struct timerfd *t)
{
	(void)uk_time_wall();
	uk_timer_init(&t->timer, on_timer);
	uk_timer_start(&t->timer, UK_TIME_NEVER);
	(void)uk_timer_stop_wait(&t->timer);
}

static void join_walls(struct timerfd *t)
{
	const unsigned long irq = uk_spin_lock_irqsave(&walls.lock);

	uk_list_push_back(&walls.timers, &t->node);
	uk_spin_unlock_irqrestore(&walls.lock, irq);
}

UK_SYSCALL_R_DEFINE(int, timerfd_create, int, clk, int, flags)
{
	struct timerfd *t;
	int fd;

	if (flags & ~(UK_ABI_TFD_NONBLOCK | UK_ABI_TFD_CLOEXEC) ||
	    !is_clock(clk))
		return -EINVAL;
	t = uk_zalloc(uk_alloc_get_default(), sizeof(*t));
	if (!t)
		return -ENOMEM;
	uk_file_init(&t->file, &ops, true, true);
	t->file.flags = (uint32_t)(flags & UK_ABI_TFD_NONBLOCK);
	t->is_wall = is_wall(clk);
	uk_spin_init(&t->lock);
	prepare(t);
	if (t->is_wall)
		join_walls(t);
	fd = uk_fd_open(&t->file, 0, flags & UK_ABI_TFD_CLOEXEC);
	if (fd < 0)
		uk_file_put(&t->file);
	return fd;
}

static int put_spec(struct uk_abi_itimerspec *to,
		    const struct uk_abi_itimerspec *spec)
{
	return uk_nofault_memcpy(to, spec, sizeof(*spec), 0) == sizeof(*spec) ?
	       0 : -EFAULT;
}

UK_SYSCALL_R_DEFINE(int, timerfd_settime, int, fd, int, flags,
		    const struct uk_abi_itimerspec *, from,
		    struct uk_abi_itimerspec *, to)
{
	struct uk_abi_itimerspec spec, old;
	struct timerfd *t;
	int rc;

	if (!uk_nofault_try_read(spec, from))
		return -EFAULT;
	if (flags & ~(UK_ABI_TFD_TIMER_ABSTIME |
		      UK_ABI_TFD_TIMER_CANCEL_ON_SET) ||
	    !uk_timespec_is_valid(&spec.it_interval) ||
	    !uk_timespec_is_valid(&spec.it_value))
		return -EINVAL;
	rc = borrow(fd, &t);
	if (rc < 0)
		return rc;
	rc = set(t, flags, &spec, &old);
	uk_fd_return(fd, &t->file);
	return rc == 0 && to ? put_spec(to, &old) : rc;
}

UK_SYSCALL_R_DEFINE(int, timerfd_gettime, int, fd,
		    struct uk_abi_itimerspec *, to)
{
	struct uk_abi_itimerspec spec;
	struct timerfd *t;
	unsigned long irq;
	const int rc = borrow(fd, &t);

	if (rc < 0)
		return rc;
	irq = uk_spin_lock_irqsave(&t->lock);
	spec = spec_of(t);
	uk_spin_unlock_irqrestore(&t->lock, irq);
	uk_fd_return(fd, &t->file);
	return put_spec(to, &spec);
}
