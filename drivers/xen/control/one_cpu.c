/* SPDX-License-Identifier: BSD-3-Clause */
/* Where there are no others, nobody else runs while interrupts are off. */
#include "control_priv.h"

#include <uk/arch/cpu.h>
#include <uk/compiler.h>
#include <uk/xen_suspend.h>

static int hold(void)
{
	ukarch_irq_disable();
	return 0;
}

static void let_go(void (*fn)(void *arg) UK_UNUSED, void *arg UK_UNUSED)
{
	ukarch_irq_enable();
}

const struct uk_xen_suspend_cpus xen_control_cpus = {
	.hold = hold,
	.let_go = let_go,
};
