/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The calls that are about descriptors and not about what they stand for.
 * Checks come in Linux's order, so that a call with two faults tells the same
 * one.
 */
#include <stdbool.h>

#include <uk/abi/fcntl.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/fdtab.h>
#include <uk/file.h>
#include <uk/syscall.h>

#include "fdtab_priv.h"

/* What F_SETFL changes; other flags it passes over. */
#define CHANGEABLE	(UK_FILE_APPEND | UK_FILE_NONBLOCK)

UK_SYSCALL_R_DEFINE(int, close, int, fd)
{
	return uk_fd_close(fd);
}

/* A descriptor for the file of @fd: the lowest from @min on, or just @min. */
static int dup_to(int fd, int min, bool just, bool cloexec)
{
	struct uk_file *const file = uk_fd_borrow(fd);
	int rc;

	if (!file)
		return -EBADF;
	/* The new one's; the one that is borrowed goes back. */
	uk_file_get(file);
	uk_fd_return(fd, file);
	rc = just ? fdtab_replace(min, file, cloexec)
		  : uk_fd_open(file, (unsigned int)min, cloexec);
	if (rc < 0)
		uk_file_put(file);
	return rc;
}

UK_SYSCALL_R_DEFINE(int, dup, int, fd)
{
	return dup_to(fd, 0, false, false);
}

UK_SYSCALL_R_DEFINE(int, dup2, int, fd, int, to)
{
	if (fd == to)
		return fdtab_cloexec(fd) < 0 ? -EBADF : fd;
	return dup_to(fd, to, true, false);
}

UK_SYSCALL_R_DEFINE(int, dup3, int, fd, int, to, int, flags)
{
	if ((flags & ~UK_ABI_O_CLOEXEC) || fd == to)
		return -EINVAL;
	return dup_to(fd, to, true, flags & UK_ABI_O_CLOEXEC);
}

UK_SYSCALL_R_DEFINE(int, close_range, unsigned int, first, unsigned int, last,
		    unsigned int, flags)
{
	/* With one process the table is not shared: UNSHARE is done. */
	if ((flags & ~(UK_ABI_CLOSE_RANGE_UNSHARE |
		       UK_ABI_CLOSE_RANGE_CLOEXEC)) || first > last)
		return -EINVAL;
	last = UK_MIN(last, (unsigned int)CONFIG_LIBPOSIX_FDTAB_MAX - 1);
	for (unsigned int fd = first; fd <= last; fd++) {
		/* Those that are not open are passed over. */
		if (flags & UK_ABI_CLOSE_RANGE_CLOEXEC)
			(void)!fdtab_set_cloexec((int)fd, true);
		else
			(void)uk_fd_close((int)fd);
	}
	return 0;
}

static long get_flags(struct uk_file *file)
{
	const long mode = file->readable && file->writable ? UK_ABI_O_RDWR :
			  file->writable ? UK_ABI_O_WRONLY : UK_ABI_O_RDONLY;

	return mode | (long)__atomic_load_n(&file->flags, __ATOMIC_RELAXED);
}

static void set_flags(struct uk_file *file, unsigned long arg)
{
	uint32_t old = __atomic_load_n(&file->flags, __ATOMIC_RELAXED);

	while (!__atomic_compare_exchange_n(
			&file->flags, &old,
			(old & ~CHANGEABLE) | ((uint32_t)arg & CHANGEABLE),
			true, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

/* The commands that are about the open file. */
static long file_fcntl(int fd, int cmd, unsigned long arg)
{
	struct uk_file *const file = uk_fd_borrow(fd);
	long rc = 0;

	if (!file)
		return -EBADF;
	if (cmd == UK_ABI_F_GETFL)
		rc = get_flags(file);
	else if (cmd == UK_ABI_F_SETFL)
		set_flags(file, arg);
	else
		rc = uk_file_fcntl(file, cmd, arg);
	uk_fd_return(fd, file);
	return rc;
}

UK_SYSCALL_R_DEFINE(long, fcntl, int, fd, int, cmd, unsigned long, arg)
{
	switch (cmd) {
	case UK_ABI_F_DUPFD:
	case UK_ABI_F_DUPFD_CLOEXEC:
		if (fdtab_cloexec(fd) < 0)
			return -EBADF;
		if (arg >= uk_fd_limit())
			return -EINVAL;
		return dup_to(fd, (int)arg, false,
			      cmd == UK_ABI_F_DUPFD_CLOEXEC);
	case UK_ABI_F_GETFD:
		return fdtab_cloexec(fd);
	case UK_ABI_F_SETFD:
		return fdtab_set_cloexec(fd, arg & UK_ABI_FD_CLOEXEC);
	default:
		return file_fcntl(fd, cmd, arg);
	}
}
