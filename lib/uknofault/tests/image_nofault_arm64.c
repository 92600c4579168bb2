/* SPDX-License-Identifier: BSD-3-Clause */
/* Accesses that the bus refuses. */
#include <uk/nofault.h>

#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/paging.h>
#include <uk/test.h>

/* In QEMU's virt a hole, between its devices and the platform bus. */
#define HOLE	UINT64_C(0x0b000000)

UK_TEST(nofault, an_address_at_which_nothing_answers_is_bad)
{
	char byte = 1;
	void *hole;

	if (!UK_EXPECT_EQ(uk_paging_map_device(HOLE, UKARCH_PAGE_SIZE, &hole),
			  0))
		return;
	if (uk_nofault_memcpy(&byte, hole, 1, 0) == 1)
		UK_TEST_SKIP("the bus of this machine answers everywhere");
	UK_EXPECT_EQ(byte, 1);
	UK_EXPECT_EQ(uk_nofault_memcpy(hole, &byte, 1, UK_NOFAULT_NOPAGING),
		     0);
	UK_EXPECT_EQ(uk_nofault_probe_r((uintptr_t)hole, 1, 0), 0);
}
