/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/sections.h>
#include <uk/string.h>
#include <uk/test.h>

#include "../ukdebug_priv.h"

UK_TEST(ukdebug, an_address_in_a_function_gives_its_name_and_library)
{
	const uintptr_t addr = (uintptr_t)uk_log_plain;
	struct symbol sym;

	if (!UK_EXPECT(ukdebug_symbol(addr, &sym)))
		return;
	UK_EXPECT_STR_EQ(sym.name, "uk_log_plain");
	UK_EXPECT_EQ(sym.offset, 0);
	UK_EXPECT_STR_EQ(sym.lib, "libukdebug");
	UK_EXPECT(ukdebug_symbol(addr + 3, &sym));
	UK_EXPECT_STR_EQ(sym.name, "uk_log_plain");
	UK_EXPECT_EQ(sym.offset, 3);
	UK_EXPECT(ukdebug_symbol(addr - 1, &sym));
	UK_EXPECT(!uk_streq(sym.name, "uk_log_plain"));
}

UK_TEST(ukdebug, an_address_outside_the_code_has_no_name)
{
	struct symbol sym;

	UK_EXPECT(!ukdebug_symbol(0, &sym));
	UK_EXPECT(!ukdebug_symbol((uintptr_t)_text - 1, &sym));
	UK_EXPECT(!ukdebug_symbol((uintptr_t)_etext, &sym));
	UK_EXPECT(!ukdebug_symbol((uintptr_t)_data, &sym));
}
