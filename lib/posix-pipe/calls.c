/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * pipe(2). The numbers are written before the caller's memory is: if that
 * cannot be, the pipe is closed again, and no descriptor is left that nobody
 * knows of.
 */
#include <uk/abi/fcntl.h>
#include <uk/errno.h>
#include <uk/fdtab.h>
#include <uk/file.h>
#include <uk/nofault.h>
#include <uk/syscall.h>

#include "pipe_priv.h"

/* Give both ends numbers. On failure neither has one, nor a reference. */
static int give_numbers(struct uk_file *ends[2], bool cloexec, int fd[2])
{
	fd[0] = uk_fd_open(ends[0], 0, cloexec);
	if (fd[0] < 0) {
		uk_file_put(ends[0]);
		uk_file_put(ends[1]);
		return fd[0];
	}
	fd[1] = uk_fd_open(ends[1], 0, cloexec);
	if (fd[1] < 0) {
		(void)uk_fd_close(fd[0]);
		uk_file_put(ends[1]);
		return fd[1];
	}
	return 0;
}

static int open_pipe(int *to, int flags)
{
	struct uk_file *ends[2];
	int fd[2];
	int rc;

	if (flags & ~(UK_ABI_O_CLOEXEC | UK_ABI_O_NONBLOCK))
		return -EINVAL;
	rc = pipe_make(ends, (uint32_t)(flags & UK_ABI_O_NONBLOCK));
	if (rc < 0)
		return rc;
	rc = give_numbers(ends, flags & UK_ABI_O_CLOEXEC, fd);
	if (rc < 0)
		return rc;
	if (uk_nofault_memcpy(to, fd, sizeof(fd), 0) == sizeof(fd))
		return 0;
	(void)uk_fd_close(fd[0]);
	(void)uk_fd_close(fd[1]);
	return -EFAULT;
}

UK_SYSCALL_R_DEFINE(int, pipe, int *, fds)
{
	return open_pipe(fds, 0);
}

UK_SYSCALL_R_DEFINE(int, pipe2, int *, fds, int, flags)
{
	return open_pipe(fds, flags);
}
