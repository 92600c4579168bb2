/* SPDX-License-Identifier: BSD-3-Clause */
/* The word that a CPU would look at; that one does is proved by a boot test. */
#include <uk/spintable.h>

#include <uk/arch/paging.h>
#include <uk/bits/arch/cache.h>
#include <uk/bootinfo.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/init.h>
#include <uk/sections.h>
#include <uk/test.h>

#define ENTRY	UINT64_C(0x40000000)

static volatile uint64_t words[512] UK_ALIGNED(4096);

/* Physical address of words[0], and a memory map that is about its page. */
static uint64_t paddr;
static struct uk_bootinfo map;

static int keep_place(const struct uk_boot_ctx *ctx)
{
	for (uint32_t i = 0; i < ctx->bi->nregions; i++)
		if (ctx->bi->regions[i].type == UK_REGION_TEXT)
			paddr = ctx->bi->regions[i].base +
				(uintptr_t)words - (uintptr_t)_text;
	return 0;
}

UK_INIT(LATE, keep_place, NULL);

static void begin(enum uk_region_type type)
{
	map.nregions = 1;
	map.regions[0] = (struct uk_region){
		.base = paddr, .len = sizeof(words), .type = type,
	};
	for (unsigned int i = 0; i < 512; i++)
		words[i] = 0;
}

UK_TEST(spintable, the_entry_is_written_to_the_word_and_nowhere_else)
{
	begin(UK_REGION_RESERVED);
	UK_EXPECT_EQ(uk_spintable_release(&map, paddr + 8, ENTRY), 0);
	/* As memory has it: what the cache holds is gone. */
	ukarch_dcache_flush(words, sizeof(words));
	UK_EXPECT_EQ(words[0], 0);
	UK_EXPECT_EQ(words[1], ENTRY);
	UK_EXPECT_EQ(words[2], 0);
}

UK_TEST(spintable, a_cpu_is_released_once)
{
	begin(UK_REGION_RESERVED);
	UK_EXPECT_EQ(uk_spintable_release(&map, paddr, ENTRY), 0);
	UK_EXPECT_EQ(uk_spintable_release(&map, paddr, ENTRY + 4), -EALREADY);
	UK_EXPECT_EQ(words[0], ENTRY);
}

UK_TEST(spintable, a_word_in_memory_of_ours_is_refused)
{
	static const enum uk_region_type ours[] = {
		UK_REGION_FREE, UK_REGION_TEXT, UK_REGION_DATA,
		UK_REGION_INITRD, UK_REGION_DTB, UK_REGION_MMIO,
	};

	for (unsigned int i = 0; i < 6; i++) {
		begin(ours[i]);
		UK_EXPECT_EQ(uk_spintable_release(&map, paddr, ENTRY), -EBUSY);
		UK_EXPECT_EQ(uk_spintable_release(&map, paddr + 4088, ENTRY),
			     -EBUSY);
		UK_EXPECT_EQ(words[0], 0);
	}
}

UK_TEST(spintable, odd_addresses_are_refused)
{
	begin(UK_REGION_RESERVED);
	UK_EXPECT_EQ(uk_spintable_release(&map, paddr + 4, ENTRY), -EINVAL);
	UK_EXPECT_EQ(uk_spintable_release(&map, paddr, ENTRY + 2), -EINVAL);
	UK_EXPECT_EQ(uk_spintable_release(&map, paddr, 0), -EINVAL);
	UK_EXPECT_EQ(words[0], 0);
}

UK_TEST(spintable, a_word_beyond_all_memory_is_refused)
{
	begin(UK_REGION_RESERVED);
	UK_EXPECT_EQ(uk_spintable_release(&map, UINT64_C(1) << 52, ENTRY),
		     -ERANGE);
	UK_EXPECT_EQ(uk_spintable_release(&map, UINT64_MAX - 7, ENTRY),
		     -ERANGE);
}

UK_TEST(spintable, a_word_that_may_only_be_read_is_refused)
{
	map.nregions = 0;
	UK_EXPECT_EQ(uk_spintable_release(&map, paddr - (uintptr_t)words +
					  (uintptr_t)_text, ENTRY), -EEXIST);
}
