/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Guards: how a crash inside a case becomes a failure of that case.
 *
 * ukdebug asks a registered hook before it shows the crash screen. While a
 * guard is open the hook takes the crash: it keeps the cause and unwinds to
 * the guard, out of the trap handler too. What the crashed code had begun is
 * left as it was; that is why a run goes on but a system would not. A crash on
 * another CPU than the guard's is no case's: two CPUs would go on on one stack.
 */
#include "uktest_priv.h"

#include <uk/arch/percpu.h>
#include <uk/crash_hook.h>
#include <uk/percpu.h>
#include <uk/string.h>

struct guard {
	struct uktest_context ctx;
	const struct uk_current *cur;
	uint32_t cpu;		/* its index */
	uint32_t preempt_off;	/* of @cur, at the guard */
	uint32_t irq_depth;
	struct guard *outer;
};

static struct guard *innermost;

char uktest_crash_cause[UKTEST_CAUSE];

static void on_crash(const struct uk_crash_info *info, void *arg)
{
	struct guard *g = arg;

	if (ukarch_current() != g->cur && uk_this_cpu(uk_cpu).idx != g->cpu)
		return;
	uk_strlcpy(uktest_crash_cause, info->cause,
		   sizeof(uktest_crash_cause));
	uktest_context_unwind(&g->ctx);
}

/* The hook is used up by a crash, so it is set anew at both ends of a guard. */
static void watch(struct guard *g)
{
	innermost = g;
	uk_crash_hook_set(g ? on_crash : NULL, g);
}

bool uktest_guarded(void (*fn)(void *), void *arg)
{
	struct uk_current *const cur = ukarch_current();
	struct guard g = {
		.cur = cur,
		.cpu = uk_this_cpu(uk_cpu).idx,
		.preempt_off = cur->preempt_off,
		.irq_depth = cur->irq_depth,
		.outer = innermost,
	};
	int crashed;

	watch(&g);
	crashed = uktest_context_call(fn, arg, &g.ctx);
	if (crashed) {
		cur->preempt_off = g.preempt_off;
		cur->irq_depth = g.irq_depth;
	}
	watch(g.outer);
	return crashed;
}

const char *uk_test_crash_cause(void)
{
	return uktest_crash_cause;
}
