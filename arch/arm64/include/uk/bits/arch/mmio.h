/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/* "Q" is an address in a register, without an offset or a step. */

static inline uint8_t ukarch_mmio_read8(const volatile void *reg)
{
	uint8_t val;

	__asm__ volatile("ldrb %w0, %1"
			 : "=r"(val) : "Q"(*(const volatile uint8_t *)reg));
	return val;
}

static inline uint32_t ukarch_mmio_read32(const volatile void *reg)
{
	uint32_t val;

	__asm__ volatile("ldr %w0, %1"
			 : "=r"(val) : "Q"(*(const volatile uint32_t *)reg));
	return val;
}

static inline uint64_t ukarch_mmio_read64(const volatile void *reg)
{
	uint64_t val;

	__asm__ volatile("ldr %x0, %1"
			 : "=r"(val) : "Q"(*(const volatile uint64_t *)reg));
	return val;
}

static inline void ukarch_mmio_write8(volatile void *reg, uint8_t val)
{
	__asm__ volatile("strb %w1, %0"
			 : "=Q"(*(volatile uint8_t *)reg) : "rZ"(val));
}

static inline void ukarch_mmio_write32(volatile void *reg, uint32_t val)
{
	__asm__ volatile("str %w1, %0"
			 : "=Q"(*(volatile uint32_t *)reg) : "rZ"(val));
}

static inline void ukarch_mmio_write64(volatile void *reg, uint64_t val)
{
	__asm__ volatile("str %x1, %0"
			 : "=Q"(*(volatile uint64_t *)reg) : "rZ"(val));
}
