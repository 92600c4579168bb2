/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The HPET's main counter (IA-PC HPET Specification 1.0a, 2.3). Nothing that
 * the registers say is believed that cannot be: what is not there reads as all
 * ones, and a period of 0 would be a division by it.
 */
#include "hpet_priv.h"

#include <stdbool.h>

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/print.h>

/* Registers, by index of 64 bits. */
#define CAPABILITIES	(0x00 / 8)
#define CONFIG		(0x10 / 8)
#define COUNTER		(0xf0 / 8)

#define CAP_REVISION	0xffu		/* never 0 */
#define CAP_64BIT	(1u << 13)
#define CAP_PERIOD(cap)	((uint32_t)((cap) >> 32))	/* femtoseconds */
#define PERIOD_MAX	0x05f5e100u	/* 100 ns (2.3.4) */

#define CONFIG_ENABLE	0x1u
#define CONFIG_LEGACY	0x2u		/* takes the PIT's interrupt */

#define FS_PER_SEC	UINT64_C(1000000000000000)

/* Readings until it must have moved: one takes longer than its period. */
#define READINGS	10000u

uint64_t hpet_read(const struct uk_clock *clock)
{
	const struct hpet *const hpet =
		UK_CONTAINER_OF(clock, struct hpet, clock);

	/* Half the register where only that counts. */
	if (clock->bits == 32)
		return *(volatile uint32_t *)&hpet->regs[COUNTER];
	return hpet->regs[COUNTER];
}

static bool moves(const struct hpet *hpet)
{
	const uint64_t first = hpet_read(&hpet->clock);

	for (unsigned int i = 0; i < READINGS; i++)
		if (hpet_read(&hpet->clock) != first)
			return true;
	return false;
}

int hpet_start(struct hpet *hpet)
{
	const uint64_t cap = hpet->regs[CAPABILITIES];
	const uint32_t period = CAP_PERIOD(cap);

	if (!(cap & CAP_REVISION) || period == 0 || period > PERIOD_MAX) {
		uk_pr_err("hpet: its capabilities are %#lx: not used", cap);
		return -EIO;
	}
	hpet->clock.bits = cap & CAP_64BIT ? 64 : 32;
	hpet->clock.hz = FS_PER_SEC / period;
	hpet->regs[CONFIG] = (hpet->regs[CONFIG] & ~(uint64_t)CONFIG_LEGACY) |
			     CONFIG_ENABLE;
	if (!moves(hpet)) {
		uk_pr_err("hpet: its counter stands still: not used");
		return -EIO;
	}
	return 0;
}
