/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * getrandom(2) over lib/ukrandom, which gives numbers always. What waits is
 * here: until 256 bits of entropy were gathered since boot, unless the caller
 * wants none of that (GRND_NONBLOCK, GRND_INSECURE). There is one generator, so
 * GRND_RANDOM is no other.
 *
 * The bytes come by way of the stack: the caller's memory may be none. They do
 * not stay there.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/sysinfo.h>
#include <uk/abi/uio.h>
#include <uk/call.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/nofault.h>
#include <uk/print.h>
#include <uk/random.h>
#include <uk/sched.h>
#include <uk/string.h>
#include <uk/syscall.h>
#include <uk/thread.h>
#include <uk/time.h>

/* Given at once, and without a look whether the caller is interrupted. */
#define PIECE	256u

/* How often is asked for entropy by who waits for it. */
#define PAUSE_NS	(10 * UK_TIME_NS_PER_MS)

/* 0, or why there is nothing to be had. */
static int wait_ready(unsigned int flags)
{
	static bool told;	/* atomic, relaxed */

	if (flags & UK_ABI_GRND_INSECURE || UK_LIKELY(uk_random_ready()))
		return 0;
	if (flags & UK_ABI_GRND_NONBLOCK)
		return -EAGAIN;
	if (!__atomic_exchange_n(&told, true, __ATOMIC_RELAXED))
		uk_pr_warn("getrandom waits for entropy: the parameter "
			   "random.seed gives some");
	while (!uk_random_ready()) {
		if (uk_call_interrupted())
			return -EINTR;
		uk_thread_block_timeout(uk_thread_current(), PAUSE_NS);
		uk_sched_yield();
		/* Asks all sources again. */
		uk_random_reseed();
	}
	return 0;
}

/* Returns how many of @len bytes, PIECE at most, could be written. */
static size_t give(uint8_t *to, size_t len)
{
	uint8_t bytes[PIECE];
	size_t n;

	uk_random_bytes(bytes, len);
	n = uk_nofault_memcpy(to, bytes, len, 0);
	memset(bytes, 0, sizeof(bytes));
	/* Somebody might read them: the compiler is not to think otherwise. */
	__asm__ volatile("" : : "r"(bytes) : "memory");
	return n;
}

UK_SYSCALL_R_DEFINE(ptrdiff_t, getrandom, uint8_t *, to, size_t, len,
		    unsigned int, flags)
{
	const unsigned int both = UK_ABI_GRND_RANDOM | UK_ABI_GRND_INSECURE;
	size_t done = 0;
	int rc;

	if (flags & ~(both | UK_ABI_GRND_NONBLOCK) || (flags & both) == both)
		return -EINVAL;
	rc = wait_ready(flags);
	if (rc < 0)
		return rc;
	len = UK_MIN(len, UK_ABI_RW_MAX);
	while (done < len) {
		const size_t want = UK_MIN(len - done, (size_t)PIECE);
		const size_t n = give((uint8_t *)((uintptr_t)to + done), want);

		done += n;
		if (n < want)
			return done ? (ptrdiff_t)done : -EFAULT;
		if (uk_call_interrupted())
			break;
	}
	return (ptrdiff_t)done;
}
