/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A ring whose length is a power of two, so that counters that run on are
 * positions. A counter moves after the bytes, with release, once for a call:
 * who sees it moved sees the bytes, and a copy that faults half way leaves what
 * it copied behind the counter, where nobody looks.
 */
#include "pipe_priv.h"

#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/io.h>
#include <uk/string.h>

void ring_init(struct ring *r, struct uk_alloc *a)
{
	*r = (struct ring){ .a = a, .limit = PIPE_USUAL };
}

void ring_end(struct ring *r)
{
	uk_free(r->a, r->buf);
}

/* Where byte number @pos is, and how many follow it up to the end of @buf. */
static uint8_t *at(const struct ring *r, uint32_t pos, size_t *len)
{
	const uint32_t off = pos & (r->len - 1);

	*len = r->len - off;
	return r->buf + off;
}

/* Copy all bytes to @buf, a ring of @len. */
static void move_to(const struct ring *r, uint8_t *buf, uint32_t len)
{
	for (uint32_t pos = r->tail; pos != r->head;) {
		const uint32_t off = pos & (len - 1);
		size_t n;
		const uint8_t *from = at(r, pos, &n);

		n = UK_MIN(n, (size_t)(r->head - pos));
		n = UK_MIN(n, (size_t)(len - off));
		memcpy(buf + off, from, n);
		pos += (uint32_t)n;
	}
}

/*
 * Be long enough for @want bytes more, or as long as may be. Where there is no
 * memory for that, what there is becomes the limit.
 */
static int grow(struct ring *r, size_t want)
{
	uint32_t len = r->len ? r->len : PIPE_LEAST;
	uint8_t *buf;

	while (len - ring_used(r) < want && len < r->limit)
		len *= 2;
	if (len == r->len)
		return 0;
	buf = uk_malloc(r->a, len);
	if (!buf && r->len == 0)
		return -ENOMEM;
	if (!buf) {
		__atomic_store_n(&r->limit, r->len, __ATOMIC_RELAXED);
		return 0;
	}
	move_to(r, buf, len);
	uk_free(r->a, r->buf);
	r->buf = buf;
	r->len = len;
	return 0;
}

ptrdiff_t ring_in_pieces(struct ring *r, struct uk_io *io, size_t least)
{
	size_t want = UK_MIN(io->left, (size_t)ring_room(r));
	size_t done = 0;
	int rc;

	rc = want ? grow(r, want) : 0;
	if (rc < 0)
		return rc;
	/* As much as it has become. */
	want = UK_MIN(want, (size_t)ring_room(r));
	if (want < least)
		return 0;
	while (done < want) {
		size_t len;
		uint8_t *const to = at(r, r->head + (uint32_t)done, &len);
		const ptrdiff_t n = uk_io_take(io, to,
					       UK_MIN(len, want - done));

		if (n < 0 && done == 0)
			return n;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	__atomic_store_n(&r->head, r->head + (uint32_t)done, __ATOMIC_RELEASE);
	return (ptrdiff_t)done;
}

ptrdiff_t ring_out_pieces(struct ring *r, struct uk_io *io, size_t want)
{
	size_t done = 0;

	while (done < want) {
		size_t len;
		const uint8_t *const from = at(r, r->tail + (uint32_t)done,
					       &len);
		const ptrdiff_t n = uk_io_put(io, from,
					      UK_MIN(len, want - done));

		if (n < 0 && done == 0)
			return n;
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	__atomic_store_n(&r->tail, r->tail + (uint32_t)done, __ATOMIC_RELEASE);
	return (ptrdiff_t)done;
}

long ring_set_limit(struct ring *r, unsigned long len)
{
	uint32_t limit = PIPE_LEAST;

	if (len > PIPE_MOST)
		return -EINVAL;
	while (limit < len)
		limit *= 2;
	if (ring_used(r) > limit)
		return -EBUSY;
	__atomic_store_n(&r->limit, limit, __ATOMIC_RELAXED);
	return limit;
}
