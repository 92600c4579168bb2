/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An I/O APIC (82093AA data sheet, 3.1): a register that selects and one that
 * is what was selected. The halves of an entry are written apart, so one that
 * is not masked is masked first.
 */
#include "apic_priv.h"

#include <uk/errno.h>
#include <uk/paging.h>
#include <uk/print.h>

/* By index of 32 bits. */
#define SELECT		0
#define WINDOW		4

#define REG_VERSION	0x01u
#define REG_ENTRY	0x10u	/* and 2 for each input */

static uint32_t reg_read(const struct apic_ioapic *io, unsigned int reg)
{
	io->regs[SELECT] = reg;
	return io->regs[WINDOW];
}

static void reg_write(const struct apic_ioapic *io, unsigned int reg,
		      uint32_t val)
{
	io->regs[SELECT] = reg;
	io->regs[WINDOW] = val;
}

void apic_ioapic_set_low(const struct apic_ioapic *io, unsigned int pin,
			 uint32_t low)
{
	reg_write(io, REG_ENTRY + 2 * pin, low);
}

void apic_ioapic_set(const struct apic_ioapic *io, unsigned int pin,
		     uint64_t entry)
{
	apic_ioapic_set_low(io, pin, (uint32_t)entry | APIC_ENTRY_MASKED);
	reg_write(io, REG_ENTRY + 2 * pin + 1, (uint32_t)(entry >> 32));
	apic_ioapic_set_low(io, pin, (uint32_t)entry);
}

int apic_ioapic_inputs(struct apic_ioapic *io)
{
	uint32_t version, n;
	void *regs;
	int rc;

	rc = uk_paging_map_device(io->addr, 0x20, &regs);
	if (rc < 0) {
		uk_pr_err("apic: I/O APIC %u at %#x cannot be mapped, error "
			  "%d", io->id, io->addr, -rc);
		return rc;
	}
	io->regs = regs;
	version = reg_read(io, REG_VERSION);
	n = (version >> 16 & 0xff) + 1;
	if (version == UINT32_MAX || version == 0 || n > APIC_NINPUTS) {
		uk_pr_err("apic: I/O APIC %u at %#x: its version reads as "
			  "%#x; not used", io->id, io->addr, version);
		return -ENODEV;
	}
	for (unsigned int pin = 0; pin < n; pin++)
		apic_ioapic_set(io, pin, APIC_ENTRY_MASKED);
	return (int)n;
}
