/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/*
 * In assembler (arch/<arch>/spin.S): wait for spin_flag not to be 0, in a loop,
 * with something known in each register, each vector register, the flags, and
 * what a program may keep below its stack pointer. Returns 0: all was kept.
 */
int spin_probe(void);
extern volatile uint32_t spin_flag;

/*
 * Each fails at _insn, as its signal reports it, and goes on at _after.
 */
#define FAULT(name)							\
	void fault_##name(const void *addr);				\
	extern char fault_##name##_insn[], fault_##name##_after[]
FAULT(read);
FAULT(write);
FAULT(invalid);
FAULT(break);
FAULT(divide);		/* x86_64 */
