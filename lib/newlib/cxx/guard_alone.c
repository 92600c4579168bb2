/* SPDX-License-Identifier: BSD-3-Clause */
/* Nobody else could initialise meanwhile. */
#include "guard.h"

int __cxa_guard_acquire(struct guard *guard)
{
	return !guard->done;
}

void __cxa_guard_release(struct guard *guard)
{
	guard->done = 1;
}

void __cxa_guard_abort(struct guard *guard)
{
	guard->busy = 0;
}
