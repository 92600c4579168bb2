/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The interrupt of Xen on a PC: a vector that it is told, of every CPU, beside
 * what the local APIC takes. It has no mask, and needs no end of interrupt.
 */
#include <stddef.h>
#include <stdint.h>

#include <uk/apic.h>
#include <uk/errno.h>
#include <uk/intctlr.h>
#include <uk/print.h>
#include <uk/xen.h>

#include "../events_priv.h"

/*
 * The page has one layout for 32-bit guests and another for 64-bit ones. Xen
 * looks which the caller is when this parameter is set, and writes the date
 * then; a domain begins in 32-bit mode and so without one. 0: no interrupt.
 */
int xen_pages_ready(void)
{
	return uk_xen_param_set(UK_XEN_PARAM_CALLBACK_IRQ, 0);
}

int xen_upcall_resume(void)
{
	const uint64_t how = (uint64_t)UK_XEN_CALLBACK_VECTOR
			     << UK_XEN_CALLBACK_SHIFT;

	return uk_xen_param_set(UK_XEN_PARAM_CALLBACK_IRQ,
				how | uk_apic_vector(UK_APIC_IRQ_HOST));
}

int xen_upcall_start(uk_irq_fn fn)
{
	int rc = uk_intctlr_start();

	if (rc == 0 && !uk_apic_is_on())
		rc = -ENODEV;
	if (rc == 0)
		rc = uk_intctlr_local_register(UK_APIC_IRQ_HOST, fn, NULL,
					       "xen");
	if (rc == 0)
		rc = xen_upcall_resume();
	if (rc < 0)
		uk_pr_err("Xen cannot interrupt, error %d", -rc);
	return rc;
}

void xen_upcall_cpu_start(void)
{
}
