/* SPDX-License-Identifier: BSD-3-Clause */
/* epoll_create(2) and epoll_ctl(2): arguments, checked in Linux's order. */
#include "epoll_priv.h"

#include <stddef.h>

#include <uk/abi/fcntl.h>
#include <uk/abi/poll.h>
#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/fdtab.h>
#include <uk/nofault.h>
#include <uk/syscall.h>

/* What may be asked for together with EPOLLEXCLUSIVE. */
#define WITH_EXCLUSIVE							\
	(UK_ABI_POLLIN | UK_ABI_POLLOUT | UK_ABI_POLLERR |		\
	 UK_ABI_POLLHUP | UK_ABI_EPOLLWAKEUP | UK_ABI_EPOLLET |		\
	 UK_ABI_EPOLLEXCLUSIVE)

static int open_epoll(int flags)
{
	struct epoll *e;
	int fd;

	if (flags & ~UK_ABI_EPOLL_CLOEXEC)
		return -EINVAL;
	e = uk_malloc(uk_alloc_get_default(), sizeof(*e));
	if (!e)
		return -ENOMEM;
	epoll_init(e);
	fd = uk_fd_open(&e->file, 0, flags & UK_ABI_EPOLL_CLOEXEC);
	if (fd < 0)
		uk_file_put(&e->file);
	return fd;
}

UK_SYSCALL_R_DEFINE(int, epoll_create, int, size)
{
	return size <= 0 ? -EINVAL : open_epoll(0);
}

UK_SYSCALL_R_DEFINE(int, epoll_create1, int, flags)
{
	return open_epoll(flags);
}

/* May @op be done? 0, or why not. */
static int check(const struct uk_file *file, int op,
		 const struct uk_file *target, uint32_t events)
{
	if (!target->ops->events)
		return -EPERM;
	if (file == target || !epoll_is(file) || op < UK_ABI_EPOLL_CTL_ADD ||
	    op > UK_ABI_EPOLL_CTL_MOD)
		return -EINVAL;
	if (op == UK_ABI_EPOLL_CTL_DEL || !(events & UK_ABI_EPOLLEXCLUSIVE))
		return 0;
	if (op == UK_ABI_EPOLL_CTL_MOD || epoll_is(target) ||
	    (events & ~WITH_EXCLUSIVE))
		return -EINVAL;
	return 0;
}

UK_SYSCALL_R_DEFINE(int, epoll_ctl, int, epfd, int, op, int, fd,
		    const struct uk_abi_epoll_event *, event)
{
	struct uk_abi_epoll_event ev = { 0, 0 };
	struct uk_fd_loan of_file, of_target;
	struct uk_file *file, *target;
	int rc = -EBADF;

	if (op != UK_ABI_EPOLL_CTL_DEL && !uk_nofault_try_read(ev, event))
		return -EFAULT;
	file = uk_fd_lend(epfd, &of_file);
	if (!file)
		return -EBADF;
	target = uk_fd_lend(fd, &of_target);
	if (!target)
		goto return_file;
	rc = check(file, op, target, ev.events);
	if (rc == 0)
		rc = epoll_control(epoll_of(file), op, target, fd, &ev);
	uk_fd_give_back(&of_target);
return_file:
	uk_fd_give_back(&of_file);
	return rc;
}
