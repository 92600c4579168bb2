/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any bytes as ACPI tables. The input is a root pointer of 36 bytes, then
 * pieces of memory, each with two bytes of length before it; the root pointer
 * and the pieces are at fixed addresses, which a root table may name. The first
 * byte says which checksums are made right: bit 0 the root pointer's, bit 1 the
 * tables', bit 2 the root pointer is searched, not told.
 */
#include <uk/acpi.h>
#include <uk/acpi_fadt.h>
#include <uk/acpi_madt.h>
#include <uk/acpi_mcfg.h>
#include <uk/acpi_s5.h>
#include <uk/acpi_timer.h>
#include <uk/string.h>

#include "fuzz_tables.h"

#define RSDP		0xf0000u
#define RSDP_LEN	36u
#define ROM_LEN		0x10000u
/* Piece i, counted from 1. */
#define PIECE(i)	(UINT64_C(0x10000) * (i))

#define FIX_RSDP	1u
#define FIX_TABLES	2u
#define SEARCH		4u

static void read_madt(struct uk_acpi *acpi)
{
	struct uk_acpi_madt_entry e = UK_ACPI_MADT_FIRST;
	struct uk_acpi_madt madt;
	uint32_t last = 0;

	if (uk_acpi_madt_read(acpi, &madt) < 0)
		return;
	while (uk_acpi_madt_next(&madt, &e)) {
		FUZZ_EXPECT(e.next > last && e.next <= madt.len);
		last = e.next;
		switch (e.type) {
		case UK_ACPI_MADT_OVERRIDE:
			FUZZ_EXPECT(e.override.irq < 16 &&
				    e.override.polarity != 2 &&
				    e.override.trigger != 2);
			break;
		case UK_ACPI_MADT_LAPIC_NMI:
		case UK_ACPI_MADT_X2APIC_NMI:
			FUZZ_EXPECT(e.lapic_nmi.lint <= 1);
			break;
		case UK_ACPI_MADT_GICR:
			FUZZ_EXPECT(e.gicr.base + e.gicr.len > e.gicr.base);
			break;
		default:
			FUZZ_EXPECT(e.type <= UK_ACPI_MADT_ITS);
		}
	}
	FUZZ_EXPECT(!uk_acpi_madt_next(&madt, &e));
}

static void read_others(struct uk_acpi *acpi)
{
	struct uk_acpi_ecam e = UK_ACPI_ECAM_FIRST;
	struct uk_acpi_fadt fadt;
	struct uk_acpi_mcfg mcfg;
	struct uk_acpi_hpet hpet;
	struct uk_acpi_gtdt gtdt;
	struct uk_acpi_s5 s5;
	struct uk_acpi_sci sci;
	int rc;

	if (uk_acpi_fadt_read(acpi, &fadt) == 0) {
		FUZZ_EXPECT(fadt.pm_timer.space <= UK_ACPI_PORT);
		FUZZ_EXPECT(fadt.pm_timer.space != UK_ACPI_PORT ||
			    fadt.pm_timer.addr <= 0xfffc);
		FUZZ_EXPECT(fadt.reset.space <= UK_ACPI_PCI);
		FUZZ_EXPECT(fadt.pm1a_sts.space != UK_ACPI_PORT ||
			    fadt.pm1a_sts.addr <= 0xfffe);
		FUZZ_EXPECT(fadt.pm1b_en.space != UK_ACPI_PORT ||
			    fadt.pm1b_en.addr <= 0xfffe);
		uk_acpi_sci_read(acpi, &fadt, &sci);
		if (uk_acpi_s5_read(acpi, &fadt, &s5) == 0)
			FUZZ_EXPECT(s5.typ_a <= 7 && s5.typ_b <= 7);
	}
	if (uk_acpi_mcfg_read(acpi, &mcfg) == 0)
		while (uk_acpi_mcfg_next(&mcfg, &e))
			FUZZ_EXPECT(e.base && e.bus_first <= e.bus_last);
	for (unsigned int i = 0; i < 3; i++)
		if (uk_acpi_hpet_read(acpi, i, &hpet) == 0)
			FUZZ_EXPECT(hpet.addr);
	/* Verdicts are kept. */
	rc = uk_acpi_gtdt_read(acpi, &gtdt);
	FUZZ_EXPECT(uk_acpi_gtdt_read(acpi, &gtdt) == rc);
}

/* All tables, by their own signatures, all their bytes. */
static void touch(struct uk_acpi *acpi)
{
	FUZZ_EXPECT(acpi->ntables <= UK_ACPI_NTABLES);
	for (uint32_t i = 0; i < acpi->ntables; i++) {
		struct uk_acpi_table *t;
		char sig[5] = "";

		memcpy(sig, acpi->table[i].sig, 4);
		if (uk_strlen(sig) != 4 ||
		    uk_acpi_find(acpi, sig, 0, &t) < 0)
			continue;
		FUZZ_EXPECT(t->len >= UK_ACPI_HEADER_LEN);
		FUZZ_EXPECT(uk_fwmem_sum(t->data, t->len) == 0);
	}
}

static void build(struct fuzz_mem *m, struct fuzz_input *in, uint64_t flags)
{
	static const uint8_t zeros[ROM_LEN];
	struct fuzz_input rom = { zeros, ROM_LEN };
	const size_t len = in->left < RSDP_LEN ? in->left : RSDP_LEN;
	struct fuzz_piece *p;

	if (flags & SEARCH) {
		p = fuzz_mem_add(m, RSDP, &rom, ROM_LEN);
		memcpy(p->copy, in->data, len);
		in->data += len;
		in->left -= len;
	} else {
		p = fuzz_mem_add(m, RSDP, in, len);
	}
	if (flags & FIX_RSDP) {
		fuzz_fix_sum(p, 20, 8);
		fuzz_fix_sum(p, RSDP_LEN, 32);
	}
	while (m->npieces < FUZZ_PIECES && in->left > 2) {
		p = fuzz_mem_add(m, PIECE(m->npieces), in, fuzz_take(in, 2));
		if ((flags & FIX_TABLES) && p->len >= UK_ACPI_HEADER_LEN)
			fuzz_fix_sum(p, uk_fwmem_u32(p->copy, 4), 9);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct uk_acpi acpi;
	struct fuzz_input in = { data, size };
	const uint64_t flags = fuzz_take(&in, 1);
	struct fuzz_mem m = {
		.mem = { .at = fuzz_mem_at, .is_pc = flags & SEARCH },
	};

	build(&m, &in, flags);
	if (uk_acpi_open(&acpi, &m.mem, flags & SEARCH ? 0 : RSDP) == 0) {
		read_madt(&acpi);
		read_others(&acpi);
		read_madt(&acpi);
		touch(&acpi);
	}
	fuzz_mem_free(&m);
	return 0;
}
