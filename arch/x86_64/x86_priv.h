/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/* Selectors, in the boot GDT and in each CPU's own. */
#define SEL_CODE	0x08
#define SEL_DATA	0x10
#define SEL_TSS		0x18

/*
 * Bytes. A double fault, an NMI and a machine check have a stack each. All
 * other traps and interrupts arrive on X86_ENTRY_STACK, which holds no more
 * than what trap_entry.S needs to move on to the trap stack.
 */
#define X86_OTHER_STACK	4096
#define X86_ENTRY_STACK	128

/* A trap that finds less of the trap stack than its frame and a call take. */
#define X86_TRAP_STACK_LEFT	256

/* Exceptions by number (Intel SDM volume 3A, 6.3.1). */
#define X86_NTRAPS	32
#define X86_TRAP_NMI	2
#define X86_TRAP_DF	8
#define X86_TRAP_TS	10
#define X86_TRAP_NP	11
#define X86_TRAP_SS	12
#define X86_TRAP_GP	13
#define X86_TRAP_PF	14
#define X86_TRAP_MC	18
#define X86_TRAP_CP	21

/* Entry stubs are this many bytes apart. */
#define X86_TRAP_STUB	16
#define X86_IRQ_STUB	8
#define X86_IRQ_BIAS	128

/* Interrupts, where an image has them, take the other vectors. */
#define X86_NIRQS	(256 - X86_NTRAPS)

/* Offsets in struct ukarch_lcpu_start, for assembler. */
#define X86_LCPU_STACK		8
#define X86_LCPU_HWID		32

/* Offsets in struct uk_current, for assembler. */
#define X86_CURRENT_TRAP_STACK	24
#define X86_CURRENT_CALL_STACK	40

/* What syscall clears: TF, IF, DF, NT, AC (SDM volume 1, 3.4.3). */
#define X86_SYSCALL_MASK	0x44700

/* And in x86_descriptors, each CPU's: the top of its double-fault stack. */
#define X86_DESCRIPTORS_DF	212

/*
 * Control words as a program begins with them (System V ABI, 3.4.1): all
 * exceptions masked, round to nearest, x87 extended precision.
 */
#define X86_MXCSR	0x1f80
#define X86_FCW		0x037f

#ifndef __ASSEMBLER__

#include <stdbool.h>
#include <stdint.h>

#include <uk/arch/paging.h>
#include <uk/arch/syscall.h>
#include <uk/compiler.h>

struct ukarch_regs;
struct uk_trap;
struct x86_cpu;

/* cpu.c; here for trap_frame.inc. */
extern struct x86_cpu x86_descriptors;

/* start.S: the stacks, each with an unmapped page below. */
extern char ukarch_boot_stack[], ukarch_boot_stack_top[];
extern char x86_trap_stack[], x86_trap_stack_top[];
extern char x86_df_stack[], x86_df_stack_top[];
extern char x86_nmi_stack[], x86_nmi_stack_top[];
extern char x86_mc_stack[], x86_mc_stack_top[];

/* start.S: 4 levels of the root of all threads that have no low half. */
extern char x86_final_pml4[];

/* levels5.inc: what is root where tables may have 5 levels. */
extern uint64_t x86_final_root_at;

static inline uint64_t x86_final_root(void)
{
	return UKARCH_PT_LEVELS_MAX > UKARCH_PT_LEVELS ?
	       x86_final_root_at :
	       (uintptr_t)x86_final_pml4 - UKARCH_IMAGE_BASE;
}

/*
 * trap_entry.S: X86_NTRAPS stubs, then where they go on in C; when it returns,
 * what @regs say is what goes on.
 */
extern char x86_trap_stubs[];
void x86_trap(struct ukarch_regs *regs);

/* irq_entry.S: X86_NIRQS stubs, then where they go on in C (irq.c). */
extern char x86_irq_stubs[];
void x86_irq(struct ukarch_regs *regs);

/* Makes the boot CPU ready for C: descriptor tables, traps, FPU. */
void x86_cpu_init(void);

/*
 * The same for another CPU, whose zeroed block is @percpu away and whose
 * trap stack ends at @trap_stack_top. @stacks: UKARCH_LCPU_EXTRA of them, for
 * double faults, NMIs and machine checks.
 */
void x86_cpu_init_other(uintptr_t percpu, uintptr_t trap_stack_top,
			uintptr_t stacks);

/* lcpu_start.S: copied below 1 MiB, and where it goes on in the image. */
extern char x86_lcpu_low[], x86_lcpu_low_end[];

struct ukarch_lcpu_start;

/* lcpu.c: for lcpu_start.S, which offsets are in lcpu.c. */
extern const struct ukarch_lcpu_start *x86_lcpu_next;
extern uint64_t x86_lcpu_root;
UK_NORETURN void x86_lcpu_enter(const struct ukarch_lcpu_start *start);

/*
 * Gates for the @n vectors from @first on, which go to stubs @step bytes
 * apart, on the entry stack.
 */
void x86_gates(unsigned int first, unsigned int n, const char *stubs,
	       unsigned int step);

/* What the bits of page-table entries mean, on this CPU. */
void x86_paging_init(void);

/* syscall.c: this CPU takes the instruction from here on, if somebody does. */
void x86_syscall_init(void);
/* For syscall_entry.S: who takes it, and each CPU's rsp at it. */
extern ukarch_syscall_fn x86_syscall_fn;
extern uintptr_t x86_syscall_sp;
extern char x86_syscall_entry[];

/*
 * features.c: a number of @draw(), a random instruction that says whether it
 * has one. Returns false, and leaves @val alone, if it fails ten times in a
 * row or gives all ones.
 */
bool x86_random(bool (*draw)(uint64_t *val), uint64_t *val);

/* SSE, and the state that XSAVE knows, ready for programs. */
void x86_fpu_init(void);

/* How this machine's CPUs save their FPU state; constant after boot. */
enum x86_fpu_save_kind {
	X86_FXSAVE,
	X86_XSAVE,
	X86_XSAVEOPT,
};

extern enum x86_fpu_save_kind x86_fpu_save_kind;

/* ctx_switch.S: the first instructions of a flow. */
extern char x86_ctx_begin[];

/* The FS base can be set without an MSR from here on, if the CPU has that. */
void x86_tls_init(void);

/*
 * What exception @vector with @error means, in words; @addr is CR2.
 * @in_guard: @addr is in the page below a stack.
 */
const char *x86_trap_cause(uint64_t vector, uint64_t error, uint64_t addr,
			   bool in_guard);

/* Machine checks are reported from now on, on this CPU. */
void x86_mcheck_init(void);

/*
 * What the first bank with an error says, in the X86_MCHECK_TEXT bytes at
 * @text, which are returned; NULL if there is none. And its words: @addr counts
 * if @status says that there is one.
 */
#define X86_MCHECK_TEXT	78
const char *x86_mcheck_cause(char *text);
const char *x86_mcheck_text(char *text, unsigned int bank, uint64_t status,
			    uint64_t addr);

/* Fill what the error code of a page fault says of the access. */
void x86_page_fault_access(uint64_t error, struct uk_trap *trap);

#endif /* !__ASSEMBLER__ */
