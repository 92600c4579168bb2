/* SPDX-License-Identifier: BSD-3-Clause */
/* Events that go to memory which is supplied, or not, when it is written. */
#include <stddef.h>
#include <stdint.h>

#include <uk/alloc.h>
#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/errno.h>
#include <uk/falloc.h>
#include <uk/preempt.h>
#include <uk/syscall.h>
#include <uk/test.h>
#include <uk/vmem.h>

#include "epoll_calls.h"

#define PAGE	((size_t)UKARCH_PAGE_SIZE)
#define AT	((uintptr_t)0x40000000)
#define NEVENTS	40

/* An address space with two pages at AT that nobody has touched. */
static void enter(struct uk_vas *vas)
{
	struct uk_vma_request rq = {
		.vaddr = AT, .len = 2 * PAGE,
		.prot = UK_PAGE_READ | UK_PAGE_WRITE, .flags = UK_VMA_EXACT,
		.ops = &uk_vma_anon, .name = "events",
	};

	UK_EXPECT_EQ(uk_vas_create(vas, uk_alloc_get_default(),
				   uk_falloc_get_default()), 0);
	UK_EXPECT_EQ(uk_vma_map(vas, &rq), 0);
	/* Its stack may be in use by no other CPU meanwhile. */
	uk_preempt_disable();
	uk_vas_activate(vas);
}

static void leave(struct uk_vas *vas)
{
	uk_vas_activate(NULL);
	uk_preempt_enable();
	UK_EXPECT_EQ(uk_vas_destroy(vas), 0);
}

/* Edges that are ready, under several numbers. */
static int make_ready(int fd[NEVENTS])
{
	const int ep = make_epoll();

	fd[0] = make_event(1);
	for (int i = 0; i < NEVENTS; i++) {
		if (i)
			fd[i] = (int)uk_syscall_r_dup(fd[0]);
		UK_EXPECT_EQ(add(ep, fd[i], IN | ET), 0);
	}
	return ep;
}

static void end(int ep, const int fd[NEVENTS])
{
	for (int i = 0; i < NEVENTS; i++)
		shut(fd[i]);
	shut(ep);
}

/* Room for @n events in front of the border of two pages. */
static struct uk_abi_epoll_event *before(uintptr_t border, size_t n)
{
	return (struct uk_abi_epoll_event *)(border - n *
		sizeof(struct uk_abi_epoll_event) - 4);
}

UK_TEST(epoll_memory, pages_are_supplied_when_events_come_to_them)
{
	struct uk_abi_epoll_event *const e = before(AT + PAGE, 10);
	int fd[NEVENTS];
	const int ep = make_ready(fd);
	struct uk_vas vas;
	unsigned int n = 0;

	enter(&vas);
	UK_EXPECT_EQ(tell(ep, e, NEVENTS), NEVENTS);
	for (int i = 0; i < NEVENTS; i++)
		n += e[i].data == (uint64_t)fd[i];
	UK_EXPECT_EQ(n, NEVENTS);
	UK_EXPECT_EQ(tell(ep, e, NEVENTS), 0);
	leave(&vas);
	end(ep, fd);
}

UK_TEST(epoll_memory, events_that_are_in_front_of_bad_memory_are_told)
{
	struct uk_abi_epoll_event *const e = before(AT + 2 * PAGE, 10);
	static struct uk_abi_epoll_event good[NEVENTS];
	int fd[NEVENTS];
	const int ep = make_ready(fd);
	struct uk_vas vas;

	enter(&vas);
	UK_EXPECT_EQ(tell(ep, e, NEVENTS), 10);
	UK_EXPECT_EQ(tell(ep, e + 10, NEVENTS), -EFAULT);
	UK_EXPECT_EQ(tell(ep, good, NEVENTS), NEVENTS - 10);
	UK_EXPECT_EQ(good[0].data, fd[10]);
	leave(&vas);
	end(ep, fd);
}
