/* SPDX-License-Identifier: BSD-3-Clause */
/* The memory of the running machine. */
#include <uk/fwmem.h>

#include <uk/arch/paging.h>
#include <uk/bootinfo.h>
#include <uk/sections.h>
#include <uk/string.h>
#include <uk/test.h>

static struct uk_fwmem mem;

static bool begin(void)
{
	static const struct uk_bootinfo bi = { .efi_systab = 0 };

	uk_fwmem_init(&mem, &bi);
	return mem.is_pc;
}

static char variable[] = "in the image";

/* Physical address of @sym: the image is in the linear map, too. */
static uint64_t image_paddr(const char *sym)
{
	return (uint64_t)(uintptr_t)sym - UKARCH_IMAGE_BASE;
}

UK_TEST(fwmem, pages_outside_of_ram_can_be_read_on_a_pc)
{
	const uint8_t *rom;

	if (!begin())
		UK_TEST_SKIP("no PC");
	rom = uk_fwmem_at(&mem, 0xf0000, 0x10000);
	if (!UK_EXPECT_EQ(rom, uk_phys_to_virt(0xf0000)))
		return;
	/* The reset vector is a jump, far or near. */
	UK_EXPECT(rom[0xfff0] == 0xea || rom[0xfff0] == 0xe9);
	UK_EXPECT_NOT_NULL(uk_fwmem_at(&mem, 0x40e, 2));
}

UK_TEST(fwmem, what_is_no_address_or_not_writable_cannot_be_read)
{
	begin();
	UK_EXPECT_NULL(uk_fwmem_at(&mem, UINT64_MAX, 1));
	UK_EXPECT_NULL(uk_fwmem_at(&mem, UINT64_C(1) << 53, 16));
	UK_EXPECT_NULL(uk_fwmem_at(&mem, 0x1000, 0));
	UK_EXPECT_NULL(uk_fwmem_at(&mem, 0x1000, UK_FWMEM_MAXLEN + 1));
	UK_EXPECT_NULL(uk_fwmem_at(&mem, 0x1000, UINT64_MAX));
	if (mem.is_pc) {
		UK_EXPECT_NULL(uk_fwmem_at(&mem, image_paddr(_text), 16));
		UK_EXPECT_STR_EQ(uk_fwmem_at(&mem, image_paddr(variable), 16),
				 variable);
	}
}
