/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>

#include <uk/arch/cpu.h>
#include <uk/arch/percpu.h>
#include <uk/compiler.h>
#include <uk/config.h>

/*
 * Keep the CPU: between these two calls the current context is not preempted
 * and does not move to another CPU. They nest, cost two instructions each,
 * and nothing in an image without a preemptive scheduler.
 *
 * Interrupts still come. Do not block in between.
 *
 * Context: any.
 */
static inline void uk_preempt_disable(void)
{
	if (!UK_IS_ENABLED(CONFIG_HAVE_PREEMPT))
		return;
	ukarch_current()->preempt_off++;
	uk_compiler_barrier();
}

/*
 * Let another thread run, if one is due. Contract: implemented by the
 * preemptive scheduler, in an image that has one (CONFIG_HAVE_PREEMPT).
 *
 * Context: a thread with preemption on; or the end of an interrupt, on the
 * trap stack with interrupts off, which is where it returns to.
 */
void uk_preempt_switch(void);

static inline void uk_preempt_enable(void)
{
	struct uk_current *cur;

	if (!UK_IS_ENABLED(CONFIG_HAVE_PREEMPT))
		return;
	uk_compiler_barrier();
	cur = ukarch_current();
	/* With interrupts off it waits for the next interrupt's end. */
	if (--cur->preempt_off == 0 && UK_UNLIKELY(cur->resched) &&
	    ukarch_irq_enabled())
		uk_preempt_switch();
}

/*
 * The same for who has had interrupts off and preemption as it was: they are as
 * they were again, and another thread may be due.
 *
 * Context: any.
 */
static inline void uk_preempt_point(void)
{
	const struct uk_current *cur;

	if (!UK_IS_ENABLED(CONFIG_HAVE_PREEMPT))
		return;
	cur = ukarch_current();
	if (UK_UNLIKELY(cur->resched) && !cur->preempt_off &&
	    ukarch_irq_enabled())
		uk_preempt_switch();
}

/*
 * Can this context neither be preempted nor move? For assertions of per-CPU
 * code; true in an image that never preempts.
 */
static inline bool uk_preempt_is_off(void)
{
	return !UK_IS_ENABLED(CONFIG_HAVE_PREEMPT) ||
	       ukarch_current()->preempt_off || !ukarch_irq_enabled();
}

/* Is an interrupt being handled, so that blocking or the heap is a bug? */
static inline bool uk_in_irq(void)
{
	return ukarch_current()->irq_depth != 0;
}
