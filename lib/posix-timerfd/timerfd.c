/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file that is a timer (<uk/itimer.h>): who reads takes what has expired, and
 * so starts it again.
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
#include <uk/itimer.h>
#include <uk/nofault.h>
#include <uk/posix_time.h>
#include <uk/syscall.h>

_Static_assert(UK_ITIMER_ABSOLUTE == UK_ABI_TFD_TIMER_ABSTIME &&
	       UK_ITIMER_CANCEL == UK_ABI_TFD_TIMER_CANCEL_ON_SET,
	       "flags are passed on");

struct timerfd {
	struct uk_file file;
	struct uk_itimer timer;
};

static struct timerfd *timerfd_of(struct uk_file *file)
{
	return UK_CONTAINER_OF(file, struct timerfd, file);
}

static void on_expired(struct uk_itimer *timer)
{
	uk_file_wake(&UK_CONTAINER_OF(timer, struct timerfd, timer)->file,
		     UK_FILE_IN);
}

static uint32_t on_events(struct uk_file *file)
{
	return uk_itimer_is_ready(&timerfd_of(file)->timer) ? UK_FILE_IN : 0;
}

/* What a read finds. */
struct taken {
	uint64_t n;
	int rc;
};

static bool try_take(struct uk_file *file, void *arg)
{
	struct taken *const taken = arg;

	taken->rc = uk_itimer_take(&timerfd_of(file)->timer, &taken->n);
	return taken->n || taken->rc < 0;
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
	return uk_io_put_u64(io, taken.n) ? (ptrdiff_t)sizeof(taken.n) :
					    -EFAULT;
}

static void on_release(struct uk_file *file)
{
	struct timerfd *const t = timerfd_of(file);

	uk_itimer_end(&t->timer);
	uk_free(uk_alloc_get_default(), t);
}

static const struct uk_file_ops ops = {
	.kind = "timerfd", .read = on_read, .events = on_events,
	.release = on_release,
};

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
	uk_itimer_init(&t->timer, is_wall(clk), on_expired);
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
	/* Armed all the same if it is -ECANCELED. */
	rc = uk_itimer_set(&t->timer, (unsigned int)flags, &spec, &old);
	uk_fd_return(fd, &t->file);
	return rc == 0 && to ? put_spec(to, &old) : rc;
}

UK_SYSCALL_R_DEFINE(int, timerfd_gettime, int, fd,
		    struct uk_abi_itimerspec *, to)
{
	struct uk_abi_itimerspec spec;
	struct timerfd *t;
	const int rc = borrow(fd, &t);

	if (rc < 0)
		return rc;
	uk_itimer_get(&t->timer, &spec);
	uk_fd_return(fd, &t->file);
	return put_spec(to, &spec);
}
