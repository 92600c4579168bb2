/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/abi/signal.h>

/*
 * What a handler gets of the registers, as the Linux kernel's ABI has it on
 * x86_64: struct ucontext with struct sigcontext.
 */
struct sig_ucontext {
	uint64_t flags;
	uint64_t link;
	struct uk_abi_stack stack;
	struct {
		uint64_t r8, r9, r10, r11, r12, r13, r14, r15;
		uint64_t rdi, rsi, rbp, rbx, rdx, rax, rcx, rsp, rip, eflags;
		uint16_t cs, gs, fs, ss;
		uint64_t err, trapno, oldmask, cr2;
		uint64_t fpstate;	/* an address, or 0 */
		uint64_t reserved[8];
	} mc;
	uint64_t sigmask;
};

/* Bytes that a C library's ucontext_t has beyond it. */
#define SIG_UC_ROOM	664

_Static_assert(__builtin_offsetof(struct sig_ucontext, mc) == 40, "ABI");
_Static_assert(__builtin_offsetof(struct sig_ucontext, sigmask) == 296, "ABI");

/*
 * The si_code of a SIGFPE by the registers that XSAVE has put to @fp, at the
 * exception of @regs.
 */
struct ukarch_regs;
int sig_fp_code(const struct ukarch_regs *regs, const uint8_t *fp);
