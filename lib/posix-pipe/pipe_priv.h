/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/essentials.h>
#include <uk/io.h>

struct uk_alloc;
struct uk_file;

/*
 * ring.c: bytes in order. The owner serialises the calls; the counters may be
 * read by anybody, see ring_used().
 */
#define PIPE_LEAST	4096u		/* a ring's length, and PIPE_BUF */
#define PIPE_USUAL	65536u
#define PIPE_MOST	(1u << 20)

struct ring {
	struct uk_alloc *a;
	uint8_t *buf;		/* NULL: nothing was ever in it */
	uint32_t len;		/* of @buf: a power of two, or 0 */
	uint32_t limit;		/* that it may grow to; likewise; atomic */
	uint32_t head;		/* bytes that ever came; atomic, wraps */
	uint32_t tail;		/* bytes that ever went */
};

void ring_init(struct ring *r, struct uk_alloc *a);
void ring_end(struct ring *r);

/* Bytes in it. Context: any; without the owner's lock a moment's value. */
static inline uint32_t ring_used(const struct ring *r)
{
	const uint32_t tail = __atomic_load_n(&r->tail, __ATOMIC_ACQUIRE);

	return __atomic_load_n(&r->head, __ATOMIC_ACQUIRE) - tail;
}

/* How many more it takes when it has grown as far as it may; likewise. */
static inline uint32_t ring_room(const struct ring *r)
{
	const uint32_t used = ring_used(r);
	const uint32_t limit = __atomic_load_n(&r->limit, __ATOMIC_RELAXED);

	return used < limit ? limit - used : 0;
}

/*
 * Move bytes from @io in, as many as there is room for and none if that is less
 * than @least; or @want, which are there, out to @io. Return how many, or
 *   -EFAULT  the program's memory cannot be accessed, and none was moved
 *   -ENOMEM  there is no memory for a ring, and none was moved (in only)
 */
UK_MUST_USE
ptrdiff_t ring_in_pieces(struct ring *r, struct uk_io *io, size_t least);
UK_MUST_USE
ptrdiff_t ring_out_pieces(struct ring *r, struct uk_io *io, size_t want);

/*
 * The same in fewer instructions for what it mostly is: the @len bytes that are
 * left in @io all go in, in one piece, and nothing has to grow; it is not used
 * any more. False: that is not so, and nothing was moved.
 */
UK_MUST_USE static inline bool ring_in_whole(struct ring *r, struct uk_io *io,
					     size_t len)
{
	const size_t off = r->head & (r->len - 1);
	const uint32_t most = UK_MIN(r->len, r->limit);

	if (UK_UNLIKELY(len + (r->head - r->tail) > most) ||
	    UK_UNLIKELY(len > r->len - off) ||
	    UK_UNLIKELY(len > io->in_piece) ||
	    UK_UNLIKELY(!uk_nofault_get(r->buf + off, io->ptr, len)))
		return false;
	__atomic_store_n(&r->head, r->head + (uint32_t)len, __ATOMIC_RELEASE);
	return true;
}

/* Out to @io, as ring_out_pieces(), as many as there are and go there. */
UK_MUST_USE static inline ptrdiff_t ring_out(struct ring *r, struct uk_io *io)
{
	const size_t want = UK_MIN(io->left, (size_t)(r->head - r->tail));
	const size_t off = r->tail & (r->len - 1);
	/* There may be no buffer yet, and then nothing is copied. */
	const void *const from = (void *)((uintptr_t)r->buf + off);

	if (UK_UNLIKELY(want > r->len - off) ||
	    UK_UNLIKELY(want > io->in_piece) ||
	    UK_UNLIKELY(!uk_nofault_put(io->ptr, from, want)))
		return ring_out_pieces(r, io, want);
	__atomic_store_n(&r->tail, r->tail + (uint32_t)want, __ATOMIC_RELEASE);
	return (ptrdiff_t)want;
}

/*
 * Have @r grow up to @len, rounded up to a power of two. Returns what that is,
 * or
 *   -EINVAL  it would be more than PIPE_MOST
 *   -EBUSY   more is in it
 */
UK_MUST_USE long ring_set_limit(struct ring *r, unsigned long len);

/*
 * pipe.c: make a pipe, whose ends are @ends[0] to read and [1] to write, each
 * with one reference, with the file flags @flags. Returns 0 or -ENOMEM.
 */
UK_MUST_USE int pipe_make(struct uk_file *ends[2], uint32_t flags);
