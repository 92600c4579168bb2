/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Registers that have a field per INTID. Those that set and clear are written
 * for one INTID without reading; the trigger's is not, and is read and written
 * back under a lock of its own, as other lines are in the same word.
 */
#include "gic_priv.h"

#include <uk/arch/cpu.h>
#include <uk/errno.h>
#include <uk/essentials.h>

#define CONFIG_EDGE	2u

/* Readings; the wait is for other bus masters, not for software. */
#define PATIENCE	1000000u

/* Taken by exchange, interrupts off: ICFGR. */
static bool busy;

static uint32_t word(unsigned int irq)
{
	return irq / 32 * 4;
}

static uint32_t bit(unsigned int irq)
{
	return 1u << irq % 32;
}

void gic_enable(volatile uint8_t *regs, unsigned int irq)
{
	gic_write(regs, GICD_ISENABLER + word(irq), bit(irq));
}

void gic_disable(volatile uint8_t *regs, unsigned int irq)
{
	gic_write(regs, GICD_ICENABLER + word(irq), bit(irq));
}

void gic_set_pending(volatile uint8_t *regs, unsigned int irq)
{
	gic_write(regs, GICD_ISPENDR + word(irq), bit(irq));
}

void gic_clear_pending(volatile uint8_t *regs, unsigned int irq)
{
	gic_write(regs, GICD_ICPENDR + word(irq), bit(irq));
}

void gic_renew_edge(volatile uint8_t *regs, unsigned int irq)
{
	const uint32_t config = gic_read(regs, GICD_ICFGR + irq / 16 * 4);

	/* A level would stay after its device has gone off. */
	if (config & CONFIG_EDGE << irq % 16 * 2 &&
	    gic_read(regs, GICD_ISPENDR + word(irq)) & bit(irq))
		gic_set_pending(regs, irq);
}

void gic_wait(const volatile uint8_t *regs, uint32_t rwp)
{
	for (unsigned int i = 0; i < PATIENCE; i++)
		if (!(gic_read(regs, GICD_CTLR) & rwp))
			break;
}

int gic_set_trigger(volatile uint8_t *regs, unsigned int irq,
		    enum uk_irq_trigger trigger)
{
	const uint32_t offset = GICD_ICFGR + irq / 16 * 4;
	const uint32_t field = CONFIG_EDGE << irq % 16 * 2;
	uint32_t val;

	if (trigger == UK_IRQ_EDGE_FALLING || trigger == UK_IRQ_LEVEL_LOW)
		return -ENOTSUP;
	if (trigger == UK_IRQ_TRIGGER_DEFAULT)
		return 0;

	while (__atomic_exchange_n(&busy, true, __ATOMIC_ACQUIRE))
		ukarch_spin_wait();
	val = gic_read(regs, offset) & ~field;
	if (trigger == UK_IRQ_EDGE_RISING)
		val |= field;
	gic_write(regs, offset, val);
	__atomic_store_n(&busy, false, __ATOMIC_RELEASE);
	return 0;
}

/* INTIDs @first to @first + 31: off, idle, of group 1, of one priority. */
static void init_32(volatile uint8_t *regs, unsigned int first)
{
	const uint32_t all = UINT32_MAX;

	gic_write(regs, GICD_ICENABLER + word(first), all);
	gic_write(regs, GICD_ICPENDR + word(first), all);
	gic_write(regs, GICD_ICACTIVER + word(first), all);
	for (unsigned int i = 0; i < 32; i += 4)
		gic_write(regs, GICD_IPRIORITYR + first + i,
			  GIC_PRIORITY_ALL);
}

unsigned int gic_dist_init(volatile uint8_t *dist)
{
	const unsigned int n = UK_MIN(GICD_TYPER_LINES(gic_read(dist,
								GICD_TYPER)),
				      GIC_NSPIS);

	for (unsigned int irq = GIC_NLOCAL; irq < n; irq += 32)
		init_32(dist, irq);
	return n;
}

void gic_local_init(volatile uint8_t *regs)
{
	init_32(regs, 0);
}
