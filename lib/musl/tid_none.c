/* SPDX-License-Identifier: BSD-3-Clause */
#include "musl_priv.h"

/* The image's threads have no numbers. */
int musl_system_tid(const struct uk_thread *t)
{
	(void)t;
	return 0;
}
