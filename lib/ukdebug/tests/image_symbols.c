/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/symbol.h>

#include <uk/log.h>
#include <uk/sections.h>
#include <uk/string.h>
#include <uk/test.h>


UK_TEST(ukdebug, an_address_in_a_function_gives_its_name_and_library)
{
	const uintptr_t addr = (uintptr_t)uk_log_plain;
	struct uk_symbol sym;

	if (!UK_EXPECT(uk_symbol_find(addr, &sym)))
		return;
	UK_EXPECT_STR_EQ(sym.name, "uk_log_plain");
	UK_EXPECT_EQ(sym.offset, 0);
	UK_EXPECT_STR_EQ(sym.lib, "libukdebug");
	UK_EXPECT(uk_symbol_find(addr + 3, &sym));
	UK_EXPECT_STR_EQ(sym.name, "uk_log_plain");
	UK_EXPECT_EQ(sym.offset, 3);
	UK_EXPECT(uk_symbol_find(addr - 1, &sym));
	UK_EXPECT(!uk_streq(sym.name, "uk_log_plain"));
}

UK_TEST(ukdebug, an_address_outside_the_code_has_no_name)
{
	struct uk_symbol sym;

	UK_EXPECT(!uk_symbol_find(0, &sym));
	UK_EXPECT(!uk_symbol_find((uintptr_t)_text - 1, &sym));
	UK_EXPECT(!uk_symbol_find((uintptr_t)_etext, &sym));
	UK_EXPECT(!uk_symbol_find((uintptr_t)_data, &sym));
}

UK_TEST(ukdebug, libraries_of_the_image_are_known_and_no_others)
{
	UK_EXPECT(uk_symbol_has_lib("libukdebug"));
	UK_EXPECT(!uk_symbol_has_lib("libukdebu"));
	UK_EXPECT(!uk_symbol_has_lib("ukdebug"));
	UK_EXPECT(!uk_symbol_has_lib(""));
}

UK_TEST(ukdebug, functions_of_the_image_are_known_by_their_whole_names)
{
	UK_EXPECT(uk_symbol_has_func("uk_log_plain", 12));
	UK_EXPECT(uk_symbol_has_func("uk_log_plain+0x12", 12));
	UK_EXPECT(!uk_symbol_has_func("uk_log_plain", 11));
	UK_EXPECT(!uk_symbol_has_func("uk_log_plain ", 13));
	UK_EXPECT(!uk_symbol_has_func("", 0));
}
