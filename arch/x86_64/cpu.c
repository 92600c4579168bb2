/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a CPU needs before it runs C that may trap: descriptors, a task state
 * segment with the stacks that traps arrive on, the interrupt descriptor
 * table, and what it runs (<uk/current.h>).
 *
 * All of that is per CPU but the IDT. It has no gates for interrupts until
 * somebody takes them (irq.c): any other vector is then a general protection
 * fault whose error code names it, which is a better report than a common
 * handler could give.
 */
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/percpu.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/percpu.h>

#include "x86_priv.h"

/* 64-bit task state segment (SDM volume 3A, 8.7). */
struct tss {
	uint32_t reserved0;
	uint64_t rsp[3];
	uint64_t reserved1;
	uint64_t ist[7];	/* ist[i] is stack i + 1 of a gate */
	uint64_t reserved2;
	uint16_t reserved3;
	uint16_t iomap;
} UK_PACKED;

_Static_assert(sizeof(struct tss) == 104, "the CPU's layout");

enum ist {
	IST_ENTRY = 1,
	IST_DF,
	IST_NMI,
	IST_MC,
};

struct x86_cpu {
	char entry_stack[X86_ENTRY_STACK];
	uint64_t gdt[5];	/* null, code, data, TSS in two */
	struct tss tss;
} UK_ALIGNED(16);

struct gate {
	uint64_t low, high;
};

/* For lgdt and lidt. */
struct table_ptr {
	uint16_t limit;
	uint64_t base;
} UK_PACKED;

#define NGATES	(UK_IS_ENABLED(CONFIG_HAVE_IRQ) ? 256 : X86_NTRAPS)

UK_PERCPU(struct uk_cpu, uk_cpu);
UK_PERCPU(uintptr_t, ukarch_x86_distance);
UK_PERCPU(struct uk_current *, ukarch_x86_current);
static UK_PERCPU(struct uk_current, boot_current);
UK_PERCPU(struct x86_cpu, x86_descriptors);

_Static_assert(offsetof(struct x86_cpu, tss.ist[IST_DF - 1]) ==
	       X86_DESCRIPTORS_DF, "trap_frame.inc");
_Static_assert(offsetof(struct uk_current, trap_stack_top) ==
	       X86_CURRENT_TRAP_STACK, "trap_entry.S");

/* Written by the boot CPU, before others start or interrupts are enabled. */
static struct gate idt[NGATES] UK_ALIGNED(16);

/* @df, @nmi, @mc: the upper ends of these traps' stacks. */
static void tss_init(struct x86_cpu *cpu, uintptr_t df, uintptr_t nmi,
		     uintptr_t mc)
{
	struct tss *const tss = &cpu->tss;

	tss->ist[IST_ENTRY - 1] = (uintptr_t)cpu->entry_stack +
				  sizeof(cpu->entry_stack);
	tss->ist[IST_DF - 1] = df;
	tss->ist[IST_NMI - 1] = nmi;
	tss->ist[IST_MC - 1] = mc;
	tss->iomap = sizeof(*tss);	/* none */
}

static void gdt_init(struct x86_cpu *cpu)
{
	const uint64_t tss = (uintptr_t)&cpu->tss;

	cpu->gdt[SEL_CODE / 8] = UINT64_C(0x00af9b000000ffff);
	cpu->gdt[SEL_DATA / 8] = UINT64_C(0x00cf93000000ffff);
	/* Present, type 9: available 64-bit TSS (8.2.3). */
	cpu->gdt[SEL_TSS / 8] = (sizeof(cpu->tss) - 1) |
				(tss & 0xffffff) << 16 |
				UINT64_C(0x89) << 40 |
				(tss >> 24 & 0xff) << 56;
	cpu->gdt[SEL_TSS / 8 + 1] = tss >> 32;
}

/* Leaves 0 in the FS and GS bases, with the selectors. */
static void gdt_load(const struct x86_cpu *cpu)
{
	const struct table_ptr ptr = {
		.limit = sizeof(cpu->gdt) - 1,
		.base = (uintptr_t)cpu->gdt,
	};

	/* The code selector is the boot GDT's and needs no reload. */
	__asm__ volatile("lgdt %0\n\t"
			 "movl %1, %%ss\n\t"
			 "movl %2, %%ds\n\t"
			 "movl %2, %%es\n\t"
			 "movl %2, %%fs\n\t"
			 "movl %2, %%gs\n\t"
			 "ltr %w3"
			 : : "m"(ptr), "r"(SEL_DATA), "r"(0), "r"(SEL_TSS)
			 : "memory");
}

/*
 * All are interrupt gates (type 14): a trap starts with interrupts off. The
 * stubs do not cross a multiple of 64 KiB, so their addresses differ in the
 * lowest field only.
 */
void x86_gates(unsigned int first, unsigned int n, const char *stubs,
	       unsigned int step)
{
	const uintptr_t addr = (uintptr_t)stubs;
	uint64_t low = (addr & 0xffff) | SEL_CODE << 16 |
		       (uint64_t)IST_ENTRY << 32 | UINT64_C(0x8e) << 40 |
		       (addr >> 16 & 0xffff) << 48;

	for (unsigned int i = first; i < first + n; i++, low += step)
		idt[i] = (struct gate){ .low = low, .high = addr >> 32 };
}

static void idt_init(void)
{
	x86_gates(0, X86_NTRAPS, x86_trap_stubs, X86_TRAP_STUB);

	/* The field is IST_ENTRY, 1, so far. */
	idt[X86_TRAP_DF].low ^= (uint64_t)(IST_ENTRY ^ IST_DF) << 32;
	idt[X86_TRAP_NMI].low ^= (uint64_t)(IST_ENTRY ^ IST_NMI) << 32;
	idt[X86_TRAP_MC].low ^= (uint64_t)(IST_ENTRY ^ IST_MC) << 32;
}

static void idt_load(void)
{
	const struct table_ptr ptr = {
		.limit = sizeof(idt) - 1,
		.base = (uintptr_t)idt,
	};

	__asm__ volatile("lidt %0" : : "m"(ptr));
}

static void current_init(uintptr_t trap_stack_top)
{
	struct uk_current *const cur = uk_this_cpu_ptr(boot_current);

	cur->name = "boot";
	cur->trap_stack_top = trap_stack_top;
	ukarch_current_set(cur);
}

void x86_cpu_init(void)
{
	tss_init(&x86_descriptors, (uintptr_t)x86_df_stack_top,
		 (uintptr_t)x86_nmi_stack_top, (uintptr_t)x86_mc_stack_top);
	gdt_init(&x86_descriptors);
	gdt_load(&x86_descriptors);
	current_init((uintptr_t)x86_trap_stack_top);
	idt_init();
	idt_load();
	x86_paging_init();
	x86_fpu_init();
	x86_mcheck_init();
	if (UK_IS_ENABLED(CONFIG_HAVE_TLS))
		x86_tls_init();
}

void x86_cpu_init_other(uintptr_t percpu, uintptr_t trap_stack_top,
			uintptr_t stacks)
{
	struct x86_cpu *const cpu = uk_percpu_ptr(x86_descriptors, percpu);

	/* Below each is its guard page. */
	tss_init(cpu, stacks + 2 * X86_OTHER_STACK,
		 stacks + 4 * X86_OTHER_STACK, stacks + 6 * X86_OTHER_STACK);
	gdt_init(cpu);
	gdt_load(cpu);
	ukarch_percpu_set(percpu);
	current_init(trap_stack_top);
	idt_load();
	x86_paging_init();
	x86_fpu_init();
	x86_mcheck_init();
	if (UK_IS_ENABLED(CONFIG_HAVE_TLS))
		x86_tls_init();
	if (UK_IS_ENABLED(CONFIG_HAVE_SYSCALL_TRAP))
		x86_syscall_init();
}
