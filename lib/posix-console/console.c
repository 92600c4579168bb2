/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * read(2) and write(2) on descriptors 0 to 2, which are one terminal: as on a
 * terminal, each of them may be read and written.
 *
 * A call checks what it can before it moves the first byte, so an error means
 * that nothing was read or written; where memory ends later, it has moved what
 * came before. Checks come in Linux's order: descriptor, then the length or
 * vector, then the memory.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/uio.h>
#include <uk/console.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/syscall.h>
#include <uk/useraddr.h>

#include "console_priv.h"

#define NFDS	3

static bool is_console(int fd)
{
	return fd >= 0 && fd < NFDS;
}

/* 0, or why @len bytes at @buf can not be moved to or from @fd. */
static int check(int fd, const void *buf, size_t len)
{
	if (!is_console(fd))
		return -EBADF;
	/* Linux checks the whole length, also what it will not transfer. */
	if ((ptrdiff_t)len < 0)
		return -EINVAL;
	return uk_useraddr_readable(buf, len) ? 0 : -EFAULT;
}

/* What a call that has moved @done bytes of @len returns. */
static ptrdiff_t result(size_t done, size_t len)
{
	return done || !len ? (ptrdiff_t)done : -EFAULT;
}

size_t console_wait(char *buf, size_t len)
{
	const size_t n = uk_console_in_wait(buf, len);

	/* Enter sends a carriage return; programs expect the end of a line. */
	for (size_t i = 0; i < n; i++) {
		if (buf[i] == '\r')
			buf[i] = '\n';
	}
	return n;
}

UK_SYSCALL_R_DEFINE(ptrdiff_t, read, int, fd, void *, buf, size_t, len)
{
	int rc = check(fd, buf, len);

	if (rc < 0)
		return rc;
	if (!uk_useraddr_writable(buf, len))
		return -EFAULT;

	return console_read(buf, UK_MIN(len, UK_ABI_RW_MAX));
}

UK_SYSCALL_R_DEFINE(ptrdiff_t, write, int, fd, const void *, buf, size_t, len)
{
	int rc = check(fd, buf, len);

	if (rc < 0)
		return rc;
	len = UK_MIN(len, UK_ABI_RW_MAX);
	return result(console_show(buf, len), len);
}

/* The bytes of all pieces, or a negative errno. */
static ptrdiff_t vector_len(const struct uk_abi_iovec *iov, int niov)
{
	struct uk_abi_iovec piece;
	size_t total = 0;

	for (int i = 0; i < niov; i++) {
		if (!console_take(&piece, &iov[i]))
			return -EFAULT;
		if (piece.iov_len > (size_t)PTRDIFF_MAX - total)
			return -EINVAL;
		if (!uk_useraddr_readable(piece.iov_base, piece.iov_len))
			return -EFAULT;
		total += piece.iov_len;
	}
	return (ptrdiff_t)total;
}

UK_SYSCALL_R_DEFINE(ptrdiff_t, writev, int, fd,
		    const struct uk_abi_iovec *, iov, int, niov)
{
	struct uk_abi_iovec piece;
	ptrdiff_t total;
	size_t done = 0, want;

	if (!is_console(fd))
		return -EBADF;
	if (niov < 0 || niov > UK_ABI_IOV_MAX)
		return -EINVAL;
	if (!uk_useraddr_readable(iov, (size_t)niov * sizeof(*iov)))
		return -EFAULT;
	total = vector_len(iov, niov);
	if (total < 0)
		return total;

	total = UK_MIN(total, (ptrdiff_t)UK_ABI_RW_MAX);
	for (int i = 0; i < niov && console_take(&piece, &iov[i]); i++) {
		want = UK_MIN((size_t)piece.iov_len, (size_t)total - done);
		if (want) {
			const size_t got = console_show(piece.iov_base,
							want);

			done += got;
			if (got < want)
				break;
		}
	}
	return result(done, (size_t)total);
}
