/* SPDX-License-Identifier: BSD-3-Clause */
/* Grants of a real Xen: this domain has it copy from its own. */
#include <uk/xen_grant.h>

#include <stdbool.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/test.h>
#include <uk/xen.h>
#include <uk/xen_abi.h>

/* This domain is one of the first so many. */
#define NDOMIDS		64u

#define LEN		100u

static uint8_t from[UKARCH_PAGE_SIZE] UK_ALIGNED(UKARCH_PAGE_SIZE);
static uint8_t to[UKARCH_PAGE_SIZE] UK_ALIGNED(UKARCH_PAGE_SIZE);

/* Have Xen copy what @ref grants; returns its status. */
static int copy(uint32_t ref)
{
	struct uk_xen_grant_copy copy = {
		.from = {
			.ref = ref,
			.domid = UK_XEN_DOMID_SELF,
			.offset = 8,
		},
		.to = {
			.frame = uk_xen_frame_of(to),
			.domid = UK_XEN_DOMID_SELF,
			.offset = 16,
		},
		.len = LEN,
		.flags = UK_XEN_GRANT_COPY_FROM_REF,
	};

	UK_EXPECT_EQ(uk_xen_call(UK_XEN_GRANT_TABLE_OP, UK_XEN_GRANT_COPY,
				 (uintptr_t)&copy, 1), 0);
	return copy.status;
}

/* Does Xen let this domain use what is granted to @domid? */
static bool is_own(uint16_t domid)
{
	uint32_t ref;
	bool own;

	if (!UK_EXPECT_EQ(uk_xen_grant_readonly(domid, from, &ref), 0))
		return false;
	own = copy(ref) == 0;
	UK_EXPECT_EQ(uk_xen_grant_end(ref), 0);
	return own;
}

/* The number of this domain, which nobody tells. */
static unsigned int own_domid(void)
{
	unsigned int domid = 0;

	while (domid < NDOMIDS && !is_own((uint16_t)domid))
		domid++;
	return domid;
}

UK_TEST(xen_grants_machine, xen_copies_what_is_granted_and_nothing_after)
{
	unsigned int domid;
	uint32_t ref;

	if (!uk_xen_is_here())
		UK_TEST_SKIP("this machine is no domain of Xen");
	domid = own_domid();
	if (!UK_EXPECT_LT(domid, NDOMIDS))
		return;
	for (unsigned int i = 0; i < sizeof(from); i++)
		from[i] = (uint8_t)(i * 7);
	if (!UK_EXPECT_EQ(uk_xen_grant_readonly((uint16_t)domid, from, &ref),
			  0))
		return;
	UK_EXPECT_EQ(copy(ref), 0);
	UK_EXPECT_MEM_EQ(to + 16, from + 8, LEN);
	UK_EXPECT_EQ(to[16 + LEN], 0);
	UK_EXPECT_EQ(uk_xen_grant_end(ref), 0);
	UK_EXPECT_LT(copy(ref), 0);
}

/* More than a page of the table. */
#define MANY	1500u

UK_TEST(xen_grants_machine, the_table_grows)
{
	static uint32_t refs[MANY];
	unsigned int domid, n = 0;

	if (!uk_xen_is_here())
		UK_TEST_SKIP("this machine is no domain of Xen");
	domid = own_domid();
	if (!UK_EXPECT_LT(domid, NDOMIDS))
		return;
	while (n < MANY &&
	       UK_EXPECT_EQ(uk_xen_grant((uint16_t)domid, from, &refs[n]), 0))
		n++;
	for (unsigned int i = 0; i < n; i += 100)
		UK_EXPECT_EQ(copy(refs[i]), 0);
	for (unsigned int i = 0; i < n; i++)
		UK_EXPECT_EQ(uk_xen_grant_end(refs[i]), 0);
}
