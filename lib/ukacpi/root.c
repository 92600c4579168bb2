/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * From the root pointer to the index of tables (ACPI 6.5, 5.2.5 to 5.2.8).
 *
 * Of each table the index has address and signature, which takes a look at its
 * header and no more. An entry of the root table that leads nowhere is left
 * out; a root table that is damaged is not read at all, as then no entry can
 * be believed.
 */
#include "acpi_priv.h"

#include <stdbool.h>

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/fwmem.h>
#include <uk/print.h>
#include <uk/string.h>

/* The root pointer (5.2.5.3). */
#define RSDP_SIG	"RSD PTR "
#define RSDP_LEN	20
#define RSDP_REVISION	15
#define RSDP_RSDT	16
#define RSDP_LEN_2	36	/* from revision 2 on */
#define RSDP_LENGTH	20
#define RSDP_XSDT	24
/* Far more than any version has. */
#define RSDP_MAXLEN	4096

struct root {
	uint64_t rsdt;
	uint64_t xsdt;
};

/* The checks of revision 2, whose first part is good. */
static const char *check_long(const struct uk_fwmem *mem, uint64_t paddr,
			      struct root *root)
{
	const uint8_t *p = uk_fwmem_at(mem, paddr, RSDP_LEN_2);
	uint32_t len;

	if (!p)
		return "is cut short";
	len = uk_fwmem_u32(p, RSDP_LENGTH);
	if (len < RSDP_LEN_2 || len > RSDP_MAXLEN)
		return "has an impossible length";
	p = uk_fwmem_at(mem, paddr, len);
	if (!p)
		return "is cut short";
	if (uk_fwmem_sum(p, len))
		return "has a wrong extended checksum";
	root->xsdt = uk_fwmem_u64(p, RSDP_XSDT);
	return NULL;
}

/* Read the root pointer at @paddr; an error is in the log. */
static int read_rsdp(const struct uk_fwmem *mem, uint64_t paddr,
		     struct root *root)
{
	const uint8_t *p = uk_fwmem_at(mem, paddr, RSDP_LEN);
	const char *what = NULL;

	if (!p) {
		uk_pr_warn("root pointer at %#llx cannot be read",
			   (unsigned long long)paddr);
		return -EFAULT;
	}
	*root = (struct root){ .rsdt = uk_fwmem_u32(p, RSDP_RSDT) };
	if (memcmp(p, RSDP_SIG, sizeof(RSDP_SIG) - 1))
		what = "has no signature";
	else if (uk_fwmem_sum(p, RSDP_LEN))
		what = "has a wrong checksum";
	else if (p[RSDP_REVISION] >= 2)
		what = check_long(mem, paddr, root);
	if (what) {
		uk_pr_warn("root pointer at %#llx %s",
			   (unsigned long long)paddr, what);
		return -EBADMSG;
	}
	return 0;
}

static bool is_rsdp(const struct uk_fwmem *mem, uint64_t paddr)
{
	const uint8_t *p = uk_fwmem_at(mem, paddr, RSDP_LEN);
	struct root root;

	/* Firmware's code has the first four bytes, too. */
	return p && memcmp(p, RSDP_SIG, sizeof(RSDP_SIG) - 1) == 0 &&
	       read_rsdp(mem, paddr, &root) == 0;
}

/*
 * The order is not that of 5.2.5.1: QEMU's and most other firmware has it
 * above 0xf0000, and each area that comes before costs thousands of steps.
 */
static bool search_rsdp(const struct uk_fwmem *mem, uint64_t *paddr)
{
	static const uint8_t areas[] = {
		UK_FWMEM_ROM, UK_FWMEM_EBDA, UK_FWMEM_ROM_LOW,
	};

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(areas); i++)
		if (uk_fwmem_pc_find(mem, areas[i], RSDP_SIG, is_rsdp, paddr))
			return true;
	return false;
}

/* Put the table at @paddr into the index, if one can be there. */
static void add(struct uk_acpi *acpi, uint64_t paddr)
{
	struct uk_acpi_table *t = &acpi->table[acpi->ntables];
	const uint8_t *p = NULL;

	if (paddr)
		p = uk_fwmem_at(acpi->mem, paddr, UK_ACPI_HEADER_LEN);
	if (!p) {
		uk_pr_warn("a table at %#llx cannot be read, left out",
			   (unsigned long long)paddr);
		return;
	}
	*t = (struct uk_acpi_table){ .paddr = paddr };
	memcpy(t->sig, p, sizeof(t->sig));
	acpi->ntables++;
}

/* Read the root table @sig at @paddr, whose entries have @width bytes. */
static int read_root(struct uk_acpi *acpi, const char *sig, uint64_t paddr,
		     unsigned int width)
{
	struct uk_acpi_table root = { .paddr = paddr };
	uint32_t n;
	int rc;

	memcpy(root.sig, sig, sizeof(root.sig));
	rc = acpi_verify(acpi->mem, &root);
	if (rc < 0)
		return rc;

	n = (root.len - UK_ACPI_HEADER_LEN) / width;
	if (n > UK_ACPI_NTABLES) {
		uk_pr_warn(ACPI_TABLE ": %u tables, the first %u are used",
			   ACPI_TABLE_ARGS(&root), n, UK_ACPI_NTABLES);
		n = UK_ACPI_NTABLES;
	}
	for (uint32_t i = 0; i < n; i++) {
		const size_t off = UK_ACPI_HEADER_LEN + (size_t)i * width;

		add(acpi, width == 8 ? uk_fwmem_u64(root.data, off) :
				       uk_fwmem_u32(root.data, off));
	}
	return 0;
}

int uk_acpi_open(struct uk_acpi *acpi, const struct uk_fwmem *mem,
		 uint64_t rsdp)
{
	struct root root;
	int rc;

	if (!rsdp && !search_rsdp(mem, &rsdp))
		return -ENOENT;
	rc = read_rsdp(mem, rsdp, &root);
	if (rc < 0)
		return rc;

	acpi->mem = mem;
	acpi->ntables = 0;
	if (!root.xsdt && !root.rsdt) {
		uk_pr_warn("root pointer at %#llx leads to no table",
			   (unsigned long long)rsdp);
		return -EBADMSG;
	}
	if (root.xsdt) {
		rc = read_root(acpi, "XSDT", root.xsdt, 8);
		if (rc == 0 || !root.rsdt)
			return rc;
	}
	return read_root(acpi, "RSDT", root.rsdt, 4);
}
