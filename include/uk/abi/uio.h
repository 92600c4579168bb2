/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * Scattered input and output, as Linux's ABI has it: read(2), readv(2).
 */

/* One piece of memory; `struct iovec` of the C libraries. */
struct uk_abi_iovec {
	void *iov_base;
	unsigned long iov_len;
};

_Static_assert(sizeof(struct uk_abi_iovec) == 16, "Linux ABI, 64 bit");

/* Most pieces in one call; more is -EINVAL. */
#define UK_ABI_IOV_MAX		1024

/*
 * Most bytes one read or write transfers: the rest is left to a next call.
 * INT_MAX rounded down to a page.
 */
#define UK_ABI_RW_MAX		0x7ffff000ul

/* Flags of preadv2(2) and pwritev2(2). */
#define UK_ABI_RWF_HIPRI	0x01
#define UK_ABI_RWF_DSYNC	0x02
#define UK_ABI_RWF_SYNC		0x04
#define UK_ABI_RWF_NOWAIT	0x08
#define UK_ABI_RWF_APPEND	0x10
