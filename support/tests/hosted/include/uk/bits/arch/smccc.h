/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/* As arch/arm64 has them; every call is NOT_SUPPORTED. */
void ukarch_smccc_hvc(uint64_t *x);
void ukarch_smccc_smc(uint64_t *x);
