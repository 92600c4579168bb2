/* SPDX-License-Identifier: BSD-3-Clause */
/* What the program finds when it begins. */
#include <errno.h>
#include <stdlib.h>

#include <uk/test.h>

extern char **environ;

static int early_argc;
static const char *early_name;
static int order[2];
static int norder;

__attribute__((__constructor__(200))) static void second(void)
{
	order[norder++] = 2;
}

__attribute__((__constructor__(150))) static void first(int argc, char **argv)
{
	early_argc = argc;
	early_name = argv[0];
	order[norder++] = 1;
}

UK_TEST(libc_start, constructors_ran_in_their_order_with_arguments)
{
	UK_EXPECT_EQ(order[0], 1);
	UK_EXPECT_EQ(order[1], 2);
	UK_EXPECT_GE(early_argc, 1);
	UK_EXPECT_NOT_NULL(early_name);
}

UK_TEST(libc_start, the_environment_can_be_changed)
{
	UK_EXPECT_NOT_NULL(environ);
	UK_EXPECT_NULL(getenv("KILN_TEST"));
	UK_EXPECT_EQ(setenv("KILN_TEST", "one", 1), 0);
	UK_EXPECT_EQ(setenv("KILN_TEST", "two", 0), 0);
	UK_EXPECT_STR_EQ(getenv("KILN_TEST"), "one");
	UK_EXPECT_EQ(unsetenv("KILN_TEST"), 0);
	UK_EXPECT_NULL(getenv("KILN_TEST"));
	errno = 0;
	UK_EXPECT_EQ(setenv("A=B", "", 1), -1);
	UK_EXPECT_EQ(errno, EINVAL);
}
