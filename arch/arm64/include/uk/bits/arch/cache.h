/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * For memory that somebody uses past the caches: a CPU with its MMU off, a
 * device that does not snoop (Arm ARM, D7.5).
 */

/* Bytes of the smallest data cache line (CTR_EL0.DminLine). */
static inline size_t ukarch_dcache_line(void)
{
	uint64_t ctr;

	__asm__("mrs %0, ctr_el0" : "=r"(ctr));
	return (size_t)4 << (ctr >> 16 & 15);
}

/*
 * Bring the @len bytes at @addr to the point of coherency, and drop them from
 * the caches: whoever goes past these reads what was written here before, and
 * what he has written by then is read here after.
 */
static inline void ukarch_dcache_flush(const volatile void *addr, size_t len)
{
	const size_t line = ukarch_dcache_line();
	const uintptr_t end = (uintptr_t)addr + len;

	for (uintptr_t p = (uintptr_t)addr & ~(line - 1); p < end; p += line)
		__asm__ volatile("dc civac, %0" : : "r"(p) : "memory");
	__asm__ volatile("dsb sy" : : : "memory");
}

/* Wake up the CPUs that wait for an event (WFE). */
static inline void ukarch_send_event(void)
{
	__asm__ volatile("dsb sy\n\tsev" : : : "memory");
}
