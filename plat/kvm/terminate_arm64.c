/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end by PSCI. It carries no status: that is in the console's last line.
 */
#include <uk/plat/terminate.h>

#include <stdbool.h>

#include <uk/arch/cpu.h>
#include <uk/config.h>
#include <uk/print.h>
#include <uk/psci.h>

UK_EVENT(ukplat_ends);

void ukplat_terminate(enum uk_end how, int status)
{
	struct ukplat_end end = { .how = how, .status = status };
	/* One CPU ends the machine. */
	static bool tried;

	ukarch_irq_disable();
	/* If the call traps, the crash screen ends here again: no third try. */
	if (!tried) {
		int rc;

		tried = true;
		if (UK_IS_ENABLED(CONFIG_HAVE_HYPERVISOR))
			uk_event_raise(ukplat_ends, &end);
		rc = how == UK_END_REBOOT ? uk_psci_system_reset()
					  : uk_psci_system_off();
		/* It is back, so it failed. A crash prints by itself only. */
		if (how != UK_END_CRASH)
			uk_pr_err("the machine cannot be ended by PSCI: %s",
				  uk_psci_strerror(rc));
	}
	ukarch_halt_forever();
}
