/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/acpi_timer.h>

#include <uk/acpi_fadt.h>
#include <uk/errno.h>
#include <uk/fwmem.h>
#include <uk/print.h>

#include "acpi_priv.h"

#define HPET_LEN	56
#define HPET_ID		36
#define HPET_SPACE	40
#define HPET_ADDR	44
#define HPET_NUMBER	52
#define HPET_MIN_TICK	53

/* Registers of the timer block and its timers. */
#define HPET_REGS	1024u

int uk_acpi_hpet_read(struct uk_acpi *acpi, unsigned int instance,
		      struct uk_acpi_hpet *hpet)
{
	struct uk_acpi_table *table;
	uint64_t addr;
	int rc;

	rc = uk_acpi_find(acpi, "HPET", instance, &table);
	if (rc == 0)
		rc = acpi_check_len(table, HPET_LEN);
	if (rc < 0)
		return rc;

	addr = uk_fwmem_u64(table->data, HPET_ADDR);
	if (table->data[HPET_SPACE] != UK_ACPI_MEMORY || !addr ||
	    addr > UINT64_MAX - HPET_REGS) {
		if (acpi_may_tell(table))
			uk_pr_warn(ACPI_TABLE ": %#llx in space %u is no "
				   "address", ACPI_TABLE_ARGS(table),
				   (unsigned long long)addr,
				   table->data[HPET_SPACE]);
		acpi_told(table);
		return -EBADMSG;
	}
	*hpet = (struct uk_acpi_hpet){
		.addr = addr,
		.id = uk_fwmem_u32(table->data, HPET_ID),
		.min_tick = uk_fwmem_u16(table->data, HPET_MIN_TICK),
		.number = table->data[HPET_NUMBER],
	};
	return 0;
}

#define GTDT_LEN	80
#define GTDT_SECURE	48
#define GTDT_PHYS	56
#define GTDT_VIRT	64
#define GTDT_EL2	72
/* From revision 3 on; before, platform timers may begin there. */
#define GTDT_REVISION_3	3
#define GTDT_LEN_3	104
#define GTDT_EL2_VIRT	96

/* An interrupt and its flags, @off bytes from @data on. */
static struct uk_acpi_gt read_gt(const uint8_t *data, size_t off)
{
	const uint32_t flags = uk_fwmem_u32(data, off + 4);

	return (struct uk_acpi_gt){
		.gsi = uk_fwmem_u32(data, off),
		.edge = flags & 1,
		.active_low = flags >> 1 & 1,
		.always_on = flags >> 2 & 1,
	};
}

int uk_acpi_gtdt_read(struct uk_acpi *acpi, struct uk_acpi_gtdt *gtdt)
{
	struct uk_acpi_table *table;
	int rc;

	rc = acpi_find_long(acpi, "GTDT", GTDT_LEN, &table);
	if (rc < 0)
		return rc;

	*gtdt = (struct uk_acpi_gtdt){
		.secure = read_gt(table->data, GTDT_SECURE),
		.phys = read_gt(table->data, GTDT_PHYS),
		.virt = read_gt(table->data, GTDT_VIRT),
		.el2 = read_gt(table->data, GTDT_EL2),
	};
	if (uk_acpi_revision(table) >= GTDT_REVISION_3 &&
	    table->len >= GTDT_LEN_3)
		gtdt->el2_virt = read_gt(table->data, GTDT_EL2_VIRT);
	return 0;
}
