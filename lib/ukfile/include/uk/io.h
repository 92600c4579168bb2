/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/uio.h>
#include <uk/compiler.h>
#include <uk/nofault.h>

/*
 * The memory that a call reads or fills, in one piece or many, and how far it
 * has come.
 *
 *	struct uk_io io;
 *
 *	rc = uk_io_vec(&io, iov, niov);
 *	...
 *	n = uk_io_put(&io, data, len);
 *
 * The pieces are a caller's, whose pointers may be bad: each access is one that
 * survives that (<uk/nofault.h>). The pieces' list is read when it is needed,
 * and with lengths that were checked once and are kept to: a list that changes
 * meanwhile harms its owner only.
 *
 * Context: thread, with no spinlock held: memory may be supplied by a page
 * fault.
 */

struct uk_io {
	/* Private. */
	const struct uk_abi_iovec *next;	/* pieces that follow */
	size_t nnext;
	char *ptr;		/* the piece that it is in */
	size_t in_piece;	/* never more than are left */

	/* To be read: bytes that are left altogether. */
	size_t left;
};

/* Make @io the @len bytes at @buf; at most UK_ABI_RW_MAX of them. */
static inline void uk_io_buf(struct uk_io *io, void *buf, size_t len)
{
	const size_t left = len < UK_ABI_RW_MAX ? len : UK_ABI_RW_MAX;

	/* All that is left is in this piece: nobody looks for a next one. */
	io->ptr = buf;
	io->in_piece = left;
	io->left = left;
}

/*
 * Make @io the @niov pieces of the list at @iov, the first UK_ABI_RW_MAX bytes
 * of them; the list stays where it is.
 *
 * Returns 0, or
 *   -EINVAL  more than UK_ABI_IOV_MAX pieces, or together more than a signed
 *            size holds
 *   -EFAULT  the list cannot be read
 */
UK_MUST_USE
int uk_io_vec(struct uk_io *io, const struct uk_abi_iovec *iov, size_t niov);

/* Behind the next two: what is not in one piece, or cannot be copied. */
ptrdiff_t uk_io_put_slow_(struct uk_io *io, const void *data, size_t len);
ptrdiff_t uk_io_take_slow_(struct uk_io *io, void *data, size_t len);

static inline void uk_io_advance_(struct uk_io *io, size_t n)
{
	/* A program's, and so no object that pointers are counted in. */
	io->ptr = (char *)((uintptr_t)io->ptr + n);
	io->in_piece -= n;
	io->left -= n;
}

/*
 * Copy @len bytes at @data, which is the core's memory, to @io, and have it
 * stand behind them; no more than are left.
 *
 * Returns how many were copied; less than @len and than what was left only if
 * the next byte cannot be written: if that is 0 bytes,
 *   -EFAULT
 */
UK_MUST_USE static inline ptrdiff_t uk_io_put(struct uk_io *io,
					      const void *data, size_t len)
{
	if (UK_LIKELY(len <= io->in_piece) &&
	    UK_LIKELY(uk_nofault_put(io->ptr, data, len))) {
		uk_io_advance_(io, len);
		return (ptrdiff_t)len;
	}
	return uk_io_put_slow_(io, data, len);
}

/* The other way: copy from @io to the @len bytes at @data. Likewise. */
UK_MUST_USE static inline ptrdiff_t uk_io_take(struct uk_io *io, void *data,
					       size_t len)
{
	if (UK_LIKELY(len <= io->in_piece) &&
	    UK_LIKELY(uk_nofault_get(data, io->ptr, len))) {
		uk_io_advance_(io, len);
		return (ptrdiff_t)len;
	}
	return uk_io_take_slow_(io, data, len);
}

/*
 * Both for a number of 8 bytes that is all the call moves, where it is to be
 * short: @io does not come to stand behind it. @io->left is 8 at least.
 * False: that memory cannot be accessed.
 */
UK_MUST_USE static inline bool uk_io_put_u64(struct uk_io *io, uint64_t num)
{
	uint64_t val;

	if (UK_LIKELY(sizeof(num) <= io->in_piece) &&
	    UK_LIKELY(uk_nofault_put(io->ptr, &num, sizeof(num))))
		return true;
	val = num;
	return uk_io_put_slow_(io, &val, sizeof(val)) == sizeof(val);
}

UK_MUST_USE static inline bool uk_io_take_u64(struct uk_io *io, uint64_t *num)
{
	uint64_t val;

	if (UK_LIKELY(sizeof(*num) <= io->in_piece) &&
	    UK_LIKELY(uk_nofault_get(num, io->ptr, sizeof(*num))))
		return true;
	if (uk_io_take_slow_(io, &val, sizeof(val)) != sizeof(val))
		return false;
	*num = val;
	return true;
}
