/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What makes a CPU take the instruction syscall (SDM volume 3A, 5.8.8). It is
 * switched on with the handler: until then it is an invalid instruction.
 */
#include <uk/arch/syscall.h>

#include <stddef.h>
#include <stdint.h>

#include <uk/assert.h>
#include <uk/bits/arch/msr.h>
#include <uk/current.h>
#include <uk/percpu.h>

#include "x86_priv.h"

/* SDM volume 4, 2.1. */
#define MSR_EFER	0xc0000080u
#define MSR_STAR	0xc0000081u
#define MSR_LSTAR	0xc0000082u
#define MSR_FMASK	0xc0000084u

#define EFER_SCE	0x1u

_Static_assert(offsetof(struct uk_current, call_stack_top) ==
	       X86_CURRENT_CALL_STACK, "syscall_entry.S");
/* The instruction takes both from one field. */
_Static_assert(SEL_DATA == SEL_CODE + 8, "STAR");

UK_PERCPU(uintptr_t, x86_syscall_sp);

/* Set once, before there are other CPUs. */
ukarch_syscall_fn x86_syscall_fn;

void x86_syscall_init(void)
{
	if (!x86_syscall_fn)
		return;
	ukarch_msr_write(MSR_STAR, (uint64_t)SEL_CODE << 32);
	ukarch_msr_write(MSR_LSTAR, (uintptr_t)x86_syscall_entry);
	ukarch_msr_write(MSR_FMASK, X86_SYSCALL_MASK);
	ukarch_msr_write(MSR_EFER, ukarch_msr_read(MSR_EFER) | EFER_SCE);
}

void ukarch_syscall_set_handler(ukarch_syscall_fn fn)
{
	UK_ASSERT(fn && !x86_syscall_fn);
	x86_syscall_fn = fn;
	x86_syscall_init();
}
