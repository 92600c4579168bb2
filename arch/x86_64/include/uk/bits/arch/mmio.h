/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

static inline uint8_t ukarch_mmio_read8(const volatile void *reg)
{
	uint8_t val;

	__asm__ volatile("movb %1, %0"
			 : "=q"(val) : "m"(*(const volatile uint8_t *)reg));
	return val;
}

static inline uint32_t ukarch_mmio_read32(const volatile void *reg)
{
	uint32_t val;

	__asm__ volatile("movl %1, %0"
			 : "=r"(val) : "m"(*(const volatile uint32_t *)reg));
	return val;
}

static inline uint64_t ukarch_mmio_read64(const volatile void *reg)
{
	uint64_t val;

	__asm__ volatile("movq %1, %0"
			 : "=r"(val) : "m"(*(const volatile uint64_t *)reg));
	return val;
}

static inline void ukarch_mmio_write8(volatile void *reg, uint8_t val)
{
	__asm__ volatile("movb %1, %0"
			 : "=m"(*(volatile uint8_t *)reg) : "q"(val));
}

static inline void ukarch_mmio_write32(volatile void *reg, uint32_t val)
{
	__asm__ volatile("movl %1, %0"
			 : "=m"(*(volatile uint32_t *)reg) : "r"(val));
}

static inline void ukarch_mmio_write64(volatile void *reg, uint64_t val)
{
	__asm__ volatile("movq %1, %0"
			 : "=m"(*(volatile uint64_t *)reg) : "r"(val));
}
