/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Input interrupts once, each time it is asked to: the handler masks it, and
 * the interrupt is a level that ends with the last byte, so bytes that nobody
 * has taken interrupt as soon as it is asked for again.
 */
#include "pl011_priv.h"

#include <uk/compiler.h>
#include <uk/intctlr.h>
#include <uk/print.h>

static enum uk_irq_result on_irq(unsigned int irq UK_UNUSED, void *arg)
{
	struct pl011 *const port = arg;

	if (!(pl011_read(port, PL011_MIS) & INT_RX))
		return UK_IRQ_NOT_MINE;
	pl011_write(port, PL011_IMSC, 0);
	uk_console_arrived();
	return UK_IRQ_HANDLED;
}

static bool take_irq(struct pl011 *port)
{
	int rc;

	if (port->has_irq || !port->irq)
		return port->has_irq;
	rc = uk_intctlr_irq_register(port->irq, on_irq, port, "pl011");
	if (rc < 0) {
		uk_pr_warn("input is looked for: no interrupt %u, error %d",
			   port->irq, -rc);
		port->irq = 0;
	}
	port->has_irq = rc == 0;
	return port->has_irq;
}

bool pl011_notify(struct uk_console *con)
{
	struct pl011 *const port = pl011_of(con);

	if (!take_irq(port))
		return false;
	pl011_write(port, PL011_IMSC, INT_RX);
	return true;
}
