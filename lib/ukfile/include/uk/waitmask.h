/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>

/*
 * The signals that are blocked while a call waits: the last argument of
 * ppoll(2), pselect(2) and epoll_pwait(2).
 *
 *	rc = uk_waitmask_begin(mask, len);
 *	if (rc < 0)
 *		return rc;
 *	rc = ... wait ...
 *	uk_waitmask_end(mask, rc);
 *
 * Signals are another library's: it registers how. Without one a call with a
 * mask is refused, as its caller counts on the mask.
 *
 * Context: thread.
 */

struct uk_waitmask_ops {
	/* Have the caller block @mask, bit i for signal i + 1, for now. */
	void (*swap)(uint64_t mask);
	/*
	 * And what it blocked before again. @interrupted: the call was; the
	 * signal that did it is delivered with the call's mask, before.
	 */
	void (*restore)(bool interrupted);
};

/*
 * @ops, which stays, is how from now on; while no call waits with a mask.
 * Returns what was so before, or NULL.
 */
const struct uk_waitmask_ops *
uk_waitmask_register(const struct uk_waitmask_ops *ops);

/*
 * Have the mask of @len bytes at @mask, a program's; NULL: nothing is done.
 * Returns 0, or
 *   -EINVAL  @len is not 8
 *   -EFAULT  it cannot be read
 *   -ENOSYS  no signals in this image
 */
UK_MUST_USE int uk_waitmask_begin(const void *mask, size_t len);

/* The end of what uk_waitmask_begin() began; @rc is the call's result. */
void uk_waitmask_end(const void *mask, long rc);
