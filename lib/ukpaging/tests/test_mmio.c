/* SPDX-License-Identifier: BSD-3-Clause */
/* On memory; what a hypervisor makes of it is seen where there is one. */
#include <uk/arch/mmio.h>

#include <uk/test.h>

#define ONES	UINT64_MAX

UK_TEST(mmio, a_write_is_of_its_size_and_nothing_beside_it)
{
	uint64_t word[2] = { ONES, ONES };
	uint8_t *const bytes = (uint8_t *)word;

	ukarch_mmio_write8(bytes + 3, 0x12);
	UK_EXPECT_EQ(word[0], UINT64_C(0xffffffff12ffffff));
	UK_EXPECT_EQ(word[1], ONES);

	word[0] = ONES;
	ukarch_mmio_write32(bytes + 4, 0);
	UK_EXPECT_EQ(word[0], UINT64_C(0x00000000ffffffff));
	UK_EXPECT_EQ(word[1], ONES);

	ukarch_mmio_write64(bytes, UINT64_C(0x123456789abcdef0));
	UK_EXPECT_EQ(word[0], UINT64_C(0x123456789abcdef0));
	UK_EXPECT_EQ(word[1], ONES);
}

UK_TEST(mmio, a_read_is_of_its_size)
{
	const uint64_t word[2] = { UINT64_C(0x8091a2b3c4d5e6f7), ONES };
	const uint8_t *const bytes = (const uint8_t *)word;

	UK_EXPECT_EQ(ukarch_mmio_read8(bytes + 7), 0x80);
	UK_EXPECT_EQ(ukarch_mmio_read32(bytes + 4), 0x8091a2b3);
	UK_EXPECT_EQ(ukarch_mmio_read64(bytes),
		     UINT64_C(0x8091a2b3c4d5e6f7));
}
