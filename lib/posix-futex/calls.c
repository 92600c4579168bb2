/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * futex(2). Private and shared words are the same here: there is one address
 * space.
 */
#include <uk/abi/futex.h>
#include <uk/abi/time.h>
#include <uk/call.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/futex.h>
#include <uk/nofault.h>
#include <uk/syscall.h>
#include <uk/time.h>

#include "futex_priv.h"

#define NSEC		((long)UK_TIME_NS_PER_SEC)

/* Read *@ts, as nanoseconds; what 64 bits cannot hold is for ever. */
static int get_time(const struct uk_abi_timespec *ts, uint64_t *ns)
{
	struct uk_abi_timespec t;

	if (!uk_nofault_try_read(t, ts))
		return -EFAULT;
	if (t.tv_sec < 0 || t.tv_nsec < 0 || t.tv_nsec >= NSEC)
		return -EINVAL;
	if (__builtin_mul_overflow((uint64_t)t.tv_sec, UK_TIME_NS_PER_SEC,
				   ns) ||
	    __builtin_add_overflow(*ns, (uint64_t)t.tv_nsec, ns))
		*ns = UK_TIME_NEVER;
	return 0;
}

static UK_ALWAYS_INLINE int get_end(const struct uk_abi_timespec *ts,
				    bool relative, bool realtime,
				    struct futex_end *end)
{
	uint64_t ns;
	int rc;

	*end = (struct futex_end){ .ns = UK_TIME_NEVER };
	if (!ts)
		return 0;
	rc = get_time(ts, &ns);
	if (rc < 0)
		return rc;
	if (!relative)
		*end = (struct futex_end){ .ns = ns, .is_wall = realtime };
	else if (__builtin_add_overflow(ns, uk_time_now(), &end->ns))
		end->ns = UK_TIME_NEVER;
	return 0;
}

int futex_get_end(const struct uk_abi_timespec *ts, bool relative,
		  bool realtime, struct futex_end *end)
{
	return get_end(ts, relative, realtime, end);
}

UK_NOINLINE
static long wait(const uint32_t *addr, uint32_t val, uint32_t bits,
		 const struct uk_abi_timespec *ts, bool relative,
		 bool realtime)
{
	struct futex_end end;
	int rc = get_end(ts, relative, realtime, &end);

	if (rc < 0)
		return rc;
	rc = futex_wait(addr, val, bits, end);
	/* How long it would still have to wait is not known the next time. */
	if (rc == -EINTR && !(ts && relative))
		return -UK_CALL_RESTART;
	return rc;
}

/* The same without a time. */
static inline long wait_for_ever(const uint32_t *addr, uint32_t val)
{
	const int rc = futex_wait(addr, val, UK_FUTEX_ANY,
				  (struct futex_end){ .ns = UK_TIME_NEVER });

	return rc == -EINTR ? -UK_CALL_RESTART : rc;
}

static long wake(const uint32_t *addr, int n, uint32_t bits)
{
	unsigned int done;

	if (!futex_aligned(addr) || !bits)
		return -EINVAL;
	/* One at least, as there. */
	done = uk_futex_wake(addr, n > 0 ? (unsigned int)n : 1, bits);
	/* Who wants a lock is not woken, it is given it. */
	if (!done && futex_pi_waits(addr))
		return -EINVAL;
	return done;
}

static long requeue(const uint32_t *addr, int nwake, const uint32_t *to,
		    int nmove, const uint32_t *val)
{
	if (nwake < 0 || nmove < 0 || !futex_aligned(addr) ||
	    !futex_aligned(to))
		return -EINVAL;
	/* As futex_wait(): who were moved there would count as woken. */
	if (!to)
		return -EFAULT;
	return futex_requeue(addr, (unsigned int)nwake, to,
			     (unsigned int)nmove, val);
}

static long wake_op(const uint32_t *addr, int nwake, uint32_t *to,
		    int nwake_to, uint32_t op)
{
	if (!futex_aligned(addr) || !futex_aligned(to))
		return -EINVAL;
	return futex_wake_op(addr, nwake > 0 ? (unsigned int)nwake : 1, to,
			     nwake_to > 0 ? (unsigned int)nwake_to : 1, op);
}

/* Apart from the two that are called most, which do not pay for the rest. */
UK_NOINLINE
static long others(uint32_t *addr, int op, uint32_t val,
		   const struct uk_abi_timespec *ts, uint32_t *to,
		   uint32_t val3)
{
	const bool realtime = futex_by_wall(op);
	const int cmd = futex_cmd(op);
	/* In the place of a time some have a number. */
	const int val2 = (int)(intptr_t)ts;

	if (realtime && cmd != UK_ABI_FUTEX_WAIT_BITSET)
		return futex_pi_call(addr, op, val, ts, to, val3);
	switch (cmd) {
	case UK_ABI_FUTEX_WAIT_BITSET:
		return wait(addr, val, val3, ts, false, realtime);
	case UK_ABI_FUTEX_WAKE_BITSET:
		return wake(addr, (int)val, val3);
	case UK_ABI_FUTEX_REQUEUE:
		return requeue(addr, (int)val, to, val2, NULL);
	case UK_ABI_FUTEX_CMP_REQUEUE:
		return requeue(addr, (int)val, to, val2, &val3);
	case UK_ABI_FUTEX_WAKE_OP:
		return wake_op(addr, (int)val, to, val2, val3);
	default:
		return futex_pi_call(addr, op, val, ts, to, val3);
	}
}

UK_SYSCALL_R_DEFINE(long, futex, uint32_t *, addr, int, op, uint32_t, val,
		    const struct uk_abi_timespec *, ts, uint32_t *, to,
		    uint32_t, val3)
{
	switch (op & ~UK_ABI_FUTEX_PRIVATE_FLAG) {
	case UK_ABI_FUTEX_WAIT:
		return UK_LIKELY(!ts) ? wait_for_ever(addr, val)
				      : wait(addr, val, UK_FUTEX_ANY, ts, true,
					     false);
	case UK_ABI_FUTEX_WAKE:
		return wake(addr, (int)val, UK_FUTEX_ANY);
	default:
		return others(addr, op, val, ts, to, val3);
	}
}
