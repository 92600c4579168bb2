/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A cursor over a caller's memory.
 *
 * Lengths are added up once, at the start; from then on @left bounds
 * everything, so what the list says later can make the transfer shorter or put
 * it elsewhere in the caller's memory, and nothing else. The list is copied in
 * a few pieces at a time and not kept: a copy of 1024 would not fit on a stack.
 */
#include <uk/io.h>

#include <stdbool.h>
#include <stdint.h>

#include <uk/call.h>
#include <uk/errno.h>
#include <uk/essentials.h>

/* Pieces that are looked at together. */
#define AT_A_TIME	8u

/* Add up @n lengths. Returns 0, -EINVAL or -EFAULT. */
static int add_up(const struct uk_abi_iovec *iov, size_t n, size_t *total)
{
	struct uk_abi_iovec piece[AT_A_TIME];
	const size_t len = n * sizeof(piece[0]);

	if (uk_nofault_memcpy(piece, iov, len, 0) != len)
		return -EFAULT;
	for (size_t i = 0; i < n; i++) {
		if (piece[i].iov_len > (size_t)PTRDIFF_MAX - *total)
			return -EINVAL;
		if (!uk_call_may_use(piece[i].iov_base))
			return -EFAULT;
		*total += piece[i].iov_len;
	}
	return 0;
}

int uk_io_vec(struct uk_io *io, const struct uk_abi_iovec *iov, size_t niov)
{
	size_t total = 0;

	if (niov > UK_ABI_IOV_MAX)
		return -EINVAL;
	for (size_t i = 0; i < niov; i += AT_A_TIME) {
		/* A program's: no array that pointers are counted in. */
		const uintptr_t at = (uintptr_t)iov + i * sizeof(*iov);
		const int rc = add_up((const struct uk_abi_iovec *)at,
				      UK_MIN(niov - i, AT_A_TIME), &total);

		if (rc < 0)
			return rc;
	}
	*io = (struct uk_io){
		.next = iov,
		.nnext = niov,
		.left = UK_MIN(total, UK_ABI_RW_MAX),
	};
	return 0;
}

/* Be in a piece that is not empty. Returns false: the list is bad now. */
static bool find_piece(struct uk_io *io)
{
	struct uk_abi_iovec piece;

	while (io->in_piece == 0) {
		if (io->nnext == 0 ||
		    !uk_nofault_try_read(piece, io->next) ||
		    !uk_call_may_use(piece.iov_base))
			return false;
		io->next++;
		io->nnext--;
		io->ptr = piece.iov_base;
		io->in_piece = UK_MIN((size_t)piece.iov_len, io->left);
	}
	return true;
}

static ptrdiff_t move(struct uk_io *io, char *data, size_t len, bool put)
{
	size_t done = 0;

	len = UK_MIN(len, io->left);
	while (done < len) {
		size_t want, n;

		if (!find_piece(io))
			break;
		want = UK_MIN(len - done, io->in_piece);
		n = put ? uk_nofault_memcpy(io->ptr, data + done, want, 0)
			: uk_nofault_memcpy(data + done, io->ptr, want, 0);
		uk_io_advance_(io, n);
		done += n;
		if (n < want)
			break;
	}
	return done || !len ? (ptrdiff_t)done : -EFAULT;
}

ptrdiff_t uk_io_put_slow_(struct uk_io *io, const void *data, size_t len)
{
	return move(io, (char *)(uintptr_t)data, len, true);
}

ptrdiff_t uk_io_take_slow_(struct uk_io *io, void *data, size_t len)
{
	return move(io, data, len, false);
}
