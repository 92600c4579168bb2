/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * \_S5 without an interpreter (ACPI 6.5, 20.2). A definition is a row of bytes
 * that hardly stands for anything else:
 *
 *	NameOp [RootChar] "_S5_" PackageOp PkgLength NumElements element ...
 *
 * so the table is searched for the name, and what stands around it must be all
 * of that, inside the table, with constants of 0 to 7. Reading terms from the
 * table's beginning on would miss it wherever one of them is of a later version
 * than this.
 */
#include <uk/acpi_s5.h>

#include <stdbool.h>

#include <uk/acpi_fadt.h>
#include <uk/errno.h>
#include <uk/fwmem.h>
#include <uk/string.h>

#include "acpi_priv.h"

/* AML (20.2.5.1, 20.2.2, 20.2.3). */
#define NAME_OP		0x08
#define ROOT_CHAR	'\\'
#define PACKAGE_OP	0x12
#define ZERO_OP		0x00
#define ONE_OP		0x01
#define BYTE_PREFIX	0x0a
#define WORD_PREFIX	0x0b
#define DWORD_PREFIX	0x0c

#define NAME		"_S5_"
#define NAME_LEN	4u
#define SLP_TYP_MAX	7

/* What is left of a table. */
struct aml {
	const uint8_t *at;
	const uint8_t *end;
};

static bool take(struct aml *aml, uint8_t *byte)
{
	if (aml->at == aml->end)
		return false;
	*byte = *aml->at++;
	return true;
}

/* PkgLength (20.2.4) counts from itself on; the rest is what it leaves. */
static bool take_length(struct aml *aml)
{
	const uint8_t *const from = aml->at;
	uint8_t lead, byte;
	uint32_t len;

	if (!take(aml, &lead))
		return false;
	len = lead & (lead >> 6 ? 0xf : 0x3f);
	for (unsigned int i = 0; i < lead >> 6; i++) {
		if (!take(aml, &byte))
			return false;
		len |= (uint32_t)byte << (4 + 8 * i);
	}
	if (len > (size_t)(aml->end - from) || len < (size_t)(aml->at - from))
		return false;
	aml->end = from + len;
	return true;
}

/* A constant that SLP_TYP takes. */
static bool take_typ(struct aml *aml, uint8_t *typ)
{
	uint8_t op, byte = 0;
	unsigned int rest = 0;

	if (!take(aml, &op))
		return false;
	switch (op) {
	case ZERO_OP:
	case ONE_OP:
		*typ = op;
		return true;
	case BYTE_PREFIX:
		break;
	case WORD_PREFIX:
		rest = 1;
		break;
	case DWORD_PREFIX:
		rest = 3;
		break;
	default:
		return false;
	}
	if (!take(aml, typ) || *typ > SLP_TYP_MAX)
		return false;
	while (rest--)
		if (!take(aml, &byte) || byte)
			return false;
	return true;
}

/* Is the name at @at, of the AML from @begin on, that of a definition? */
static bool read_at(const uint8_t *begin, const uint8_t *at,
		    const uint8_t *end, struct uk_acpi_s5 *s5)
{
	struct aml aml = { at + NAME_LEN, end };
	struct uk_acpi_s5 found;
	uint8_t byte, n;

	if (at > begin && at[-1] == ROOT_CHAR)
		at--;
	if (at == begin || at[-1] != NAME_OP)
		return false;
	if (!take(&aml, &byte) || byte != PACKAGE_OP || !take_length(&aml) ||
	    !take(&aml, &n) || n < 2)
		return false;
	if (!take_typ(&aml, &found.typ_a) || !take_typ(&aml, &found.typ_b))
		return false;
	*s5 = found;
	return true;
}

static bool search(const struct uk_acpi_table *table, struct uk_acpi_s5 *s5)
{
	const uint8_t *const begin = table->data + UK_ACPI_HEADER_LEN;
	const uint8_t *const end = table->data + table->len;
	const uint32_t name = uk_fwmem_u32(NAME, 0);

	for (const uint8_t *at = begin; end - at >= (ptrdiff_t)NAME_LEN; at++)
		if (uk_fwmem_u32(at, 0) == name && read_at(begin, at, end, s5))
			return true;
	return false;
}

int uk_acpi_s5_read(struct uk_acpi *acpi, const struct uk_acpi_fadt *fadt,
		    struct uk_acpi_s5 *s5)
{
	/* The FADT alone leads to it. */
	struct uk_acpi_table dsdt = { .paddr = fadt->dsdt, .sig = "DSDT" };
	struct uk_acpi_table *ssdt;
	int rc;

	if (dsdt.paddr && acpi_verify(acpi->mem, &dsdt) == 0 &&
	    search(&dsdt, s5))
		return 0;
	for (unsigned int i = 0;; i++) {
		rc = uk_acpi_find(acpi, "SSDT", i, &ssdt);
		if (rc == -ENOENT)
			return rc;
		if (rc == 0 && search(ssdt, s5))
			return 0;
	}
}
