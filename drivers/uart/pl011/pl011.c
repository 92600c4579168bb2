/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The port. Speed and format stay as firmware has set them: the clock
 * that the divisors need is not known here, and in a virtual machine there is
 * none.
 *
 * A port that takes nothing for long is stuck: from then on a byte that finds
 * the FIFO full is lost at once, so that a dead console costs one wait and not
 * one per byte. It is healed by the first look that finds room.
 */
#include "pl011_priv.h"

#include <uk/arch/cpu.h>

void pl011_start(struct pl011 *port)
{
	const uint32_t on = CR_UARTEN | CR_TXE | CR_RXE;
	uint32_t lcrh;

	pl011_write(port, PL011_IMSC, 0);
	pl011_write(port, PL011_ICR, ICR_ALL);

	/* Other registers are not there (Arm SBSA, "Generic UART"). */
	if (port->is_sbsa)
		return;
	/* LCRH may be written only while the port is off (3.3.7). */
	if ((pl011_read(port, PL011_CR) & on) == on)
		return;
	/*
	 * QEMU takes a byte for a port that is off, and no second one; it is
	 * lost where the FIFO is switched on.
	 */
	lcrh = pl011_read(port, PL011_FR) & FR_RXFE ? LCRH_8N1_FIFO : LCRH_8N1;
	pl011_write(port, PL011_CR, 0);
	pl011_write(port, PL011_LCRH, lcrh);
	pl011_write(port, PL011_CR, on);
}

/* Until the flags do not have @flag. */
static bool wait_for(struct pl011 *port, uint32_t flag)
{
	unsigned int left = port->stuck ? 1 : PL011_PATIENCE;

	while (pl011_read(port, PL011_FR) & flag) {
		if (--left == 0) {
			port->stuck = true;
			return false;
		}
		ukarch_spin_wait();
	}
	port->stuck = false;
	return true;
}

static void pl011_out(struct uk_console *con, const char *buf, size_t len)
{
	struct pl011 *port = pl011_of(con);

	for (size_t i = 0; i < len; i++)
		if (wait_for(port, FR_TXFF))
			pl011_write(port, PL011_DR, (unsigned char)buf[i]);
}

static void pl011_flush(struct uk_console *con)
{
	(void)wait_for(pl011_of(con), FR_BUSY);
}

static size_t pl011_in(struct uk_console *con, char *buf, size_t len)
{
	struct pl011 *port = pl011_of(con);
	size_t n = 0;

	/* Broken characters count as looks, so a noisy line ends too. */
	for (size_t looks = 0; looks < len; looks++) {
		uint32_t data;

		if (pl011_read(port, PL011_FR) & FR_RXFE)
			break;
		data = pl011_read(port, PL011_DR);
		if (!(data & DR_BROKEN))
			buf[n++] = (char)(data & DR_DATA);
	}
	return n;
}

const struct uk_console_ops pl011_ops = {
	.out = pl011_out,
	.flush = pl011_flush,
	.in = pl011_in,
	.notify = pl011_notify,
};
