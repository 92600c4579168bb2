/* SPDX-License-Identifier: BSD-3-Clause */
/* Interrupts up to their handler. probe.S stands in for a controller. */
#include "../trap_priv.h"

#include <uk/arch/cpu.h>
#include <uk/arch/percpu.h>
#include <uk/arch/regs.h>
#include <uk/preempt.h>
#include <uk/test.h>

#include "probe.h"

static struct {
	unsigned int count;
	unsigned int vector;
	unsigned int depth;
	bool in_irq;
	bool enabled;
	uintptr_t frame;
	struct ukarch_regs regs;
} seen;

static void note(struct ukarch_regs *regs, unsigned int vector)
{
	seen.count++;
	seen.vector = vector;
	seen.depth = ukarch_current()->irq_depth;
	seen.in_irq = uk_in_irq();
	seen.enabled = ukarch_irq_enabled();
	seen.frame = (uintptr_t)regs;
	seen.regs = *regs;
}

/* Take an interrupt by @probe with @fn in the place of the handler. */
static void interrupt(void (*probe)(const uint64_t *, uint64_t *),
		      ukarch_irq_fn fn, const uint64_t *in, uint64_t *out)
{
	const unsigned long state = ukarch_irq_save();
	const ukarch_irq_fn handler = arm64_irq_handler;

	seen.count = 0;
	arm64_irq_handler = fn;
	probe(in, out);
	arm64_irq_handler = handler;
	ukarch_irq_restore(state);
}

static void fill(uint64_t *regs)
{
	for (uint64_t i = 0; i < PROBE_REGS - 1; i++)
		regs[i] = UINT64_C(0x1112131415161718) * (i + 1);
	regs[PROBE_REGS - 1] = UINT64_C(0x90000000);
}

UK_TEST(irq, an_irq_is_vector_0_and_an_fiq_vector_1)
{
	uint64_t in[PROBE_REGS], out[PROBE_REGS];

	fill(in);
	interrupt(probe_irq, note, in, out);
	UK_EXPECT_EQ(seen.count, 1);
	UK_EXPECT_EQ(seen.vector, 0);
	interrupt(probe_fiq, note, in, out);
	UK_EXPECT_EQ(seen.count, 1);
	UK_EXPECT_EQ(seen.vector, 1);
}

UK_TEST(irq, every_register_survives_an_interrupt)
{
	uint64_t in[PROBE_REGS], out[PROBE_REGS] = { 0 };

	fill(in);
	interrupt(probe_irq, note, in, out);
	UK_EXPECT_MEM_EQ(out, in, sizeof(in));
	UK_EXPECT_MEM_EQ(seen.regs.x, in, sizeof(seen.regs.x));
}

UK_TEST(irq, the_handler_runs_on_the_trap_stack_with_interrupts_off)
{
	const uintptr_t top = ukarch_current()->trap_stack_top;
	const unsigned int before = ukarch_current()->irq_depth;
	uint64_t in[PROBE_REGS], out[PROBE_REGS];

	fill(in);
	interrupt(probe_irq, note, in, out);
	UK_EXPECT_EQ(seen.frame, top - UKARCH_REGS_SIZE);
	UK_EXPECT_EQ(seen.depth, before + 1);
	UK_EXPECT(seen.in_irq);
	UK_EXPECT(!seen.enabled);
	UK_EXPECT_EQ(ukarch_current()->irq_depth, before);
}

static void without_handler(void *arg UK_UNUSED)
{
	uint64_t in[PROBE_REGS] = { 0 }, out[PROBE_REGS];
	const ukarch_irq_fn handler = arm64_irq_handler;

	/* Restored by who expects the crash. */
	arm64_irq_handler = NULL;
	probe_fiq(in, out);
	arm64_irq_handler = handler;
}

UK_TEST(irq, one_without_a_handler_is_told)
{
	const unsigned long state = ukarch_irq_save();
	const ukarch_irq_fn handler = arm64_irq_handler;

	UK_EXPECT_CRASH(without_handler, NULL);
	arm64_irq_handler = handler;
	UK_EXPECT_STR_EQ(uk_test_crash_cause(),
			 "interrupt without a handler (FIQ)");
	ukarch_irq_restore(state);
}
