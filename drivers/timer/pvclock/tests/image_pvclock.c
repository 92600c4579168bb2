/* SPDX-License-Identifier: BSD-3-Clause */
/* The hypervisor's own page, where this machine is KVM's. */
#include "../pvclock_priv.h"

#include <uk/test.h>
#include <uk/time.h>

/* 2020 and 2100. */
#define EARLIEST_NS	(UINT64_C(1577836800) * UK_TIME_NS_PER_SEC)
#define LATEST_NS	(UINT64_C(4102444800) * UK_TIME_NS_PER_SEC)

UK_TEST(pvclock_machine, kvm_tells_time_and_date)
{
	struct pvclock_kvm kvm;
	uint64_t before_ns;

	if (pvclock_find(ukarch_cpuid, &kvm) < 0)
		UK_TEST_SKIP("no kvmclock on this machine");
	before_ns = uk_time_now();
	uk_time_spin(UK_TIME_NS_PER_MS);
	UK_EXPECT_GE(uk_time_now() - before_ns, UK_TIME_NS_PER_MS);
	UK_EXPECT_EQ(uk_time_resolution(), 1);
	UK_EXPECT_GE(uk_time_wall(), EARLIEST_NS);
	UK_EXPECT_LE(uk_time_wall(), LATEST_NS);
}
