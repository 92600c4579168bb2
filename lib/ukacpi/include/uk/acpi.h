/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>

struct uk_bootinfo;
struct uk_fwmem;

/*
 * A reader of ACPI's static tables (ACPI 6.5, chapter 5). AML is not
 * interpreted.
 *
 *	struct uk_acpi_madt madt;
 *	struct uk_acpi_madt_entry e = UK_ACPI_MADT_FIRST;
 *	struct uk_acpi *acpi;
 *
 *	if (uk_acpi_get(ctx->bi, &acpi) == 0 &&
 *	    uk_acpi_madt_read(acpi, &madt) == 0)
 *		while (uk_acpi_madt_next(&madt, &e))
 *			...
 *
 * Nothing happens before the first call. Tables come from outside: no byte
 * outside of one is read, whatever its lengths say, and what is refused is
 * named in the log, once. Nothing is allocated or copied. Tables stay where
 * firmware left them; where that is memory it did not reserve, they may be
 * written over later: what is read then is wrong, but still inside the table.
 *
 * The tables themselves have readers in <uk/acpi_madt.h>, <uk/acpi_fadt.h>,
 * <uk/acpi_mcfg.h>, <uk/acpi_s5.h> and <uk/acpi_timer.h>.
 *
 * Context: stage CPU and later, thread, one CPU at a time: the caller
 * serialises. Functions that take no struct uk_acpi: any.
 */

/* Tables of the index; further ones are left out with a warning. */
#define UK_ACPI_NTABLES		64
/* A longer table is refused. */
#define UK_ACPI_TABLE_MAXLEN	0x100000u
#define UK_ACPI_HEADER_LEN	36u

enum uk_acpi_state {
	UK_ACPI_UNSEEN,		/* the header only has been read */
	UK_ACPI_GOOD,
	UK_ACPI_REFUSED,
};

/* A table. Those of uk_acpi_find() have length and checksum verified. */
struct uk_acpi_table {
	uint64_t paddr;
	const uint8_t *data;	/* from the header on, not aligned */
	uint32_t len;		/* of @data; UK_ACPI_HEADER_LEN at least */
	char sig[4];		/* without NUL */

	/* The reader's own. */
	uint8_t state;		/* enum uk_acpi_state */
	uint8_t told;		/* messages about what is in it, see table.c */
	int16_t err;		/* why it is refused */
};

/* Of the table's layout (5.2.6). */
static inline uint8_t uk_acpi_revision(const struct uk_acpi_table *table)
{
	return table->data[8];
}

/* The tables of a machine. */
struct uk_acpi {
	const struct uk_fwmem *mem;
	uint32_t ntables;
	struct uk_acpi_table table[UK_ACPI_NTABLES];
};

/*
 * The tables of this machine. The first call finds the root pointer: at
 * bi->rsdp if that is told, else where a PC's BIOS leaves it. The result is
 * kept, errors too. XSDT goes before RSDT.
 *
 * Returns 0, or
 *   -ENOENT   there is no root pointer: a machine without ACPI
 *   -EBADMSG  the root pointer or the root table is damaged
 *   -EFAULT   one of them cannot be read
 */
UK_MUST_USE
int uk_acpi_get(const struct uk_bootinfo *bi, struct uk_acpi **acpi);

/*
 * The same over @mem, which outlives @acpi, with the root pointer at @rsdp (0:
 * where a PC's BIOS leaves it). @acpi is undefined after a failure.
 */
UK_MUST_USE
int uk_acpi_open(struct uk_acpi *acpi, const struct uk_fwmem *mem,
		 uint64_t rsdp);

/*
 * The table with the four-letter signature @sig; @instance counts from 0
 * those that have the same, in the order of the root table, refused ones too.
 *
 * Returns 0, or
 *   -ENOENT   there are no more than @instance of them
 *   -EBADMSG  its length or its checksum is wrong
 *   -EFAULT   it cannot be read
 */
UK_MUST_USE
int uk_acpi_find(struct uk_acpi *acpi, const char *sig, unsigned int instance,
		 struct uk_acpi_table **table);
