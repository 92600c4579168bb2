/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Descriptors, as newlib's streams and a program use them. What the image does
 * not provide is ENOSYS.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <uk/abi/fcntl.h>
#include <uk/abi/termios.h>

#include "newlib_priv.h"

int _open_r(struct _reent *r, const char *path, int flags, int mode)
{
	return newlib_result(r, uk_syscall_r_openat(
		UK_ABI_AT_FDCWD, (long)path, flags, mode));
}

int _close_r(struct _reent *r, int fd)
{
	return newlib_result(r, uk_syscall_r_close(fd));
}

_ssize_t _read_r(struct _reent *r, int fd, void *buf, size_t len)
{
	return newlib_result(r, uk_syscall_r_read(fd, (long)buf, (long)len));
}

_ssize_t _write_r(struct _reent *r, int fd, const void *buf, size_t len)
{
	return newlib_result(r, uk_syscall_r_write(fd, (long)buf, (long)len));
}

ssize_t pread(int fd, void *buf, size_t len, off_t at)
{
	return newlib_result(_REENT, uk_syscall_r_pread64(
		fd, (long)buf, (long)len, at));
}

ssize_t pwrite(int fd, const void *buf, size_t len, off_t at)
{
	return newlib_result(_REENT, uk_syscall_r_pwrite64(
		fd, (long)buf, (long)len, at));
}

_off_t _lseek_r(struct _reent *r, int fd, _off_t offset, int whence)
{
	return newlib_result(r, uk_syscall_r_lseek(fd, offset, whence));
}

/* Nothing in an image has files that could be told of. */
int _fstat_r(struct _reent *r, int fd, struct stat *st)
{
	(void)fd;
	(void)st;
	return newlib_result(r, -ENOSYS);
}

int _stat_r(struct _reent *r, const char *path, struct stat *st)
{
	(void)path;
	(void)st;
	return newlib_result(r, -ENOSYS);
}

int _link_r(struct _reent *r, const char *from, const char *to)
{
	return newlib_result(r, uk_syscall_r_linkat(
		UK_ABI_AT_FDCWD, (long)from, UK_ABI_AT_FDCWD, (long)to, 0));
}

int _rename_r(struct _reent *r, const char *from, const char *to)
{
	return newlib_result(r, uk_syscall_r_renameat2(
		UK_ABI_AT_FDCWD, (long)from, UK_ABI_AT_FDCWD, (long)to, 0));
}

int _unlink_r(struct _reent *r, const char *path)
{
	return newlib_result(r, uk_syscall_r_unlinkat(
		UK_ABI_AT_FDCWD, (long)path, 0));
}

/* As POSIX has it: 1, or 0 and an error. */
int _isatty_r(struct _reent *r, int fd)
{
	struct uk_abi_termios t;

	return newlib_result(r, uk_syscall_r_ioctl(
		fd, UK_ABI_TCGETS, (long)&t)) == 0;
}

int isatty(int fd)
{
	return _isatty_r(_REENT, fd);
}

int dup(int fd)
{
	return newlib_result(_REENT, uk_syscall_r_dup(fd));
}

/* dup3() refuses what changes nothing; and there is no dup2() on arm64. */
int dup2(int fd, int to)
{
	if (fd == to)
		return newlib_result(_REENT, uk_syscall_r_fcntl(
			fd, UK_ABI_F_GETFD, 0)) < 0 ? -1 : to;
	return newlib_result(_REENT, uk_syscall_r_dup3(fd, to, 0));
}

int pipe(int fds[2])
{
	return newlib_result(_REENT, uk_syscall_r_pipe2((long)fds, 0));
}

int _fcntl_r(struct _reent *r, int fd, int cmd, int arg)
{
	return newlib_result(r, uk_syscall_r_fcntl(fd, cmd, arg));
}

int fcntl(int fd, int cmd, ...)
{
	va_list ap;
	long arg;

	va_start(ap, cmd);
	arg = va_arg(ap, long);
	va_end(ap);
	return newlib_result(_REENT, uk_syscall_r_fcntl(fd, cmd, arg));
}
