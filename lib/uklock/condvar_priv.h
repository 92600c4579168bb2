/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/condvar.h>

/* Enter @cv's queue and let @m go. */
void lock_condvar_enter(struct uk_condvar *cv, struct uk_mutex *m,
			struct uk_waiter *w);
