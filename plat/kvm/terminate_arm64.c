/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end by PSCI (Arm DEN 0022, 5.9 and 5.10). It carries no status: that is
 * in the console's last line.
 */
#include <uk/plat/terminate.h>

#include <uk/arch/cpu.h>
#include <uk/bits/arch/smccc.h>
#include <uk/bootinfo.h>

#include "kvm_arm64.h"

#define PSCI_SYSTEM_OFF		0x84000008u
#define PSCI_SYSTEM_RESET	0x84000009u

/* Set by the boot CPU before there are others, used up at the end. */
static uint32_t psci_conduit;

void kvm_psci_init(uint32_t conduit)
{
	psci_conduit = conduit;
}

void ukplat_terminate(enum uk_end how, int status UK_UNUSED)
{
	uint64_t x[UKARCH_SMCCC_NREGS] = {
		how == UK_END_REBOOT ? PSCI_SYSTEM_RESET : PSCI_SYSTEM_OFF,
	};
	const uint32_t conduit = psci_conduit;

	ukarch_irq_disable();
	/* If the call traps, the crash screen ends here again: no third try. */
	psci_conduit = UK_PSCI_NONE;
	if (conduit == UK_PSCI_HVC)
		ukarch_smccc_hvc(x);
	else if (conduit == UK_PSCI_SMC)
		ukarch_smccc_smc(x);
	ukarch_halt_forever();
}
