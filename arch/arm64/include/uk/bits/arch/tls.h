/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

static inline uintptr_t ukarch_tp_get(void)
{
	uintptr_t tp;

	__asm__ volatile("mrs %0, tpidr_el0" : "=r"(tp));
	return tp;
}

static inline void ukarch_tp_set(uintptr_t tp)
{
	__asm__ volatile("msr tpidr_el0, %0" : : "r"(tp) : "memory");
}
