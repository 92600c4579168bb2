/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What an ITS says of itself, and its tables (IHI 0069, 5.2 and 12.19).
 *
 * The ITS, not we, reads and writes entries; memory is all it wants. Pages are
 * as small as it can, and what is longer than one is a page of pointers if it
 * can: QEMU's ITS knows 65536 devices, whose flat table is 512 KiB, of which
 * a machine with a few devices then uses 8 KiB. Numbers beyond DEVICE_BITS no
 * bus gives: 16 segments of PCI.
 */
#include "its_priv.h"

#include <uk/arch/paddr.h>
#include <uk/errno.h>
#include <uk/essentials.h>

/* GICD_TYPER (12.9); fields of bits hold one less. */
#define GICD_LPIS_BITS(t)	(((t) >> 11 & 31) + 1)
#define GICD_LPIS		(1u << 17)
#define GICD_ID_BITS(t)		(((t) >> 19 & 31) + 1)

/* GITS_TYPER (12.19); the same. */
#define TYPER_PHYSICAL		(UINT64_C(1) << 0)
#define TYPER_ITT_ENTRY(t)	((uint32_t)((t) >> 4 & 15) + 1)
#define TYPER_EVENT_BITS(t)	((unsigned int)((t) >> 8 & 31) + 1)
#define TYPER_DEVICE_BITS(t)	((unsigned int)((t) >> 13 & 31) + 1)
#define TYPER_PTA		(UINT64_C(1) << 19)
#define TYPER_HCC(t)		((uint32_t)((t) >> 24 & 0xff))
#define TYPER_CIDBITS(t)	((unsigned int)((t) >> 32 & 15) + 1)
#define TYPER_CIL		(UINT64_C(1) << 36)

#define DEVICE_BITS		20u
#define COLLECTION_BITS		9u

/* GITS_BASER<n> (12.19). */
#define BASER_TYPE(b)		((unsigned int)((b) >> 56 & 7))
#define BASER_ENTRY_LEN(b)	((uint32_t)((b) >> 48 & 31) + 1)
#define BASER_PAGE(b)		((unsigned int)((b) >> 8 & 3))
#define BASER_INDIRECT		(UINT64_C(1) << 62)
#define BASER_KEPT		(UINT64_C(7) << 56 | UINT64_C(31) << 48)
#define BASER_PAGE_MASK		(UINT64_C(3) << 8)
#define BASER_ADDR_MASK		UINT64_C(0x0000fffffffff000)
#define MAX_PAGES		256u

uint32_t gic_lpi_count(uint32_t typer)
{
	const unsigned int n = GICD_LPIS_BITS(typer);

	if (!(typer & GICD_LPIS) || GICD_ID_BITS(typer) < GIC_LPI_BITS)
		return 0;
	/* 0: as many as there are numbers. */
	return n == 1 || n > 13 ? GIC_NLPIS : 1u << n;
}

void gic_its_decode(uint64_t typer, struct gic_its_type *type)
{
	*type = (struct gic_its_type){
		.itt_entry_len = TYPER_ITT_ENTRY(typer),
		.event_bits = TYPER_EVENT_BITS(typer),
		.device_bits = UK_MIN(TYPER_DEVICE_BITS(typer), DEVICE_BITS),
		.collection_bits = COLLECTION_BITS,
		.ncollections = TYPER_HCC(typer),
		.by_paddr = typer & TYPER_PTA,
		.lpis = typer & TYPER_PHYSICAL,
	};
	if (typer & TYPER_CIL && TYPER_CIDBITS(typer) < COLLECTION_BITS)
		type->collection_bits = TYPER_CIDBITS(typer);
}

void gic_its_plan(struct gic_its_table *t, unsigned int bits,
		  bool can_indirect)
{
	const uint32_t per_page = t->page_len / t->entry_len;
	const uint32_t n = 1u << bits;
	uint32_t nper = per_page;

	t->indirect = can_indirect && n > per_page;
	if (t->indirect)
		nper *= t->page_len / GITS_POINTER_LEN;
	t->npages = UK_MIN(UK_DIV_ROUND_UP(n, nper), MAX_PAGES);
	t->nids = (uint32_t)UK_MIN((uint64_t)t->npages * nper, (uint64_t)n);
}

static uint32_t page_len(uint64_t baser)
{
	static const uint32_t len[] = { 0x1000, 0x4000, 0x10000, 0x10000 };

	return len[BASER_PAGE(baser)];
}

/* What the register makes of @val, which is not valid yet. */
static uint64_t try(volatile uint8_t *regs, uint32_t reg, uint64_t val)
{
	gic_write64(regs, reg, val);
	return gic_read64(regs, reg);
}

static uint32_t find_register(const volatile uint8_t *regs, unsigned int type)
{
	for (uint32_t i = 0; i < GITS_NBASERS; i++) {
		const uint32_t reg = GITS_BASER + 8 * i;

		if (BASER_TYPE(gic_read64(regs, reg)) == type)
			return reg;
	}
	return 0;
}

int gic_its_probe(volatile uint8_t *regs, unsigned int type,
		  unsigned int bits, struct gic_its_table *t)
{
	uint64_t val, got;

	*t = (struct gic_its_table){ .reg = find_register(regs, type) };
	if (!t->reg)
		return 0;
	val = gic_read64(regs, t->reg) & BASER_KEPT;
	t->entry_len = BASER_ENTRY_LEN(val);
	val |= GIC_BASE_SHARED | GITS_BASE_CACHED;
	got = try(regs, t->reg, val);
	if ((got & GIC_BASE_SHARED_MASK) != GIC_BASE_SHARED)
		return -ENOTSUP;

	t->page_len = page_len(got);
	t->bits = val | (got & BASER_PAGE_MASK);
	got = try(regs, t->reg, t->bits | BASER_INDIRECT);
	gic_its_plan(t, bits, got & BASER_INDIRECT);
	if (t->indirect)
		t->bits |= BASER_INDIRECT;
	return 0;
}

/* With pages of 64 KiB, bits 51 to 48 are where the low ones are not used. */
static uint64_t baser_addr(uint64_t paddr)
{
	return (paddr & BASER_ADDR_MASK) | (paddr >> 48 & 15) << 12;
}

void gic_its_set_table(volatile uint8_t *regs, const struct gic_its_table *t)
{
	if (t->reg)
		gic_write64(regs, t->reg,
			    t->bits | baser_addr(ukarch_paddr_of(t->mem)) |
			    (t->npages - 1) | GITS_VALID);
}

uint32_t gic_its_itt_len(const struct gic_its_type *type, unsigned int n,
			 unsigned int *bits)
{
	*bits = 1;
	while (1u << *bits < n)
		(*bits)++;
	return UK_ALIGN_UP(type->itt_entry_len << *bits, GITS_ITT_ALIGN);
}
