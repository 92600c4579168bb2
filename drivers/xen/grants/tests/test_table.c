/* SPDX-License-Identifier: BSD-3-Clause */
/* The table with Xen played here. */
#include "../grants_priv.h"

#include <uk/errno.h>
#include <uk/test.h>

static struct uk_xen_grant table[XEN_GRANTS_MAX];
static struct xen_grants g;

static void begin(uint32_t nentries)
{
	__builtin_memset(table, 0, sizeof(table));
	xen_grants_init(&g, table);
	xen_grants_grow(&g, nentries);
}

static uint32_t add(void)
{
	uint32_t ref = 0;

	UK_EXPECT_EQ(xen_grants_add(&g, 5, 0x1234, 0, &ref), 0);
	return ref;
}

UK_TEST(xen_grants, a_grant_says_who_may_use_which_page_and_how)
{
	uint32_t ref = 0;

	begin(XEN_GRANTS_PAGE);
	ref = add();
	/* The first ones are the tools'. */
	UK_EXPECT_EQ(ref, UK_XEN_GRANT_NRESERVED);
	UK_EXPECT_EQ(table[ref].flags, 1);
	UK_EXPECT_EQ(table[ref].domid, 5);
	UK_EXPECT_EQ(table[ref].frame, 0x1234);
	UK_EXPECT_EQ(xen_grants_add(&g, 0, 1, UK_XEN_GRANT_READONLY, &ref), 0);
	UK_EXPECT_EQ(table[ref].flags, 5);
}

UK_TEST(xen_grants, each_is_another_one_until_all_are_taken)
{
	uint32_t ref = 0;

	begin(0);
	UK_EXPECT_EQ(xen_grants_add(&g, 5, 1, 0, &ref), -ENOSPC);
	xen_grants_grow(&g, XEN_GRANTS_PAGE);
	for (uint32_t i = UK_XEN_GRANT_NRESERVED; i < XEN_GRANTS_PAGE; i++)
		UK_EXPECT_EQ(add(), i);
	UK_EXPECT_EQ(xen_grants_add(&g, 5, 1, 0, &ref), -ENOSPC);
	UK_EXPECT_EQ(ref, 0);
	UK_EXPECT_EQ(xen_grants_end(&g, 100), 0);
	UK_EXPECT_EQ(add(), 100);
	xen_grants_grow(&g, XEN_GRANTS_PAGE);
	UK_EXPECT_EQ(add(), XEN_GRANTS_PAGE);
}

UK_TEST(xen_grants, what_is_in_use_does_not_end)
{
	uint32_t ref;

	begin(XEN_GRANTS_PAGE);
	ref = add();
	table[ref].flags |= UK_XEN_GRANT_READING;
	UK_EXPECT_EQ(xen_grants_end(&g, ref), -EBUSY);
	table[ref].flags |= UK_XEN_GRANT_WRITING;
	UK_EXPECT_EQ(xen_grants_end(&g, ref), -EBUSY);
	UK_EXPECT_EQ(table[ref].flags, 1 | 3 << 3);
	UK_EXPECT_EQ(add(), ref + 1);
	table[ref].flags = 1;
	UK_EXPECT_EQ(xen_grants_end(&g, ref), 0);
	UK_EXPECT_EQ(table[ref].flags, 0);
	UK_EXPECT_EQ(add(), ref);
}

UK_TEST(xen_grants, the_one_that_is_free_is_found_among_all_that_are_not)
{
	begin(XEN_GRANTS_MAX);
	for (uint32_t i = UK_XEN_GRANT_NRESERVED; i < XEN_GRANTS_MAX; i++)
		UK_EXPECT_EQ(add(), i);
	/* At both ends of a word, and the last of all. */
	for (uint32_t i = 0; i < 3; i++) {
		static const uint32_t at[] = { 64, 127, XEN_GRANTS_MAX - 1 };

		UK_EXPECT_EQ(xen_grants_end(&g, at[i]), 0);
		UK_EXPECT_EQ(xen_grants_end(&g, 8), 0);
		UK_EXPECT_EQ(add(), 8);
		UK_EXPECT_EQ(add(), at[i]);
	}
}
