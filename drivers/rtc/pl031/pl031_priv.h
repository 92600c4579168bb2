/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/arch/mmio.h>
#include <uk/compiler.h>
#include <uk/rtc.h>
#include <uk/spinlock.h>

/*
 * Registers of the PrimeCell real-time clock (Arm DDI 0224, 3.2), all 32 bits
 * wide to us, by offset in bytes.
 */
#define PL031_DR	0x00	/* seconds now */
#define PL031_MR	0x04	/* seconds of the alarm */
#define PL031_LR	0x08	/* seconds to begin from */
#define PL031_CR	0x0c
#define PL031_IMSC	0x10	/* bit 0 of these: the alarm's interrupt */
#define PL031_RIS	0x14
#define PL031_MIS	0x18
#define PL031_ICR	0x1c
#define PL031_ID	0xfe0	/* 8 registers of a byte each */
#define PL031_LEN	0x1000u

#define CR_START	1u
#define ALARM		1u

/*
 * Identification, low byte first: part 0x031 by designer 0x41, whatever the
 * revision and configuration; and that it is a PrimeCell (3.3.9 to 3.3.16).
 */
#define ID_PART		0x00041031u
#define ID_PART_MASK	0x000fffffu
#define ID_PRIMECELL	0xb105f00du

struct pl031 {
	volatile uint32_t *regs;
	struct uk_rtc rtc;
	struct uk_spinlock lock;	/* of the alarm's registers */

	/* Of the alarm; @irq 0: it has none. By pl031_find(). */
	unsigned int irq;
	uint32_t trigger;
	bool has_irq;
};

static inline uint32_t pl031_read(const struct pl031 *c, unsigned int reg)
{
	return ukarch_mmio_read32(&c->regs[reg / 4]);
}

static inline void pl031_write(struct pl031 *c, unsigned int reg, uint32_t val)
{
	ukarch_mmio_write32(&c->regs[reg / 4], val);
}

/*
 * chip.c
 */

/*
 * See that @c->regs are those of a PL031, and have it interrupt no more.
 * Returns 0, or -ENODEV: it is something else; that is logged.
 */
UK_MUST_USE int pl031_start(struct pl031 *c);

/* See struct uk_rtc_ops. */
UK_MUST_USE int pl031_get_time(struct uk_rtc *rtc, uint64_t *seconds);
UK_MUST_USE int pl031_set_time(struct uk_rtc *rtc, uint64_t seconds);

/* alarm.c, or noalarm.c without interrupts */
extern const struct uk_rtc_ops pl031_ops;
