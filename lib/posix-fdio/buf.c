/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Transfers of one piece of memory, and the position.
 *
 * The path is the same for all four calls and written once; each call has it
 * inlined with its own constants, as a byte through a pipe is to cost less
 * than the way there.
 */
#include "fdio_priv.h"

#include <uk/errno.h>
#include <uk/fdtab.h>
#include <uk/io.h>
#include <uk/syscall.h>
#include <uk/useraddr.h>

/* Of lseek(2): SEEK_SET to SEEK_HOLE. */
#define NWHENCES	5u

/* May there be memory? What is not there is found when it is used. */
static bool is_range(const void *buf, size_t len)
{
	/* A length that is negative, as that of a program, is no range. */
	return (ptrdiff_t)len >= 0 && (uintptr_t)buf <= UK_USERADDR_END - len;
}

/* 0, or why these bytes cannot be moved. */
static UK_ALWAYS_INLINE int check(const struct uk_file *file, const void *buf,
				  size_t len, int64_t pos, bool write)
{
	const int rc = fdio_check(file, pos, write);

	if (rc < 0)
		return rc;
	if (!is_range(buf, len))
		return -EFAULT;
	return fdio_is_too_far(pos, len) ? -EINVAL : 0;
}

/* The same for who knows that there is a reason. */
static UK_NOINLINE int why_not(const struct uk_file *file, const void *buf,
			       size_t len, int64_t pos, bool write)
{
	return check(file, buf, len, pos, write);
}

/* With @file borrowed. */
static UK_ALWAYS_INLINE ptrdiff_t move(struct uk_file *file, const void *buf,
				       size_t len, int64_t pos, bool write)
{
	struct uk_io io;

	if (UK_UNLIKELY(check(file, buf, len, pos, write)))
		return why_not(file, buf, len, pos, write);
	uk_io_buf(&io, (void *)(uintptr_t)buf, len);
	return fdio_move(file, &io, pos, write);
}

/* More than is moved at a time; another thread is in a call on @fd; errors. */
static UK_NOINLINE ptrdiff_t transfer_rare(int fd, const void *buf, size_t len,
					   int64_t pos, bool write)
{
	struct uk_file *const file = uk_fd_borrow(fd);
	ptrdiff_t rc;

	if (!file)
		return -EBADF;
	rc = move(file, buf, len, pos, write);
	uk_fd_return(fd, file);
	return rc;
}

static UK_ALWAYS_INLINE ptrdiff_t transfer(int fd, const void *buf, size_t len,
					   int64_t pos, bool write)
{
	struct uk_fd_loan loan;
	struct uk_file *file;

	if (UK_UNLIKELY(len > UK_ABI_RW_MAX))
		return transfer_rare(fd, buf, len, pos, write);
	file = uk_fd_try_lend(fd, &loan);
	if (UK_UNLIKELY(!file))
		return transfer_rare(fd, buf, len, pos, write);
	return uk_fd_give_back_with(&loan, move(file, buf, len, pos, write));
}

UK_SYSCALL_R_DEFINE(ptrdiff_t, read, int, fd, void *, buf, size_t, len)
{
	return transfer(fd, buf, len, UK_FILE_POS, false);
}

UK_SYSCALL_R_DEFINE(ptrdiff_t, write, int, fd, const void *, buf, size_t, len)
{
	return transfer(fd, buf, len, UK_FILE_POS, true);
}

UK_SYSCALL_R_DEFINE(ptrdiff_t, pread64, int, fd, void *, buf, size_t, len,
		    int64_t, pos)
{
	return pos < 0 ? -EINVAL : transfer(fd, buf, len, pos, false);
}

UK_SYSCALL_R_DEFINE(ptrdiff_t, pwrite64, int, fd, const void *, buf,
		    size_t, len, int64_t, pos)
{
	return pos < 0 ? -EINVAL : transfer(fd, buf, len, pos, true);
}

UK_SYSCALL_R_DEFINE(int64_t, lseek, int, fd, int64_t, off,
		    unsigned int, whence)
{
	struct uk_file *const file = uk_fd_borrow(fd);
	int64_t rc;

	if (!file)
		return -EBADF;
	rc = whence < NWHENCES ? uk_file_seek(file, off, (int)whence)
			       : -EINVAL;
	uk_fd_return(fd, file);
	return rc;
}
