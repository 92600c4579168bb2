/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a CPU needs before it runs C that may trap: descriptors, a task state
 * segment with the trap stacks, the interrupt descriptor table.
 *
 * Descriptors and task state are per CPU; the IDT and what it points to are
 * shared. The IDT ends after the exceptions: any other vector is then a
 * general protection fault whose error code names it, which is a better
 * report than a common handler could give, and saves 3.5 KiB.
 */
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/percpu.h>
#include <uk/compiler.h>
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
	IST_TRAP = 1,
	IST_DF,
	IST_NMI,
	IST_MC,
};

struct x86_cpu {
	uint64_t gdt[5];	/* null, code, data, TSS in two */
	struct tss tss;
};

struct gate {
	uint64_t low, high;
};

/* For lgdt and lidt. */
struct table_ptr {
	uint16_t limit;
	uint64_t base;
} UK_PACKED;

UK_PERCPU(struct uk_cpu, uk_cpu);
UK_PERCPU(uintptr_t, x86_percpu_distance);
UK_PERCPU(struct uk_current *, x86_current);
static UK_PERCPU(struct uk_current, boot_current);

static struct x86_cpu boot_cpu;
static struct gate idt[X86_NTRAPS] UK_ALIGNED(16);

static void tss_init(struct tss *tss)
{
	tss->ist[IST_TRAP - 1] = (uintptr_t)x86_trap_stack_top;
	tss->ist[IST_DF - 1] = (uintptr_t)x86_df_stack_top;
	tss->ist[IST_NMI - 1] = (uintptr_t)x86_nmi_stack_top;
	tss->ist[IST_MC - 1] = (uintptr_t)x86_mc_stack_top;
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
static void idt_init(void)
{
	const uintptr_t stubs = (uintptr_t)x86_trap_stubs;
	uint64_t low = (stubs & 0xffff) | SEL_CODE << 16 |
		       (uint64_t)IST_TRAP << 32 | UINT64_C(0x8e) << 40 |
		       (stubs >> 16 & 0xffff) << 48;

	for (unsigned int i = 0; i < X86_NTRAPS; i++, low += X86_TRAP_STUB)
		idt[i] = (struct gate){ .low = low, .high = stubs >> 32 };

	/* The field is IST_TRAP, 1, so far. */
	idt[X86_TRAP_DF].low ^= (uint64_t)(IST_TRAP ^ IST_DF) << 32;
	idt[X86_TRAP_NMI].low ^= (uint64_t)(IST_TRAP ^ IST_NMI) << 32;
	idt[X86_TRAP_MC].low ^= (uint64_t)(IST_TRAP ^ IST_MC) << 32;
}

static void idt_load(void)
{
	const struct table_ptr ptr = {
		.limit = sizeof(idt) - 1,
		.base = (uintptr_t)idt,
	};

	__asm__ volatile("lidt %0" : : "m"(ptr));
}

/* GS base is 0, as gdt_load() left it: the boot CPU's distance. */
static void current_init(void)
{
	boot_current.name = "boot";
	boot_current.trap_stack_top = (uintptr_t)x86_trap_stack_top;
	ukarch_current_set(&boot_current);
}

void x86_cpu_init(void)
{
	tss_init(&boot_cpu.tss);
	gdt_init(&boot_cpu);
	gdt_load(&boot_cpu);
	current_init();
	idt_init();
	idt_load();
	x86_fpu_init();
}
