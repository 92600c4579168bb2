/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/crash.h>

#include <uk/assert.h>
#include <uk/essentials.h>
#include <uk/test.h>

static void crash_with_words(void *arg)
{
	uk_crash("the %s is on fire (%d)", (const char *)arg, 3);
}

/* What the last crash below has to say. */
static const char *words;
#define HERE	"test_crash.c:" UK_STRINGIFY(__LINE__)

static void assert_false(void *arg)
{
	words = "assertion failed: arg at " HERE; UK_ASSERT(arg);
}

static void reach(void *arg)
{
	(void)arg;
	words = "assertion failed: unreachable at " HERE; UK_UNREACHABLE();
}

UK_TEST(ukdebug, a_crash_tells_its_cause_in_words)
{
	UK_EXPECT_CRASH(crash_with_words, (char *)(uintptr_t)"kiln");
	UK_EXPECT_STR_EQ(uk_test_crash_cause(), "the kiln is on fire (3)");
}

UK_TEST(ukdebug, a_failed_assertion_tells_condition_and_place)
{
	if (!UK_IS_ENABLED(CONFIG_LIBUKDEBUG_ASSERT))
		UK_TEST_SKIP("assertions are not checked in this image");
	UK_EXPECT_CRASH(assert_false, NULL);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(), words);
	UK_EXPECT_CRASH(reach, NULL);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(), words);
}

UK_TEST(ukdebug, a_long_cause_is_cut)
{
	static char many[400];

	for (unsigned int i = 0; i < sizeof(many) - 1; i++)
		many[i] = 'w';
	UK_EXPECT_CRASH(crash_with_words, many);
	UK_EXPECT_EQ(uk_test_crash_cause()[100], 'w');
}
