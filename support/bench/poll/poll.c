/* SPDX-License-Identifier: BSD-3-Clause */
/* Asking which files are ready, where one is: an eventfd. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <uk/abi/epoll.h>
#include <uk/abi/poll.h>
#include <uk/abi/time.h>
#include <uk/syscall.h>

#include "bench.h"

static int ev, ep;

static void must(int ok)
{
	if (!ok)
		abort();
}

static void prepare(void)
{
	struct uk_abi_epoll_event e = { UK_ABI_POLLIN, 1 };

	ev = (int)uk_syscall_r_eventfd2(1, 0);
	ep = (int)uk_syscall_r_epoll_create1(0);
	must(uk_syscall_r_epoll_ctl(ep, UK_ABI_EPOLL_CTL_ADD, ev, (long)&e) ==
	     0);
}

static void run_poll(unsigned int n)
{
	struct uk_abi_pollfd p = { ev, UK_ABI_POLLIN, 0 };

	while (n--)
		must(uk_syscall_r_poll((long)&p, 1, -1) == 1);
}

static void run_select(unsigned int n)
{
	uint64_t in = UINT64_C(1) << ev;

	while (n--)
		must(uk_syscall_r_select(ev + 1, (long)&in, 0, 0, 0) == 1);
}

static void run_epoll(unsigned int n)
{
	struct uk_abi_epoll_event e[8];

	while (n--)
		must(uk_syscall_r_epoll_wait(ep, (long)e, 8, -1) == 1);
}

static void run_ctl(unsigned int n)
{
	struct uk_abi_epoll_event e = { UK_ABI_POLLIN, 1 };

	while (n--) {
		must(uk_syscall_r_epoll_ctl(ep, UK_ABI_EPOLL_CTL_DEL, ev, 0) ==
		     0);
		must(uk_syscall_r_epoll_ctl(ep, UK_ABI_EPOLL_CTL_ADD, ev,
					    (long)&e) == 0);
	}
}

static const struct bench_work bench_poll[] = {
	{ "poll", prepare, run_poll, 1024 },
	{ "select", NULL, run_select, 1024 },
	{ "epoll-wait", NULL, run_epoll, 1024 },
	{ "epoll-ctl", NULL, run_ctl, 1024 },
	{ .name = NULL },
};

const struct bench_work *const bench_tables[] = { bench_poll, NULL };
