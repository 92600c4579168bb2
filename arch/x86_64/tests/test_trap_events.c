/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Traps that somebody handles: code goes on, with the registers the handler
 * leaves. The handlers here pass on whatever no case asked for.
 */
#include "../x86_priv.h"

#include <uk/arch/cpu.h>
#include <uk/arch/ctx.h>
#include <uk/arch/percpu.h>
#include <uk/arch/regs.h>
#include <uk/arch/trap.h>
#include <uk/test.h>

/* What the next trap is expected to be, and what came. */
static struct {
	bool armed;
	unsigned int skip;	/* bytes of the instruction to go past */
	unsigned int seen;
	uint64_t vector;
	struct uk_trap trap;
	uintptr_t frame;	/* where the registers were */
	void (*in_handler)(void);
} want;

static enum uk_event_result on_trap(void *data)
{
	struct uk_trap *const trap = data;
	void (*const in_handler)(void) = want.in_handler;

	if (!want.armed)
		return UK_EVENT_NOT_HANDLED;

	want.seen++;
	want.vector = trap->regs->vector;
	want.trap = *trap;
	want.frame = (uintptr_t)trap->regs;
	if (in_handler) {
		want.in_handler = NULL;
		in_handler();
	}
	trap->regs->rip += want.skip;
	return UK_EVENT_HANDLED;
}

UK_EVENT_HANDLER_PRIO(ukarch_trap_invalid_op, on_trap, 0);
UK_EVENT_HANDLER_PRIO(ukarch_trap_debug, on_trap, 0);
UK_EVENT_HANDLER_PRIO(ukarch_trap_page_fault, on_trap, 0);
UK_EVENT_HANDLER_PRIO(ukarch_trap_math, on_trap, 0);
UK_EVENT_HANDLER_PRIO(ukarch_trap_x86_gp, on_trap, 0);
UK_EVENT_HANDLER_PRIO(ukarch_trap_bus_error, on_trap, 0);
UK_EVENT_HANDLER_PRIO(ukarch_trap_nmi, on_trap, 0);

static void arm(unsigned int skip)
{
	want.armed = true;
	want.skip = skip;
	want.seen = 0;
	want.in_handler = NULL;
}

static void disarm(void)
{
	want.armed = false;
}

static void undefined(void)
{
	__asm__ volatile("ud2" : : : "memory");
}

UK_TEST(trap_events, an_invalid_instruction_can_be_stepped_over)
{
	arm(2);
	undefined();
	disarm();
	UK_EXPECT_EQ(want.seen, 1);
	UK_EXPECT_EQ(want.vector, 6);
}

UK_TEST(trap_events, a_breakpoint_goes_on_behind_it)
{
	arm(0);
	__asm__ volatile("int3" : : : "memory");
	disarm();
	UK_EXPECT_EQ(want.seen, 1);
	UK_EXPECT_EQ(want.vector, 3);
}

/* RFLAGS.TF: a trap after the next instruction. */
UK_TEST(trap_events, a_single_step_is_a_debug_event)
{
	arm(0);
	__asm__ volatile("pushfq\n\t"
			 "orq $0x100, (%%rsp)\n\t"
			 "popfq\n\t"
			 "pushfq\n\t"
			 "andq $~0x100, (%%rsp)\n\t"
			 "popfq" : : : "memory", "cc");
	disarm();
	UK_EXPECT_GE(want.seen, 1);
	UK_EXPECT_EQ(want.vector, 1);
}

UK_TEST(trap_events, a_division_by_zero_is_a_math_event)
{
	uint32_t quotient = 7;

	arm(2);
	/* div %ecx: two bytes. */
	__asm__ volatile("divl %%ecx"
			 : "+a"(quotient) : "c"(0), "d"(0) : "memory");
	disarm();
	UK_EXPECT_EQ(want.seen, 1);
	UK_EXPECT_EQ(want.vector, 0);
	UK_EXPECT_EQ(quotient, 7);
}

/* SDM volume 1, 8.7: FWAIT reports an unmasked exception, trap 16. */
UK_TEST(trap_events, an_unmasked_x87_exception_is_a_math_event)
{
	const uint16_t fcw = X86_FCW & ~0x4;	/* division by zero */

	arm(1);
	__asm__ volatile("fldcw %0\n\t"
			 "fld1\n\tfldz\n\tfdivrp\n\t"
			 "fwait\n\t"
			 "fnclex\n\tfninit" : : "m"(fcw) : "memory");
	disarm();
	UK_EXPECT_EQ(want.seen, 1);
	UK_EXPECT_EQ(want.vector, 16);
}

static uint64_t read_from(uintptr_t addr)
{
	uint64_t val;

	/* 3 bytes, whatever the compiler thinks of the address. */
	__asm__ volatile("movq (%%rcx), %%rax"
			 : "=a"(val) : "c"(addr), "0"(42UL) : "memory");
	return val;
}

UK_TEST(trap_events, a_page_fault_tells_the_address_and_the_access)
{
	const uintptr_t addr = 0x123456789000 + 8;

	arm(3);
	UK_EXPECT_EQ(read_from(addr), 42);
	UK_EXPECT_EQ(want.seen, 1);
	UK_EXPECT(want.trap.has_addr);
	UK_EXPECT_EQ(want.trap.addr, addr);
	UK_EXPECT_EQ(want.trap.access, UK_TRAP_READ);
	UK_EXPECT(!want.trap.mapped);

	/* movb %al, (%rcx): 2 bytes. */
	arm(2);
	__asm__ volatile("movb %%al, (%%rcx)"
			 : : "c"(uk_test_run_all), "a"(0) : "memory");
	disarm();
	UK_EXPECT_EQ(want.seen, 1);
	UK_EXPECT_EQ(want.trap.addr, (uintptr_t)uk_test_run_all);
	UK_EXPECT_EQ(want.trap.access, UK_TRAP_WRITE);
	UK_EXPECT(want.trap.mapped);
}

/* Execution of data: the handler returns to the caller instead. */
static void return_to_caller(void)
{
	want.trap.regs->rip = *(uint64_t *)want.trap.regs->rsp;
	want.trap.regs->rsp += 8;
}

UK_TEST(trap_events, a_jump_into_data_tells_so)
{
	static uint64_t data = 0xc3;

	arm(0);
	want.in_handler = return_to_caller;
	__asm__ volatile("call *%0" : : "r"(&data) : "memory");
	disarm();
	UK_EXPECT_EQ(want.seen, 1);
	UK_EXPECT_EQ(want.trap.addr, (uintptr_t)&data);
	UK_EXPECT_EQ(want.trap.access, UK_TRAP_EXEC);
}

UK_TEST(trap_events, an_address_between_the_halves_is_a_gp_event)
{
	arm(3);
	UK_EXPECT_EQ(read_from(UINT64_C(0x1234567800000000)), 42);
	disarm();
	UK_EXPECT_EQ(want.seen, 1);
	UK_EXPECT(!want.trap.has_addr);
	UK_EXPECT_EQ(want.vector, X86_TRAP_GP);
}

static bool on_trap_stack(uintptr_t addr)
{
	return ukarch_current()->trap_stack_top - addr <=
	       UKARCH_TRAP_STACK_SIZE;
}

/* The second trap's frame, while the first one is being handled. */
static uintptr_t inner_frame;

static void trap_again(void)
{
	const struct uk_trap outer = want.trap;
	const unsigned int skip = want.skip;

	want.skip = 2;
	undefined();
	inner_frame = want.frame;
	want.trap = outer;
	want.skip = skip;
}

UK_TEST(trap_events, a_trap_in_a_handler_goes_on_below_it)
{
	uintptr_t outer;

	arm(3);
	want.in_handler = trap_again;
	UK_EXPECT_EQ(read_from(0x1000), 42);
	disarm();
	outer = (uintptr_t)want.trap.regs;
	UK_EXPECT_EQ(want.seen, 2);
	UK_EXPECT(on_trap_stack(outer));
	UK_EXPECT(on_trap_stack(inner_frame));
	UK_EXPECT_LT(inner_frame, outer);
}

static void use_up_stack(void)
{
	disarm();
	__asm__ volatile("1: pushq %rax\n\tjmp 1b");
}

static void use_up_trap_stack(void *arg UK_UNUSED)
{
	arm(2);
	want.in_handler = use_up_stack;
	undefined();
}

/* Interrupts are handled on it too. */
UK_TEST(trap_events, a_trap_stack_that_is_used_up_is_told)
{
	UK_EXPECT_CRASH(use_up_trap_stack, NULL);
	disarm();
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "stack overflow: the page below a stack was accessed");
}

/*
 * Every register but rsp holds a pattern across a trap; so does the red zone,
 * the 128 bytes below rsp that a program may use.
 */
UK_TEST(trap_events, a_handled_trap_changes_no_register_and_no_red_zone)
{
	uint64_t bad;

	arm(2);
	__asm__ volatile(
		"pushq %%rbp\n\t"
		"pushq %%rbx\n\t"
		"movq $0x11111111, %%rax\n\t"
		"movq $0x22222222, %%rbx\n\t"
		"movq $0x33333333, %%rcx\n\t"
		"movq $0x44444444, %%rdx\n\t"
		"movq $0x55555555, %%rsi\n\t"
		"movq $0x66666666, %%rdi\n\t"
		"movq $0x77777777, %%rbp\n\t"
		"movq $0x08888888, %%r8\n\t"
		"movq $0x09999999, %%r9\n\t"
		"movq $0x0aaaaaaa, %%r10\n\t"
		"movq $0x0bbbbbbb, %%r11\n\t"
		"movq $0x0ccccccc, %%r12\n\t"
		"movq $0x0ddddddd, %%r13\n\t"
		"movq $0x0eeeeeee, %%r14\n\t"
		"movq $0x0fffffff, %%r15\n\t"
		"movq %%r15, -8(%%rsp)\n\t"
		"movq %%r14, -128(%%rsp)\n\t"
		"ud2\n\t"
		"subq -8(%%rsp), %%r15\n\t"
		"subq -128(%%rsp), %%r14\n\t"
		"subq $0x11111111, %%rax\n\t"
		"subq $0x22222222, %%rbx\n\t"
		"subq $0x33333333, %%rcx\n\t"
		"subq $0x44444444, %%rdx\n\t"
		"subq $0x55555555, %%rsi\n\t"
		"subq $0x66666666, %%rdi\n\t"
		"subq $0x77777777, %%rbp\n\t"
		"subq $0x08888888, %%r8\n\t"
		"subq $0x09999999, %%r9\n\t"
		"subq $0x0aaaaaaa, %%r10\n\t"
		"subq $0x0bbbbbbb, %%r11\n\t"
		"subq $0x0ccccccc, %%r12\n\t"
		"subq $0x0ddddddd, %%r13\n\t"
		"orq %%rbx, %%rax\n\torq %%rcx, %%rax\n\t"
		"orq %%rdx, %%rax\n\torq %%rsi, %%rax\n\t"
		"orq %%rdi, %%rax\n\torq %%rbp, %%rax\n\t"
		"orq %%r8, %%rax\n\torq %%r9, %%rax\n\t"
		"orq %%r10, %%rax\n\torq %%r11, %%rax\n\t"
		"orq %%r12, %%rax\n\torq %%r13, %%rax\n\t"
		"orq %%r14, %%rax\n\torq %%r15, %%rax\n\t"
		"popq %%rbx\n\t"
		"popq %%rbp"
		: "=a"(bad) : : "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10",
		  "r11", "r12", "r13", "r14", "r15", "memory", "cc");
	disarm();
	UK_EXPECT_EQ(want.seen, 1);
	UK_EXPECT_EQ(bad, 0);
}

static void set_rax(void)
{
	want.trap.regs->rax = 0x5eed;
	want.trap.regs->rip += 2;
}

UK_TEST(trap_events, a_handler_may_change_registers)
{
	uint64_t rax = 1;

	arm(0);
	want.in_handler = set_rax;
	__asm__ volatile("ud2" : "+a"(rax) : : "memory");
	disarm();
	UK_EXPECT_EQ(rax, 0x5eed);
}

/* By software, with the vector's own gate and stack. */
UK_TEST(trap_events, an_nmi_runs_on_a_stack_of_its_own)
{
	arm(0);
	__asm__ volatile("int $2" : : : "memory");
	disarm();
	UK_EXPECT_EQ(want.seen, 1);
	UK_EXPECT_EQ(want.vector, X86_TRAP_NMI);
	UK_EXPECT_GE(want.frame, (uintptr_t)x86_nmi_stack);
	UK_EXPECT_LT(want.frame, (uintptr_t)x86_nmi_stack_top);
}

/* By software too: emulators do not raise the first, nobody the second. */
UK_TEST(trap_events, simd_exceptions_and_machine_checks_are_events)
{
	arm(0);
	__asm__ volatile("int $19" : : : "memory");
	UK_EXPECT_EQ(want.seen, 1);
	UK_EXPECT_EQ(want.vector, 19);
	__asm__ volatile("int $18" : : : "memory");
	disarm();
	UK_EXPECT_EQ(want.seen, 2);
	UK_EXPECT_EQ(want.vector, X86_TRAP_MC);
	UK_EXPECT_GE(want.frame, (uintptr_t)x86_mc_stack);
	UK_EXPECT_LT(want.frame, (uintptr_t)x86_mc_stack_top);
}

static void nmi_again(void)
{
	const struct uk_trap outer = want.trap;
	const unsigned int skip = want.skip;

	want.skip = 0;
	__asm__ volatile("int $2" : : : "memory");
	inner_frame = want.frame;
	want.trap = outer;
	want.skip = skip;
}

UK_TEST(trap_events, an_nmi_in_a_handler_comes_and_the_handler_goes_on)
{
	arm(3);
	want.in_handler = nmi_again;
	UK_EXPECT_EQ(read_from(0x1000), 42);
	disarm();
	UK_EXPECT_EQ(want.seen, 2);
	UK_EXPECT(on_trap_stack((uintptr_t)want.trap.regs));
	UK_EXPECT_GE(inner_frame, (uintptr_t)x86_nmi_stack);
	UK_EXPECT_LT(inner_frame, (uintptr_t)x86_nmi_stack_top);
}

UK_TEST(trap_events, a_trap_leaves_interrupts_as_they_were)
{
	const bool before = ukarch_irq_enabled();

	arm(2);
	undefined();
	disarm();
	UK_EXPECT_EQ(ukarch_irq_enabled(), before);
}
