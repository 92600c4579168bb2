/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/fwmem.h>

#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/test.h>

/* The first MiB of a PC. */
static uint8_t low[0x100000];

static bool all_can_be_read;

static const void *low_at(const struct uk_fwmem *mem UK_UNUSED,
			  uint64_t paddr, uint64_t len)
{
	if (!all_can_be_read || paddr > sizeof(low) ||
	    len > sizeof(low) - paddr)
		return NULL;
	return low + paddr;
}

static const struct uk_fwmem pc = { .at = low_at, .is_pc = true };

static void begin(uint16_t ebda, uint16_t base_kib)
{
	memset(low, 0, sizeof(low));
	memcpy(low + 0x40e, &ebda, 2);
	memcpy(low + 0x413, &base_kib, 2);
	all_can_be_read = true;
}

static void put(uint64_t paddr, const char *text)
{
	memcpy(low + paddr, text, uk_strlen(text));
}

/* The byte behind the signature tells good ones. */
static bool is_good(const struct uk_fwmem *mem, uint64_t paddr)
{
	const uint8_t *p = uk_fwmem_at(mem, paddr, 16);

	return p && p[4] == '+';
}

/* Where it is in @area; 0: nowhere. */
static uint64_t find(enum uk_fwmem_area area)
{
	uint64_t paddr = 0;

	return uk_fwmem_pc_find(&pc, area, "_AB_", is_good, &paddr) ? paddr :
								      0;
}

UK_TEST(fwmem, sums_are_those_of_the_bytes_one_by_one)
{
	uint8_t buf[600];
	uint8_t sum = 0;

	for (size_t i = 0; i < sizeof(buf); i++)
		buf[i] = (uint8_t)(i % 7 ? i * 37 + (i >> 3) : 0xff);
	for (size_t len = 0; len < sizeof(buf) - 3; len++) {
		UK_EXPECT_EQ(uk_fwmem_sum(buf + 3, len), sum);
		sum = (uint8_t)(sum + buf[3 + len]);
	}

	/* Far more than 16 bits hold. */
	memset(low, 0xff, sizeof(low));
	UK_EXPECT_EQ(uk_fwmem_sum(low, 4099), (uint8_t)(4099 * 0xff));
	UK_EXPECT_EQ(uk_fwmem_sum(low, sizeof(low)), 0);
}

UK_TEST(fwmem, numbers_are_little_endian_and_need_no_alignment)
{
	static const uint8_t bytes[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8 };

	UK_EXPECT_EQ(uk_fwmem_u16(bytes, 1), 0x0201);
	UK_EXPECT_EQ(uk_fwmem_u32(bytes, 1), 0x04030201);
	UK_EXPECT_EQ(uk_fwmem_u64(bytes, 1), 0x0807060504030201);
}

UK_TEST(fwmem, the_first_good_one_at_a_multiple_of_16_is_found)
{
	begin(0x9fc0, 639);
	put(0xf1008, "_AB_+");
	put(0xf2000, "_AB_-");
	UK_EXPECT_EQ(find(UK_FWMEM_ROM), 0);
	put(0xffff0, "_AB_+");
	UK_EXPECT_EQ(find(UK_FWMEM_ROM), 0xffff0);
	put(0xf3010, "_AB_+");
	UK_EXPECT_EQ(find(UK_FWMEM_ROM), 0xf3010);
	UK_EXPECT_EQ(find(UK_FWMEM_ROM_LOW), 0);
	put(0xe0000, "_AB_+");
	UK_EXPECT_EQ(find(UK_FWMEM_ROM_LOW), 0xe0000);
}

UK_TEST(fwmem, the_extended_bios_data_area_is_where_its_segment_says)
{
	begin(0x9fc0, 639);
	put(0x9fbf0, "_AB_+");
	UK_EXPECT_EQ(find(UK_FWMEM_EBDA), 0);
	put(0x9fff0, "_AB_+");
	UK_EXPECT_EQ(find(UK_FWMEM_EBDA), 0x9fff0);
	begin(0x8000, 512);
	put(0x803f0, "_AB_+");
	UK_EXPECT_EQ(find(UK_FWMEM_EBDA), 0x803f0);
}

UK_TEST(fwmem, a_segment_outside_of_base_memory_is_no_data_area)
{
	static const uint16_t segments[] = { 0, 0x4f, 0x9fc1, 0xf000, 0xffff };

	for (size_t i = 0; i < UK_ARRAY_SIZE(segments); i++) {
		begin(segments[i], 640);
		for (uint64_t a = 0x1000; a < 0x100000; a += 16)
			put(a, "_AB_+");
		UK_EXPECT_EQ(find(UK_FWMEM_EBDA), 0);
	}
}

UK_TEST(fwmem, base_memory_ends_where_the_bios_says_or_at_640_kib)
{
	static const struct {
		uint16_t kib;
		uint64_t paddr;
	} ends[] = {
		{ 640, 0x9fc00 }, { 639, 0x9f800 }, { 512, 0x7fc00 },
		{ 0, 0x9fc00 }, { 1, 0x9fc00 }, { 641, 0x9fc00 },
		{ 0xffff, 0x9fc00 },
	};

	for (size_t i = 0; i < UK_ARRAY_SIZE(ends); i++) {
		begin(0, ends[i].kib);
		put(ends[i].paddr - 16, "_AB_+");
		put(ends[i].paddr + 0x400, "_AB_+");
		UK_EXPECT_EQ(find(UK_FWMEM_BASE_END), 0);
		put(ends[i].paddr, "_AB_+");
		UK_EXPECT_EQ(find(UK_FWMEM_BASE_END), ends[i].paddr);
	}
}

UK_TEST(fwmem, what_cannot_be_read_or_is_no_pc_is_not_searched)
{
	struct uk_fwmem other = pc;
	uint64_t paddr = 1;

	begin(0x9fc0, 639);
	put(0xf0000, "_AB_+");
	other.is_pc = false;
	UK_EXPECT(!uk_fwmem_pc_find(&other, UK_FWMEM_ROM, "_AB_", is_good,
				    &paddr));
	all_can_be_read = false;
	UK_EXPECT_EQ(find(UK_FWMEM_ROM), 0);
	UK_EXPECT_EQ(find(UK_FWMEM_EBDA), 0);
	UK_EXPECT_EQ(paddr, 1);
}
