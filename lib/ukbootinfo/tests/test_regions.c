/* SPDX-License-Identifier: BSD-3-Clause */
#include "../bootinfo_priv.h"

#include <uk/bootinfo_build.h>
#include <uk/errno.h>
#include <uk/test.h>

#define PAGE	UINT64_C(4096)
#define NPAGES	32u
#define NADDS	12u

static struct uk_bootinfo bi;

/* Far away from what the cases add. */
static const struct uk_bootinfo_image image = {
	.text = 0x40000000, .etext = 0x40001000,
	.rodata = 0x40001000, .erodata = 0x40002000,
	.data = 0x40002000, .end = 0x40004000,
};

static void begin(void)
{
	uk_bootinfo_init(&bi, "test", 40, &image);
}

static void add(uint64_t first, uint64_t end, uint32_t type, uint32_t flags)
{
	uk_bootinfo_add(&bi, first * PAGE, (end - first) * PAGE, type, flags);
}

static void expect(uint32_t at, uint64_t first, uint64_t end, uint32_t type,
		   uint32_t flags)
{
	if (!UK_EXPECT_LT(at, bi.nregions))
		return;
	UK_EXPECT_EQ(bi.regions[at].base, first * PAGE);
	UK_EXPECT_EQ(bi.regions[at].len, (end - first) * PAGE);
	UK_EXPECT_EQ(bi.regions[at].type, type);
	UK_EXPECT_EQ(bi.regions[at].flags, flags);
}

UK_TEST(bootinfo, regions_are_sorted)
{
	begin();
	add(8, 9, UK_REGION_MMIO, 0);
	add(2, 3, UK_REGION_FREE, UK_REGIONF_RAM);
	add(5, 6, UK_REGION_RESERVED, 0);
	uk_bootinfo_finish(&bi);
	UK_EXPECT_EQ(bi.nregions, 3 + 3);
	expect(0, 2, 3, UK_REGION_FREE, UK_REGIONF_RAM);
	expect(1, 5, 6, UK_REGION_RESERVED, 0);
	expect(2, 8, 9, UK_REGION_MMIO, 0);
}

UK_TEST(bootinfo, equal_neighbours_become_one_region)
{
	begin();
	add(2, 4, UK_REGION_FREE, UK_REGIONF_RAM);
	add(6, 8, UK_REGION_FREE, UK_REGIONF_RAM);
	add(4, 6, UK_REGION_FREE, UK_REGIONF_RAM);
	add(3, 7, UK_REGION_FREE, UK_REGIONF_RAM);
	uk_bootinfo_finish(&bi);
	UK_EXPECT_EQ(bi.nregions, 1 + 3);
	expect(0, 2, 8, UK_REGION_FREE, UK_REGIONF_RAM);
}

UK_TEST(bootinfo, reserved_inside_of_free_cuts_it)
{
	begin();
	add(2, 10, UK_REGION_FREE, UK_REGIONF_RAM);
	add(4, 6, UK_REGION_RESERVED, 0);
	uk_bootinfo_finish(&bi);
	UK_EXPECT_EQ(bi.nregions, 3 + 3);
	expect(0, 2, 4, UK_REGION_FREE, UK_REGIONF_RAM);
	expect(1, 4, 6, UK_REGION_RESERVED, 0);
	expect(2, 6, 10, UK_REGION_FREE, UK_REGIONF_RAM);
}

UK_TEST(bootinfo, free_does_not_win_over_anything)
{
	for (uint32_t type = UK_REGION_INITRD; type < UK_REGION_NTYPES;
	     type++) {
		begin();
		add(20, 30, UK_REGION_FREE, UK_REGIONF_RAM);
		add(4, 6, type, 0);
		add(4, 6, UK_REGION_FREE, UK_REGIONF_RAM);
		uk_bootinfo_finish(&bi);
		UK_EXPECT_EQ(bi.regions[0].type, type);
		UK_EXPECT_EQ(bi.regions[0].len, 2 * PAGE);
	}
}

UK_TEST(bootinfo, what_lies_in_ram_is_ram_but_reserved_says_so_itself)
{
	begin();
	add(2, 20, UK_REGION_FREE, UK_REGIONF_RAM);
	add(4, 5, UK_REGION_ACPI, 0);
	add(6, 7, UK_REGION_RESERVED, 0);
	add(8, 9, UK_REGION_RESERVED, UK_REGIONF_RAM);
	add(10, 11, UK_REGION_MMIO, 0);
	uk_bootinfo_finish(&bi);
	expect(1, 4, 5, UK_REGION_ACPI, UK_REGIONF_RAM);
	expect(3, 6, 7, UK_REGION_RESERVED, 0);
	expect(5, 8, 9, UK_REGION_RESERVED, UK_REGIONF_RAM);
	expect(7, 10, 11, UK_REGION_MMIO, 0);
}

UK_TEST(bootinfo, page_0_is_not_free)
{
	begin();
	add(0, 4, UK_REGION_FREE, UK_REGIONF_RAM);
	uk_bootinfo_finish(&bi);
	expect(0, 1, 4, UK_REGION_FREE, UK_REGIONF_RAM);

	begin();
	add(0, 1, UK_REGION_FREE, UK_REGIONF_RAM);
	add(2, 4, UK_REGION_FREE, UK_REGIONF_RAM);
	uk_bootinfo_finish(&bi);
	UK_EXPECT_EQ(bi.nregions, 1 + 3);
	expect(0, 2, 4, UK_REGION_FREE, UK_REGIONF_RAM);
}

UK_TEST(bootinfo, more_regions_than_fit_are_refused)
{
	const uint32_t room = UK_BOOTINFO_NREGIONS - 3;
	const uint32_t far = 3 * UK_BOOTINFO_NREGIONS;

	begin();
	for (uint32_t i = 0; i < room; i++)
		add(2 + 2 * i, 3 + 2 * i, UK_REGION_FREE, UK_REGIONF_RAM);
	UK_EXPECT_EQ(bi.ndropped, 0);
	/* Three become one. */
	add(3, 4, UK_REGION_FREE, UK_REGIONF_RAM);
	UK_EXPECT_EQ(bi.ndropped, 0);
	add(far, far + 1, UK_REGION_FREE, UK_REGIONF_RAM);
	add(far + 2, far + 3, UK_REGION_FREE, UK_REGIONF_RAM);
	UK_EXPECT_EQ(bi.ndropped, 1);
	UK_EXPECT_EQ(bi.refused, 0);
	uk_bootinfo_finish(&bi);
	UK_EXPECT_EQ(bi.refused, -ENOSPC);
	UK_EXPECT_EQ(bi.nregions, UK_BOOTINFO_NREGIONS);
	UK_EXPECT_EQ(bi.nadded, room + 3);
}

/* The model: what each page is, decided anew from all regions that hit it. */
static const uint32_t order[] = {
	UK_REGION_DTB, UK_REGION_INITRD, UK_REGION_CMDLINE, UK_REGION_ACPI,
	UK_REGION_RESERVED, UK_REGION_MMIO, UK_REGION_FREE,
};

#define NTYPES	(sizeof(order) / sizeof(order[0]))

static struct {
	uint32_t first, end, at, flags;	/* at: index in order[] */
} adds[NADDS];

static uint32_t seed;

static uint32_t rnd(uint32_t below)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 16) % below;
}

/* Returns false where no region is; else what the page has to be. */
static bool model(uint32_t page, uint32_t *type, uint32_t *flags)
{
	uint32_t best = NTYPES, own = 0, any = 0;

	for (uint32_t i = 0; i < NADDS; i++) {
		if (page < adds[i].first || page >= adds[i].end)
			continue;
		any |= adds[i].flags;
		if (adds[i].at < best) {
			best = adds[i].at;
			own = 0;
		}
		if (adds[i].at == best)
			own |= adds[i].flags;
	}
	if (best == NTYPES)
		return false;
	*type = order[best];
	*flags = *type == UK_REGION_RESERVED || *type == UK_REGION_MMIO ?
		 own : any;
	return true;
}

static const struct uk_region *region_of(uint64_t addr)
{
	for (uint32_t i = 0; i < bi.nregions; i++)
		if (addr >= bi.regions[i].base &&
		    addr < bi.regions[i].base + bi.regions[i].len)
			return &bi.regions[i];
	return NULL;
}

static bool well_formed(void)
{
	for (uint32_t i = 0; i < bi.nregions; i++) {
		const struct uk_region *r = &bi.regions[i];

		if (r->len == 0 || (r->base | r->len) % PAGE)
			return false;
		if (i == 0)
			continue;
		if (r[-1].base + r[-1].len > r->base)
			return false;
		if (r[-1].base + r[-1].len == r->base &&
		    r[-1].type == r->type && r[-1].flags == r->flags)
			return false;
	}
	return true;
}

static bool as_model(void)
{
	for (uint32_t page = 1; page < NPAGES; page++) {
		const struct uk_region *r = region_of(page * PAGE);
		uint32_t type, flags;

		if (!model(page, &type, &flags)) {
			if (r)
				return false;
		} else if (!r || r->type != type || r->flags != flags) {
			return false;
		}
	}
	return true;
}

UK_TEST(bootinfo, any_set_of_regions_in_any_order_gives_the_same)
{
	uint32_t bad = 0;

	seed = 1;
	for (unsigned int round = 0; round < 500; round++) {
		uint32_t shift;

		for (uint32_t i = 0; i < NADDS; i++) {
			adds[i].first = 1 + rnd(NPAGES - 1);
			adds[i].end = adds[i].first +
				      rnd(NPAGES - adds[i].first) + 1;
			adds[i].at = rnd(NTYPES);
			adds[i].flags = rnd(2);
		}
		shift = rnd(NADDS);
		begin();
		add(2 * NPAGES, 3 * NPAGES, UK_REGION_FREE, 0);
		for (uint32_t i = 0; i < NADDS; i++) {
			const uint32_t k = (i * 5 + shift) % NADDS;

			add(adds[k].first, adds[k].end, order[adds[k].at],
			    adds[k].flags);
		}
		UK_EXPECT_EQ(bi.ndropped, 0);
		uk_bootinfo_finish(&bi);
		bad += bi.refused || !well_formed() || !as_model();
	}
	UK_EXPECT_EQ(bad, 0);
}
