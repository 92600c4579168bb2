/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The FADT grew with each version of ACPI. Where it may hold a field is told
 * by its length, never by its revision, which firmware often has wrong; the
 * revision decides only what a field within an old table's bytes means.
 *
 * Each register stands in it up to twice, as a port and, from ACPI 2.0 on, as
 * a generic address, which goes first if it is there.
 */
#include <uk/acpi_fadt.h>

#include <stdbool.h>

#include <uk/fwmem.h>
#include <uk/print.h>

#include "acpi_priv.h"

#define FADT_LEN		116	/* ACPI 1.0 */
#define F_DSDT			40
#define F_PROFILE		45
#define F_SCI_INT		46
#define F_SMI_CMD		48
#define F_ACPI_ENABLE		52
#define F_PM1A_EVT		56
#define F_PM1B_EVT		60
#define F_PM1A_CNT		64
#define F_PM1B_CNT		68
#define F_PM_TMR		76
#define F_PM1_EVT_LEN		88
#define F_PM1_CNT_LEN		89
#define F_PM_TMR_LEN		91
#define F_CENTURY		108
#define F_BOOT_ARCH		109
#define F_FLAGS			112
#define F_RESET_REG		116
#define F_RESET_VALUE		128
#define F_ARM_BOOT_ARCH		129
#define F_X_DSDT		140
#define F_X_PM1A_EVT		148
#define F_X_PM1B_EVT		160
#define F_X_PM1A_CNT		172
#define F_X_PM1B_CNT		184
#define F_X_PM_TMR		208
#define F_SLEEP_CONTROL		244
#define F_SLEEP_STATUS		256

#define FLAG_TMR_VAL_EXT	(UINT32_C(1) << 8)
#define FLAG_RESET_REG		(UINT32_C(1) << 10)

/* Revisions of ACPI 2.0 and 5.0 (5.0 and 5.1 are told by a minor number). */
#define REVISION_2_0		3
#define REVISION_5_0		5

/* A generic address structure (5.2.3.2). */
#define GAS_LEN			12u
#define GAS_SPACE		0
#define GAS_BIT_OFFSET		2
#define GAS_ADDR		4

/* A register of the table: where it may stand. */
struct place {
	const char *name;
	uint16_t gas;		/* offset of the generic address */
	uint8_t port;		/* offset of the port; 0: there is none */
	uint8_t len;		/* bytes of the register */
};

static const struct place pm_timer = {
	"PM_TMR", F_X_PM_TMR, F_PM_TMR, 4,
};
/* Two registers, each half as long as PM1_EVT_LEN. */
static const struct place pm1a_evt = {
	"PM1a_EVT", F_X_PM1A_EVT, F_PM1A_EVT, 4,
};
static const struct place pm1b_evt = {
	"PM1b_EVT", F_X_PM1B_EVT, F_PM1B_EVT, 4,
};
static const struct place pm1a_cnt = {
	"PM1a_CNT", F_X_PM1A_CNT, F_PM1A_CNT, 2,
};
static const struct place pm1b_cnt = {
	"PM1b_CNT", F_X_PM1B_CNT, F_PM1B_CNT, 2,
};
static const struct place reset = { "RESET_REG", F_RESET_REG, 0, 1 };
static const struct place sleep_control = {
	"SLEEP_CONTROL_REG", F_SLEEP_CONTROL, 0, 1,
};
static const struct place sleep_status = {
	"SLEEP_STATUS_REG", F_SLEEP_STATUS, 0, 1,
};

/* Does @reg, which is in the table, reach a register? */
static bool reg_ok(const struct uk_acpi_reg *reg, bool may_be_pci)
{
	const uint64_t last = reg->addr + reg->len - 1;

	switch (reg->space) {
	case UK_ACPI_MEMORY:
		return last >= reg->addr;
	case UK_ACPI_PORT:
		return last >= reg->addr && last <= UINT16_MAX;
	case UK_ACPI_PCI:
		return may_be_pci;
	default:
		return false;
	}
}

/* The register at @place, or one at address 0. */
static struct uk_acpi_reg read_reg(struct uk_acpi_table *table,
				   const struct place *place)
{
	struct uk_acpi_reg reg = { .len = place->len };

	if (table->len >= place->gas + GAS_LEN) {
		const uint8_t *gas = table->data + place->gas;

		reg.addr = uk_fwmem_u64(gas, GAS_ADDR);
		reg.space = gas[GAS_SPACE];
		if (reg.addr && gas[GAS_BIT_OFFSET] == 0 &&
		    reg_ok(&reg, place == &reset))
			return reg;
		if (reg.addr && acpi_may_tell(table))
			uk_pr_warn(ACPI_TABLE ": %s at %#llx, bit %u in "
				   "space %u makes no sense, ignored",
				   ACPI_TABLE_ARGS(table), place->name,
				   (unsigned long long)reg.addr,
				   gas[GAS_BIT_OFFSET], reg.space);
	}

	reg.space = UK_ACPI_PORT;
	reg.addr = place->port ? uk_fwmem_u32(table->data, place->port) : 0;
	if (reg.addr && !reg_ok(&reg, false)) {
		if (acpi_may_tell(table))
			uk_pr_warn(ACPI_TABLE ": %s at port %#llx makes no "
				   "sense, ignored", ACPI_TABLE_ARGS(table),
				   place->name, (unsigned long long)reg.addr);
		reg.addr = 0;
	}
	return reg;
}

static void read_events(struct uk_acpi_table *table, const struct place *place,
			struct uk_acpi_reg *sts, struct uk_acpi_reg *en)
{
	const uint8_t half = table->data[F_PM1_EVT_LEN] / 2;
	struct place both = *place;
	struct uk_acpi_reg reg;

	if (half < 2)
		return;
	both.len = (uint8_t)(2 * half);
	reg = read_reg(table, &both);
	if (!reg.addr)
		return;
	reg.len = 2;
	*sts = reg;
	reg.addr += half;
	*en = reg;
}

/* The registers that hardware-reduced ACPI has not got (4.1). */
static void read_fixed(struct uk_acpi_fadt *fadt, struct uk_acpi_table *table)
{
	const uint32_t smi_cmd = uk_fwmem_u32(table->data, F_SMI_CMD);

	if (smi_cmd <= UINT16_MAX)
		fadt->smi_cmd = (uint16_t)smi_cmd;
	else if (acpi_may_tell(table))
		uk_pr_warn(ACPI_TABLE ": SMI_CMD at port %#x makes no sense, "
			   "ignored", ACPI_TABLE_ARGS(table), smi_cmd);
	fadt->acpi_enable = table->data[F_ACPI_ENABLE];
	fadt->sci_irq = uk_fwmem_u16(table->data, F_SCI_INT);

	if (table->data[F_PM_TMR_LEN] == pm_timer.len)
		fadt->pm_timer = read_reg(table, &pm_timer);
	if (table->data[F_PM1_CNT_LEN] >= pm1a_cnt.len) {
		fadt->pm1a_cnt = read_reg(table, &pm1a_cnt);
		fadt->pm1b_cnt = read_reg(table, &pm1b_cnt);
	}
	read_events(table, &pm1a_evt, &fadt->pm1a_sts, &fadt->pm1a_en);
	read_events(table, &pm1b_evt, &fadt->pm1b_sts, &fadt->pm1b_en);
}

int uk_acpi_fadt_read(struct uk_acpi *acpi, struct uk_acpi_fadt *fadt)
{
	struct uk_acpi_table *table;
	const uint8_t *data;
	uint32_t flags;
	int rc;

	rc = acpi_find_long(acpi, "FACP", FADT_LEN, &table);
	if (rc < 0)
		return rc;
	data = table->data;

	flags = uk_fwmem_u32(data, F_FLAGS);
	*fadt = (struct uk_acpi_fadt){
		.revision = uk_acpi_revision(table),
		.profile = data[F_PROFILE],
		.flags = flags,
		.boot_arch = uk_fwmem_u16(data, F_BOOT_ARCH),
		.dsdt = uk_fwmem_u32(data, F_DSDT),
		.century = data[F_CENTURY],
		.pm_timer_bits = flags & FLAG_TMR_VAL_EXT ? 32 : 24,
	};
	if (fadt->revision < REVISION_2_0) {
		fadt->profile = 0;
		fadt->boot_arch = UK_ACPI_FADT_LEGACY_DEVICES |
				  UK_ACPI_FADT_8042;
	}
	if (fadt->revision < REVISION_5_0)
		fadt->flags &= ~UK_ACPI_FADT_HW_REDUCED;
	if (fadt->revision >= REVISION_5_0 &&
	    table->len >= F_ARM_BOOT_ARCH + 2)
		fadt->arm_boot_arch = uk_fwmem_u16(data, F_ARM_BOOT_ARCH);

	if (table->len >= F_X_DSDT + 8 && uk_fwmem_u64(data, F_X_DSDT))
		fadt->dsdt = uk_fwmem_u64(data, F_X_DSDT);
	if (!(fadt->flags & UK_ACPI_FADT_HW_REDUCED))
		read_fixed(fadt, table);
	if ((flags & FLAG_RESET_REG) && table->len > F_RESET_VALUE) {
		fadt->reset = read_reg(table, &reset);
		fadt->reset_value = data[F_RESET_VALUE];
	}
	fadt->sleep_control = read_reg(table, &sleep_control);
	fadt->sleep_status = read_reg(table, &sleep_status);
	acpi_told(table);
	return 0;
}
