/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/arch/regs.h>
#include <uk/compiler.h>

/*
 * setjmp() and longjmp() for cases, as some compilers have none of their own.
 * uk_test_mark() returns again when somebody jumps to @mark; what changes in
 * between is volatile.
 */
#define uk_test_mark(mark)	ukarch_regs_capture(mark)
void ukarch_regs_capture(struct ukarch_regs *regs)
	__attribute__((__returns_twice__));

UK_NORETURN static inline void uk_test_jump(struct ukarch_regs *mark)
{
	ukarch_regs_resume(mark);
}
