/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Channel 2 of the 8254 (Intel 231164), whose gate and speaker are at port
 * 0x61 of a PC. Mode 2 counts down to 1 and begins anew; a count is latched
 * and then read in two bytes. Interrupts are off from the one to the other: a
 * reader in between would take one byte of it.
 */
#include "pit_priv.h"

#include <stdbool.h>

#include <uk/arch/cpu.h>
#include <uk/errno.h>
#include <uk/essentials.h>

/* Command: channel 2, two bytes, mode 2, binary; and the latch. */
#define COMMAND_MODE2	0xb4
#define COMMAND_LATCH	0x80

#define GATE_OPEN	0x01u
#define GATE_SPEAKER	0x02u

/* Readings until it must have moved: each takes longer than 838 ns. */
#define READINGS	1000u

/* One reader at a time; taken by exchange, interrupts off. */
static bool busy;

uint64_t pit_read(const struct uk_clock *clock)
{
	const struct pit_io *const io =
		UK_CONTAINER_OF(clock, struct pit, clock)->io;
	const unsigned long irq = ukarch_irq_save();
	uint16_t count;

	while (__atomic_exchange_n(&busy, true, __ATOMIC_ACQUIRE))
		ukarch_spin_wait();
	io->out(PIT_COMMAND, COMMAND_LATCH);
	count = io->in(PIT_CHANNEL2);
	count = (uint16_t)(count | io->in(PIT_CHANNEL2) << 8);
	__atomic_store_n(&busy, false, __ATOMIC_RELEASE);
	ukarch_irq_restore(irq);
	return (uint16_t)-count;
}

static bool moves(const struct uk_clock *clock)
{
	const uint64_t first = pit_read(clock);

	for (unsigned int i = 0; i < READINGS; i++)
		if (pit_read(clock) != first)
			return true;
	return false;
}

int pit_start(struct uk_clock *clock)
{
	const struct pit_io *const io =
		UK_CONTAINER_OF(clock, struct pit, clock)->io;

	io->out(PIT_GATE, (uint8_t)((io->in(PIT_GATE) & ~GATE_SPEAKER) |
				    GATE_OPEN));
	io->out(PIT_COMMAND, COMMAND_MODE2);
	io->out(PIT_CHANNEL2, 0);	/* 65,536 */
	io->out(PIT_CHANNEL2, 0);
	return moves(clock) ? 0 : -ENODEV;
}
