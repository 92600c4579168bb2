/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/clock.h>
#include <uk/compiler.h>

/* 1 KiB of registers (IA-PC HPET Specification 1.0a, 2.3.1). */
#define HPET_LEN	0x400

struct hpet {
	volatile uint64_t *regs;
	struct uk_clock clock;
};

/*
 * Start the counter of @hpet, whose registers are known: sets bits and hz of
 * its clock. Returns 0, or
 *   -EIO     the registers make no sense: the reason is logged
 */
UK_MUST_USE int hpet_start(struct hpet *hpet);

/* The counter, of clock->bits bits. */
uint64_t hpet_read(const struct uk_clock *clock);
