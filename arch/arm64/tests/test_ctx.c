/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Switches between this flow of control and one of the case's own, each with
 * its stacks. What is printed, is printed by this one.
 */
#include "../trap_priv.h"

#include <uk/arch/cpu.h>
#include <uk/arch/ctx.h>
#include <uk/arch/percpu.h>
#include <uk/arch/regs.h>
#include <uk/bits/arch/stack.h>
#include <uk/essentials.h>
#include <uk/test.h>

#include "probe.h"

#define INSN		4
#define STACK_SIZE	4096

static char other_stack[STACK_SIZE] UK_ALIGNED(UKARCH_SP_ALIGN);

/* The first half is its guard, which is mapped here. */
static char other_traps[UKARCH_TRAP_STACK_ALIGN]
	UK_ALIGNED(UKARCH_TRAP_STACK_ALIGN);

#define OTHER_TRAP_TOP	((uintptr_t)other_traps + sizeof(other_traps))

static struct {
	struct uk_current *main;	/* the head of the flow that tests */
	struct uk_current other;
	struct ukarch_ctx main_ctx;
	struct ukarch_ctx other_ctx;
	unsigned long irqs;

	void (*on_trap)(struct uk_trap *trap);
	uintptr_t main_frame;		/* of the last trap of each */
	uintptr_t other_frame;

	unsigned int steps;		/* of the other flow */
	uint64_t out[PROBE_KEPT];	/* what it found */
	void *a, *b;
	uintptr_t fp, link, sp, daif;
} flow;

static enum uk_event_result on_debug(void *data)
{
	struct uk_trap *const trap = data;

	if (!flow.on_trap)
		return UK_EVENT_NOT_HANDLED;
	if (ukarch_current() == &flow.other)
		flow.other_frame = (uintptr_t)trap->regs;
	else
		flow.main_frame = (uintptr_t)trap->regs;
	flow.on_trap(trap);
	trap->regs->pc += INSN;
	return UK_EVENT_HANDLED;
}
UK_EVENT_HANDLER_PRIO(ukarch_trap_debug, on_debug, UK_EVENT_PRIO_FIRST);

static void nothing(struct uk_trap *trap UK_UNUSED)
{
}

static void trap(void)
{
	__asm__ volatile("brk #0" : : : "memory");
}

/* Make the other flow, which begins with @fn. Interrupts are off until end. */
static void begin(void (*fn)(void *a, void *b), void *a, void *b)
{
	flow.irqs = ukarch_irq_save();
	flow.main = ukarch_current();
	flow.on_trap = nothing;
	flow.steps = 0;
	flow.main_frame = flow.other_frame = 0;
	flow.other = (struct uk_current){
		.name = "other",
		.trap_stack_top = OTHER_TRAP_TOP,
	};
	ukarch_ctx_init(&flow.other_ctx,
			(uintptr_t)other_stack + sizeof(other_stack), fn, a,
			b);
}

static void end(void)
{
	flow.on_trap = NULL;
	ukarch_irq_restore(flow.irqs);
}

static void go_other(void)
{
	ukarch_current_set(&flow.other);
	ukarch_ctx_switch(&flow.main_ctx, &flow.other_ctx);
}

static void go_main(void)
{
	ukarch_current_set(flow.main);
	ukarch_ctx_switch(&flow.other_ctx, &flow.main_ctx);
}

static void fill(uint64_t *val, size_t n, uint64_t seed)
{
	for (size_t i = 0; i < n; i++)
		val[i] = seed * (i + 1);
}

static void look_around(void *a, void *b)
{
	const uintptr_t *const frame = __builtin_frame_address(0);

	flow.a = a;
	flow.b = b;
	flow.fp = frame[0];
	flow.link = frame[1];
	flow.sp = (uintptr_t)frame;
	__asm__ volatile("mrs %0, daif" : "=r"(flow.daif));
	for (;;)
		go_main();
}

UK_TEST(ctx, a_flow_begins_with_its_function_and_arguments)
{
	int x, y;

	begin(look_around, &x, &y);
	go_other();
	end();
	UK_EXPECT_EQ(flow.a, &x);
	UK_EXPECT_EQ(flow.b, &y);
	/* Traces end here; the stack is its own, and aligned. */
	UK_EXPECT_EQ(flow.fp, 0);
	UK_EXPECT_EQ(flow.link, 0);
	UK_EXPECT(flow.sp > (uintptr_t)other_stack);
	UK_EXPECT(flow.sp < (uintptr_t)other_stack + sizeof(other_stack));
	UK_EXPECT_EQ(flow.sp % UKARCH_SP_ALIGN, 0);
	/* Interrupts are off, SError is not masked. */
	UK_EXPECT_EQ(flow.daif & 0x1c0, 0xc0);
}

static void ping(void *a UK_UNUSED, void *b UK_UNUSED)
{
	uint64_t in[PROBE_KEPT];

	for (;;) {
		fill(in, PROBE_KEPT, UINT64_C(0x0101010101010101));
		flow.steps++;
		ukarch_current_set(flow.main);
		probe_switch(&flow.other_ctx, &flow.main_ctx, in, flow.out);
	}
}

UK_TEST(ctx, both_sides_of_a_switch_keep_their_registers)
{
	uint64_t in[PROBE_KEPT], out[PROBE_KEPT], others[PROBE_KEPT];

	fill(in, PROBE_KEPT, UINT64_C(0x0f0e0d0c0b0a0908));
	fill(others, PROBE_KEPT, UINT64_C(0x0101010101010101));
	begin(ping, NULL, NULL);
	for (unsigned int i = 0; i < 3; i++) {
		ukarch_current_set(&flow.other);
		probe_switch(&flow.main_ctx, &flow.other_ctx, in, out);
		UK_EXPECT_MEM_EQ(out, in, sizeof(in));
	}
	end();
	UK_EXPECT_EQ(flow.steps, 3);
	UK_EXPECT_MEM_EQ(flow.out, others, sizeof(others));
}

static void trap_each_time(void *a UK_UNUSED, void *b UK_UNUSED)
{
	for (;;) {
		trap();
		go_main();
	}
}

UK_TEST(ctx, each_flow_takes_its_traps_on_its_own_stack)
{
	begin(trap_each_time, NULL, NULL);
	for (unsigned int i = 0; i < 3; i++) {
		flow.main_frame = flow.other_frame = 0;
		trap();
		go_other();
		UK_EXPECT_EQ(flow.main_frame, flow.main->trap_stack_top -
			     UKARCH_REGS_SIZE);
		UK_EXPECT_EQ(flow.other_frame, OTHER_TRAP_TOP -
			     UKARCH_REGS_SIZE);
	}
	end();
}

/* In a trap of the main flow: the other one goes on, traps, and comes back. */
static void leave_once(struct uk_trap *t UK_UNUSED)
{
	flow.on_trap = nothing;
	go_other();
}

UK_TEST(ctx, a_flow_left_in_the_middle_of_a_trap_goes_on_there)
{
	uint64_t in[PROBE_REGS], out[PROBE_REGS];

	fill(in, PROBE_REGS, UINT64_C(0x0203040506070809));
	in[PROBE_REGS - 1] = UINT64_C(0x50000000);
	begin(trap_each_time, NULL, NULL);
	for (unsigned int i = 0; i < 2; i++) {
		flow.on_trap = leave_once;
		probe_brk(in, out);
		UK_EXPECT_MEM_EQ(out, in, sizeof(in));
		UK_EXPECT_EQ(flow.other_frame, OTHER_TRAP_TOP -
			     UKARCH_REGS_SIZE);
		/* Its whole trap stack is free again. */
		flow.main_frame = 0;
		trap();
		UK_EXPECT_EQ(flow.main_frame, flow.main->trap_stack_top -
			     UKARCH_REGS_SIZE);
	}
	end();
}

/* Both are in traps: each is left there, and gone on with there. */
static void leave_always(struct uk_trap *t UK_UNUSED)
{
	if (ukarch_current() == &flow.other)
		go_main();
	else
		go_other();
}

static void probe_for_ever(void *in, void *out)
{
	for (;;) {
		probe_brk(in, out);
		flow.steps++;
	}
}

UK_TEST(ctx, two_flows_are_left_in_traps_and_go_on_in_turn)
{
	uint64_t in[PROBE_REGS], out[PROBE_REGS];
	uint64_t others[PROBE_REGS], found[PROBE_REGS] = { 0 };

	fill(in, PROBE_REGS, UINT64_C(0x0706050403020101));
	in[PROBE_REGS - 1] = UINT64_C(0xa0000000);
	fill(others, PROBE_REGS, UINT64_C(0x0102010201020103));
	others[PROBE_REGS - 1] = UINT64_C(0x40000000);
	begin(probe_for_ever, others, found);
	flow.on_trap = leave_always;
	for (unsigned int i = 0; i < 4; i++) {
		probe_brk(in, out);
		UK_EXPECT_MEM_EQ(out, in, sizeof(in));
	}
	end();
	UK_EXPECT_EQ(flow.steps, 3);
	UK_EXPECT_MEM_EQ(found, others, sizeof(others));
}

static void trap_again(struct uk_trap *t UK_UNUSED)
{
	trap();
}

static void overflow_traps(void *a UK_UNUSED, void *b UK_UNUSED)
{
	flow.on_trap = trap_again;
	trap();
}

static void overflow(void *arg UK_UNUSED)
{
	begin(overflow_traps, NULL, NULL);
	go_other();
}

UK_TEST(ctx, an_overflow_is_told_on_the_flows_own_trap_stack)
{
	const struct ukarch_regs *const last = (const struct ukarch_regs *)
		(OTHER_TRAP_TOP - UKARCH_REGS_SIZE);
	struct uk_current *const cur = ukarch_current();

	UK_EXPECT_CRASH(overflow, NULL);
	ukarch_current_set(cur);
	end();
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "stack overflow: in a trap handler");
	/* The stack was used up when its top was used again. */
	UK_EXPECT(last->sp > (uintptr_t)other_traps);
	UK_EXPECT(last->sp < OTHER_TRAP_TOP - UKARCH_TRAP_STACK_SIZE +
			     2 * UKARCH_REGS_SIZE);
}

#define NOWHERE		UINT64_C(0x40000000)

static void read_below(void *top)
{
	const uintptr_t guard = NOWHERE - UKARCH_TRAP_GUARD_SIZE;

	flow.other.trap_stack_top = (uintptr_t)top;
	ukarch_current_set(&flow.other);
	(void)*(volatile char *)guard;
}

UK_TEST(ctx, the_memory_below_the_current_trap_stack_is_its_guard)
{
	struct uk_current *const cur = ukarch_current();
	const uintptr_t top = NOWHERE + UKARCH_TRAP_STACK_SIZE;

	UK_EXPECT_CRASH(read_below, (void *)top);
	ukarch_current_set(cur);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "stack overflow: the page below a stack was accessed");
	UK_EXPECT_CRASH(read_below, (void *)(top + UKARCH_PAGE_SIZE));
	ukarch_current_set(cur);
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "page fault: read of unmapped memory");
}

/* Q8 to Q15, of which a call keeps the lower half. */
static bool same_kept(const struct probe_fpsimd *x,
		      const struct probe_fpsimd *y)
{
	for (unsigned int n = 8; n < 16; n++)
		if (x->q[n][0] != y->q[n][0])
			return false;
	return x->fpcr == y->fpcr;
}

#define FPCR_RN		0		/* round to nearest */
#define FPCR_RZ		(3u << 22)	/* towards zero */
#define FPCR_FZ		(1u << 24)
#define FPSR_IOC	1u
#define FPSR_QC		(1u << 27)

static void fill_fpsimd(struct probe_fpsimd *st, uint64_t seed,
			uint64_t fpcr, uint64_t fpsr)
{
	fill(&st->q[0][0], sizeof(st->q) / sizeof(st->q[0][0]), seed);
	st->fpcr = fpcr;
	st->fpsr = fpsr;
}

static void spoil(void *st, void *found)
{
	for (;;) {
		fpsimd_probe_load(st);
		ukarch_current_set(flow.main);
		ukarch_ctx_switch_fp(&flow.other_ctx, &flow.main_ctx);
		fpsimd_probe_store(found);
	}
}

UK_TEST(ctx, a_switch_of_programs_keeps_d8_to_d15_and_fpcr)
{
	static struct probe_fpsimd before, in, out, others, found;

	fpsimd_probe_store(&before);
	fill_fpsimd(&in, UINT64_C(0x1234123412341235), FPCR_RZ, 0);
	fill_fpsimd(&others, UINT64_C(0x0abc0abc0abc0abd), FPCR_FZ, 0);
	begin(spoil, &others, &found);
	for (unsigned int i = 0; i < 2; i++) {
		fpsimd_probe_load(&in);
		ukarch_current_set(&flow.other);
		ukarch_ctx_switch_fp(&flow.main_ctx, &flow.other_ctx);
		fpsimd_probe_store(&out);
		UK_EXPECT(same_kept(&out, &in));
	}
	end();
	UK_EXPECT(same_kept(&found, &others));
	fpsimd_probe_load(&before);
}

static void look_at_fpsimd(void *found, void *b UK_UNUSED)
{
	fpsimd_probe_store(found);
	for (;;)
		go_main();
}

UK_TEST(ctx, a_flow_begins_with_the_fpcr_of_a_program)
{
	static struct probe_fpsimd before, in, found;

	fpsimd_probe_store(&before);
	fill_fpsimd(&in, 1, FPCR_RZ | FPCR_FZ, 0);
	begin(look_at_fpsimd, &found, NULL);
	fpsimd_probe_load(&in);
	go_other();
	fpsimd_probe_load(&before);
	end();
	UK_EXPECT_EQ(found.fpcr, FPCR_RN);
}

UK_TEST(ctx, saved_fp_and_simd_state_comes_back_whole)
{
	static char area[1024] UK_ALIGNED(UKARCH_ECTX_ALIGN);
	static struct probe_fpsimd before, in, out;
	const size_t size = ukarch_ectx_size();

	if (!UK_EXPECT_LT(size, sizeof(area)))
		return;
	area[size] = 0x55;
	fpsimd_probe_store(&before);
	fill_fpsimd(&in, UINT64_C(0x2222111133334445), FPCR_RZ | FPCR_FZ,
		    FPSR_IOC | FPSR_QC);
	fpsimd_probe_load(&in);
	ukarch_ectx_save(area);
	fill_fpsimd(&out, 5, FPCR_RN, 0);
	fpsimd_probe_load(&out);
	ukarch_ectx_restore(area);
	fpsimd_probe_store(&out);
	fpsimd_probe_load(&before);
	UK_EXPECT_MEM_EQ(&out, &in, sizeof(in));
	UK_EXPECT_EQ(area[size], 0x55);
}

UK_TEST(ctx, a_program_begins_with_fp_and_simd_state_of_zeros)
{
	static char area[1024] UK_ALIGNED(UKARCH_ECTX_ALIGN);
	static struct probe_fpsimd before, out, zero;
	const size_t size = ukarch_ectx_size();

	if (!UK_EXPECT_LT(size, sizeof(area)))
		return;
	for (size_t i = 0; i < sizeof(area); i++)
		area[i] = 0x55;
	ukarch_ectx_init(area);
	UK_EXPECT_EQ(area[size], 0x55);
	fpsimd_probe_store(&before);
	ukarch_ectx_restore(area);
	fpsimd_probe_store(&out);
	fpsimd_probe_load(&before);
	UK_EXPECT_MEM_EQ(&out, &zero, sizeof(zero));
}
