/* SPDX-License-Identifier: BSD-3-Clause */
#include "coop_priv.h"

#include <uk/arch/cpu.h>
#include <uk/config.h>

void coop_irqs_on(void)
{
	if (UK_IS_ENABLED(CONFIG_HAVE_IRQ))
		ukarch_irq_enable();
}
