/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Transfers of several pieces of memory. A position in two halves is one where
 * registers are as wide as it is: the lower half is all of it.
 */
#include "fdio_priv.h"

#include <uk/abi/uio.h>
#include <uk/errno.h>
#include <uk/fdtab.h>
#include <uk/io.h>
#include <uk/syscall.h>

/* What changes nothing for a file, and so can be promised. */
static bool can_promise(const struct uk_file *file, int flags)
{
	const int always = UK_ABI_RWF_HIPRI;
	const int nothing = UK_ABI_RWF_DSYNC | UK_ABI_RWF_SYNC |
			    UK_ABI_RWF_APPEND;

	return !(flags & ~(file->ops->seek ? always : always | nothing));
}

static ptrdiff_t move(struct uk_file *file, const struct uk_abi_iovec *iov,
		      size_t niov, int64_t pos, int flags, bool write)
{
	struct uk_io io;
	int rc = fdio_check(file, pos, write);

	if (rc < 0)
		return rc;
	rc = uk_io_vec(&io, iov, niov);
	if (rc < 0)
		return rc;
	/* Of nothing the kind is not asked, nor what the flags are. */
	if (io.left == 0)
		return 0;
	if (fdio_is_too_far(pos, io.left))
		return -EINVAL;
	if (!can_promise(file, flags))
		return -EOPNOTSUPP;
	return fdio_move(file, &io, pos, write);
}

static ptrdiff_t transfer(int fd, const struct uk_abi_iovec *iov, size_t niov,
			  int64_t pos, int flags, bool write)
{
	struct uk_file *file;
	ptrdiff_t rc;

	if (pos < UK_FILE_POS)
		return -EINVAL;
	file = uk_fd_borrow(fd);
	if (!file)
		return -EBADF;
	rc = move(file, iov, niov, pos, flags, write);
	uk_fd_return(fd, file);
	return rc;
}

UK_SYSCALL_R_DEFINE(ptrdiff_t, readv, int, fd,
		    const struct uk_abi_iovec *, iov, size_t, niov)
{
	return transfer(fd, iov, niov, UK_FILE_POS, 0, false);
}

UK_SYSCALL_R_DEFINE(ptrdiff_t, writev, int, fd,
		    const struct uk_abi_iovec *, iov, size_t, niov)
{
	return transfer(fd, iov, niov, UK_FILE_POS, 0, true);
}

UK_SYSCALL_R_DEFINE(ptrdiff_t, preadv, int, fd,
		    const struct uk_abi_iovec *, iov, size_t, niov,
		    int64_t, pos, long, high)
{
	(void)high;
	return pos < 0 ? -EINVAL : transfer(fd, iov, niov, pos, 0, false);
}

UK_SYSCALL_R_DEFINE(ptrdiff_t, pwritev, int, fd,
		    const struct uk_abi_iovec *, iov, size_t, niov,
		    int64_t, pos, long, high)
{
	(void)high;
	return pos < 0 ? -EINVAL : transfer(fd, iov, niov, pos, 0, true);
}

/* Here a position of -1 is the file's own. */
UK_SYSCALL_R_DEFINE(ptrdiff_t, preadv2, int, fd,
		    const struct uk_abi_iovec *, iov, size_t, niov,
		    int64_t, pos, long, high, int, flags)
{
	(void)high;
	return transfer(fd, iov, niov, pos, flags, false);
}

UK_SYSCALL_R_DEFINE(ptrdiff_t, pwritev2, int, fd,
		    const struct uk_abi_iovec *, iov, size_t, niov,
		    int64_t, pos, long, high, int, flags)
{
	(void)high;
	return transfer(fd, iov, niov, pos, flags, true);
}
