/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Tables of the index, each verified when it is first asked for: most never
 * are, and those can be long. The verdict is kept, so that a table is summed
 * once and a bad one is named once.
 */
#include "acpi_priv.h"

#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/fwmem.h>
#include <uk/print.h>
#include <uk/string.h>

#define H_LENGTH	4

int acpi_verify(const struct uk_fwmem *mem, struct uk_acpi_table *table)
{
	const uint8_t *data = uk_fwmem_at(mem, table->paddr,
					  UK_ACPI_HEADER_LEN);
	uint32_t len;

	if (!data) {
		uk_pr_warn(ACPI_TABLE ": cannot be read",
			   ACPI_TABLE_ARGS(table));
		return -EFAULT;
	}
	if (memcmp(data, table->sig, sizeof(table->sig))) {
		uk_pr_warn(ACPI_TABLE ": another signature is there",
			   ACPI_TABLE_ARGS(table));
		return -EBADMSG;
	}
	len = uk_fwmem_u32(data, H_LENGTH);
	if (len < UK_ACPI_HEADER_LEN || len > UK_ACPI_TABLE_MAXLEN) {
		uk_pr_warn(ACPI_TABLE ": claims to be %u bytes long",
			   ACPI_TABLE_ARGS(table), len);
		return -EBADMSG;
	}
	data = uk_fwmem_at(mem, table->paddr, len);
	if (!data) {
		uk_pr_warn(ACPI_TABLE ": its %u bytes cannot be read",
			   ACPI_TABLE_ARGS(table), len);
		return -EFAULT;
	}
	if (uk_fwmem_sum(data, len)) {
		uk_pr_warn(ACPI_TABLE ": the checksum is wrong",
			   ACPI_TABLE_ARGS(table));
		return -EBADMSG;
	}
	table->data = data;
	table->len = len;
	return 0;
}

/* Messages about one table; a table can have half a million entries. */
#define TOLD_MAX	8
#define TOLD_ALL	UINT8_MAX

bool acpi_may_tell(struct uk_acpi_table *table)
{
	if (table->told > TOLD_MAX)
		return false;
	if (table->told++ < TOLD_MAX)
		return true;
	uk_pr_warn(ACPI_TABLE ": and more of the kind",
		   ACPI_TABLE_ARGS(table));
	return false;
}

void acpi_told(struct uk_acpi_table *table)
{
	table->told = TOLD_ALL;
}

static int refuse(struct uk_acpi_table *table, int err)
{
	table->state = UK_ACPI_REFUSED;
	table->err = (int16_t)err;
	return err;
}

int acpi_check_len(struct uk_acpi_table *table, uint32_t minlen)
{
	if (table->len >= minlen)
		return 0;
	uk_pr_warn(ACPI_TABLE ": %u bytes are too few, %u are needed",
		   ACPI_TABLE_ARGS(table), table->len, minlen);
	return refuse(table, -EBADMSG);
}

int uk_acpi_find(struct uk_acpi *acpi, const char *sig, unsigned int instance,
		 struct uk_acpi_table **table)
{
	struct uk_acpi_table *t = acpi->table;
	struct uk_acpi_table *const end = t + acpi->ntables;

	UK_ASSERT(uk_strlen(sig) == sizeof(t->sig));

	for (; t < end; t++)
		if (memcmp(t->sig, sig, sizeof(t->sig)) == 0 &&
		    instance-- == 0)
			break;
	if (t == end)
		return -ENOENT;

	if (t->state == UK_ACPI_UNSEEN) {
		const int rc = acpi_verify(acpi->mem, t);

		if (rc < 0)
			return refuse(t, rc);
		t->state = UK_ACPI_GOOD;
	}
	if (t->state == UK_ACPI_REFUSED)
		return t->err;
	*table = t;
	return 0;
}

int acpi_find_long(struct uk_acpi *acpi, const char *sig, uint32_t minlen,
		   struct uk_acpi_table **table)
{
	struct uk_acpi_table *t;
	int rc;

	rc = uk_acpi_find(acpi, sig, 0, &t);
	if (rc == 0)
		rc = acpi_check_len(t, minlen);
	if (rc == 0)
		*table = t;
	return rc;
}
