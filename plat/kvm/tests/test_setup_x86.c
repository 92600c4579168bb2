/* SPDX-License-Identifier: BSD-3-Clause */
/* The readers of boot data over a buffer that stands for low memory. */
#include "../setup_x86.h"

#include <uk/bootinfo.h>
#include <uk/bootinfo_build.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/test.h>

/* The buffer is at this physical address; nothing else can be read. */
#define MEM		0x8000
#define MEM_LEN		0x3000

#define INFO		MEM
#define MAP		(MEM + 0x1000)
#define MODS		(MEM + 0x1800)
#define TEXT		(MEM + 0x2000)
#define NOWHERE		0x100

static uint8_t buf[MEM_LEN];
static struct uk_bootinfo bi;

static const void *buf_at(const struct uk_fwmem *mem UK_UNUSED, uint64_t paddr,
			  uint64_t len)
{
	if (paddr < MEM || paddr > MEM + MEM_LEN ||
	    len > MEM + MEM_LEN - paddr)
		return NULL;
	return buf + (paddr - MEM);
}

static const struct uk_fwmem mem = { .at = buf_at };

static void put32(uint64_t paddr, uint32_t val)
{
	memcpy(buf + (paddr - MEM), &val, sizeof(val));
}

static void put64(uint64_t paddr, uint64_t val)
{
	memcpy(buf + (paddr - MEM), &val, sizeof(val));
}

static void put_text(uint64_t paddr, const char *text)
{
	memcpy(buf + (paddr - MEM), text, uk_strlen(text) + 1);
}

static void begin(void)
{
	static const struct uk_bootinfo_image image = {
		.text = 0x100000, .etext = 0x108000,
		.rodata = 0x108000, .erodata = 0x10a000,
		.data = 0x10a000, .end = 0x110000,
	};

	memset(buf, 0, sizeof(buf));
	uk_bootinfo_init(&bi, "test", 40, &image);
}

static void read_with(kvm_read_fn read, uint64_t paddr)
{
	read(&bi, &mem, paddr);
	uk_bootinfo_finish(&bi);
}

/* A map of 640 KiB, firmware, 63 MiB at 1 MiB, ACPI tables, in each form. */
static const struct {
	uint64_t base, len;
	uint32_t type;
} map[] = {
	{ 0, 0x9fc00, 1 },
	{ 0x9fc00, 0x400, 2 },
	{ 0xf0000, 0x10000, 2 },
	{ 0x100000, 0x3ee0000, 1 },
	{ 0x3fe0000, 0x20000, 3 },
	{ 0xfffc0000, 0x40000, 2 },
};

/* Writes the map at @paddr, entries @step apart, and returns its end. */
static uint64_t put_map(uint64_t paddr, unsigned int step)
{
	for (size_t i = 0; i < UK_ARRAY_SIZE(map); i++, paddr += step) {
		put64(paddr, map[i].base);
		put64(paddr + 8, map[i].len);
		put32(paddr + 16, map[i].type);
	}
	return paddr;
}

static void put_multiboot(uint32_t flags)
{
	begin();
	put32(INFO, flags);
	put32(INFO + 4, 639);
	put32(INFO + 8, 64512);
	put32(INFO + 16, TEXT);
	put32(INFO + 44, (uint32_t)(put_map(MAP + 4, 24) - 4 - MAP));
	put32(INFO + 48, MAP);
	for (size_t i = 0; i < UK_ARRAY_SIZE(map); i++)
		put32(MAP + 24 * i, 20);
	put32(INFO + 20, 1);
	put32(INFO + 24, MODS);
	put32(MODS, 0x200000);
	put32(MODS + 4, 0x201234);
	put32(INFO + 64, TEXT + 0x100);
	put_text(TEXT, "prog a.b=1 -- x");
	put_text(TEXT + 0x100, "GRUB");
}

static void put_pvh(void)
{
	begin();
	put32(INFO, 0x336ec578);
	put32(INFO + 4, 1);
	put32(INFO + 12, 1);
	put64(INFO + 16, MODS);
	put64(INFO + 24, TEXT);
	put64(INFO + 32, 0xf5000);
	put64(INFO + 40, MAP);
	put32(INFO + 48, UK_ARRAY_SIZE(map));
	put_map(MAP, 24);
	put64(MODS, 0x200000);
	put64(MODS + 8, 0x1234);
	put_text(TEXT, "prog a.b=1 -- x");
}

static void put_linux64(void)
{
	begin();
	put32(INFO + 0x202, 0x53726448);
	put64(INFO + 0x070, 0xf5000);
	buf[0x1e8] = UK_ARRAY_SIZE(map);
	put_map(INFO + 0x2d0, 20);
	put32(INFO + 0x218, 0x200000);
	put32(INFO + 0x21c, 0x1234);
	put32(INFO + 0x228, TEXT);
	put_text(TEXT, "prog a.b=1 -- x");
}

#define FLAGS	(1u << 2 | 1u << 3 | 1u << 6 | 1u << 9)

static void expect_machine(void)
{
	static const struct uk_region want[] = {
		{ 0x1000, 0x9e000, UK_REGION_FREE, UK_REGIONF_RAM },
		{ 0x9f000, 0x61000, UK_REGION_RESERVED, 0 },
		{ 0x100000, 0x8000, UK_REGION_TEXT, UK_REGIONF_RAM },
		{ 0x108000, 0x2000, UK_REGION_RODATA, UK_REGIONF_RAM },
		{ 0x10a000, 0x6000, UK_REGION_DATA, UK_REGIONF_RAM },
		{ 0x110000, 0xf0000, UK_REGION_FREE, UK_REGIONF_RAM },
		{ 0x200000, 0x2000, UK_REGION_INITRD, UK_REGIONF_RAM },
		{ 0x202000, 0x3dde000, UK_REGION_FREE, UK_REGIONF_RAM },
		{ 0x3fe0000, 0x20000, UK_REGION_ACPI, UK_REGIONF_RAM },
		{ 0xfffc0000, 0x40000, UK_REGION_RESERVED, 0 },
	};

	UK_EXPECT_EQ(bi.refused, 0);
	UK_EXPECT_STR_EQ(bi.cmdline, "prog a.b=1 -- x");
	UK_EXPECT_EQ(bi.initrd_base, 0x200000);
	UK_EXPECT_EQ(bi.initrd_len, 0x1234);
	if (UK_EXPECT_EQ(bi.nregions, UK_ARRAY_SIZE(want)))
		UK_EXPECT_MEM_EQ(bi.regions, want, sizeof(want));
}

UK_TEST(setup_x86, every_protocol_tells_the_same_of_one_machine)
{
	put_multiboot(FLAGS);
	read_with(kvm_read_multiboot, INFO);
	expect_machine();
	UK_EXPECT_STR_EQ(bi.loader, "GRUB");

	put_pvh();
	read_with(kvm_read_pvh, INFO);
	expect_machine();
	UK_EXPECT_EQ(bi.rsdp, 0xf5000);

	put_linux64();
	read_with(kvm_read_linux64, INFO);
	expect_machine();
	UK_EXPECT_EQ(bi.rsdp, 0xf5000);
}

static void expect_refused(kvm_read_fn read, uint64_t paddr, int err)
{
	read_with(read, paddr);
	UK_EXPECT_EQ(bi.refused, err);
}

UK_TEST(setup_x86, data_that_is_nowhere_is_refused)
{
	static const kvm_read_fn read[] = {
		kvm_read_multiboot, kvm_read_pvh, kvm_read_linux64,
	};
	static const uint64_t where[] = {
		0, NOWHERE, MEM + MEM_LEN - 8, UINT64_MAX, 0xffffffff,
	};

	for (size_t i = 0; i < UK_ARRAY_SIZE(read); i++)
		for (size_t k = 0; k < UK_ARRAY_SIZE(where); k++) {
			begin();
			expect_refused(read[i], where[k], -EFAULT);
		}
}

UK_TEST(setup_x86, a_wrong_magic_or_version_is_refused)
{
	put_pvh();
	put32(INFO, 0x336ec579);
	expect_refused(kvm_read_pvh, INFO, -EINVAL);
	put_pvh();
	put32(INFO + 4, 0);
	expect_refused(kvm_read_pvh, INFO, -ENOTSUP);
	put_linux64();
	put32(INFO + 0x202, 0);
	expect_refused(kvm_read_linux64, INFO, -EINVAL);
}

UK_TEST(setup_x86, multiboot_without_a_map_takes_the_two_sizes)
{
	put_multiboot(1);
	read_with(kvm_read_multiboot, INFO);
	UK_EXPECT_EQ(bi.refused, 0);
	UK_EXPECT_EQ(bi.regions[0].base, 0x1000);
	UK_EXPECT_EQ(bi.regions[0].len, 0x9e000);
	UK_EXPECT_EQ(bi.regions[bi.nregions - 1].base +
		     bi.regions[bi.nregions - 1].len, 0x4000000);
	UK_EXPECT_STR_EQ(bi.cmdline, "");
	put_multiboot(0);
	expect_refused(kvm_read_multiboot, INFO, -EINVAL);
}

UK_TEST(setup_x86, multiboot_map_entries_must_fit_their_map)
{
	static const uint32_t size[] = { 0, 4, 19, 0xffffffff, 0x8000 };

	for (size_t i = 0; i < UK_ARRAY_SIZE(size); i++) {
		put_multiboot(FLAGS);
		put32(MAP + 24, size[i]);
		expect_refused(kvm_read_multiboot, INFO, -EINVAL);
	}
	/* The last one is cut off. */
	put_multiboot(FLAGS);
	put32(INFO + 44, 24 * UK_ARRAY_SIZE(map) - 1);
	expect_refused(kvm_read_multiboot, INFO, -EINVAL);
	put_multiboot(FLAGS);
	put32(INFO + 44, 2);
	expect_refused(kvm_read_multiboot, INFO, -EINVAL);
}

UK_TEST(setup_x86, multiboot_map_entries_may_be_longer)
{
	put_multiboot(FLAGS);
	memset(buf + (MAP - MEM), 0, 0x800);
	put32(INFO + 44, (uint32_t)(put_map(MAP + 4, 44) - 4 - MAP));
	for (size_t i = 0; i < UK_ARRAY_SIZE(map); i++)
		put32(MAP + 44 * i, 40);
	read_with(kvm_read_multiboot, INFO);
	expect_machine();
}

UK_TEST(setup_x86, an_empty_or_unreadable_map_is_refused)
{
	put_multiboot(FLAGS);
	put32(INFO + 44, 0);
	expect_refused(kvm_read_multiboot, INFO, -EINVAL);
	put_multiboot(FLAGS);
	put32(INFO + 44, MEM_LEN);
	expect_refused(kvm_read_multiboot, INFO, -EFAULT);
	put_pvh();
	put32(INFO + 48, 0);
	expect_refused(kvm_read_pvh, INFO, -EINVAL);
	put_pvh();
	put32(INFO + 48, 0x80000000);
	expect_refused(kvm_read_pvh, INFO, -EINVAL);
	put_pvh();
	put32(INFO + 48, 1000);
	expect_refused(kvm_read_pvh, INFO, -EFAULT);
	put_linux64();
	buf[0x1e8] = 129;
	expect_refused(kvm_read_linux64, INFO, -EINVAL);
}

UK_TEST(setup_x86, modules_that_are_nonsense_are_refused)
{
	put_multiboot(FLAGS);
	put32(MODS + 4, 0x1fffff);
	expect_refused(kvm_read_multiboot, INFO, -EINVAL);
	put_multiboot(FLAGS);
	put32(INFO + 24, NOWHERE);
	expect_refused(kvm_read_multiboot, INFO, -EFAULT);
	put_pvh();
	put64(INFO + 16, NOWHERE);
	expect_refused(kvm_read_pvh, INFO, -EFAULT);
	put_pvh();
	put64(MODS + 8, UINT64_MAX);
	expect_refused(kvm_read_pvh, INFO, -ERANGE);
	put_pvh();
	put64(MODS, 0x108000);
	expect_refused(kvm_read_pvh, INFO, -EEXIST);
}

UK_TEST(setup_x86, no_module_means_no_initrd)
{
	put_multiboot(FLAGS);
	put32(INFO + 20, 0);
	read_with(kvm_read_multiboot, INFO);
	UK_EXPECT_EQ(bi.refused, 0);
	UK_EXPECT_EQ(bi.initrd_len, 0);
	put_pvh();
	put32(INFO + 12, 0);
	read_with(kvm_read_pvh, INFO);
	UK_EXPECT_EQ(bi.refused, 0);
	UK_EXPECT_EQ(bi.initrd_len, 0);
	put_linux64();
	put32(INFO + 0x21c, 0);
	read_with(kvm_read_linux64, INFO);
	UK_EXPECT_EQ(bi.refused, 0);
	UK_EXPECT_EQ(bi.initrd_len, 0);
}

UK_TEST(setup_x86, the_path_that_qemu_adds_to_the_command_line_is_cut)
{
	put_multiboot(FLAGS);
	put_text(TEXT + 0x100, "qemu");
	put_text(TEXT, "/a/path prog a.b=1 -- x");
	read_with(kvm_read_multiboot, INFO);
	expect_machine();

	put_multiboot(FLAGS);
	put_text(TEXT + 0x100, "qemu");
	put_text(TEXT, "/a/path");
	read_with(kvm_read_multiboot, INFO);
	UK_EXPECT_STR_EQ(bi.cmdline, "");
}

UK_TEST(setup_x86, a_command_line_ends_in_time_or_is_refused)
{
	const size_t max = CONFIG_LIBUKBOOTINFO_CMDLINE_MAX;

	if (TEXT + max + 1 > MEM + MEM_LEN)
		UK_TEST_SKIP("longer than what the test has room for");
	put_pvh();
	memset(buf + (TEXT - MEM), 'x', max - 1);
	buf[TEXT - MEM + max - 1] = '\0';
	read_with(kvm_read_pvh, INFO);
	UK_EXPECT_EQ(bi.refused, 0);
	UK_EXPECT_EQ(bi.cmdline_len, max - 1);

	put_pvh();
	memset(buf + (TEXT - MEM), 'x', max);
	expect_refused(kvm_read_pvh, INFO, -E2BIG);
}

UK_TEST(setup_x86, a_command_line_at_the_end_of_memory_is_not_read_past_it)
{
	put_pvh();
	put64(INFO + 24, MEM + MEM_LEN - 4);
	memset(buf + MEM_LEN - 4, 'x', 4);
	read_with(kvm_read_pvh, INFO);
	UK_EXPECT_LT(bi.refused, 0);
	put_pvh();
	put64(INFO + 24, MEM + MEM_LEN - 4);
	put_text(MEM + MEM_LEN - 4, "abc");
	read_with(kvm_read_pvh, INFO);
	UK_EXPECT_EQ(bi.refused, 0);
	UK_EXPECT_STR_EQ(bi.cmdline, "abc");
	put_pvh();
	put64(INFO + 24, NOWHERE);
	expect_refused(kvm_read_pvh, INFO, -EFAULT);
}

UK_TEST(setup_x86, a_long_loader_name_is_cut)
{
	put_multiboot(FLAGS);
	put_text(TEXT + 0x100, "a loader with a very long name, indeed");
	read_with(kvm_read_multiboot, INFO);
	UK_EXPECT_EQ(bi.refused, 0);
	UK_EXPECT_STR_EQ(bi.loader, "a loader with a very long name,");
}

UK_TEST(setup_x86, adapters_and_firmware_below_1_mib_are_never_free)
{
	put_pvh();
	put64(MAP, 0);
	put64(MAP + 8, 0x4000000);
	put32(INFO + 48, 1);
	read_with(kvm_read_pvh, INFO);
	UK_EXPECT_EQ(bi.regions[0].base, 0x1000);
	UK_EXPECT_EQ(bi.regions[0].len, 0x9f000);
	UK_EXPECT_EQ(bi.regions[1].type, UK_REGION_RESERVED);
	UK_EXPECT_EQ(bi.regions[1].base, 0xa0000);
	UK_EXPECT_EQ(bi.regions[1].len, 0x60000);
}

UK_TEST(setup_x86, other_cpus_begin_on_the_last_free_page_below_the_hole)
{
	put_pvh();
	kvm_read_pvh(&bi, &mem, INFO);
	kvm_take_start_page(&bi);
	uk_bootinfo_finish(&bi);
	UK_EXPECT_EQ(bi.start_page, 0x9e000);
	UK_EXPECT_EQ(bi.regions[0].len, 0x9d000);
	UK_EXPECT_EQ(bi.regions[1].base, 0x9e000);
	UK_EXPECT_EQ(bi.regions[1].type, UK_REGION_RESERVED);
	UK_EXPECT_EQ(bi.regions[1].flags, UK_REGIONF_RAM);
}

UK_TEST(setup_x86, without_low_memory_no_cpu_has_where_to_begin)
{
	begin();
	uk_bootinfo_add(&bi, 0x100000, 0x800000, UK_REGION_FREE,
			UK_REGIONF_RAM);
	kvm_take_start_page(&bi);
	uk_bootinfo_finish(&bi);
	UK_EXPECT_EQ(bi.start_page, 0);
}
