/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/*
 * futex(2), as the Linux kernel's ABI has it.
 */

/* The operation, and flags beside it. */
#define UK_ABI_FUTEX_WAIT		0
#define UK_ABI_FUTEX_WAKE		1
#define UK_ABI_FUTEX_REQUEUE		3
#define UK_ABI_FUTEX_CMP_REQUEUE	4
#define UK_ABI_FUTEX_WAKE_OP		5
#define UK_ABI_FUTEX_LOCK_PI		6
#define UK_ABI_FUTEX_UNLOCK_PI		7
#define UK_ABI_FUTEX_TRYLOCK_PI		8
#define UK_ABI_FUTEX_WAIT_BITSET	9
#define UK_ABI_FUTEX_WAKE_BITSET	10
#define UK_ABI_FUTEX_WAIT_REQUEUE_PI	11
#define UK_ABI_FUTEX_CMP_REQUEUE_PI	12
#define UK_ABI_FUTEX_LOCK_PI2		13
#define UK_ABI_FUTEX_PRIVATE_FLAG	0x080
#define UK_ABI_FUTEX_CLOCK_REALTIME	0x100

/* What is in the word of a mutex that is robust or inherits priority. */
#define UK_ABI_FUTEX_WAITERS		0x80000000u
#define UK_ABI_FUTEX_OWNER_DIED		0x40000000u
#define UK_ABI_FUTEX_TID_MASK		0x3fffffffu

/*
 * set_robust_list(2): the mutexes that a thread holds. Each @next points to
 * the next one's, the last one to the head, with the low bit set for a mutex
 * that inherits priority; the word is @offset bytes from there.
 */
struct uk_abi_robust_head {
	uint64_t next;
	int64_t offset;
	uint64_t pending;	/* being locked or unlocked, or 0 */
};

_Static_assert(sizeof(struct uk_abi_robust_head) == 24, "Linux ABI, 64 bit");
