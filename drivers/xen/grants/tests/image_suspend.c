/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A grant that is there when the domain is suspended; by whom, and how often,
 * is drivers/xen/control/tests/image_suspend.c's business, which runs before.
 * The suite xen_grants_machine follows, on the table of the new domain.
 */
#include <uk/xen_grant.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/compiler.h>
#include <uk/init.h>
#include <uk/test.h>
#include <uk/xen.h>
#include <uk/xen_suspend.h>

static uint8_t page[UKARCH_PAGE_SIZE] UK_ALIGNED(UKARCH_PAGE_SIZE);

static struct {
	unsigned int moves;
	bool is_granted;
	int error;		/* the first one */
	uint32_t ref;
} st;

static void keep(int rc)
{
	if (st.error == 0)
		st.error = rc;
}

static int freeze(void)
{
	if (!st.is_granted)
		keep(uk_xen_grant(0, page, &st.ref));
	st.is_granted = st.error == 0;
	return 0;
}

static void thaw(bool same)
{
	if (same || !st.is_granted)
		return;
	st.moves++;
	keep(uk_xen_grant_end(st.ref));
	st.is_granted = false;
}

static struct uk_xen_suspend part = { .freeze = freeze, .thaw = thaw };

static int part_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	if (uk_xen_is_here())
		uk_xen_suspend_register(&part);
	return 0;
}

UK_INIT(DEV, part_init, NULL);

UK_TEST(on_demand, xen_suspend_leaves_grants_that_can_be_ended)
{
	if (st.is_granted)
		UK_EXPECT_EQ(uk_xen_grant_end(st.ref), 0);
	st.is_granted = false;
	UK_EXPECT_GT(st.moves, 0);
	UK_EXPECT_EQ(st.error, 0);
}
