/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * adjtimex(2), to read: a clock that nobody disciplines. What would change it
 * is refused as to somebody who may not; a step of the clock is
 * clock_settime(2)'s.
 */
#include <uk/posix_time.h>

#include <stdbool.h>

#include <uk/errno.h>
#include <uk/syscall.h>

#include "posix_time_priv.h"

/* Of modes: as adjtime(3) has it, then which of its two, then read only. */
#define ADJTIME		0x8000u
#define SINGLESHOT	0x0001u
#define READONLY	0x2000u

/* What nobody has measured is off by no more than this: Linux's NTP_PHASE. */
#define ERROR_US	16000000
#define TOLERANCE	(500L << 16)	/* parts per million */
#define TICK_US		10000
#define CONSTANT	2

static int check_modes(unsigned int modes)
{
	if (modes & ADJTIME && !(modes & SINGLESHOT))
		return -EINVAL;
	if (modes & ADJTIME)
		return modes & READONLY ? 0 : -EPERM;
	return modes ? -EPERM : 0;
}

static int adjust(struct uk_abi_timex *to, const struct uk_abi_timex *tx)
{
	struct uk_abi_timex out = {
		.modes = tx->modes, .maxerror = ERROR_US, .esterror = ERROR_US,
		.status = UK_ABI_STA_UNSYNC, .constant = CONSTANT,
		.precision = 1, .tolerance = TOLERANCE, .tick = TICK_US,
	};
	const int rc = check_modes(tx->modes);
	uint64_t ns;

	if (rc < 0)
		return rc;
	ns = uk_time_wall();
	out.time.tv_sec = (long)(ns / UK_TIME_NS_PER_SEC);
	out.time.tv_usec = (long)(ns % UK_TIME_NS_PER_SEC / UK_TIME_NS_PER_US);
	return ptime_put(to, &out, sizeof(out)) < 0 ? -EFAULT :
	       UK_ABI_TIME_ERROR;
}

UK_SYSCALL_R_DEFINE(int, adjtimex, struct uk_abi_timex *, arg)
{
	struct uk_abi_timex tx;

	return ptime_take(&tx, arg, sizeof(tx)) < 0 ? -EFAULT :
	       adjust(arg, &tx);
}

UK_SYSCALL_R_DEFINE(int, clock_adjtime, int, clk, struct uk_abi_timex *, arg)
{
	struct uk_abi_timex tx;

	if (ptime_take(&tx, arg, sizeof(tx)) < 0)
		return -EFAULT;
	if (clk == UK_ABI_CLOCK_SGI_CYCLE || clk > UK_ABI_CLOCK_TAI)
		return -EINVAL;
	return clk == UK_ABI_CLOCK_REALTIME ? adjust(arg, &tx) : -EOPNOTSUPP;
}
