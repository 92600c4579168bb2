/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/* The register is the host's libc's; here is another one. */
extern __thread uintptr_t hosted_tp;

static inline uintptr_t ukarch_tp_get(void)
{
	return hosted_tp;
}

static inline void ukarch_tp_set(uintptr_t tp)
{
	hosted_tp = tp;
}
