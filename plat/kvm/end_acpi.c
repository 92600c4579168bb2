/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end by ACPI's registers. What ends the machine may hold any lock: a
 * crash, or what an interrupt came upon. Then the tables are not read any more,
 * as that takes the page tables' lock, and the other ways must do.
 */
#include "terminate.h"

#include <uk/acpi_end.h>
#include <uk/preempt.h>

bool kvm_end_by_acpi(const struct ukplat_end *end)
{
	if (end->how != UK_END_CRASH && !uk_in_irq())
		uk_acpi_end_prepare();
	return end->how == UK_END_REBOOT ? uk_acpi_reset()
					 : uk_acpi_power_off();
}
