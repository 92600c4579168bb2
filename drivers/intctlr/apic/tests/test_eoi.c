/* SPDX-License-Identifier: BSD-3-Clause */
/* Whether KVM wants to be told of the end of an interrupt. */
#include "../apic_priv.h"

#include <uk/test.h>

UK_TEST(apic_eoi, it_is_left_out_only_where_kvm_says_so)
{
	UK_EXPECT(apic_eoi_offered(1u << 6));
	UK_EXPECT(!apic_eoi_offered(~(1u << 6)));
	UK_EXPECT(!apic_eoi_offered(0));
}
