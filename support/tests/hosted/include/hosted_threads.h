/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * Threads of the host, for cases in tests/threads_*.c of a library. These run
 * in a program of their own, under ThreadSanitizer: a data race is a failure
 * of the case it happens in, even if it did no harm this time.
 *
 * UK_EXPECT_... belongs to the thread that runs the case. The others keep what
 * they found, and the case looks at it afterwards.
 */

/*
 * Run @fn(@arg, 0) to @fn(@arg, @n - 1), each in a thread of its own, all at
 * once; @n is at most 16. Returns when all have returned.
 */
void hosted_threads(unsigned int n, void (*fn)(void *arg, unsigned int i),
		    void *arg);

/* Let other threads run: there may be fewer CPUs than threads. */
void hosted_yield(void);
