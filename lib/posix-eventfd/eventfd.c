/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file that is a number. It is changed without a lock: a reader or writer
 * tries, and if the number does not allow it waits for it to change.
 */
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/fcntl.h>
#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/fdtab.h>
#include <uk/file.h>
#include <uk/io.h>
#include <uk/syscall.h>

/* eventfd(2). */
#define EFD_SEMAPHORE	1
#define EFD_CLOEXEC	UK_ABI_O_CLOEXEC
#define EFD_NONBLOCK	UK_ABI_O_NONBLOCK

/* The number never is more: one above it is an overflow. */
#define MOST		(UINT64_MAX - 1)

struct eventfd {
	struct uk_file file;
	uint64_t count;		/* atomic */
	bool semaphore;
};

static struct eventfd *eventfd_of(struct uk_file *file)
{
	return UK_CONTAINER_OF(file, struct eventfd, file);
}

static uint32_t on_events(struct uk_file *file)
{
	const uint64_t n = __atomic_load_n(&eventfd_of(file)->count,
					   __ATOMIC_RELAXED);

	return (n ? UK_FILE_IN : 0) | (n < MOST ? UK_FILE_OUT : 0);
}

/* Take what a read takes, to *@arg; false: there is nothing. */
static bool take(struct uk_file *file, void *arg)
{
	struct eventfd *const e = eventfd_of(file);
	uint64_t n = __atomic_load_n(&e->count, __ATOMIC_RELAXED);

	do {
		if (n == 0)
			return false;
		/* Acquire: with the release of who added to it. */
	} while (!__atomic_compare_exchange_n(&e->count, &n,
					      e->semaphore ? n - 1 : 0, true,
					      __ATOMIC_ACQ_REL,
					      __ATOMIC_RELAXED));
	*(uint64_t *)arg = e->semaphore ? 1 : n;
	return true;
}

/* Add *@arg; false: there is no room for it now. */
static bool add(struct uk_file *file, void *arg)
{
	struct eventfd *const e = eventfd_of(file);
	const uint64_t val = *(const uint64_t *)arg;
	uint64_t n = __atomic_load_n(&e->count, __ATOMIC_RELAXED);

	do {
		if (val > MOST - n)
			return false;
	} while (!__atomic_compare_exchange_n(&e->count, &n, n + val, true,
					      __ATOMIC_ACQ_REL,
					      __ATOMIC_RELAXED));
	return true;
}

static ptrdiff_t on_read(struct uk_file *file, struct uk_io *io,
			 int64_t pos UK_UNUSED)
{
	uint64_t val = 0;
	int rc;

	if (io->left < sizeof(val))
		return -EINVAL;
	rc = take(file, &val) ? 0 : uk_file_try(file, UK_FILE_IN, take, &val);
	if (rc < 0)
		return rc;
	uk_file_wake(file, UK_FILE_OUT);
	return uk_io_put(io, &val, sizeof(val)) == sizeof(val) ?
	       (ptrdiff_t)sizeof(val) : -EFAULT;
}

static ptrdiff_t on_write(struct uk_file *file, struct uk_io *io,
			  int64_t pos UK_UNUSED)
{
	uint64_t val;
	int rc;

	if (io->left < sizeof(val))
		return -EINVAL;
	if (uk_io_take(io, &val, sizeof(val)) != sizeof(val))
		return -EFAULT;
	if (val == UINT64_MAX)
		return -EINVAL;
	rc = add(file, &val) ? 0 : uk_file_try(file, UK_FILE_OUT, add, &val);
	if (rc < 0)
		return rc;
	uk_file_wake(file, UK_FILE_IN);
	return sizeof(val);
}

static void on_release(struct uk_file *file)
{
	uk_free(uk_alloc_get_default(), eventfd_of(file));
}

static int open_eventfd(unsigned int count, int flags)
{
	static const struct uk_file_ops ops = {
		.kind = "eventfd", .read = on_read, .write = on_write,
		.events = on_events, .release = on_release,
	};
	struct eventfd *e;
	int fd;

	if (flags & ~(EFD_SEMAPHORE | EFD_CLOEXEC | EFD_NONBLOCK))
		return -EINVAL;
	e = uk_malloc(uk_alloc_get_default(), sizeof(*e));
	if (!e)
		return -ENOMEM;
	uk_file_init(&e->file, &ops, true, true);
	e->file.flags = (uint32_t)(flags & EFD_NONBLOCK);
	e->count = count;
	e->semaphore = flags & EFD_SEMAPHORE;
	fd = uk_fd_open(&e->file, 0, flags & EFD_CLOEXEC);
	if (fd < 0)
		uk_file_put(&e->file);
	return fd;
}

UK_SYSCALL_R_DEFINE(int, eventfd, unsigned int, count)
{
	return open_eventfd(count, 0);
}

UK_SYSCALL_R_DEFINE(int, eventfd2, unsigned int, count, int, flags)
{
	return open_eventfd(count, flags);
}
