/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Programs write from several CPUs, also when one of them ends the image. So
 * they take turns, of one run of bytes each, and the last turn is that of the
 * image's last line, which nothing cuts in two.
 *
 * Interrupts are off in a turn: whoever has it is at work and gives it back
 * soon, and no handler waits for what its own CPU has. Log lines take none
 * (ukdebug brings one at a time), nor does a crash, which may have stopped the
 * one who has it.
 */
#include "console_priv.h"

#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/end.h>

/* For a run of bytes on a slow device: seconds. */
#define PATIENCE	(1u << 27)

enum {
	FREE,
	TAKEN,
	LAST,		/* for good */
};

/* Taken with acquire, given back with release. */
static uint32_t turn;

/* If it is free; else *@seen is what it is. */
static bool take(uint32_t as, uint32_t *seen)
{
	*seen = FREE;
	return __atomic_compare_exchange_n(&turn, seen, as, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

bool console_turn_take(unsigned long *irq)
{
	uint32_t seen;

	*irq = ukarch_irq_save();
	while (!take(TAKEN, &seen)) {
		ukarch_irq_restore(*irq);
		if (seen == LAST)
			return false;
		ukarch_spin_wait();
		*irq = ukarch_irq_save();
	}
	return true;
}

void console_turn_give(unsigned long irq)
{
	uint32_t seen = TAKEN;

	/* It may be the last one's by now, who waited for long. */
	(void)__atomic_compare_exchange_n(&turn, &seen, FREE, false,
					  __ATOMIC_RELEASE, __ATOMIC_RELAXED);
	ukarch_irq_restore(irq);
}

static enum uk_event_result on_last_line(void *data)
{
	uint32_t seen;

	(void)data;
	for (uint32_t i = 0; !take(LAST, &seen) && i < PATIENCE; i++)
		ukarch_spin_wait();
	__atomic_store_n(&turn, LAST, __ATOMIC_RELAXED);
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_end_last_line, on_last_line);
