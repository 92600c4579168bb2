/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/fwmem.h>

/*
 * Four sums of 16 bits side by side. Each is cut to 8 bits before it grows, so
 * it stays below 3 * 256, and all four together below 65536.
 */
uint8_t uk_fwmem_sum(const void *ptr, size_t len)
{
	const uint64_t low = UINT64_C(0x00ff00ff00ff00ff);
	const uint8_t *p = ptr;
	uint64_t sums = 0;
	uint8_t sum;

	for (; len >= 8; p += 8, len -= 8) {
		const uint64_t word = uk_fwmem_u64(p, 0);

		sums = (sums & low) + (word & low) + (word >> 8 & low);
	}
	sum = (uint8_t)(sums * UINT64_C(0x0001000100010001) >> 48);
	while (len--)
		sum = (uint8_t)(sum + *p++);
	return sum;
}
