/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The registers of this machine: in ports, in memory, which is mapped when it
 * is asked for, or in the configuration space of bus 0.
 */
#include "acpi_end_priv.h"

#include <stddef.h>

#include <uk/acpi.h>
#include <uk/acpi_end.h>
#include <uk/arch/mmio.h>
#include <uk/bits/arch/ioport.h>
#include <uk/init.h>
#include <uk/paging.h>

/* PCI Local Bus Specification 3.0, 3.2.2.3.2. */
#define PCI_ADDRESS	0xcf8
#define PCI_DATA	0xcfc
#define PCI_ENABLE	(UINT32_C(1) << 31)

/* Set at boot, and by the first uk_acpi_end_prepare(). */
static struct {
	const struct uk_bootinfo *bi;
	bool asked;
	bool has_fadt;
	bool has_s5;
	struct uk_acpi_fadt fadt;
	struct uk_acpi_s5 s5;
} machine;

/* The register at its place in memory, or NULL. */
static void *mapped(const struct uk_acpi_reg *reg)
{
	void *vaddr;

	if (reg->addr % reg->len ||
	    uk_paging_map_device(reg->addr, reg->len, &vaddr) < 0)
		return NULL;
	return vaddr;
}

/* The data port of the register at device << 32 | function << 16 | offset. */
static uint16_t pci_port(uint64_t addr)
{
	const uint32_t dev = (uint32_t)(addr >> 32) & 0x1f;
	const uint32_t fn = (uint32_t)(addr >> 16) & 7;
	const uint32_t off = (uint32_t)addr & 0xff;

	ukarch_out32(PCI_ADDRESS, PCI_ENABLE | dev << 11 | fn << 8 |
		     (off & ~3u));
	return (uint16_t)(PCI_DATA + (off & 3));
}

/* Only PM1 control is read, and that is a port wherever there is one. */
static uint32_t read_reg(const struct uk_acpi_reg *reg)
{
	if (reg->space != UK_ACPI_PORT)
		return 0;
	return ukarch_in16((uint16_t)reg->addr);
}

static void write_memory(const struct uk_acpi_reg *reg, uint32_t val)
{
	void *const vaddr = mapped(reg);

	if (!vaddr)
		return;
	if (reg->len == 1)
		ukarch_mmio_write8(vaddr, (uint8_t)val);
	else
		*(volatile uint16_t *)vaddr = (uint16_t)val;
}

static void write_reg(const struct uk_acpi_reg *reg, uint32_t val)
{
	switch (reg->space) {
	case UK_ACPI_MEMORY:
		write_memory(reg, val);
		break;
	case UK_ACPI_PCI:
		ukarch_out8(pci_port(reg->addr), (uint8_t)val);
		break;
	default:
		if (reg->len == 1)
			ukarch_out8((uint16_t)reg->addr, (uint8_t)val);
		else
			ukarch_out16((uint16_t)reg->addr, (uint16_t)val);
	}
}

static const struct acpi_end_bus bus = {
	.read = read_reg, .write = write_reg,
};

void uk_acpi_end_prepare(void)
{
	struct uk_acpi *acpi;

	if (!machine.bi || machine.asked)
		return;
	machine.asked = true;
	if (uk_acpi_get(machine.bi, &acpi) < 0 ||
	    uk_acpi_fadt_read(acpi, &machine.fadt) < 0)
		return;
	machine.has_fadt = true;
	machine.has_s5 = uk_acpi_s5_read(acpi, &machine.fadt,
					 &machine.s5) == 0;
}

bool uk_acpi_enable(void)
{
	uk_acpi_end_prepare();
	return machine.has_fadt && machine.fadt.pm1a_cnt.addr &&
	       acpi_end_enable(&machine.fadt, &bus);
}

bool uk_acpi_power_off(void)
{
	return machine.has_s5 &&
	       acpi_end_off(&machine.fadt, &machine.s5, &bus);
}

bool uk_acpi_reset(void)
{
	return machine.has_fadt && acpi_end_reset(&machine.fadt, &bus);
}

static int keep(const struct uk_boot_ctx *ctx)
{
	machine.bi = ctx->bi;
	return 0;
}

UK_INIT(CPU, keep, NULL);
