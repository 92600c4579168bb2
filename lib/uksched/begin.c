/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * How threads begin: every one here, because the switch that brought it to its
 * CPU is to be ended first. What it is to run is in the structure: a function,
 * or, for containers, a context that somebody else has made. That one is
 * switched to as if from nowhere, with the same thread current; until then this
 * frame lies below its stack pointer, where a frame may lie.
 *
 * And how the boot context becomes a thread: it already runs, so it only gets
 * the structure, and its place among the others.
 */
#include <uk/sched_impl.h>

#include <uk/alloc.h>
#include <uk/arch/cpu.h>
#include <uk/arch/ctx.h>
#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/print.h>

#include "sched_priv.h"

static struct uk_thread main_thread;

static void begin(void *thread, void *unused)
{
	struct uk_thread *const t = thread;
	struct ukarch_ctx nowhere;

	(void)unused;
	if (t->sched->ops->begin)
		t->sched->ops->begin(t->sched);
	if (t->irqs_)
		ukarch_irq_enable();
	if (UK_UNLIKELY(t->flags & UK_THREADF_TERMINATE))
		uk_thread_exit();
	if (!t->fn_)
		ukarch_ctx_switch(&nowhere, &t->start_);
	t->fn_(t->arg0_, t->arg1_);
	uk_thread_exit();
}

void sched_prepare(struct uk_thread *t)
{
	const uintptr_t align = UKARCH_SP_ALIGN;

	t->irqs_ = ukarch_irq_enabled();
	t->start_ = t->ctx;
	ukarch_ctx_init(&t->ctx, UK_ALIGN_DOWN(t->ctx.sp, align), begin, t,
			NULL);
}

/* @t takes the place of the running boot context. */
static void take_over(struct uk_sched *s, struct uk_thread *t,
		      const char *name)
{
	/* What the functions of UK_THREAD_INIT() have hung on it stays. */
	void *const task = t->cur.task;

	t->cur = *ukarch_current();
	t->cur.is_thread = 1;
	t->cur.task = task;
	t->cur.name = name;
	t->prio = UK_THREAD_PRIO_DEFAULT;
	t->base_prio_ = UK_THREAD_PRIO_DEFAULT;
	t->cpus_ = UK_THREAD_CPU_ANY;
	t->sched = s;
	t->on_cpu_ = true;
	t->flags |= UK_THREADF_RUNNABLE | UK_THREADF_QUEUEABLE;
	uk_list_init(&t->queue_);
	uk_sched_count_first_(t);
	ukarch_current_set(&t->cur);
}

/* FP state and thread-local storage for "main", which has no block. */
static int equip_main(struct uk_thread *t, struct uk_alloc *a)
{
	const size_t tls_len = sched_tls_len();
	void *area;
	int rc;

	t->flags |= UK_THREADF_ECTX;
	if (UK_IS_ENABLED(CONFIG_LIBUKSCHED_TRAP_STACKS)) {
		t->ectx_ = uk_memalign(a, UKARCH_ECTX_ALIGN,
				       ukarch_ectx_size());
		if (!t->ectx_)
			return -ENOMEM;
		ukarch_ectx_init(t->ectx_);
	}
	if (tls_len == 0)
		return 0;
	area = uk_memalign(a, ukarch_tls_align(), tls_len);
	if (!area)
		return -ENOMEM;
	rc = sched_tls_init(t, area);
	if (rc == 0)
		ukarch_tp_set(t->tlsp);
	return rc;
}

int uk_sched_start(struct uk_sched *s)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	struct uk_thread *const t = &main_thread;
	int rc;

	UK_ASSERT(!uk_thread_current());

	if (!a) {
		uk_pr_err("threads need a heap, and none is chosen "
			  "(CONFIG_LIBUKBOOT_NOALLOC)");
		return -ENOMEM;
	}
	s->a = a;
	s->a_stack = sched_stacks(a);
	s->a_uktls = a;
	rc = equip_main(t, a);
	if (rc < 0) {
		uk_pr_err("no memory for the thread \"main\"");
		return rc;
	}
	rc = sched_hooks_init(t);
	if (rc < 0)
		return rc;
	take_over(s, t, "main");
	sched_register(t);
	return 0;
}
