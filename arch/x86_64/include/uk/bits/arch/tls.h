/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/* arch/x86_64/tls.c: by WRFSBASE where the CPU has it, else by MSR. */
uintptr_t ukarch_x86_fs_base(void);
void ukarch_x86_set_fs_base(uintptr_t tp);

static inline uintptr_t ukarch_tp_get(void)
{
	return ukarch_x86_fs_base();
}

static inline void ukarch_tp_set(uintptr_t tp)
{
	ukarch_x86_set_fs_base(tp);
}
