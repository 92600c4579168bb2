/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>

/* epoll(7), as Linux's ABI has it; the bits below these are poll(2)'s. */

#define UK_ABI_EPOLLEXCLUSIVE	0x10000000u
#define UK_ABI_EPOLLWAKEUP	0x20000000u
#define UK_ABI_EPOLLONESHOT	0x40000000u
#define UK_ABI_EPOLLET		0x80000000u

#define UK_ABI_EPOLL_CLOEXEC	02000000

#define UK_ABI_EPOLL_CTL_ADD	1
#define UK_ABI_EPOLL_CTL_DEL	2
#define UK_ABI_EPOLL_CTL_MOD	3

/* It has no hole on x86_64, so that 32-bit programs have the same one. */
#ifdef __x86_64__
#define UK_ABI_EPOLL_LAYOUT	UK_PACKED
#else
#define UK_ABI_EPOLL_LAYOUT
#endif

struct uk_abi_epoll_event {
	uint32_t events;
	uint64_t data;
} UK_ABI_EPOLL_LAYOUT;

#ifdef __x86_64__
_Static_assert(sizeof(struct uk_abi_epoll_event) == 12 &&
	       offsetof(struct uk_abi_epoll_event, data) == 4,
	       "Linux ABI, x86_64");
#else
_Static_assert(sizeof(struct uk_abi_epoll_event) == 16 &&
	       offsetof(struct uk_abi_epoll_event, data) == 8,
	       "Linux ABI, generic");
#endif
