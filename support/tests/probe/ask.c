/* SPDX-License-Identifier: BSD-3-Clause */
/* The host asks while an init entry is at work; there are no threads. */
#include "probe.h"

#include <uk/plat/terminate.h>

void probe_ask_meanwhile(void)
{
	enum uk_end end = UK_END_POWEROFF;

	(void)uk_event_raise(ukplat_end_asked, &end);
}

void probe_let_others(void)
{
}
