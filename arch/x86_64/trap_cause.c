/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * An exception in words. No formatting: the texts are constant, so this works
 * however little else still does.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/trap.h>

#include "x86_priv.h"

/* Error code of a page fault (SDM volume 3A, 4.7). */
#define PF_PRESENT	0x01u
#define PF_WRITE	0x02u
#define PF_RESERVED	0x08u
#define PF_EXEC		0x10u

/*
 * Error code that names a descriptor (6.13): of a gate its number, from bit 3
 * on, is that of the interrupt. QEMU that emulates (7.2, target/i386: 64-bit
 * mode) gives the gate's place in bytes instead, 16 for each; which of them it
 * is cannot be told by the error.
 */
#define SEL_IN_IDT	0x02u
#define NO_GATE								\
	"interrupt without a handler (its number: error / 8; in QEMU's " \
	"emulation error / 16)"

/* Below it an address is taken for a NULL pointer plus an offset. */
#define NULL_AREA	0x10000u

#define NACCESS		(UK_TRAP_EXEC + 1)

static const char *const null_text[NACCESS] = {
	[UK_TRAP_READ] =
		"page fault: read near address 0, through a NULL pointer",
	[UK_TRAP_WRITE] =
		"page fault: write near address 0, through a NULL pointer",
	[UK_TRAP_EXEC] =
		"page fault: jump near address 0, through a NULL pointer",
};

static const char *const unmapped_text[NACCESS] = {
	[UK_TRAP_READ] = "page fault: read of unmapped memory",
	[UK_TRAP_WRITE] = "page fault: write to unmapped memory",
	[UK_TRAP_EXEC] = "page fault: execution of unmapped memory",
};

static const char *const denied_text[NACCESS] = {
	[UK_TRAP_READ] = "page fault: read that the page's rights forbid",
	[UK_TRAP_WRITE] = "page fault: write to a read-only page",
	[UK_TRAP_EXEC] = "page fault: execution of a no-execute page",
};

/* Numbers that are not here are reserved. */
static const char *const trap_text[X86_NTRAPS] = {
	[0] = "division by zero, or its result does not fit",
	[1] = "debug trap",
	[2] = "non-maskable interrupt",
	[3] = "breakpoint (int3)",
	[4] = "overflow trap (into)",
	[5] = "bound range exceeded",
	[6] = "invalid instruction",
	[7] = "FPU not available",
	[8] = "double fault: a trap could not be delivered",
	[9] = "coprocessor segment overrun",
	[10] = "invalid task state segment",
	[11] = "segment not present",
	[12] = "stack fault: stack address is not canonical",
	[13] = "general protection fault: forbidden operation, or an address "
	       "that is not canonical",
	[16] = "x87 floating-point error",
	[17] = "unaligned access",
	[18] = "machine check: the hardware reports a failure",
	[19] = "SIMD floating-point error",
	[20] = "virtualization exception",
	[21] = "control protection: return address or branch target is wrong",
	[28] = "hypervisor injection exception",
	[29] = "VMM communication exception",
	[30] = "security exception",
};

static enum uk_trap_access access_of(uint64_t error)
{
	if (error & PF_EXEC)
		return UK_TRAP_EXEC;
	return error & PF_WRITE ? UK_TRAP_WRITE : UK_TRAP_READ;
}

void x86_page_fault_access(uint64_t error, struct uk_trap *trap)
{
	trap->access = access_of(error);
	trap->mapped = error & PF_PRESENT;
}

static const char *page_fault(uint64_t error, uint64_t addr, bool in_guard)
{
	const enum uk_trap_access access = access_of(error);

	if (error & PF_RESERVED)
		return "page fault: damaged page table (reserved bit set)";
	if (error & PF_PRESENT)
		return denied_text[access];
	if (in_guard)
		return "stack overflow: the page below a stack was accessed";
	if (addr < NULL_AREA)
		return null_text[access];
	return unmapped_text[access];
}

const char *x86_trap_cause(uint64_t vector, uint64_t error, uint64_t addr,
			   bool in_guard)
{
	if (vector == X86_TRAP_PF)
		return page_fault(error, addr, in_guard);
	if (vector == X86_TRAP_GP && (error & SEL_IN_IDT))
		return NO_GATE;
	if (vector == X86_TRAP_GP && error)
		return "general protection fault: wrong segment selector";
	if (vector < X86_NTRAPS && trap_text[vector])
		return trap_text[vector];
	return "exception with a reserved number";
}
