/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* poll(2) and select(2), as Linux's ABI has them on x86_64 and arm64. */

#define UK_ABI_POLLIN		0x0001
#define UK_ABI_POLLPRI		0x0002
#define UK_ABI_POLLOUT		0x0004
#define UK_ABI_POLLERR		0x0008
#define UK_ABI_POLLHUP		0x0010
#define UK_ABI_POLLNVAL		0x0020
#define UK_ABI_POLLRDNORM	0x0040
#define UK_ABI_POLLRDBAND	0x0080
#define UK_ABI_POLLWRNORM	0x0100
#define UK_ABI_POLLWRBAND	0x0200
#define UK_ABI_POLLRDHUP	0x2000

struct uk_abi_pollfd {
	int32_t fd;
	int16_t events;
	int16_t revents;
};

_Static_assert(sizeof(struct uk_abi_pollfd) == 8 &&
	       offsetof(struct uk_abi_pollfd, events) == 4 &&
	       offsetof(struct uk_abi_pollfd, revents) == 6, "Linux ABI");

/* The last argument of pselect6: a pointer to one, or NULL. */
struct uk_abi_sigset_arg {
	const void *mask;	/* NULL: none */
	uint64_t len;
};

_Static_assert(sizeof(struct uk_abi_sigset_arg) == 16 &&
	       offsetof(struct uk_abi_sigset_arg, len) == 8,
	       "Linux ABI, 64 bit");
