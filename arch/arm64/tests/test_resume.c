/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Traps that a handler takes: each case says what is done about the next one
 * and then makes it. While none does, the handlers here take nothing.
 */
#include "../trap_priv.h"

#include <uk/arch/cpu.h>
#include <uk/arch/percpu.h>
#include <uk/arch/regs.h>
#include <uk/bits/arch/stack.h>
#include <uk/sections.h>
#include <uk/test.h>

#include "probe.h"

#define INSN	4	/* bytes of an instruction */

static struct {
	void (*fix)(struct uk_trap *trap);	/* NULL: not ours */
	const char *event;
	struct uk_trap trap;
	unsigned int count;
	bool irqs;		/* were on in the handler */
} watch;

static enum uk_event_result handle(const char *event, struct uk_trap *trap)
{
	if (!watch.fix)
		return UK_EVENT_NOT_HANDLED;
	watch.event = event;
	watch.trap = *trap;
	watch.count++;
	watch.irqs = ukarch_irq_enabled();
	watch.fix(trap);
	return UK_EVENT_HANDLED;
}

#define WATCH(name)							\
	static enum uk_event_result on_##name(void *data)		\
	{								\
		return handle(#name, data);				\
	}								\
	UK_EVENT_HANDLER_PRIO(ukarch_trap_##name, on_##name,		\
			      UK_EVENT_PRIO_FIRST)

WATCH(invalid_op);
WATCH(debug);
WATCH(page_fault);
WATCH(bus_error);

static void begin(void (*fix)(struct uk_trap *trap))
{
	watch.count = 0;
	watch.event = "";
	watch.fix = fix;
}

static void end(void)
{
	watch.fix = NULL;
}

static void skip(struct uk_trap *trap)
{
	trap->regs->pc += INSN;
}

/* The fault was a call: go back to who called. */
static void go_back(struct uk_trap *trap)
{
	trap->regs->pc = trap->regs->x[30];
}

UK_TEST(resume, code_goes_on_behind_an_invalid_instruction)
{
	begin(skip);
	__asm__ volatile(".inst 0" : : : "memory");
	end();
	UK_EXPECT_EQ(watch.count, 1);
	UK_EXPECT_STR_EQ(watch.event, "invalid_op");
	UK_EXPECT(!watch.trap.has_addr);
}

UK_TEST(resume, an_sve_instruction_is_invalid)
{
	begin(skip);
	__asm__ volatile(".inst 0x04bf5020" : : : "x0", "memory"); /* RDVL */
	end();
	UK_EXPECT_EQ(watch.count, 1);
	UK_EXPECT_STR_EQ(watch.event, "invalid_op");
}

UK_TEST(resume, code_goes_on_behind_a_breakpoint)
{
	begin(skip);
	__asm__ volatile("brk #7" : : : "memory");
	end();
	UK_EXPECT_EQ(watch.count, 1);
	UK_EXPECT_STR_EQ(watch.event, "debug");
}

static uint64_t datum;

/* The faulting accesses below have their address in x0. */
static void redirect(struct uk_trap *trap)
{
	trap->regs->x[0] = (uintptr_t)&datum;
}

static void supply(struct uk_trap *trap)
{
	trap->regs->x[1] = 0x4242;
	trap->regs->pc += INSN;
}

static uint64_t load(uintptr_t addr)
{
	register uintptr_t x0 __asm__("x0") = addr;
	register uint64_t x1 __asm__("x1");

	__asm__ volatile("ldr x1, [x0]" : "+r"(x0), "=r"(x1) : : "memory");
	return x1;
}

static void store(uintptr_t addr, uint64_t val)
{
	register uintptr_t x0 __asm__("x0") = addr;
	register uint64_t x1 __asm__("x1") = val;

	__asm__ volatile("str x1, [x0]" : "+r"(x0) : "r"(x1) : "memory");
}

UK_TEST(resume, a_read_fault_can_be_answered_or_tried_again)
{
	begin(supply);
	UK_EXPECT_EQ(load(0x1238), 0x4242);
	UK_EXPECT_STR_EQ(watch.event, "page_fault");
	UK_EXPECT(watch.trap.has_addr);
	UK_EXPECT_EQ(watch.trap.addr, 0x1238);
	UK_EXPECT_EQ(watch.trap.access, UK_TRAP_READ);
	UK_EXPECT(!watch.trap.mapped);

	datum = 0x77;
	begin(redirect);
	UK_EXPECT_EQ(load(0x40000000), 0x77);
	end();
	UK_EXPECT_EQ(watch.count, 1);
}

UK_TEST(resume, a_write_fault_tells_a_hole_from_rights)
{
	begin(redirect);
	store(0x1000, 0x51);
	UK_EXPECT_EQ(datum, 0x51);
	UK_EXPECT_EQ(watch.trap.access, UK_TRAP_WRITE);
	UK_EXPECT(!watch.trap.mapped);

	store((uintptr_t)_rodata, 0x52);
	end();
	UK_EXPECT_EQ(watch.count, 2);
	UK_EXPECT_EQ(datum, 0x52);
	UK_EXPECT_EQ(watch.trap.addr, (uintptr_t)_rodata);
	UK_EXPECT_EQ(watch.trap.access, UK_TRAP_WRITE);
	UK_EXPECT(watch.trap.mapped);
}

static void call(uintptr_t addr)
{
	((void (*)(void))addr)();
}

UK_TEST(resume, a_jump_to_nowhere_or_to_data_comes_back)
{
	begin(go_back);
	call(0);
	UK_EXPECT_STR_EQ(watch.event, "page_fault");
	UK_EXPECT_EQ(watch.trap.access, UK_TRAP_EXEC);
	UK_EXPECT(!watch.trap.mapped);
	UK_EXPECT_EQ(watch.trap.addr, 0);

	call((uintptr_t)&datum);
	end();
	UK_EXPECT_EQ(watch.count, 2);
	UK_EXPECT_EQ(watch.trap.access, UK_TRAP_EXEC);
	UK_EXPECT(watch.trap.mapped);
	UK_EXPECT_EQ(watch.trap.addr, (uintptr_t)&datum);
}

UK_TEST(resume, a_misaligned_program_counter_is_a_bus_error)
{
	begin(go_back);
	call((uintptr_t)_text + 2);
	end();
	UK_EXPECT_EQ(watch.count, 1);
	UK_EXPECT_STR_EQ(watch.event, "bus_error");
	UK_EXPECT_EQ(watch.trap.addr, (uintptr_t)_text + 2);
}

static uint64_t load_exclusive(uintptr_t addr)
{
	register uintptr_t x0 __asm__("x0") = addr;
	register uint64_t x1 __asm__("x1");

	__asm__ volatile("ldxr x1, [x0]\n\tclrex"
			 : "+r"(x0), "=r"(x1) : : "memory");
	return x1;
}

UK_TEST(resume, a_misaligned_exclusive_access_is_a_bus_error)
{
	static uint64_t line[4] UK_ALIGNED(16);
	/* Across 16 bytes, which no extension allows. */
	const uintptr_t addr = (uintptr_t)line + 12;

	datum = 0x99;
	begin(redirect);
	UK_EXPECT_EQ(load_exclusive(addr), 0x99);
	end();
	UK_EXPECT_EQ(watch.count, 1);
	UK_EXPECT_STR_EQ(watch.event, "bus_error");
	UK_EXPECT_EQ(watch.trap.addr, addr);
}

static void fill(uint64_t *regs, uint64_t seed)
{
	for (uint64_t i = 0; i < PROBE_REGS - 1; i++)
		regs[i] = seed * (i + 1);
	regs[PROBE_REGS - 1] = UINT64_C(0x60000000);
}

UK_TEST(resume, every_register_survives_a_trap)
{
	uint64_t in[PROBE_REGS], out[PROBE_REGS] = { 0 };

	fill(in, UINT64_C(0x0102030405060709));
	begin(skip);
	probe_brk(in, out);
	end();
	UK_EXPECT_MEM_EQ(out, in, sizeof(in));
	UK_EXPECT_EQ(watch.count, 1);
}

static uint64_t changed[PROBE_REGS];

static void change_all(struct uk_trap *trap)
{
	struct ukarch_regs *const regs = trap->regs;

	for (unsigned int i = 0; i < PROBE_REGS - 1; i++)
		regs->x[i] = changed[i];
	regs->pstate &= ~UINT64_C(0xf0000000);
	regs->pstate |= changed[PROBE_REGS - 1];
	regs->pc += INSN;
}

UK_TEST(resume, a_handler_changes_every_register)
{
	uint64_t in[PROBE_REGS], out[PROBE_REGS] = { 0 };

	fill(in, 3);
	fill(changed, UINT64_C(0x1010101010101011));
	changed[PROBE_REGS - 1] = UINT64_C(0x90000000);
	begin(change_all);
	probe_brk(in, out);
	end();
	UK_EXPECT_MEM_EQ(out, changed, sizeof(changed));
}

static void move_stack(struct uk_trap *trap)
{
	trap->regs->sp -= 64;
	trap->regs->pc += INSN;
}

UK_TEST(resume, a_handler_changes_the_stack_pointer)
{
	uintptr_t before, after;

	begin(move_stack);
	__asm__ volatile("mov %0, sp\n\tbrk #0\n\tmov %1, sp\n\tmov sp, %0"
			 : "=&r"(before), "=&r"(after) : : "memory");
	end();
	UK_EXPECT_EQ(after, before - 64);
}

static void mask_irqs(struct uk_trap *trap)
{
	trap->regs->pstate |= UKARCH_DAIF_I;
	trap->regs->pc += INSN;
}

static void unmask_irqs(struct uk_trap *trap)
{
	trap->regs->pstate &= ~UKARCH_DAIF_I;
	trap->regs->pc += INSN;
}

UK_TEST(resume, interrupts_are_off_in_a_handler_and_afterwards_as_it_says)
{
	const unsigned long state = ukarch_irq_save();

	begin(unmask_irqs);
	__asm__ volatile("brk #0" : : : "memory");
	UK_EXPECT(!watch.irqs);
	UK_EXPECT(ukarch_irq_enabled());
	begin(mask_irqs);
	__asm__ volatile("brk #0" : : : "memory");
	end();
	UK_EXPECT(!ukarch_irq_enabled());
	ukarch_irq_restore(state);
}

#define NESTED	5

static uintptr_t frames[NESTED];

static void fault_again(struct uk_trap *trap)
{
	const unsigned int depth = watch.count;

	frames[depth - 1] = (uintptr_t)trap->regs;
	if (depth < NESTED)
		__asm__ volatile("brk #0" : : : "memory");
	trap->regs->pc += INSN;
}

UK_TEST(resume, a_trap_inside_a_handler_is_handled_further_down)
{
	const uintptr_t top = ukarch_current()->trap_stack_top;
	uint64_t in[PROBE_REGS], out[PROBE_REGS] = { 0 };

	fill(in, 7);
	for (unsigned int again = 0; again < 2; again++) {
		begin(fault_again);
		probe_brk(in, out);
		end();
		UK_EXPECT_EQ(watch.count, NESTED);
		UK_EXPECT_MEM_EQ(out, in, sizeof(in));
		UK_EXPECT_EQ(frames[0], top - UKARCH_REGS_SIZE);
		for (unsigned int i = 1; i < NESTED; i++)
			UK_EXPECT_LE(frames[i], frames[i - 1] -
				     UKARCH_REGS_SIZE);
	}
}

static void fault_for_ever(struct uk_trap *trap UK_UNUSED)
{
	__asm__ volatile("brk #0" : : : "memory");
}

static void nest_for_ever(void *arg UK_UNUSED)
{
	begin(fault_for_ever);
	__asm__ volatile("brk #0" : : : "memory");
}

UK_TEST(resume, traps_that_nest_for_ever_end_as_an_overflow)
{
	UK_EXPECT_CRASH(nest_for_ever, NULL);
	end();
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "stack overflow: in a trap handler");
	UK_EXPECT_GT(watch.count, 4);
}

static bool traced;

/* Up the frame records, as a stack trace does. */
static void look_back(struct uk_trap *trap)
{
	const uint64_t *record = __builtin_frame_address(0);

	for (unsigned int i = 0; i < 8 && record != trap->regs->trace; i++)
		record = (const uint64_t *)record[0];
	traced = record == trap->regs->trace &&
		 record[0] == trap->regs->x[29] &&
		 record[1] == trap->regs->pc;
	trap->regs->pc += INSN;
}

UK_TEST(resume, a_trace_from_a_handler_finds_the_place_of_the_trap)
{
	traced = false;
	begin(look_back);
	__asm__ volatile("brk #0" : : : "memory");
	end();
	UK_EXPECT(traced);
}
