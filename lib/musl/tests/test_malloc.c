/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <stdlib.h>

#include <uk/test.h>

UK_TEST(musl_malloc, what_is_no_alignment_is_refused)
{
	errno = 0;
	UK_EXPECT_NULL(aligned_alloc(3, 3));
	UK_EXPECT_EQ(errno, EINVAL);
}
