/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/* Short names for what the cases are full of. */
#include <stdint.h>

#include <uk/abi/epoll.h>
#include <uk/abi/poll.h>
#include <uk/test.h>
#include <uk/test_fd.h>

#define BAD		UK_TEST_BAD
#define L(ptr)		((long)(ptr))
#define make_event	uk_test_event
#define make_pipe	uk_test_pipe
#define shut		uk_test_close
#define raise		uk_test_raise
#define take		uk_test_take

#define IN		UK_ABI_POLLIN
#define OUT		UK_ABI_POLLOUT
#define HUP		UK_ABI_POLLHUP
#define RDHUP		UK_ABI_POLLRDHUP
#define ET		UK_ABI_EPOLLET
#define ONESHOT		UK_ABI_EPOLLONESHOT
#define EXCLUSIVE	UK_ABI_EPOLLEXCLUSIVE

#define ADD		UK_ABI_EPOLL_CTL_ADD
#define DEL		UK_ABI_EPOLL_CTL_DEL
#define MOD		UK_ABI_EPOLL_CTL_MOD

static inline int make_epoll(void)
{
	const long fd = uk_syscall_r_epoll_create1(0);

	UK_EXPECT_GE(fd, 0);
	return (int)fd;
}

/* Data of an item is its number. */
static inline long ctl(int ep, int op, int fd, uint32_t events)
{
	struct uk_abi_epoll_event e = { events, (uint64_t)fd };

	return uk_syscall_r_epoll_ctl(ep, op, fd, L(&e));
}

static inline long add(int ep, int fd, uint32_t events)
{
	return ctl(ep, ADD, fd, events);
}

static inline long mod(int ep, int fd, uint32_t events)
{
	return ctl(ep, MOD, fd, events);
}

static inline long del(int ep, int fd)
{
	return ctl(ep, DEL, fd, 0);
}

/* What is ready, without waiting. */
static inline long tell(int ep, struct uk_abi_epoll_event *e, int max)
{
	return uk_syscall_r_epoll_pwait(ep, L(e), max, 0, 0, 8);
}

/* The one item that is ready now, and its events to told; or 0. */
static uint32_t told;

static inline int now(int ep)
{
	struct uk_abi_epoll_event e[2] = { { 0, 0 } };
	const long n = tell(ep, e, 2);

	UK_EXPECT_EQ(n, e[0].data != 0);
	told = e[0].events;
	return (int)e[0].data;
}
