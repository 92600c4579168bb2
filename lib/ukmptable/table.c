/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The floating pointer, and the header of the table it leads to (MultiProcessor
 * Specification 1.4, 4.1 and 4.2). The table is walked once here, so that what
 * is wrong with it is named; users' walks are silent.
 */
#include "mptable_priv.h"

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/fwmem.h>
#include <uk/print.h>
#include <uk/string.h>

#define FP_SIG		"_MP_"
#define FP_LEN		16
#define FP_TABLE	4
#define FP_NPARAS	8	/* its length in units of 16 bytes */
#define FP_SPEC		9
#define FP_FEATURE1	11
#define FP_FEATURE2	12

#define FEATURE2_IMCR	0x80

#define T_SIG		"PCMP"
#define T_LEN		4
#define T_SPEC		6
#define T_NENTRIES	34
#define T_LAPIC		36

/* Where a default configuration has its local APICs (5.1). */
#define DEFAULT_LAPIC	0xfee00000u

/* Messages about the entries of one table. */
#define TOLD_MAX	8

/* 1.1 and 1.4 are all there are. */
static bool spec_ok(uint8_t revision)
{
	return revision == 1 || revision == 4;
}

static bool is_pointer(const struct uk_fwmem *mem, uint64_t paddr)
{
	const uint8_t *p = uk_fwmem_at(mem, paddr, FP_LEN);
	const char *what = NULL;
	uint64_t len;

	if (!p)
		return false;
	len = p[FP_NPARAS] * UINT64_C(16);
	p = len ? uk_fwmem_at(mem, paddr, len) : NULL;
	if (!p)
		what = "has an impossible length";
	else if (uk_fwmem_sum(p, len))
		what = "has a wrong checksum";
	else if (!spec_ok(p[FP_SPEC]))
		what = "is of an unknown revision";
	if (what)
		uk_pr_warn("floating pointer at %#llx %s",
			   (unsigned long long)paddr, what);
	return !what;
}

/* The order is that of chapter 4. */
static bool search(const struct uk_fwmem *mem, uint64_t *paddr)
{
	static const uint8_t areas[] = {
		UK_FWMEM_EBDA, UK_FWMEM_BASE_END, UK_FWMEM_ROM,
	};

	for (unsigned int i = 0; i < UK_ARRAY_SIZE(areas); i++)
		if (uk_fwmem_pc_find(mem, areas[i], FP_SIG, is_pointer, paddr))
			return true;
	return false;
}

static void tell(const uint8_t *entry, enum mptable_step found, uint32_t off)
{
	if (found == MPTABLE_BROKEN)
		uk_pr_warn("no entry at offset %u of the table, ignored from "
			   "there", off);
	else
		uk_pr_warn("entry of type %u at offset %u makes no sense, "
			   "left out", *entry, off);
}

static void tell_entries(const struct uk_mptable *table)
{
	struct uk_mptable_entry e = UK_MPTABLE_FIRST;
	unsigned int ntold = 0;
	enum mptable_step found;

	do {
		const uint32_t off = e.next ? e.next : MPTABLE_HEADER_LEN;

		found = mptable_step(table, &e);
		if (found != MPTABLE_BAD && found != MPTABLE_BROKEN)
			continue;
		if (ntold++ < TOLD_MAX)
			tell(table->data + off, found, off);
	} while (found > MPTABLE_BROKEN);
	if (ntold > TOLD_MAX)
		uk_pr_warn("and %u more of the kind", ntold - TOLD_MAX);
}

/* Read the header at @paddr. */
static int read_header(struct uk_mptable *table, const struct uk_fwmem *mem,
		       uint32_t paddr)
{
	const uint8_t *p = NULL;
	const char *what = NULL;
	uint32_t len;

	if (paddr)
		p = uk_fwmem_at(mem, paddr, MPTABLE_HEADER_LEN);
	if (!p) {
		uk_pr_warn("the table at %#x cannot be read", paddr);
		return -EFAULT;
	}
	len = uk_fwmem_u16(p, T_LEN);
	if (memcmp(p, T_SIG, sizeof(T_SIG) - 1))
		what = "has no signature";
	else if (len < MPTABLE_HEADER_LEN)
		what = "is too short";
	else if (!spec_ok(p[T_SPEC]))
		what = "is of an unknown revision";
	else if (!(p = uk_fwmem_at(mem, paddr, len)))
		what = "is cut short";
	else if (uk_fwmem_sum(p, len))
		what = "has a wrong checksum";
	if (what) {
		uk_pr_warn("the table at %#x %s", paddr, what);
		return -EBADMSG;
	}
	table->data = p;
	table->len = len;
	table->nentries = uk_fwmem_u16(p, T_NENTRIES);
	if (table->nentries == 0)	/* qboot, for QEMU's micro-VMs */
		table->nentries = MPTABLE_UNTOLD;
	table->lapic_addr = uk_fwmem_u32(p, T_LAPIC);
	return 0;
}

int uk_mptable_open(struct uk_mptable *table, const struct uk_fwmem *mem)
{
	const uint8_t *p;
	uint64_t paddr;
	int rc;

	if (!search(mem, &paddr))
		return -ENOENT;
	p = uk_fwmem_at(mem, paddr, FP_LEN);
	*table = (struct uk_mptable){
		.paddr = paddr,
		.imcr = p[FP_FEATURE2] & FEATURE2_IMCR,
		.default_config = p[FP_FEATURE1],
		.lapic_addr = DEFAULT_LAPIC,
	};
	if (table->default_config > MPTABLE_NDEFAULTS) {
		uk_pr_warn("floating pointer at %#llx names the unknown "
			   "configuration %u", (unsigned long long)paddr,
			   table->default_config);
		return -EBADMSG;
	}
	if (table->default_config)
		return 0;

	rc = read_header(table, mem, uk_fwmem_u32(p, FP_TABLE));
	if (rc == 0)
		tell_entries(table);
	return rc;
}
