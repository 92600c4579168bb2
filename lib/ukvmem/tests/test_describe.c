/* SPDX-License-Identifier: BSD-3-Clause */
/* Addresses in words. */
#include "world.h"

#include <uk/arch/cpu.h>
#include <uk/fmt.h>
#include <uk/test.h>

#define AT	((uintptr_t)0x40000000)

static const char *words(uintptr_t addr)
{
	static char text[128];

	return vmem_describe(&world.vas, addr, 0, text, sizeof(text))
	       ? text : "nothing";
}

UK_TEST(vmem_describe, an_address_is_named_by_the_area_it_is_in_or_near)
{
	struct uk_vma_request rq = {
		.vaddr = AT, .len = 4 * PAGE, .prot = UK_PAGE_READ,
		.ops = &uk_vma_anon, .name = "table", .flags = UK_VMA_EXACT,
	};

	if (!world_begin())
		return;
	UK_EXPECT_STR_EQ(words(AT), "nothing");
	UK_EXPECT_EQ(uk_vma_map(&world.vas, &rq), 0);
	(void)world_map(AT + 8 * PAGE, PAGE, 0, &uk_vma_reserved,
			UK_VMA_EXACT);
	UK_EXPECT_STR_EQ(words(AT + 7), "7 bytes into the anonymous area "
			 "'table', which is readable only");
	UK_EXPECT_STR_EQ(words(AT + 8 * PAGE),
			 "0 bytes into the reserved area, which is not "
			 "accessible");
	UK_EXPECT_STR_EQ(words(AT - 16),
			 "16 bytes below the anonymous area 'table'");
	UK_EXPECT_STR_EQ(words(AT + 4 * PAGE + 3),
			 "3 bytes behind the anonymous area 'table'");
	UK_EXPECT_STR_EQ(words(AT + 8 * PAGE - 1),
			 "1 bytes below the reserved area");
	UK_EXPECT_STR_EQ(words(world.vas.end - 1), "nothing");
	UK_EXPECT_STR_EQ(words(world.vas.end), "nothing");
	world_end();
}

UK_TEST(vmem_describe, the_guard_of_a_stack_is_below_it)
{
	struct uk_vma_request rq = {
		.vaddr = AT, .len = 4 * PAGE, .prot = RW,
		.ops = &uk_vma_stack, .name = "main", .flags = UK_VMA_EXACT,
	};

	if (!world_begin())
		return;
	UK_EXPECT_EQ(uk_vma_map(&world.vas, &rq), 0);
	UK_EXPECT_STR_EQ(words(AT + UK_VMA_GUARD_LEN - 12),
			 "12 bytes below the stack 'main': it overflowed");
	UK_EXPECT_STR_EQ(words(AT + UK_VMA_GUARD_LEN),
			 "4096 bytes into the stack 'main', which is not "
			 "executable");
	world_end();
}

static void describe(const struct uk_vma *vma, char *buf, size_t size)
{
	(void)uk_snprintf(buf, size, "stack of thread '%s'",
			  (const char *)vma->data);
}

UK_TEST(vmem_describe, a_kind_may_say_itself_what_its_areas_are)
{
	static const struct uk_vma_ops odd = {
		.name = "odd", .describe = describe,
	};
	static char worker[] = "worker";
	struct uk_vma_request rq = {
		.vaddr = AT, .len = 4 * PAGE, .prot = RW, .ops = &odd,
		.data = worker, .flags = UK_VMA_EXACT,
	};

	if (!world_begin())
		return;
	UK_EXPECT_EQ(uk_vma_map(&world.vas, &rq), 0);
	UK_EXPECT_STR_EQ(words(AT - 12),
			 "12 bytes below the stack of thread 'worker'");
	world_end();
}

UK_TEST(vmem_describe, nothing_is_said_while_areas_are_changed)
{
	if (!world_begin())
		return;
	(void)world_map(AT, PAGE, RW, &uk_vma_anon, UK_VMA_EXACT);
	uk_spin_lock(&world.vas.lock);
	UK_EXPECT_STR_EQ(words(AT), "nothing");
	uk_spin_unlock(&world.vas.lock);
	world_end();
}
