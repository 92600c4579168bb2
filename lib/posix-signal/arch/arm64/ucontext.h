/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/abi/signal.h>

/*
 * What a handler gets of the registers, as the Linux kernel's ABI has it on
 * arm64: struct ucontext with struct sigcontext, whose last part is a list of
 * records that ends with an empty one.
 */
struct sig_ucontext {
	uint64_t flags;
	uint64_t link;
	struct uk_abi_stack stack;
	uint64_t sigmask;
	uint64_t unused[15];
	struct {
		uint64_t fault_address;
		uint64_t regs[31];
		uint64_t sp, pc, pstate;
		_Alignas(16) uint64_t records[512];
	} mc;
};

/* Bytes that a C library's ucontext_t has beyond it. */
#define SIG_UC_ROOM	0

_Static_assert(__builtin_offsetof(struct sig_ucontext, mc) == 176, "ABI");
_Static_assert(sizeof(struct sig_ucontext) == 4560, "ABI");
