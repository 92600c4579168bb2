/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * The stacks that exist from the start, for assembler too.
 *
 *	[trap guard][trap stack][boot guard][boot stack]
 *
 * The boot stack is SP_EL0, the trap stack SP_EL1; the guards are not mapped.
 * A trap stack's size is a power of two, and it begins at an odd multiple of
 * it: so bit UKARCH_TRAP_STACK_SHIFT of a stack pointer is 1 exactly if it is
 * on a trap stack and not below it. The guard has the same size.
 */
#define UKARCH_TRAP_STACK_SHIFT	13
#define UKARCH_TRAP_STACK_SIZE	(1 << UKARCH_TRAP_STACK_SHIFT)
#define UKARCH_TRAP_GUARD_SIZE	UKARCH_TRAP_STACK_SIZE
#define UKARCH_BOOT_GUARD_SIZE	4096
