/* SPDX-License-Identifier: BSD-3-Clause */
#include "../x86_priv.h"

#include <uk/arch/ctx.h>
#include <uk/arch/cpu.h>
#include <uk/arch/percpu.h>
#include <uk/compiler.h>
#include <uk/test.h>

static struct ukarch_ctx here, there;
static char stack[4096] UK_ALIGNED(16);
static void *got_a, *got_b;
static unsigned int rounds;

static void echo(void *a, void *b)
{
	got_a = a;
	got_b = b;
	for (;;) {
		rounds++;
		ukarch_ctx_switch(&there, &here);
	}
}

/* To the other flow and back, as a scheduler would: interrupts off. */
static void visit(void (*to)(struct ukarch_ctx *, const struct ukarch_ctx *))
{
	const unsigned long irq = ukarch_irq_save();

	to(&here, &there);
	ukarch_irq_restore(irq);
}

static void begin(void (*fn)(void *a, void *b))
{
	rounds = 0;
	ukarch_ctx_init(&there, (uintptr_t)stack + sizeof(stack), fn, &here,
			&there);
}

UK_TEST(ctx, a_flow_begins_with_its_function_and_arguments)
{
	begin(echo);
	visit(ukarch_ctx_switch);
	UK_EXPECT_EQ(got_a, &here);
	UK_EXPECT_EQ(got_b, &there);
	UK_EXPECT_EQ(rounds, 1);
}

UK_TEST(ctx, a_flow_goes_on_where_it_was_left)
{
	begin(echo);
	for (unsigned int i = 1; i <= 100; i++) {
		visit(i & 1 ? ukarch_ctx_switch : ukarch_ctx_switch_fp);
		UK_EXPECT_EQ(rounds, i);
	}
}

/* Changes all a call must keep, and what the ABI says of the FPU. */
static void spoil(void *a UK_UNUSED, void *b UK_UNUSED)
{
	static const uint32_t mxcsr = X86_MXCSR | 0x6000;
	static const uint16_t fcw = X86_FCW & ~0x300;

	for (;;) {
		__asm__ volatile("movq $-1, %%rbx\n\t"
				 "movq $-1, %%r12\n\tmovq $-1, %%r13\n\t"
				 "movq $-1, %%r14\n\tmovq $-1, %%r15\n\t"
				 "ldmxcsr %0\n\tfldcw %1"
				 : : "m"(mxcsr), "m"(fcw)
				 : "rbx", "r12", "r13", "r14", "r15");
		ukarch_ctx_switch(&there, &here);
	}
}

UK_TEST(ctx, what_a_call_must_keep_is_kept)
{
	uint64_t bad;

	begin(spoil);
	__asm__ volatile("movq $1, %%rbx\n\t"
			 "movq $2, %%r12\n\tmovq $3, %%r13\n\t"
			 "movq $4, %%r14\n\tmovq $5, %%r15\n\t"
			 "call ukarch_ctx_switch_fp\n\t"
			 "decq %%rbx\n\tsubq $2, %%r12\n\tsubq $3, %%r13\n\t"
			 "subq $4, %%r14\n\tsubq $5, %%r15\n\t"
			 "movq %%rbx, %%rax\n\torq %%r12, %%rax\n\t"
			 "orq %%r13, %%rax\n\torq %%r14, %%rax\n\t"
			 "orq %%r15, %%rax"
			 : "=a"(bad)
			 : "D"(&here), "S"(&there)
			 : "rbx", "r12", "r13", "r14", "r15", "rcx", "rdx",
			   "r8", "r9", "r10", "r11", "memory", "cc");
	UK_EXPECT_EQ(bad, 0);
}

static uint32_t mxcsr_now(void)
{
	uint32_t mxcsr;

	__asm__ volatile("stmxcsr %0" : "=m"(mxcsr));
	return mxcsr & ~0x3fu;
}

static uint16_t fcw_now(void)
{
	uint16_t fcw;

	__asm__ volatile("fnstcw %0" : "=m"(fcw));
	return fcw;
}

UK_TEST(ctx, the_form_for_programs_keeps_the_fpu_control_words)
{
	begin(spoil);
	visit(ukarch_ctx_switch_fp);
	UK_EXPECT_EQ(mxcsr_now(), X86_MXCSR);
	UK_EXPECT_EQ(fcw_now(), X86_FCW);
}

static uint32_t mxcsr_there;

static void look(void *a UK_UNUSED, void *b UK_UNUSED)
{
	mxcsr_there = mxcsr_now();
	for (;;)
		ukarch_ctx_switch(&there, &here);
}

UK_TEST(ctx, a_new_flow_begins_with_the_abi_s_control_words)
{
	const uint32_t odd = X86_MXCSR | 0x2000, usual = X86_MXCSR;

	begin(look);
	__asm__ volatile("ldmxcsr %0" : : "m"(odd));
	visit(ukarch_ctx_switch);
	__asm__ volatile("ldmxcsr %0" : : "m"(usual));
	UK_EXPECT_EQ(mxcsr_there, X86_MXCSR);
}
