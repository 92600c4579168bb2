/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The port. An access is an exit to the hypervisor, so the FIFO is
 * used to look only once per 16 bytes.
 *
 * A port that takes nothing for long is stuck: from then on a byte that finds
 * no room is lost at once, so that a dead console costs one wait and not one
 * per byte. It is healed by the first look that finds room.
 */
#include "ns16550_priv.h"

#include <uk/arch/cpu.h>

static bool scratch_holds(const struct ns16550 *port, uint8_t val)
{
	port->write(port, NS_SCR, val);
	return port->read(port, NS_SCR) == val;
}

/* For those without a scratch register: the modem lines, looped back. */
static bool loop_works(const struct ns16550 *port)
{
	uint8_t lines;

	port->write(port, NS_MCR, MCR_LOOP | MCR_RTS_OUT2);
	lines = port->read(port, NS_MSR) & MSR_LINES;
	port->write(port, NS_MCR, 0);
	return lines == MSR_CTS_DCD;
}

bool ns16550_probe(const struct ns16550 *port)
{
	/* Values that a floating bus does not hold. */
	if (scratch_holds(port, 0x5a) && scratch_holds(port, 0xa5))
		return true;
	return loop_works(port);
}

void ns16550_start(struct ns16550 *port, bool set_speed)
{
	port->write(port, NS_IER, 0);
	if (set_speed) {
		port->write(port, NS_LCR, LCR_DIVISOR);
		port->write(port, NS_DATA, 1);
		port->write(port, NS_IER, 0);
	}
	port->write(port, NS_LCR, LCR_8N1);
	port->write(port, NS_MCR, MCR_DTR_RTS);

	/*
	 * Switching the FIFOs on empties them: not when input is there, as it
	 * is at once when it comes from a pipe.
	 */
	if (!(port->read(port, NS_LSR) & LSR_DATA))
		port->write(port, NS_FCR, FCR_FIFO);
	port->fifo = (port->read(port, NS_IIR) & IIR_FIFO) == IIR_FIFO ?
		     NS_FIFO : 1;
	port->room = 0;
	port->stuck = false;
}

/* Until the line status has @bit. */
static bool wait_for(struct ns16550 *port, uint8_t bit)
{
	unsigned int left = port->stuck ? 1 : NS_PATIENCE;

	while (!(port->read(port, NS_LSR) & bit)) {
		if (--left == 0) {
			port->stuck = true;
			return false;
		}
		ukarch_spin_wait();
	}
	port->stuck = false;
	port->room = port->fifo;
	return true;
}

static void ns16550_out(struct uk_console *con, const char *buf, size_t len)
{
	struct ns16550 *port = ns16550_of(con);

	for (size_t i = 0; i < len; i++) {
		if (port->room == 0 && !wait_for(port, LSR_EMPTY))
			continue;
		port->room--;
		port->write(port, NS_DATA, (uint8_t)buf[i]);
	}
}

static void ns16550_flush(struct uk_console *con)
{
	(void)wait_for(ns16550_of(con), LSR_SENT);
}

static size_t ns16550_in(struct uk_console *con, char *buf, size_t len)
{
	struct ns16550 *port = ns16550_of(con);
	size_t n = 0;

	/* Broken characters count as looks, so a noisy line ends too. */
	for (size_t looks = 0; looks < len; looks++) {
		const uint8_t status = port->read(port, NS_LSR);
		uint8_t data;

		if (!(status & LSR_DATA))
			break;
		data = port->read(port, NS_DATA);
		if (!(status & LSR_BROKEN))
			buf[n++] = (char)data;
	}
	return n;
}

const struct uk_console_ops ns16550_ops = {
	.out = ns16550_out,
	.flush = ns16550_flush,
	.in = ns16550_in,
	.notify = ns16550_notify,
};
