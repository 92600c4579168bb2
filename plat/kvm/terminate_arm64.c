/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end by PSCI. It carries no status: that is in the console's last line.
 * There is nothing after it: a machine whose firmware refuses halts, and says
 * why.
 */
#include "terminate.h"

#include <stddef.h>

#include <uk/print.h>
#include <uk/psci.h>

static void by_psci(struct ukplat_end *end)
{
	const int rc = end->how == UK_END_REBOOT ? uk_psci_system_reset()
						 : uk_psci_system_off();

	/* It is back, so it failed. A crash prints by itself only. */
	if (end->how != UK_END_CRASH)
		uk_pr_err("the machine cannot be ended by PSCI: %s",
			  uk_psci_strerror(rc));
}

const kvm_way_fn kvm_ways[] = { kvm_end_by_hypervisor, by_psci, NULL };
