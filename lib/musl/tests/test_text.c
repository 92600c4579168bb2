/* SPDX-License-Identifier: BSD-3-Clause */
#include <ctype.h>
#include <locale.h>
#include <time.h>

#include <uk/test.h>

UK_TEST(musl_text, each_thread_may_have_a_locale)
{
	locale_t l = newlocale(LC_ALL_MASK, "C", 0);

	if (!UK_EXPECT_NOT_NULL(l))
		return;
	UK_EXPECT_EQ(toupper_l('a', l), 'A');
	UK_EXPECT_EQ(uselocale(l), LC_GLOBAL_LOCALE);
	UK_EXPECT_EQ(uselocale(LC_GLOBAL_LOCALE), l);
	freelocale(l);
}

UK_TEST(musl_text, timegm_is_the_way_back_from_gmtime)
{
	const time_t then = 1000000000;
	struct tm tm;

	UK_EXPECT_NOT_NULL(gmtime_r(&then, &tm));
	UK_EXPECT_EQ(timegm(&tm), then);
}
