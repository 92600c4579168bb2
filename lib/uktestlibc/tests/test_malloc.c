/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <uk/alloc.h>
#include <uk/config.h>
#include <uk/essentials.h>
#include <uk/test.h>

/* Sizes that the compiler does not know. */
static volatile size_t huge = SIZE_MAX - 8;
static volatile size_t none;

UK_TEST(libc_malloc, size_0_is_a_block_of_its_own)
{
	void *const a = malloc(none), *const b = malloc(none);

	UK_EXPECT_NOT_NULL(a);
	UK_EXPECT_NOT_NULL(b);
	UK_EXPECT_NE(a, b);
	free(a);
	free(b);
	free(NULL);
}

UK_TEST(libc_malloc, what_cannot_be_is_enomem)
{
	void *p = malloc(16);

	errno = 0;
	UK_EXPECT_NULL(malloc(huge));
	UK_EXPECT_EQ(errno, ENOMEM);
	errno = 0;
	UK_EXPECT_NULL(calloc(huge / 2, 3));
	UK_EXPECT_EQ(errno, ENOMEM);
	errno = 0;
	UK_EXPECT_NULL(realloc(p, huge));
	UK_EXPECT_EQ(errno, ENOMEM);
	errno = 0;
	UK_EXPECT_NULL(reallocarray(p, huge / 2, 3));
	UK_EXPECT_EQ(errno, ENOMEM);
	free(p);
}

UK_TEST(libc_malloc, realloc_keeps_the_bytes_and_size_0_keeps_a_block)
{
	char *p = realloc(NULL, 100);

	if (!UK_EXPECT_NOT_NULL(p))
		return;
	memset(p, 'x', 100);
	p = realloc(p, 100000);
	UK_EXPECT(p[0] == 'x' && p[99] == 'x');
	p = realloc(p, none);
	UK_EXPECT_NOT_NULL(p);
	free(p);
}

UK_TEST(libc_malloc, calloc_gives_zeros)
{
	unsigned char *p = malloc(4096);

	memset(p, 0xa5, 4096);
	free(p);
	p = calloc(64, 64);
	for (int i = 0; i < 4096; i++)
		UK_EXPECT_EQ(p[i], 0);
	free(p);
}

UK_TEST(libc_malloc, alignment_is_kept_and_checked)
{
	void *p = NULL;

	for (size_t align = 8; align <= 65536; align *= 2) {
		UK_EXPECT_EQ(posix_memalign(&p, align, 10), 0);
		UK_EXPECT_EQ((uintptr_t)p % align, 0);
		free(p);
		p = aligned_alloc(align, align);
		UK_EXPECT_EQ((uintptr_t)p % align, 0);
		free(p);
		p = memalign(align, 1);
		UK_EXPECT_EQ((uintptr_t)p % align, 0);
		free(p);
	}
	UK_EXPECT_EQ(posix_memalign(&p, 24, 1), EINVAL);
	UK_EXPECT_EQ(posix_memalign(&p, 4, 1), EINVAL);
	UK_EXPECT_EQ(posix_memalign(&p, 64, huge), ENOMEM);
}

UK_TEST(libc_malloc, many_blocks_do_not_touch_each_other)
{
	static unsigned char *block[200];

	for (unsigned int i = 0; i < 200; i++) {
		block[i] = malloc(i * 7 + 1);
		if (UK_EXPECT_NOT_NULL(block[i]))
			memset(block[i], (int)i, i * 7 + 1);
	}
	for (unsigned int i = 1; i < 200; i += 2)
		free(block[i]);
	for (unsigned int i = 0; i < 200; i += 2) {
		UK_EXPECT(block[i][0] == i && block[i][i * 7] == i);
		free(block[i]);
	}
}

#if UK_IS_ENABLED(CONFIG_LIBMUSL_UKALLOC) ||				\
	UK_IS_ENABLED(CONFIG_LIBNEWLIB_UKALLOC)
UK_TEST(libc_malloc, the_default_heap_is_the_same_memory)
{
	char *const p = uk_malloc(uk_alloc_get_default(), 10);

	if (!UK_EXPECT_NOT_NULL(p))
		return;
	free(realloc(p, 1000));
}
#endif
