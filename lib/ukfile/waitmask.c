/* SPDX-License-Identifier: BSD-3-Clause */
/* Masks of signals while a call waits; who has signals registers. */
#include <uk/waitmask.h>

#include <uk/call.h>
#include <uk/errno.h>
#include <uk/nofault.h>

/* Release by who registers, acquire by callers. */
static const struct uk_waitmask_ops *waitmask;

const struct uk_waitmask_ops *
uk_waitmask_register(const struct uk_waitmask_ops *ops)
{
	return __atomic_exchange_n(&waitmask, ops, __ATOMIC_ACQ_REL);
}

static const struct uk_waitmask_ops *registered(void)
{
	return __atomic_load_n(&waitmask, __ATOMIC_ACQUIRE);
}

int uk_waitmask_begin(const void *mask, size_t len)
{
	const struct uk_waitmask_ops *const ops = registered();
	uint64_t bits;

	if (!mask)
		return 0;
	if (len != sizeof(bits))
		return -EINVAL;
	if (!uk_call_may_use(mask) ||
	    !uk_nofault_try_read(bits, (const uint64_t *)mask))
		return -EFAULT;
	if (!ops)
		return -ENOSYS;
	ops->swap(bits);
	return 0;
}

void uk_waitmask_end(const void *mask, long rc)
{
	if (mask)
		registered()->restore(rc == -EINTR);
}
