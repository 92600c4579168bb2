/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#define UKARCH_SP_ALIGN		16

/*
 * Traps arrive on a small stack of the CPU (IST) and move on to the trap stack
 * at once, which they find by ukarch_current(): see trap_entry.S.
 */
#define UKARCH_TRAP_STACK_SIZE	8192
#define UKARCH_TRAP_STACK_ALIGN	16
#define UKARCH_TRAP_STACK_SKEW	0

#define UKARCH_ECTX_ALIGN	64	/* XSAVE (SDM volume 1, 13.4) */

/* Double fault, NMI and machine check run on a stack each. */
#define UKARCH_LCPU_EXTRA	3
