/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any bytes as tables of the MultiProcessor Specification: the floating pointer
 * of 16 bytes, which begins the last KiB of base memory, then the table, which
 * is at TABLE. The first byte says which checksums are made right: bit 0 the
 * pointer's, bit 1 the table's; with bit 2 the pointer leads to the table.
 */
#include <uk/mptable.h>
#include <uk/string.h>

#include "fuzz_tables.h"

#define BASE_END	0x9fc00u
#define BASE_END_LEN	0x400u
#define POINTER_LEN	16u
#define TABLE		0x50000u

#define FIX_POINTER	1u
#define FIX_TABLE	2u
#define LEAD		4u

static void build(struct fuzz_mem *m, struct fuzz_input *in, uint64_t flags)
{
	static const uint8_t zeros[BASE_END_LEN];
	const uint32_t table = TABLE;
	struct fuzz_input base = { zeros, BASE_END_LEN };
	struct fuzz_piece *p = fuzz_mem_add(m, BASE_END, &base, BASE_END_LEN);

	for (unsigned int i = 0; i < POINTER_LEN; i++)
		p->copy[i] = (uint8_t)fuzz_take(in, 1);
	if (flags & LEAD)
		memcpy(p->copy + 4, &table, 4);
	if (flags & FIX_POINTER)
		fuzz_fix_sum(p, p->copy[8] * 16u, 10);

	p = fuzz_mem_add(m, TABLE, in, in->left);
	if ((flags & FIX_TABLE) && p->len >= 8)
		fuzz_fix_sum(p, uk_fwmem_u16(p->copy, 4), 7);
}

static void walk(const struct uk_mptable *mp)
{
	struct uk_mptable_entry e = UK_MPTABLE_FIRST;
	unsigned int ncpus = 0;

	while (uk_mptable_next(mp, &e)) {
		FUZZ_EXPECT(e.next <= mp->len);
		switch (e.type) {
		case UK_MPTABLE_CPU:
			ncpus++;
			FUZZ_EXPECT(!e.cpu.enabled ||
				    e.cpu.apic_id != UK_MPTABLE_ALL);
			break;
		case UK_MPTABLE_BUS:
			FUZZ_EXPECT(uk_strlen(e.bus.type) - 1 < 6);
			break;
		case UK_MPTABLE_IOAPIC:
			FUZZ_EXPECT(e.ioapic.addr);
			break;
		default:
			FUZZ_EXPECT(e.type <= UK_MPTABLE_LOCALINT &&
				    e.interrupt.kind <= UK_MPTABLE_EXTINT);
			FUZZ_EXPECT(e.type == UK_MPTABLE_IOINT ||
				    e.interrupt.dest_pin <= 1);
		}
	}
	FUZZ_EXPECT(!uk_mptable_next(mp, &e));
	FUZZ_EXPECT(!mp->default_config || ncpus == 2);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct fuzz_input in = { data, size };
	const uint64_t flags = fuzz_take(&in, 1);
	struct fuzz_mem m = { .mem = { .at = fuzz_mem_at, .is_pc = true } };
	struct uk_mptable mp;

	build(&m, &in, flags);
	if (uk_mptable_open(&mp, &m.mem) == 0)
		walk(&mp);
	fuzz_mem_free(&m);
	return 0;
}
