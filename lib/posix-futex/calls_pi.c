/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * futex(2) for locks that inherit priority; apart from the rest, which does not
 * pay for its arguments.
 */
#include <uk/abi/futex.h>
#include <uk/errno.h>
#include <uk/time.h>

#include "futex_priv.h"

static long lock_pi(uint32_t *addr, const struct uk_abi_timespec *ts,
		    bool realtime)
{
	struct futex_end end;
	int rc;

	if (!futex_aligned(addr))
		return -EINVAL;
	rc = futex_get_end(ts, false, realtime, &end);
	return rc < 0 ? rc : futex_pi_lock(addr, end, false);
}

static long trylock_pi(uint32_t *addr)
{
	const struct futex_end none = { .ns = UK_TIME_NEVER };

	return futex_aligned(addr) ? futex_pi_lock(addr, none, true) : -EINVAL;
}

static long unlock_pi(uint32_t *addr)
{
	return futex_aligned(addr) ? futex_pi_unlock(addr) : -EINVAL;
}

static long wait_requeue_pi(uint32_t *addr, uint32_t val,
			    const struct uk_abi_timespec *ts, uint32_t *to,
			    bool realtime)
{
	struct futex_end end;
	int rc;

	if (!futex_aligned(addr) || !futex_aligned(to))
		return -EINVAL;
	rc = futex_get_end(ts, false, realtime, &end);
	return rc < 0 ? rc : futex_pi_wait(addr, val, end, to);
}

static long requeue_pi(uint32_t *addr, int nwake, uint32_t *to, int nmove,
		       uint32_t val)
{
	if (nwake != 1 || nmove < 0 || !futex_aligned(addr) ||
	    !futex_aligned(to))
		return -EINVAL;
	return futex_pi_requeue(addr, to, (unsigned int)nmove, val);
}

/* Is there a choice of clocks? */
static bool has_clock(int cmd)
{
	return cmd == UK_ABI_FUTEX_WAIT_REQUEUE_PI ||
	       cmd == UK_ABI_FUTEX_LOCK_PI2;
}

long futex_pi_call(uint32_t *addr, int op, uint32_t val,
		   const struct uk_abi_timespec *ts, uint32_t *to,
		   uint32_t val3)
{
	const bool realtime = futex_by_wall(op);
	const int cmd = futex_cmd(op);
	/* In the place of a time. */
	const int val2 = (int)(intptr_t)ts;

	if (realtime && !has_clock(cmd))
		return -ENOSYS;
	switch (cmd) {
	case UK_ABI_FUTEX_LOCK_PI:
		return lock_pi(addr, ts, true);
	case UK_ABI_FUTEX_LOCK_PI2:
		return lock_pi(addr, ts, realtime);
	case UK_ABI_FUTEX_TRYLOCK_PI:
		return trylock_pi(addr);
	case UK_ABI_FUTEX_UNLOCK_PI:
		return unlock_pi(addr);
	case UK_ABI_FUTEX_WAIT_REQUEUE_PI:
		return wait_requeue_pi(addr, val, ts, to, realtime);
	case UK_ABI_FUTEX_CMP_REQUEUE_PI:
		return requeue_pi(addr, (int)val, to, val2, val3);
	default:
		return -ENOSYS;
	}
}
