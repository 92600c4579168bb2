/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/bootinfo_build.h>

#include <uk/errno.h>
#include <uk/string.h>
#include <uk/test.h>

#define MIB	UINT64_C(0x100000)

static struct uk_bootinfo bi;

static const struct uk_bootinfo_image image = {
	.text = 1 * MIB, .etext = 1 * MIB + 0x4000,
	.rodata = 1 * MIB + 0x4000, .erodata = 1 * MIB + 0x6000,
	.data = 1 * MIB + 0x6000, .end = 1 * MIB + 0x9000,
};

/* 16 MiB of RAM from 0 on, on a CPU with 36 bits. */
static void begin(void)
{
	uk_bootinfo_init(&bi, "test", 36, &image);
	uk_bootinfo_add(&bi, 0, 16 * MIB, UK_REGION_FREE, UK_REGIONF_RAM);
}

static const struct uk_region *last(void)
{
	return &bi.regions[bi.nregions - 1];
}

UK_TEST(bootinfo, the_image_is_in_the_regions)
{
	begin();
	uk_bootinfo_finish(&bi);
	UK_EXPECT_EQ(bi.refused, 0);
	if (!UK_EXPECT_EQ(bi.nregions, 5))
		return;
	UK_EXPECT_EQ(bi.regions[0].base, 0x1000);
	UK_EXPECT_EQ(bi.regions[1].type, UK_REGION_TEXT);
	UK_EXPECT_EQ(bi.regions[1].base, image.text);
	UK_EXPECT_EQ(bi.regions[2].type, UK_REGION_RODATA);
	UK_EXPECT_EQ(bi.regions[3].type, UK_REGION_DATA);
	UK_EXPECT_EQ(bi.regions[3].len, image.end - image.data);
	UK_EXPECT_EQ(last()->base, image.end);
	UK_EXPECT_EQ(last()->len, 16 * MIB - image.end);
}

UK_TEST(bootinfo, the_image_is_ram_even_if_the_map_says_reserved)
{
	begin();
	uk_bootinfo_add(&bi, 1 * MIB, MIB, UK_REGION_RESERVED, 0);
	uk_bootinfo_finish(&bi);
	UK_EXPECT_EQ(bi.refused, 0);
	UK_EXPECT_EQ(bi.regions[1].type, UK_REGION_TEXT);
	UK_EXPECT_EQ(bi.regions[1].flags, UK_REGIONF_RAM);
	UK_EXPECT_EQ(bi.regions[3].type, UK_REGION_DATA);
	UK_EXPECT_EQ(bi.regions[4].type, UK_REGION_RESERVED);
	UK_EXPECT_EQ(bi.regions[4].flags, 0);
}

UK_TEST(bootinfo, empty_and_absurd_regions_are_ignored)
{
	begin();
	uk_bootinfo_add(&bi, 64 * MIB, 0, UK_REGION_FREE, UK_REGIONF_RAM);
	uk_bootinfo_add(&bi, UINT64_C(1) << 36, MIB, UK_REGION_FREE,
			UK_REGIONF_RAM);
	uk_bootinfo_add(&bi, UINT64_MAX, UINT64_MAX, UK_REGION_MMIO, 0);
	uk_bootinfo_finish(&bi);
	UK_EXPECT_EQ(bi.refused, 0);
	UK_EXPECT_EQ(bi.nregions, 5);
	UK_EXPECT_EQ(bi.nadded, 4);
}

UK_TEST(bootinfo, a_region_that_wraps_ends_where_addresses_end)
{
	begin();
	uk_bootinfo_add(&bi, 32 * MIB, UINT64_MAX, UK_REGION_FREE,
			UK_REGIONF_RAM);
	uk_bootinfo_finish(&bi);
	UK_EXPECT_EQ(last()->base, 32 * MIB);
	UK_EXPECT_EQ(last()->base + last()->len, UINT64_C(1) << 36);
}

UK_TEST(bootinfo, addresses_that_the_linear_map_lacks_are_cut_off)
{
	uk_bootinfo_init(&bi, "test", 52, &image);
	uk_bootinfo_add(&bi, 16 * MIB, UINT64_C(1) << 51, UK_REGION_FREE,
			UK_REGIONF_RAM);
	uk_bootinfo_finish(&bi);
	UK_EXPECT_EQ(last()->base + last()->len,
		     UINT64_C(1) << UK_BOOTINFO_PADDR_BITS_MAX);
}

UK_TEST(bootinfo, free_shrinks_to_pages_and_all_else_grows)
{
	begin();
	uk_bootinfo_add(&bi, 32 * MIB + 1, 0x2000, UK_REGION_FREE,
			UK_REGIONF_RAM);
	uk_bootinfo_finish(&bi);
	UK_EXPECT_EQ(last()->base, 32 * MIB + 0x1000);
	UK_EXPECT_EQ(last()->len, 0x1000);

	begin();
	uk_bootinfo_add(&bi, 32 * MIB + 1, 0x1000, UK_REGION_FREE,
			UK_REGIONF_RAM);
	uk_bootinfo_add(&bi, 48 * MIB + 0xfff, 2, UK_REGION_RESERVED, 0);
	uk_bootinfo_finish(&bi);
	UK_EXPECT_EQ(bi.nregions, 6);
	UK_EXPECT_EQ(last()->base, 48 * MIB);
	UK_EXPECT_EQ(last()->len, 0x2000);
}

UK_TEST(bootinfo, an_unknown_type_is_reserved)
{
	begin();
	uk_bootinfo_add(&bi, 32 * MIB, MIB, 4711, UK_REGIONF_RAM | 0xff00);
	uk_bootinfo_finish(&bi);
	UK_EXPECT_EQ(last()->type, UK_REGION_RESERVED);
	UK_EXPECT_EQ(last()->flags, UK_REGIONF_RAM);
}

UK_TEST(bootinfo, no_free_memory_is_refused)
{
	uk_bootinfo_init(&bi, "test", 36, &image);
	uk_bootinfo_finish(&bi);
	UK_EXPECT_EQ(bi.refused, -ENOMEM);

	/* Only the image, and page 0. */
	uk_bootinfo_init(&bi, "test", 36, &image);
	uk_bootinfo_add(&bi, image.text, image.end - image.text,
			UK_REGION_FREE, UK_REGIONF_RAM);
	uk_bootinfo_add(&bi, 0, 0x1000, UK_REGION_FREE, UK_REGIONF_RAM);
	uk_bootinfo_finish(&bi);
	UK_EXPECT_EQ(bi.refused, -ENOMEM);
}

UK_TEST(bootinfo, initrd_and_device_tree_get_regions)
{
	begin();
	uk_bootinfo_set_initrd(&bi, 4 * MIB + 16, 0x1800);
	uk_bootinfo_set_dtb(&bi, 4 * MIB + 0x1810, 100);
	uk_bootinfo_finish(&bi);
	UK_EXPECT_EQ(bi.refused, 0);
	UK_EXPECT_EQ(bi.initrd_base, 4 * MIB + 16);
	UK_EXPECT_EQ(bi.initrd_len, 0x1800);
	UK_EXPECT_EQ(bi.dtb, 4 * MIB + 0x1810);
	UK_EXPECT_EQ(bi.dtb_len, 100);
	if (!UK_EXPECT_EQ(bi.nregions, 8))
		return;
	UK_EXPECT_EQ(bi.regions[5].type, UK_REGION_INITRD);
	UK_EXPECT_EQ(bi.regions[5].base, 4 * MIB);
	UK_EXPECT_EQ(bi.regions[5].len, 0x1000);
	UK_EXPECT_EQ(bi.regions[5].flags, UK_REGIONF_RAM);
	/* The page that both have. */
	UK_EXPECT_EQ(bi.regions[6].type, UK_REGION_DTB);
	UK_EXPECT_EQ(bi.regions[6].len, 0x1000);
}

UK_TEST(bootinfo, an_empty_initrd_is_none)
{
	begin();
	uk_bootinfo_set_initrd(&bi, 0, 0);
	uk_bootinfo_finish(&bi);
	UK_EXPECT_EQ(bi.refused, 0);
	UK_EXPECT_EQ(bi.initrd_len, 0);
	UK_EXPECT_EQ(bi.nregions, 5);
}

UK_TEST(bootinfo, an_initrd_over_the_image_is_refused)
{
	begin();
	uk_bootinfo_set_initrd(&bi, image.end - 1, 2);
	UK_EXPECT_EQ(bi.refused, -EEXIST);
	UK_EXPECT_EQ(bi.initrd_len, 0);

	begin();
	uk_bootinfo_set_initrd(&bi, image.text - 1, 1);
	uk_bootinfo_finish(&bi);
	UK_EXPECT_EQ(bi.refused, 0);
}

UK_TEST(bootinfo, initrd_and_device_tree_must_not_overlap)
{
	begin();
	uk_bootinfo_set_initrd(&bi, 4 * MIB, 100);
	uk_bootinfo_set_dtb(&bi, 4 * MIB + 99, 100);
	UK_EXPECT_EQ(bi.refused, -EEXIST);
}

UK_TEST(bootinfo, an_initrd_outside_of_ram_is_refused)
{
	begin();
	uk_bootinfo_set_initrd(&bi, 16 * MIB - 100, 101);
	uk_bootinfo_finish(&bi);
	UK_EXPECT_EQ(bi.refused, -EFAULT);

	begin();
	uk_bootinfo_set_initrd(&bi, 16 * MIB - 100, 100);
	uk_bootinfo_finish(&bi);
	UK_EXPECT_EQ(bi.refused, 0);
}

UK_TEST(bootinfo, an_initrd_that_ends_beyond_addresses_is_refused)
{
	begin();
	uk_bootinfo_set_initrd(&bi, 4 * MIB, UINT64_MAX);
	UK_EXPECT_EQ(bi.refused, -ERANGE);

	begin();
	uk_bootinfo_set_initrd(&bi, UINT64_MAX, 2);
	UK_EXPECT_EQ(bi.refused, -ERANGE);

	begin();
	uk_bootinfo_set_dtb(&bi, (UINT64_C(1) << 36) - 4, 5);
	UK_EXPECT_EQ(bi.refused, -ERANGE);
}

UK_TEST(bootinfo, the_first_refusal_stays)
{
	begin();
	uk_bootinfo_refuse(&bi, -EIO, "test of %s", "refusing");
	uk_bootinfo_refuse(&bi, -ENOMEM, "second test");
	UK_EXPECT_EQ(bi.refused, -EIO);
}

UK_TEST(bootinfo, the_command_line_is_copied)
{
	char text[] = "app x=1 -- y";

	begin();
	uk_bootinfo_set_cmdline(&bi, text, sizeof(text));
	text[0] = '#';
	UK_EXPECT_STR_EQ(bi.cmdline, "app x=1 -- y");
	UK_EXPECT_EQ(bi.cmdline_len, 12);
	UK_EXPECT_EQ(bi.refused, 0);
}

UK_TEST(bootinfo, no_command_line_is_an_empty_one)
{
	begin();
	uk_bootinfo_set_cmdline(&bi, NULL, 100);
	UK_EXPECT_STR_EQ(bi.cmdline, "");
	uk_bootinfo_set_cmdline(&bi, "x", 0);
	UK_EXPECT_STR_EQ(bi.cmdline, "");
	uk_bootinfo_set_cmdline(&bi, "", 1);
	UK_EXPECT_STR_EQ(bi.cmdline, "");
	UK_EXPECT_EQ(bi.refused, 0);
}

UK_TEST(bootinfo, a_command_line_without_end_is_refused)
{
	static const char text[4] = { 'a', 'b', 'c', 'd' };

	begin();
	uk_bootinfo_set_cmdline(&bi, text, sizeof(text));
	UK_EXPECT_EQ(bi.refused, -EINVAL);
	UK_EXPECT_STR_EQ(bi.cmdline, "");
}

UK_TEST(bootinfo, a_command_line_that_is_too_long_is_refused)
{
	static char text[CONFIG_LIBUKBOOTINFO_CMDLINE_MAX + 1];
	const size_t max = CONFIG_LIBUKBOOTINFO_CMDLINE_MAX;

	memset(text, 'x', max);
	begin();
	uk_bootinfo_set_cmdline(&bi, text, sizeof(text));
	UK_EXPECT_EQ(bi.refused, -E2BIG);
	UK_EXPECT_EQ(bi.cmdline_len, 0);

	text[max - 1] = '\0';
	begin();
	uk_bootinfo_set_cmdline(&bi, text, max);
	UK_EXPECT_EQ(bi.refused, 0);
	UK_EXPECT_EQ(bi.cmdline_len, max - 1);
}

UK_TEST(bootinfo, types_have_names)
{
	UK_EXPECT_STR_EQ(uk_region_type_name(UK_REGION_FREE), "free");
	UK_EXPECT_STR_EQ(uk_region_type_name(UK_REGION_MMIO), "mmio");
	UK_EXPECT_STR_EQ(uk_region_type_name(UK_REGION_NTYPES), "?");
}
