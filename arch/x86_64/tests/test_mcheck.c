/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/test.h>

#include "../x86_priv.h"

UK_TEST(mcheck, a_bank_is_told_with_its_status_and_address)
{
	char text[X86_MCHECK_TEXT];

	UK_EXPECT_STR_EQ(x86_mcheck_text(text, 9, 0xb200000000000000, 0x1234),
			 "machine check: bank 09, status 0xb200000000000000");
	UK_EXPECT_STR_EQ(x86_mcheck_text(text, 31, 0xb60000000000017a,
					 0xfedcba9876543210),
			 "machine check: bank 31, status 0xb60000000000017a, "
			 "address 0xfedcba9876543210");
}

UK_TEST(mcheck, no_bank_has_an_error_and_nothing_is_said_of_one)
{
	char text[X86_MCHECK_TEXT];

	UK_EXPECT_NULL(x86_mcheck_cause(text));
}
