/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>

/* As arch/x86_64 has them; all are 0 and keep nothing. */

static inline uint64_t ukarch_msr_read(uint32_t msr UK_UNUSED)
{
	return 0;
}

static inline void ukarch_msr_write(uint32_t msr UK_UNUSED,
				    uint64_t val UK_UNUSED)
{
}

static inline void ukarch_msr_fence(void)
{
}
