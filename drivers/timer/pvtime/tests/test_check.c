/* SPDX-License-Identifier: BSD-3-Clause */
#include "../pvtime_priv.h"

#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/errno.h>
#include <uk/test.h>

/* A hypervisor, and the pages of its guest that can be mapped. */
#define BASE	UINT64_C(0x90a0000)
#define NPAGES	3u

static struct {
	char page[NPAGES][UKARCH_PAGE_SIZE];
	int64_t answer;
	unsigned int mapped;	/* bits of pages */
	int map_rc;
} vm;

static int64_t vm_ask(void)
{
	return vm.answer;
}

static int vm_map(uint64_t paddr)
{
	UK_EXPECT_EQ(paddr % UKARCH_PAGE_SIZE, 0);
	if (vm.map_rc == 0)
		vm.mapped |= 1u << (paddr - BASE) / UKARCH_PAGE_SIZE;
	return vm.map_rc;
}

static const void *vm_at(uint64_t paddr)
{
	const uint64_t page = (paddr - BASE) / UKARCH_PAGE_SIZE;

	UK_EXPECT(vm.mapped & 1u << page);
	return &vm.page[page][paddr % UKARCH_PAGE_SIZE];
}

static int find(int64_t answer, const struct pvtime_stolen **stolen)
{
	static const struct pvtime_machine machine = {
		.ask = vm_ask, .map = vm_map, .at = vm_at,
	};

	vm.answer = answer;
	vm.mapped = 0;
	return pvtime_find(&machine, stolen);
}

UK_TEST(pvtime, each_cpu_finds_its_own_in_whatever_page_it_is)
{
	const struct pvtime_stolen *stolen = NULL;

	vm.map_rc = 0;
	/* CPU 63, 64 and 130 of QEMU. */
	UK_EXPECT_EQ(find(BASE + 63 * PVTIME_ALIGN, &stolen), 0);
	UK_EXPECT_EQ((const char *)stolen - vm.page[0], 63 * PVTIME_ALIGN);
	UK_EXPECT_EQ(vm.mapped, 1);
	UK_EXPECT_EQ(find(BASE + 64 * PVTIME_ALIGN, &stolen), 0);
	UK_EXPECT_EQ((const char *)stolen - vm.page[1], 0);
	UK_EXPECT_EQ(vm.mapped, 2);
	UK_EXPECT_EQ(find(BASE + 130 * PVTIME_ALIGN, &stolen), 0);
	UK_EXPECT_EQ((const char *)stolen - vm.page[2], 2 * PVTIME_ALIGN);
	UK_EXPECT_EQ(vm.mapped, 4);
}

UK_TEST(pvtime, a_structure_that_cannot_be_had_is_none)
{
	const struct pvtime_stolen *stolen = NULL;

	vm.map_rc = 0;
	UK_EXPECT_EQ(find(UK_SMCCC_NOT_SUPPORTED, &stolen), -ENODEV);
	UK_EXPECT_EQ(vm.mapped, 0);
	vm.page[1][0] = 1;
	UK_EXPECT_EQ(find(BASE + UKARCH_PAGE_SIZE, &stolen), -EIO);
	vm.page[1][0] = 0;
	vm.map_rc = -ERANGE;
	UK_EXPECT_EQ(find(BASE, &stolen), -ERANGE);
	UK_EXPECT_NULL(stolen);
}

UK_TEST(pvtime, an_address_is_one_that_a_structure_can_have)
{
	uint64_t paddr = 7;

	UK_EXPECT_EQ(pvtime_check_paddr(0x90a0040, &paddr), 0);
	UK_EXPECT_EQ(paddr, 0x90a0040);
	paddr = 7;
	UK_EXPECT_EQ(pvtime_check_paddr(UK_SMCCC_NOT_SUPPORTED, &paddr),
		     -ENODEV);
	UK_EXPECT_EQ(pvtime_check_paddr(0, &paddr), -ENODEV);
	UK_EXPECT_EQ(pvtime_check_paddr(INT64_MIN, &paddr), -ENODEV);
	UK_EXPECT_EQ(pvtime_check_paddr(0x90a0008, &paddr), -EIO);
	UK_EXPECT_EQ(paddr, 7);
}

UK_TEST(pvtime, a_structure_of_another_kind_is_not_believed)
{
	struct pvtime_stolen s = { .ns = 5 };

	UK_EXPECT_EQ(pvtime_check(&s), 0);
	s.revision = 1;
	UK_EXPECT_EQ(pvtime_check(&s), -EIO);
	s.revision = 0;
	s.attributes = 1;
	UK_EXPECT_EQ(pvtime_check(&s), -EIO);
}
