/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/acpi.h>
#include <uk/compiler.h>

struct uk_fwmem;

/* The format and the arguments that begin each message about a table. */
#define ACPI_TABLE	"%.4s at %#llx"
#define ACPI_TABLE_ARGS(t) (t)->sig, (unsigned long long)(t)->paddr

/*
 * Verify the table at @table->paddr, which must be a @table->sig, and set its
 * data and len. Returns 0, or -EBADMSG or -EFAULT and says why in the log.
 */
UK_MUST_USE
int acpi_verify(const struct uk_fwmem *mem, struct uk_acpi_table *table);

/*
 * uk_acpi_find() of the first @sig with at least @minlen bytes; -EBADMSG also
 * if there are fewer.
 */
UK_MUST_USE
int acpi_find_long(struct uk_acpi *acpi, const char *sig, uint32_t minlen,
		   struct uk_acpi_table **table);

/*
 * Shall what is wrong with a part of @table be logged? That is so the first
 * time the table is read, up to acpi_told(), and not without end.
 */
bool acpi_may_tell(struct uk_acpi_table *table);
void acpi_told(struct uk_acpi_table *table);

/* Is @table too short for @minlen bytes? Then it says so and refuses it. */
UK_MUST_USE
int acpi_check_len(struct uk_acpi_table *table, uint32_t minlen);
