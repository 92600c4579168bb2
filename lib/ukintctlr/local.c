/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Interrupts of which each CPU has its own. There is one handler for all CPUs
 * and no way back, so the table is read without a lock; the function is
 * written last.
 */
#include "intctlr_priv.h"

#include <stddef.h>

#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/print.h>

static int check(unsigned int irq)
{
	if (irq >= NLOCAL)
		return -EINVAL;
	if (!intctlr.ops)
		return 0;
	return intctlr.ops->local_check ? intctlr.ops->local_check(irq)
					: -EINVAL;
}

int uk_intctlr_local_register(unsigned int irq, uk_irq_fn fn, void *arg,
			      const char *name)
{
	int rc = intctlr_need();
	struct local *local;
	unsigned long irqs;

	if (rc == 0)
		rc = check(irq);
	if (rc < 0)
		return rc;

	local = &intctlr.locals[irq];
	irqs = ukarch_irq_save();
	intctlr_lock(&intctlr.lock);
	if (local->fn) {
		rc = -EBUSY;
	} else {
		local->arg = arg;
		local->name = name;
		__atomic_store_n(&local->fn, fn, __ATOMIC_RELEASE);
	}
	intctlr_unlock(&intctlr.lock);
	ukarch_irq_restore(irqs);
	return rc;
}

void uk_intctlr_local_enable(unsigned int irq)
{
	UK_ASSERT(intctlr.ops && irq < NLOCAL && intctlr.locals[irq].fn);

	intctlr.ops->local_unmask(irq);
}

void uk_intctlr_local_disable(unsigned int irq)
{
	UK_ASSERT(intctlr.ops && irq < NLOCAL && intctlr.locals[irq].fn);

	intctlr.ops->local_mask(irq);
}

int uk_intctlr_ipi_register(enum uk_ipi ipi, uk_irq_fn fn, void *arg,
			    const char *name)
{
	int rc = intctlr_need();

	if (rc == 0 && intctlr.ops && !intctlr.ops->ipi)
		rc = -ENOTSUP;
	if (rc == 0)
		rc = uk_intctlr_local_register(ipi, fn, arg, name);
	if (rc == 0 && intctlr.ops)
		intctlr.ops->local_unmask(ipi);
	return rc;
}

/* What was registered before; IPIs are on from the beginning. */
void intctlr_locals_start(void)
{
	for (unsigned int irq = 0; irq < NLOCAL; irq++) {
		struct local *local = &intctlr.locals[irq];

		if (!local->fn)
			continue;
		if (check(irq) < 0)
			uk_pr_err("irq %u (%s): cannot be had", irq,
				  local->name);
		else if (irq < UK_NIPIS)
			intctlr.ops->local_unmask(irq);
	}
}
