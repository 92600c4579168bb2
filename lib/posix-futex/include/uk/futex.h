/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>

/*
 * Words that threads wait for: futex(2), for those in the core who have one.
 *
 * A word is known by its address; all threads share one address space. An
 * address that is bad is told (-EFAULT), one that is no multiple of 4 too
 * (-EINVAL).
 *
 * Context: thread.
 */

/* Each bit a kind of waiter; who wakes says which kinds. */
#define UK_FUTEX_ANY	UINT32_MAX

/*
 * Wait, if the word at @addr is @val, until somebody wakes a kind of @bits, or
 * uk_time_now() is @deadline_ns (UK_TIME_NEVER: for ever).
 *
 * Returns 0, or
 *   -EAGAIN     it is not @val
 *   -ETIMEDOUT  it is that late
 *   -EINTR      the thread is to do something else first
 *   -EINVAL     @addr is no multiple of 4, @bits is 0
 *   -EFAULT     there is no word there
 */
UK_MUST_USE int uk_futex_wait(const uint32_t *addr, uint32_t val, uint32_t bits,
			      uint64_t deadline_ns);

/*
 * Wake at most @n of those who wait for a kind of @bits at @addr, in the order
 * in which they came. The word is not looked at. Returns how many were woken.
 * Context: any but NMI.
 */
unsigned int uk_futex_wake(const uint32_t *addr, unsigned int n, uint32_t bits);
