/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/arch/percpu.h>
#include <uk/compiler.h>

/*
 * What others ask of a thread while it is in a system call: a signal to
 * deliver, an end to come to. The core and the program share one privilege
 * level, so a thread that were made to do something else in the middle of a
 * call might hold a lock; it is asked, and does it where it leaves the
 * outermost call. A call that waits ends its wait early for that (-EINTR).
 *
 * Who asks sets a bit of @pending of the thread's struct uk_current, then
 * wakes the thread; who waits calls uk_call_interrupted() after it counts as
 * blocked.
 */

/* Bits of struct uk_current's pending. */
#define UK_CALL_SIGNAL	0x1u	/* signals that it does not block */
#define UK_CALL_END	0x2u	/* it is to exit */

/* Ask @cur for @bits. Context: any; the thread is alive. */
static inline void uk_call_ask(struct uk_current *cur, uint32_t bits)
{
	/* Release: with the acquire of who looks, for what it is asked. */
	__atomic_fetch_or(&cur->pending, bits, __ATOMIC_RELEASE);
}

/* @cur has done @bits, or need not. Context: any. */
static inline void uk_call_done(struct uk_current *cur, uint32_t bits)
{
	__atomic_fetch_and(&cur->pending, ~bits, __ATOMIC_RELAXED);
}

/* Is the caller asked to come out of its call? Context: thread. */
static inline bool uk_call_interrupted(void)
{
	return __atomic_load_n(&ukarch_current()->pending, __ATOMIC_ACQUIRE);
}
