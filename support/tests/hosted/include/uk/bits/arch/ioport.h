/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>

/* As arch/x86_64 has them, on a machine that has nothing at any port. */

static inline uint8_t ukarch_in8(uint16_t port UK_UNUSED)
{
	return 0xff;
}

static inline uint32_t ukarch_in32(uint16_t port UK_UNUSED)
{
	return UINT32_MAX;
}

static inline void ukarch_out8(uint16_t port UK_UNUSED, uint8_t val UK_UNUSED)
{
}

static inline void ukarch_out16(uint16_t port UK_UNUSED,
				uint16_t val UK_UNUSED)
{
}

static inline void ukarch_out32(uint16_t port UK_UNUSED,
				uint32_t val UK_UNUSED)
{
}
