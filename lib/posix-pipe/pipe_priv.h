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

/* Behind the two that follow: what is not in one piece. */
ptrdiff_t ring_in_pieces(struct ring *r, struct uk_io *io, size_t least);
ptrdiff_t ring_out_pieces(struct ring *r, struct uk_io *io, size_t want);

/*
 * Move bytes from @io in, as many as there is room for and none if that is less
 * than @least; or out to @io, as many as there are, where it is not used any
 * more if there were some. Return how many, or
 *   -EFAULT  the program's memory cannot be accessed, and none was moved
 *   -ENOMEM  there is no memory for a ring, and none was moved (in only)
 */
UK_MUST_USE static inline ptrdiff_t ring_in(struct ring *r, struct uk_io *io,
					    size_t least)
{
	const uint32_t off = r->head & (r->len - 1);
	const uint32_t used = r->head - r->tail;
	const uint32_t len = UK_MIN(r->len, r->limit);
	ptrdiff_t n;

	/* Mostly all of it fits, in one piece, and nothing has to grow. */
	if (UK_UNLIKELY(io->left + used > len || io->left > r->len - off))
		return ring_in_pieces(r, io, least);
	n = uk_io_take_rest(io, r->buf + off);
	if (n > 0)
		__atomic_store_n(&r->head, r->head + (uint32_t)n,
				 __ATOMIC_RELEASE);
	return n;
}

UK_MUST_USE static inline ptrdiff_t ring_out(struct ring *r, struct uk_io *io)
{
	const size_t want = UK_MIN(io->left, (size_t)(r->head - r->tail));
	const uint32_t off = r->tail & (r->len - 1);
	/* There may be no buffer yet, and then nothing is copied. */
	const void *const from = (void *)((uintptr_t)r->buf + off);
	ptrdiff_t n;

	if (UK_UNLIKELY(want > r->len - off))
		return ring_out_pieces(r, io, want);
	n = uk_io_put_last(io, from, want);
	if (n > 0)
		__atomic_store_n(&r->tail, r->tail + (uint32_t)n,
				 __ATOMIC_RELEASE);
	return n;
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
