/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/* Offsets in struct ukarch_lcpu_start, for assembler. */
#define START_STACK_TOP		8
#define START_TRAP_STACK_TOP	16
#define START_HWID		32
#define START_FN		48
#define START_ARG		56

#ifndef __ASSEMBLER__

#include <stddef.h>
#include <stdint.h>

#include <uk/arch/lcpu.h>

#define START_IS_AT(field, offset)					\
	_Static_assert(offsetof(struct ukarch_lcpu_start, field) ==	\
		       (offset), "asm")

START_IS_AT(stack_top, START_STACK_TOP);
START_IS_AT(trap_stack_top, START_TRAP_STACK_TOP);
START_IS_AT(hwid, START_HWID);
START_IS_AT(fn, START_FN);
START_IS_AT(arg, START_ARG);

/* start_lcpu.S: where a CPU begins. */
extern char arm64_lcpu_entry[];

/* The TTBR1 that it reads with its caches off; then what it is to be. */
extern uint64_t arm64_lcpu_ttbr1;
extern const struct ukarch_lcpu_start *arm64_lcpu_next;

/* Called on the new CPU, with what start.S gives C, to make it one of ours. */
void arm64_lcpu_begin(const struct ukarch_lcpu_start *start);

#endif /* !__ASSEMBLER__ */
