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

/* Take one; 0: there is none. */
static uint64_t take_one(struct eventfd *e)
{
	uint64_t n = __atomic_load_n(&e->count, __ATOMIC_RELAXED);

	do {
		if (n == 0)
			return 0;
	} while (!__atomic_compare_exchange_n(&e->count, &n, n - 1, true,
					      __ATOMIC_ACQ_REL,
					      __ATOMIC_RELAXED));
	return 1;
}

/* Take what a read takes; 0: there is nothing. */
static inline uint64_t take(struct eventfd *e)
{
	/* Acquire, both: with the release of who added to it. */
	return e->semaphore ? take_one(e)
			    : __atomic_exchange_n(&e->count, 0,
						  __ATOMIC_ACQ_REL);
}

/* Add @val; false: there is no room for it now. */
static inline bool add(struct eventfd *e, uint64_t val)
{
	uint64_t n = __atomic_load_n(&e->count, __ATOMIC_RELAXED);

	do {
		if (UK_UNLIKELY(val > MOST - n))
			return false;
	} while (!__atomic_compare_exchange_n(&e->count, &n, n + val, true,
					      __ATOMIC_ACQ_REL,
					      __ATOMIC_RELAXED));
	return true;
}

static bool try_take(struct uk_file *file, void *arg)
{
	const uint64_t val = take(eventfd_of(file));

	*(uint64_t *)arg = val;
	return val;
}

static bool try_add(struct uk_file *file, void *arg)
{
	return add(eventfd_of(file), *(const uint64_t *)arg);
}

static inline ptrdiff_t answer(struct uk_file *file, struct uk_io *io,
			       uint64_t val)
{
	uk_file_wake(file, UK_FILE_OUT);
	return uk_io_put_u64(io, val) ? (ptrdiff_t)sizeof(val) : -EFAULT;
}

/* The rest is apart, as the ways without a wait are to be short. */
static UK_NOINLINE ptrdiff_t read_waiting(struct uk_file *file,
					  struct uk_io *io)
{
	uint64_t val;
	const int rc = uk_file_try(file, UK_FILE_IN, try_take, &val);

	return rc < 0 ? rc : answer(file, io, val);
}

static ptrdiff_t on_read(struct uk_file *file, struct uk_io *io,
			 int64_t pos UK_UNUSED)
{
	uint64_t val;

	if (UK_UNLIKELY(io->left < sizeof(val)))
		return -EINVAL;
	val = take(eventfd_of(file));
	if (UK_UNLIKELY(!val))
		return read_waiting(file, io);
	return answer(file, io, val);
}

static inline ptrdiff_t told(struct uk_file *file)
{
	uk_file_wake(file, UK_FILE_IN);
	return sizeof(uint64_t);
}

static UK_NOINLINE ptrdiff_t write_waiting(struct uk_file *file, uint64_t val)
{
	int rc;

	if (val > MOST)
		return -EINVAL;
	rc = uk_file_try(file, UK_FILE_OUT, try_add, &val);
	return rc < 0 ? rc : told(file);
}

static ptrdiff_t on_write(struct uk_file *file, struct uk_io *io,
			  int64_t pos UK_UNUSED)
{
	uint64_t val;

	if (UK_UNLIKELY(io->left < sizeof(val)))
		return -EINVAL;
	if (UK_UNLIKELY(!uk_io_take_u64(io, &val)))
		return -EFAULT;
	if (UK_UNLIKELY(!add(eventfd_of(file), val)))
		return write_waiting(file, val);
	return told(file);
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
