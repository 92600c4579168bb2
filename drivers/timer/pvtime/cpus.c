/* SPDX-License-Identifier: BSD-3-Clause */
/* In an image with several CPUs: each, when it has come up. */
#include "pvtime_priv.h"

#include <uk/lcpu.h>

static enum uk_event_result on_up(void *data UK_UNUSED)
{
	pvtime_cpu_start();
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_lcpu_up, on_up);
