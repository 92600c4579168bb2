/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The two ends. The mutex is held while bytes move, as the program's memory
 * may come at a page fault; who waits has let go of it. Whether an end is open
 * is a flag that its release clears for good, so after it has woken the other
 * end nobody waits for what cannot come.
 */
#include "pipe_priv.h"

#include <uk/abi/fcntl.h>
#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/file.h>
#include <uk/file_wait.h>
#include <uk/io.h>
#include <uk/mutex.h>
#include <uk/nofault.h>

/* A write of so many bytes at most is not mixed with others. */
#define PIPE_BUF	4096u

/* ioctl(2): how many bytes could be read, to an int. */
#define FIONREAD	0x541bu

/* signal(7). */
#define SIGPIPE		13

struct pipe {
	struct uk_file rd, wr;
	struct uk_mutex lock;
	struct ring ring;	/* lock */
	bool rd_open, wr_open;	/* atomic; from true to false */
	uint32_t nends;		/* not released; atomic */
};

static struct pipe *pipe_of(struct uk_file *file)
{
	return file->readable ? UK_CONTAINER_OF(file, struct pipe, rd)
			      : UK_CONTAINER_OF(file, struct pipe, wr);
}

static bool is_open(const bool *end)
{
	return __atomic_load_n(end, __ATOMIC_ACQUIRE);
}

static uint32_t rd_events(struct uk_file *file)
{
	struct pipe *const p = UK_CONTAINER_OF(file, struct pipe, rd);
	/* First: bytes of who has left count. */
	const uint32_t hup = is_open(&p->wr_open) ? 0 : UK_FILE_HUP;

	return hup | (ring_used(&p->ring) ? UK_FILE_IN : 0);
}

static uint32_t wr_events(struct uk_file *file)
{
	struct pipe *const p = UK_CONTAINER_OF(file, struct pipe, wr);

	return (is_open(&p->rd_open) ? 0 : UK_FILE_ERR) |
	       (ring_room(&p->ring) >= PIPE_BUF ? UK_FILE_OUT : 0);
}

static UK_ALWAYS_INLINE ptrdiff_t take(struct pipe *p, struct uk_io *io)
{
	ptrdiff_t n;

	uk_mutex_lock(&p->lock);
	n = ring_out(&p->ring, io);
	uk_mutex_unlock(&p->lock);
	if (UK_LIKELY(n > 0))
		uk_file_wake(&p->wr, UK_FILE_OUT);
	return n;
}

/* There are no bytes, and no writer: nobody waits for that. */
static bool at_end(const struct pipe *p)
{
	/* First: bytes of who has left count. */
	return !is_open(&p->wr_open) && !ring_used(&p->ring);
}

/* As rd_events(): bytes, or no writer. */
static inline bool may_read(struct uk_file *file, uint32_t mask UK_UNUSED)
{
	const struct pipe *const p = UK_CONTAINER_OF(file, struct pipe, rd);

	return ring_used(&p->ring) || !is_open(&p->wr_open);
}

/* There were none, or others have taken them. */
static UK_NOINLINE ptrdiff_t read_again(struct pipe *p, struct uk_io *io)
{
	ptrdiff_t n = 0;

	while (n == 0 && io->left && !at_end(p)) {
		n = uk_file_wait_turn(&p->rd, UK_FILE_IN);
		if (n == 0)
			n = take(p, io);
	}
	return n;
}

static ptrdiff_t rd_read(struct uk_file *file, struct uk_io *io,
			 int64_t pos UK_UNUSED)
{
	struct pipe *const p = UK_CONTAINER_OF(file, struct pipe, rd);
	ptrdiff_t n;

	if (!ring_used(&p->ring) && UK_LIKELY(io->left)) {
		n = uk_file_wait_for(&p->rd, UK_FILE_IN, may_read);
		if (UK_UNLIKELY(n < 0))
			return n;
	}
	n = take(p, io);
	return UK_LIKELY(n) ? n : read_again(p, io);
}

/* The caller writes where nobody can read any more. */
static void tell_broken(void)
{
	struct uk_file_signal broken = { .sig = SIGPIPE, .to_caller = true };

	(void)uk_event_raise(uk_file_signal, &broken);
}

/* Put in what fits, if at least @least bytes do, and tell of it. */
static ptrdiff_t put(struct pipe *p, struct uk_io *io, size_t least)
{
	ptrdiff_t n = -EPIPE;

	uk_mutex_lock(&p->lock);
	if (is_open(&p->rd_open))
		n = ring_in_pieces(&p->ring, io, least);
	uk_mutex_unlock(&p->lock);
	if (UK_LIKELY(n > 0))
		uk_file_wake(&p->rd, UK_FILE_IN);
	else if (n == -EPIPE)
		tell_broken();
	return n;
}

/* May a write of *@arg bytes at least be tried? */
static bool may_put(struct uk_file *file, void *arg)
{
	struct pipe *const p = pipe_of(file);

	return !is_open(&p->rd_open) ||
	       ring_room(&p->ring) >= *(const size_t *)arg;
}

/* Any write: it waits, and is in as many pieces as it has to be. */
static UK_NOINLINE ptrdiff_t write_any(struct pipe *p, struct uk_io *io)
{
	size_t least = io->left <= PIPE_BUF ? io->left : 1;
	ptrdiff_t done = 0;

	while (io->left) {
		ptrdiff_t n = put(p, io, least);

		if (n > 0) {
			done += n;
			least = 1;
			continue;
		}
		if (n == 0)
			n = uk_file_try(&p->wr, UK_FILE_OUT, may_put, &least);
		if (n < 0)
			return done ? done : n;
	}
	return done;
}

static ptrdiff_t wr_write(struct uk_file *file, struct uk_io *io,
			  int64_t pos UK_UNUSED)
{
	struct pipe *const p = UK_CONTAINER_OF(file, struct pipe, wr);
	const size_t len = io->left;
	bool done;

	if (UK_UNLIKELY(len == 0))
		return 0;
	uk_mutex_lock(&p->lock);
	done = is_open(&p->rd_open) && ring_in_whole(&p->ring, io, len);
	uk_mutex_unlock(&p->lock);
	if (UK_UNLIKELY(!done))
		return write_any(p, io);
	uk_file_wake(&p->rd, UK_FILE_IN);
	return (ptrdiff_t)len;
}

static long pipe_ioctl(struct uk_file *file, unsigned long cmd, long arg)
{
	const int n = (int)ring_used(&pipe_of(file)->ring);

	if (cmd != FIONREAD)
		return -ENOTTY;
	return uk_nofault_memcpy((void *)arg, &n, sizeof(n), 0) == sizeof(n) ?
	       0 : -EFAULT;
}

static long pipe_fcntl(struct uk_file *file, int cmd, unsigned long arg)
{
	struct pipe *const p = pipe_of(file);
	long rc;

	switch (cmd) {
	case UK_ABI_F_GETPIPE_SZ:
		return (long)__atomic_load_n(&p->ring.limit, __ATOMIC_RELAXED);
	case UK_ABI_F_SETPIPE_SZ:
		uk_mutex_lock(&p->lock);
		/* It is an int there: more than that is negative. */
		rc = arg > UINT32_MAX / 2 ? -EINVAL
					  : ring_set_limit(&p->ring, arg);
		uk_mutex_unlock(&p->lock);
		uk_file_wake(&p->wr, UK_FILE_OUT);
		return rc;
	default:
		return -EINVAL;
	}
}

static void leave(struct pipe *p, bool *end, struct uk_file *other)
{
	__atomic_store_n(end, false, __ATOMIC_RELEASE);
	/* Before this end counts as gone: the other one is there until then. */
	uk_file_wake(other, UK_FILE_IN | UK_FILE_OUT | UK_FILE_HUP |
			    UK_FILE_ERR);
	if (__atomic_sub_fetch(&p->nends, 1, __ATOMIC_ACQ_REL))
		return;
	ring_end(&p->ring);
	uk_free(uk_alloc_get_default(), p);
}

static void rd_release(struct uk_file *file)
{
	struct pipe *const p = pipe_of(file);

	leave(p, &p->rd_open, &p->wr);
}

static void wr_release(struct uk_file *file)
{
	struct pipe *const p = pipe_of(file);

	leave(p, &p->wr_open, &p->rd);
}

int pipe_make(struct uk_file *ends[2], uint32_t flags)
{
	static const struct uk_file_ops rd_ops = {
		.kind = "pipe", .read = rd_read, .ioctl = pipe_ioctl,
		.fcntl = pipe_fcntl, .events = rd_events,
		.release = rd_release,
	};
	static const struct uk_file_ops wr_ops = {
		.kind = "pipe", .write = wr_write, .ioctl = pipe_ioctl,
		.fcntl = pipe_fcntl, .events = wr_events,
		.release = wr_release,
	};
	struct pipe *const p = uk_malloc(uk_alloc_get_default(), sizeof(*p));

	if (!p)
		return -ENOMEM;
	uk_file_init(&p->rd, &rd_ops, true, false);
	uk_file_init(&p->wr, &wr_ops, false, true);
	p->rd.flags = p->wr.flags = flags;
	uk_mutex_init(&p->lock);
	ring_init(&p->ring, uk_alloc_get_default());
	p->rd_open = p->wr_open = true;
	p->nends = 2;
	ends[0] = &p->rd;
	ends[1] = &p->wr;
	return 0;
}
