/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Waiting for interrupts, counted in looks: a case may be about the very clock
 * that would tell the time.
 */
#include <uk/test.h>

#include <uk/arch/cpu.h>

/* Several seconds of an emulator, one of a fast CPU. */
#define LOOKS_LONG	2000000000u
#define LOOKS_SHORT	10000000u

static bool reaches(const volatile unsigned int *count, unsigned int n,
		    unsigned int looks)
{
	const unsigned long irqs = ukarch_irq_save();

	ukarch_irq_enable();
	while (*count < n && looks)
		looks--;
	ukarch_irq_restore(irqs);
	return *count >= n;
}

bool uk_test_irq_comes(const volatile unsigned int *count, unsigned int n)
{
	return reaches(count, n, LOOKS_LONG);
}

bool uk_test_irq_stays_away(const volatile unsigned int *count,
			    unsigned int n)
{
	return !reaches(count, n, LOOKS_SHORT);
}
