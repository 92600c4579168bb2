/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Input interrupts once, each time it is asked to: the handler switches it off
 * in the chip, so that switching it on is an edge for bytes that nobody has
 * taken, where an edge is what the controller waits for.
 */
#include "ns16550_priv.h"

#include <uk/compiler.h>
#include <uk/intctlr.h>
#include <uk/print.h>

static enum uk_irq_result on_irq(unsigned int irq UK_UNUSED, void *arg)
{
	const struct ns16550 *const port = arg;

	if (port->read(port, NS_IIR) & IIR_NONE)
		return UK_IRQ_NOT_MINE;
	port->write(port, NS_IER, 0);
	uk_console_arrived();
	return UK_IRQ_HANDLED;
}

static bool take_irq(struct ns16550 *port)
{
	int rc;

	if (port->has_irq || !port->irq)
		return port->has_irq;
	rc = uk_intctlr_irq_register(port->irq, on_irq, port, "ns16550");
	if (rc < 0) {
		uk_pr_warn("input is looked for: no interrupt %u, error %d",
			   port->irq, -rc);
		port->irq = 0;
		return false;
	}
	port->write(port, NS_MCR, MCR_DTR_RTS | MCR_OUT2);
	port->has_irq = true;
	return true;
}

bool ns16550_notify(struct uk_console *con)
{
	struct ns16550 *const port = ns16550_of(con);

	if (!take_irq(port))
		return false;
	port->write(port, NS_IER, IER_DATA);
	return true;
}
