/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/* Registers are variables here, which the sanitizers are to see. */

static inline uint8_t ukarch_mmio_read8(const volatile void *reg)
{
	return *(const volatile uint8_t *)reg;
}

static inline uint32_t ukarch_mmio_read32(const volatile void *reg)
{
	return *(const volatile uint32_t *)reg;
}

static inline uint64_t ukarch_mmio_read64(const volatile void *reg)
{
	return *(const volatile uint64_t *)reg;
}

static inline void ukarch_mmio_write8(volatile void *reg, uint8_t val)
{
	*(volatile uint8_t *)reg = val;
}

static inline void ukarch_mmio_write32(volatile void *reg, uint32_t val)
{
	*(volatile uint32_t *)reg = val;
}

static inline void ukarch_mmio_write64(volatile void *reg, uint64_t val)
{
	*(volatile uint64_t *)reg = val;
}
