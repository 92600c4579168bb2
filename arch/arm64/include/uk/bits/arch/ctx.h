/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/bits/arch/stack.h>

#define UKARCH_SP_ALIGN		16

/*
 * Code runs on SP_EL0; the trap stack is SP_EL1, which ukarch_ctx_switch()
 * sets. One address bit tells whether a pointer is on a trap stack: stack.h.
 */
#define UKARCH_TRAP_STACK_ALIGN	(2 * UKARCH_TRAP_STACK_SIZE)
#define UKARCH_TRAP_STACK_SKEW	UKARCH_TRAP_STACK_SIZE

#define UKARCH_ECTX_ALIGN	16

#define UKARCH_LCPU_EXTRA	0
