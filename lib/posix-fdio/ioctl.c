/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ioctl(2): what is about every file is done here, and the kind hears nothing
 * of it.
 */
#include <uk/abi/fcntl.h>
#include <uk/abi/ioctl.h>
#include <uk/errno.h>
#include <uk/fdtab.h>
#include <uk/file.h>
#include <uk/nofault.h>
#include <uk/syscall.h>

static long set_nonblock(struct uk_file *file, const int *arg)
{
	int on;

	if (!uk_nofault_try_read(on, arg))
		return -EFAULT;
	/* Relaxed, as uk_file_is_nonblock() reads it. */
	if (on)
		__atomic_fetch_or(&file->flags, UK_FILE_NONBLOCK,
				  __ATOMIC_RELAXED);
	else
		__atomic_fetch_and(&file->flags, ~UK_FILE_NONBLOCK,
				   __ATOMIC_RELAXED);
	return 0;
}

UK_SYSCALL_R_DEFINE(long, ioctl, int, fd, unsigned int, cmd, long, arg)
{
	struct uk_file *const file = uk_fd_borrow(fd);
	long rc;

	if (!file)
		return -EBADF;
	switch (cmd) {
	case UK_ABI_FIOCLEX:
		rc = uk_syscall_r_fcntl(fd, UK_ABI_F_SETFD,
					UK_ABI_FD_CLOEXEC);
		break;
	case UK_ABI_FIONCLEX:
		rc = uk_syscall_r_fcntl(fd, UK_ABI_F_SETFD, 0);
		break;
	case UK_ABI_FIONBIO:
		rc = set_nonblock(file, (const int *)arg);
		break;
	default:
		rc = uk_file_ioctl(file, cmd, arg);
		break;
	}
	uk_fd_return(fd, file);
	return rc;
}
