/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <sys/cdefs.h>

__BEGIN_DECLS

/*
 * C11 7.13: what a function must keep for its caller, by the calling
 * convention. Both architectures fit; x86_64 uses 9 words, arm64 21.
 */
typedef struct {
	unsigned long regs[22];
} jmp_buf[1];

__attribute__((returns_twice))
int setjmp(jmp_buf env);
__attribute__((noreturn))
void longjmp(jmp_buf env, int val);
#define setjmp	setjmp

#define _setjmp		setjmp
#define _longjmp	longjmp

__END_DECLS
