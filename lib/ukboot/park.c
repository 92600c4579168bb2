/* SPDX-License-Identifier: BSD-3-Clause */
#include "boot_priv.h"

#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/end.h>

UK_EVENT(uk_end_awaited);

void boot_park(void)
{
	(void)uk_event_raise(uk_end_awaited, NULL);
	for (;;)
		ukarch_spin_wait();
}
