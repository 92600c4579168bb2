/* SPDX-License-Identifier: BSD-3-Clause */
/* The tables of the running image. */
#include <uk/paging.h>

#include <uk/arch/paging.h>
#include <uk/errno.h>
#include <uk/sections.h>
#include <uk/string.h>
#include <uk/test.h>

#include "../paging_priv.h"

#define RW	(UK_PAGE_READ | UK_PAGE_WRITE)

static volatile int variable;

/* Physical address of the pages that hold tables, which are RAM. */
static uint64_t some_ram(void)
{
	return paging_tables();
}

static void write_byte(void *at)
{
	*(volatile unsigned char *)at = 0;
}

UK_TEST(paging, linear_ranges_are_whole_pages_in_the_linear_map)
{
	UK_EXPECT_EQ(uk_paging_map_linear(0x1001, 0x1000, RW), -EINVAL);
	UK_EXPECT_EQ(uk_paging_map_linear(0x1000, 0x1001, RW), -EINVAL);
	UK_EXPECT_EQ(uk_paging_map_linear(0x1000, 0, RW), -EINVAL);
	UK_EXPECT_EQ(uk_paging_map_linear(UINT64_C(1) << 52, 0x1000, RW),
		     -ERANGE);
	UK_EXPECT_EQ(uk_paging_map_linear(0x1000, -UINT64_C(0x1000), RW),
		     -ERANGE);
}

UK_TEST(paging, ram_is_no_device)
{
	void *vaddr = (void *)&variable;
	const uint64_t ram = some_ram();

	if (!ram)
		UK_TEST_SKIP("no page tables in RAM on this machine");
	UK_EXPECT_EQ(uk_paging_map_device(ram, 16, &vaddr), -EINVAL);
	UK_EXPECT_EQ(uk_paging_map_device(ram, 0, &vaddr), -EINVAL);
	UK_EXPECT_EQ(uk_paging_map_device(UINT64_MAX - 1, 16, &vaddr),
		     -ERANGE);
	UK_EXPECT_EQ(vaddr, (void *)&variable);
}

UK_TEST(paging, ram_is_in_the_linear_map)
{
	const uint64_t ram = some_ram();
	volatile uint64_t *at;

	if (!ram)
		UK_TEST_SKIP("no page tables in RAM on this machine");
	/* Mapped already, so this changes nothing. */
	UK_EXPECT_EQ(uk_paging_map_linear(ram, 0x1000, RW), 0);
	at = uk_phys_to_virt(ram);
	*at = *at;
	UK_EXPECT_EQ(uk_virt_to_phys((const void *)at), ram);
}

UK_TEST(paging, text_and_constants_cannot_be_written)
{
	UK_EXPECT_CRASH(write_byte, _text);
	UK_EXPECT_CRASH(write_byte, _rodata);
}
