/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * System calls with the names and the errors of POSIX. What the image does
 * not provide fails with ENOSYS.
 */
#include <unistd.h>

#include <errno.h>
#include <sys/uio.h>

#include <uk/syscall.h>

ssize_t read(int fd, void *buf, size_t len)
{
	return uk_syscall_e_read(fd, (long)buf, (long)len);
}

ssize_t write(int fd, const void *buf, size_t len)
{
	return uk_syscall_e_write(fd, (long)buf, (long)len);
}

ssize_t writev(int fd, const struct iovec *iov, int niov)
{
	return uk_syscall_e_writev(fd, (long)iov, niov);
}
