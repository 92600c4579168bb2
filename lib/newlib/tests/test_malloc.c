/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <malloc.h>
#include <reent.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <uk/alloc.h>
#include <uk/config.h>
#include <uk/essentials.h>
#include <uk/test.h>

/* Sizes that the compiler does not know. */
static volatile size_t huge = SIZE_MAX - 8;

UK_TEST(newlib_malloc, posix_memalign_leaves_errno_alone)
{
	void *p = NULL;

	errno = 7;
	UK_EXPECT_EQ(posix_memalign(&p, 64, huge), ENOMEM);
	UK_EXPECT_EQ(errno, 7);
	UK_EXPECT_NULL(p);
}

UK_TEST(newlib_malloc, the_reentrant_forms_are_the_same_memory)
{
	char *p = _malloc_r(_REENT, 100);

	if (!UK_EXPECT_NOT_NULL(p))
		return;
	memset(p, 'x', 100);
	p = realloc(p, 5000);
	UK_EXPECT(p[0] == 'x' && p[99] == 'x');
	_free_r(_REENT, p);
	p = _calloc_r(_REENT, 10, 10);
	UK_EXPECT(p[0] == 0 && p[99] == 0);
	p = _realloc_r(_REENT, p, 10000);
	free(p);
	p = _memalign_r(_REENT, 256, 1);
	UK_EXPECT_EQ((uintptr_t)p % 256, 0);
	free(p);
}

#if UK_IS_ENABLED(CONFIG_LIBNEWLIB_UKALLOC)
UK_TEST(newlib_malloc, what_is_no_alignment_is_refused)
{
	errno = 0;
	UK_EXPECT_NULL(aligned_alloc(3, 3));
	UK_EXPECT_EQ(errno, EINVAL);
}
#endif
