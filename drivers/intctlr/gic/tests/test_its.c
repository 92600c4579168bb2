/* SPDX-License-Identifier: BSD-3-Clause */
/* What an ITS is told, in memory that stands for its registers. */
#include "../its_priv.h"

#include <uk/arch/paging.h>
#include <uk/errno.h>
#include <uk/test.h>

static volatile uint8_t regs[0x200] UK_ALIGNED(8);

static void clear(void)
{
	for (unsigned int i = 0; i < sizeof(regs); i += 8)
		gic_write64(regs, i, 0);
}

static bool is(struct gic_its_cmd cmd, uint64_t a, uint64_t b, uint64_t c)
{
	return cmd.dw[0] == a && cmd.dw[1] == b && cmd.dw[2] == c &&
	       cmd.dw[3] == 0;
}

UK_TEST(gic_its, commands_are_written_as_the_specification_has_them)
{
	const uint64_t dev = UINT64_C(0x89abcdef) << 32;
	const uint32_t id = 0x89abcdef;

	UK_EXPECT(is(gic_its_mapd(id, 0x123456700, 5), dev | 8, 4,
		     UINT64_C(0x8000000123456700)));
	UK_EXPECT(is(gic_its_unmapd(id), dev | 8, 0, 0));
	UK_EXPECT(is(gic_its_mapc(0x12, 0x30000), 9, 0,
		     UINT64_C(0x8000000000030012)));
	UK_EXPECT(is(gic_its_mapti(id, 7, 8199, 3), dev | 10,
		     UINT64_C(0x200700000007), 3));
	UK_EXPECT(is(gic_its_movi(id, 7, 3), dev | 1, 7, 3));
	UK_EXPECT(is(gic_its_int(id, 7), dev | 3, 7, 0));
	UK_EXPECT(is(gic_its_inv(id, 7), dev | 12, 7, 0));
	UK_EXPECT(is(gic_its_discard(id, 7), dev | 15, 7, 0));
	UK_EXPECT(is(gic_its_sync(0x30000), 5, 0, 0x30000));
}

UK_TEST(gic_its, what_it_says_of_itself_is_understood)
{
	struct gic_its_type t;

	/* That of QEMU 7.2: 12 bytes, all else 16 bits. */
	gic_its_decode(UINT64_C(0x1f0001efb1), &t);
	UK_EXPECT_EQ(t.itt_entry_len, 12);
	UK_EXPECT_EQ(t.event_bits, 16);
	UK_EXPECT_EQ(t.device_bits, 16);
	UK_EXPECT_EQ(t.collection_bits, 9);
	UK_EXPECT(t.lpis);
	UK_EXPECT(!t.by_paddr);

	gic_its_decode(0, &t);
	UK_EXPECT_EQ(t.device_bits, 1);
	UK_EXPECT_EQ(t.event_bits, 1);
	UK_EXPECT(!t.lpis);

	/* More devices than any bus has. */
	gic_its_decode(UINT64_MAX & ~(UINT64_C(14) << 32), &t);
	UK_EXPECT_EQ(t.device_bits, 20);
	UK_EXPECT_EQ(t.event_bits, 32);
	UK_EXPECT_EQ(t.collection_bits, 2);
	UK_EXPECT_EQ(t.ncollections, 255);
	UK_EXPECT(t.by_paddr);
}

UK_TEST(gic_its, a_distributor_knows_a_part_of_the_lpis)
{
	const uint32_t lpis = 1u << 17, bits16 = 15u << 19;

	UK_EXPECT_EQ(gic_lpi_count(bits16), 0);
	UK_EXPECT_EQ(gic_lpi_count(lpis | bits16), 8192);
	UK_EXPECT_EQ(gic_lpi_count(lpis | 12u << 19), 0);
	UK_EXPECT_EQ(gic_lpi_count(lpis | 13u << 19), 8192);
	UK_EXPECT_EQ(gic_lpi_count(lpis | bits16 | 4u << 11), 32);
	UK_EXPECT_EQ(gic_lpi_count(lpis | bits16 | 31u << 11), 8192);
}

static struct gic_its_table plan(uint32_t entry_len, uint32_t page_len,
				 unsigned int bits, bool can_indirect)
{
	struct gic_its_table t = {
		.entry_len = entry_len, .page_len = page_len,
	};

	gic_its_plan(&t, bits, can_indirect);
	return t;
}

UK_TEST(gic_its, a_table_is_as_long_as_it_must_be)
{
	struct gic_its_table t;

	/* Fits a page: not indirect, even if it could be. */
	t = plan(8, 0x1000, 9, true);
	UK_EXPECT(!t.indirect);
	UK_EXPECT_EQ(t.npages, 1);
	UK_EXPECT_EQ(t.nids, 512);

	t = plan(8, 0x1000, 16, true);
	UK_EXPECT(t.indirect);
	UK_EXPECT_EQ(t.npages, 1);
	UK_EXPECT_EQ(t.nids, 65536);

	t = plan(8, 0x1000, 16, false);
	UK_EXPECT_EQ(t.npages, 128);
	UK_EXPECT_EQ(t.nids, 65536);

	t = plan(8, 0x10000, 20, true);
	UK_EXPECT_EQ(t.npages, 1);
	UK_EXPECT_EQ(t.nids, 1u << 20);
}

UK_TEST(gic_its, what_no_table_has_room_for_has_no_number)
{
	struct gic_its_table t;

	t = plan(32, 0x1000, 20, false);
	UK_EXPECT_EQ(t.npages, 256);
	UK_EXPECT_EQ(t.nids, 256u * 128);
	/* Entries that do not fill a page leave the rest of it. */
	t = plan(24, 0x1000, 20, false);
	UK_EXPECT_EQ(t.nids, 256u * 170);
	t = plan(24, 0x1000, 20, true);
	UK_EXPECT_EQ(t.npages, 13);
	UK_EXPECT_EQ(t.nids, 1u << 20);
}

UK_TEST(gic_its, a_table_goes_to_the_register_of_its_type)
{
	struct gic_its_table t;
	uint64_t val;

	clear();
	/* vPEs, devices with 8 bytes each, pages of 64 KiB. */
	gic_write64(regs, 0x100, UINT64_C(0x0207000000000000));
	gic_write64(regs, 0x108, UINT64_C(0x0107000000000200));
	UK_EXPECT_EQ(gic_its_probe(regs, GITS_BASER_DEVICES, 16, &t), 0);
	UK_EXPECT_EQ(t.reg, 0x108);
	UK_EXPECT_EQ(t.entry_len, 8);
	/* This memory does pages of 4 KiB, and pages of pointers. */
	UK_EXPECT_EQ(t.page_len, 0x1000);
	UK_EXPECT(t.indirect);

	t.mem = uk_phys_to_virt(0x12345000);
	t.npages = 3;
	gic_its_set_table(regs, &t);
	val = gic_read64(regs, 0x108);
	/* Valid, indirect, cached, type, entries, inner shareable. */
	UK_EXPECT_EQ(val, UINT64_C(0xf907000012345402));
	UK_EXPECT_EQ(gic_read64(regs, 0x100), UINT64_C(0x0207000000000000));

	UK_EXPECT_EQ(gic_its_probe(regs, GITS_BASER_COLLECTIONS, 9, &t), 0);
	UK_EXPECT_EQ(t.reg, 0);
}

UK_TEST(gic_its, a_table_of_events_is_aligned_and_has_two_at_least)
{
	const struct gic_its_type qemu = { .itt_entry_len = 12 };
	unsigned int bits;

	UK_EXPECT_EQ(gic_its_itt_len(&qemu, 1, &bits), 256);
	UK_EXPECT_EQ(bits, 1);
	UK_EXPECT_EQ(gic_its_itt_len(&qemu, 32, &bits), 512);
	UK_EXPECT_EQ(bits, 5);
	UK_EXPECT_EQ(gic_its_itt_len(&qemu, 33, &bits), 768);
	UK_EXPECT_EQ(bits, 6);
	UK_EXPECT_EQ(gic_its_itt_len(&qemu, 2048, &bits), 24576);
	UK_EXPECT_EQ(bits, 11);
}

static struct gic_its_cmd ring[GITS_QUEUE_LEN / sizeof(struct gic_its_cmd)]
	UK_ALIGNED(0x1000);

static struct gic_its_queue queue_begin(void)
{
	struct gic_its_queue q = {
		.regs = regs, .cmds = ring, .lock = UK_SPINLOCK_INIT,
	};

	clear();
	UK_EXPECT_EQ(gic_its_queue_start(&q), 0);
	return q;
}

UK_TEST(gic_its, commands_follow_each_other_round_the_queue)
{
	struct gic_its_queue q = queue_begin();
	struct gic_its_cmd two[2];

	for (unsigned int i = 0; i < 130; i++) {
		two[0] = gic_its_int(i, 1);
		two[1] = gic_its_int(i, 2);
		/* It has done them. */
		gic_write64(regs, GITS_CREADR, (i + 1) * 64 % GITS_QUEUE_LEN);
		UK_EXPECT_EQ(gic_its_do(&q, two, 2), 0);
		UK_EXPECT_EQ(gic_read64(regs, GITS_CWRITER),
			     (i + 1) * 64 % GITS_QUEUE_LEN);
		UK_EXPECT_EQ(ring[i * 2 % 128].dw[0] >> 32, i);
		UK_EXPECT_EQ(ring[(i * 2 + 1) % 128].dw[1], 2);
	}
}

UK_TEST(gic_its, one_that_stops_at_a_command_is_asked_no_more)
{
	struct gic_its_queue q = queue_begin();
	const struct gic_its_cmd cmd = gic_its_int(1, 1);

	gic_write64(regs, GITS_CREADR, 1);
	UK_EXPECT_EQ(gic_its_do(&q, &cmd, 1), -EIO);
	gic_write64(regs, GITS_CREADR, 64);
	UK_EXPECT_EQ(gic_its_do(&q, &cmd, 1), -EIO);
	UK_EXPECT_EQ(gic_read64(regs, GITS_CWRITER), 32);
}

UK_TEST(gic_its, waiting_for_one_that_says_nothing_has_an_end)
{
	struct gic_its_queue q = queue_begin();
	const struct gic_its_cmd cmd = gic_its_int(1, 1);

	UK_EXPECT_EQ(gic_its_do(&q, &cmd, 1), -EIO);
	UK_EXPECT(q.dead);
}

UK_TEST(gic_its, a_redistributor_gets_both_tables_before_it_takes_lpis)
{
	clear();
	/* Somebody was there before. */
	gic_write(regs, GICR_CTLR, GICR_CTLR_LPIS);
	UK_EXPECT_EQ(gic_redist_lpis_on(regs, 0x41000, 0x50000), 0);
	UK_EXPECT_EQ(gic_read64(regs, GICR_PROPBASER), 0x4178d);
	UK_EXPECT_EQ(gic_read64(regs, GICR_PENDBASER),
		     UINT64_C(0x4000000000050780));
	UK_EXPECT_EQ(gic_read(regs, GICR_CTLR), GICR_CTLR_LPIS);
}
