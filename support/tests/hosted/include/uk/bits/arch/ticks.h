/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/arch/cpu.h>

/* As arch/x86_64 has it. */
static inline uint64_t ukarch_ticks_in_order(void)
{
	return ukarch_ticks();
}

/* Here it is told by nobody. */
static inline void ukarch_x86_ticks_tell_hz(uint64_t hz)
{
	(void)hz;
}
