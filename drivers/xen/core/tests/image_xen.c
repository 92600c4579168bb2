/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls of a real Xen, where this machine is one of its domains. */
#include <uk/xen.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/test.h>
#include <uk/xen_abi.h>

#define NEED_XEN()							\
	do {								\
		if (!uk_xen_is_here())					\
			UK_TEST_SKIP("this machine is no domain of "	\
				     "Xen");				\
	} while (0)

UK_TEST(xen, a_call_tells_the_version)
{
	int version;

	NEED_XEN();
	version = uk_xen_order(UK_XEN_XEN_VERSION, UK_XEN_VERSION_VERSION,
			       NULL);
	UK_EXPECT_GE(version, 4 << 16);
	UK_EXPECT_LT(version, 5 << 16);
}

UK_TEST(xen, what_xen_refuses_is_an_error)
{
	uint64_t value = 7;

	NEED_XEN();
	UK_EXPECT_EQ(uk_xen_call(55, 0, 0, 0), -ENOSYS);
	UK_EXPECT_EQ(uk_xen_order(UK_XEN_XEN_VERSION, 999, NULL), -ENOSYS);
	UK_EXPECT_LT(uk_xen_param_get(12345, &value), 0);
	UK_EXPECT_EQ(value, 7);
	/* It looks where the argument is, and there is nothing. */
	UK_EXPECT_EQ(uk_xen_order(UK_XEN_SCHED_OP, UK_XEN_SCHED_POLL,
				  (const void *)16), -EFAULT);
}

UK_TEST(xen, the_frame_of_a_page_is_where_it_is_in_memory)
{
	static uint8_t image_byte;

	NEED_XEN();
	UK_EXPECT_EQ(uk_xen_frame_of(uk_phys_to_virt(0x12345000)), 0x12345);
	/* The image is in the linear map too, so both are one byte. */
	image_byte = 0x5a;
	UK_EXPECT_EQ(*(volatile uint8_t *)
		     uk_phys_to_virt(uk_xen_frame_of(&image_byte) *
				     UKARCH_PAGE_SIZE +
				     (uintptr_t)&image_byte %
				     UKARCH_PAGE_SIZE), 0x5a);
}

UK_TEST(xen, the_boot_cpu_is_the_first_one)
{
	NEED_XEN();
	UK_EXPECT_EQ(uk_xen_vcpu_id(), 0);
}
