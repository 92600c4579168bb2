/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A Xen that refuses pages of the grant table: a table of this file's own, over
 * calls that are played here.
 */
#define uk_xen_grant		refused_grant
#define uk_xen_grant_readonly	refused_grant_readonly
#define uk_xen_grant_end	refused_grant_end
#define xen_grants_resume	refused_resume
#define uk_xen_is_here		refused_is_here
#define uk_xen_frame_of		refused_frame_of
#define uk_xen_call		refused_call
#define uk_xen_map		refused_map
#include "../grants.c"

#include <uk/compiler.h>
#include <uk/test.h>

/* What Xen says, and how often it was asked for a page. */
static struct {
	int query_rc;
	int16_t status;
	uint32_t max;
	int map_rc;
	unsigned int nmaps;
	bool here;
} xen;

static uint8_t page[UKARCH_PAGE_SIZE] UK_ALIGNED(UKARCH_PAGE_SIZE);

bool refused_is_here(void)
{
	return xen.here;
}

uint64_t refused_frame_of(const void *at UK_UNUSED)
{
	return 0x1234;
}

int refused_call(unsigned int call, uintptr_t order, uintptr_t arg,
	      uintptr_t n UK_UNUSED)
{
	struct uk_xen_grant_size *const size =
		(struct uk_xen_grant_size *)arg;

	UK_EXPECT_EQ(call, UK_XEN_GRANT_TABLE_OP);
	UK_EXPECT_EQ(order, UK_XEN_GRANT_QUERY_SIZE);
	size->status = xen.status;
	size->max_nframes = xen.max;
	return xen.query_rc;
}

int refused_map(uint32_t space, uint64_t index, void *at)
{
	UK_EXPECT_EQ(space, UK_XEN_MAP_GRANT_TABLE);
	UK_EXPECT_EQ(index, st.nframes);
	UK_EXPECT_EQ((uintptr_t)at, (uintptr_t)pages[st.nframes]);
	xen.nmaps++;
	return xen.map_rc;
}

static void begin(void)
{
	__builtin_memset(&st, 0, sizeof(st));
	__builtin_memset(pages, 0, sizeof(pages));
	__builtin_memset(&xen, 0, sizeof(xen));
	xen.here = true;
	xen.max = NFRAMES;
}

UK_TEST(xen_grants_refused, a_table_that_xen_refuses_is_an_error)
{
	uint32_t ref = 77;

	begin();
	xen.query_rc = -EPERM;
	UK_EXPECT_EQ(uk_xen_grant(5, page, &ref), -EPERM);
	xen.query_rc = 0;
	xen.status = -1;
	UK_EXPECT_EQ(uk_xen_grant(5, page, &ref), -ENOSPC);
	xen.status = 0;
	xen.max = 0;
	UK_EXPECT_EQ(uk_xen_grant(5, page, &ref), -ENOSPC);
	UK_EXPECT_EQ(xen.nmaps, 0);
	UK_EXPECT_EQ(ref, 77);
}

UK_TEST(xen_grants_refused, the_first_page_may_be_had_later)
{
	uint32_t ref = 77;

	begin();
	xen.map_rc = -ENOMEM;
	UK_EXPECT_EQ(uk_xen_grant(5, page, &ref), -ENOMEM);
	UK_EXPECT_EQ(uk_xen_grant_readonly(5, page, &ref), -ENOMEM);
	UK_EXPECT_EQ(ref, 77);
	UK_EXPECT_EQ(xen.nmaps, 2);
	xen.map_rc = 0;
	UK_EXPECT_EQ(uk_xen_grant(5, page, &ref), 0);
	UK_EXPECT_EQ(ref, UK_XEN_GRANT_NRESERVED);
	UK_EXPECT_EQ(uk_xen_grant_end(ref), 0);
}

/* Grant all of the first page; returns the last one. */
static uint32_t fill(void)
{
	uint32_t ref = 0;

	for (uint32_t i = UK_XEN_GRANT_NRESERVED; i < XEN_GRANTS_PAGE; i++)
		UK_EXPECT_EQ(uk_xen_grant(5, page, &ref), 0);
	return ref;
}

UK_TEST(xen_grants_refused, what_is_granted_stays_when_a_second_page_is_refused)
{
	uint32_t last, ref = 77;

	begin();
	last = fill();
	xen.map_rc = -EBUSY;
	UK_EXPECT_EQ(uk_xen_grant(5, page, &ref), -EBUSY);
	UK_EXPECT_EQ(ref, 77);
	UK_EXPECT_EQ(st.grants.table[last].flags, UK_XEN_GRANT_PERMIT_ACCESS);
	/* One that ends makes room for another. */
	UK_EXPECT_EQ(uk_xen_grant_end(last), 0);
	UK_EXPECT_EQ(uk_xen_grant(5, page, &ref), 0);
	UK_EXPECT_EQ(ref, last);
	UK_EXPECT_EQ(uk_xen_grant(5, page, &ref), -EBUSY);
	xen.map_rc = 0;
	UK_EXPECT_EQ(uk_xen_grant(5, page, &ref), 0);
	UK_EXPECT_EQ(ref, XEN_GRANTS_PAGE);
}

UK_TEST(xen_grants_refused, no_more_pages_are_asked_for_than_xen_allows)
{
	uint32_t ref = 77;

	begin();
	xen.max = 1;
	(void)fill();
	UK_EXPECT_EQ(uk_xen_grant(5, page, &ref), -ENOSPC);
	UK_EXPECT_EQ(xen.nmaps, 1);
	UK_EXPECT_EQ(ref, 77);
}
