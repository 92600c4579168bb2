/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads come to be and go. All ways to make one are the same one, with more
 * or fewer parts: a block of memory, an auxiliary stack, thread-local storage,
 * what libraries want to do. Each has its undoing below, in reverse.
 */
#include <uk/thread.h>

#include <uk/alloc.h>
#include <uk/arch/ctx.h>
#include <uk/assert.h>
#include <uk/config.h>
#include <uk/event.h>
#include <uk/idle.h>
#include <uk/sched_impl.h>

#include "sched_priv.h"

/* How a thread is wished for. */
struct wish {
	struct uk_alloc *a;
	struct uk_alloc *a_stack;
	size_t stack_len;
	struct uk_alloc *a_auxstack;
	size_t auxstack_len;
	bool tls;
	bool no_ectx;
	const char *name;
	void *priv;
	uk_thread_dtor_t dtor;
};

/* Destructors run on it, as on any stack that the core is called on. */
#define IDLE_STACK		(16u * 1024)

#define HAVE_TRAP_STACKS	UK_IS_ENABLED(CONFIG_LIBUKSCHED_TRAP_STACKS)

/* For what the idle threads of all schedulers do. */
UK_EVENT(uk_idle);

static size_t stack_len_of(size_t len)
{
	return len ? len : UK_THREAD_STACK_SIZE;
}

/* Allocate and place what @w asks for. NULL: no memory. */
static struct uk_thread *make_block(const struct wish *w, void **tls)
{
	struct uk_alloc *const a = w->a_stack ? w->a_stack : w->a;
	const struct sched_parts parts = {
		.stack_len = w->a_stack ? stack_len_of(w->stack_len) : 0,
		.ectx_len = HAVE_TRAP_STACKS && !w->no_ectx ?
			    ukarch_ectx_size() : 0,
		.tls_len = w->tls ? sched_tls_len() : 0,
		.tls_align = ukarch_tls_align(),
		.trap_stack = HAVE_TRAP_STACKS,
	};
	struct sched_layout l;
	struct uk_thread *t;
	char *block;

	if (!sched_layout(&l, &parts))
		return NULL;
	block = w->a_stack ? sched_stack_alloc(a, &l) :
			     uk_memalign(a, l.align, l.size);
	if (!block)
		return NULL;

	t = (struct uk_thread *)(void *)(block + l.thread);
	*t = (struct uk_thread){
		._mem = { .block = block, .block_a = a },
		.cur.trap_stack_top = ukarch_current()->trap_stack_top,
	};
	if (w->a_stack) {
		t->_mem.stack = block;
		t->_mem.stack_len = l.stack_len;
		sched_stack_lazy(t);
	}
	if (parts.ectx_len) {
		t->ectx_ = block + l.ectx;
		ukarch_ectx_init(t->ectx_);
	}
	if (parts.trap_stack) {
		t->_mem.trapstack = block + l.trap;
		t->cur.trap_stack_top = (uintptr_t)block + l.size;
	}
	*tls = parts.tls_len ? block + l.tls : NULL;
	return t;
}

/* What is the same for all; the flags it is born with too. */
static void init_common(struct uk_thread *t, const struct wish *w)
{
	t->cur.is_thread = 1;
	t->cur.name = w->name ? w->name : "unnamed";
	t->prio = UK_THREAD_PRIO_DEFAULT;
	t->base_prio_ = UK_THREAD_PRIO_DEFAULT;
	t->cpus_ = uk_thread_current() ? uk_thread_self()->cpus_ :
					 UK_THREAD_CPU_ANY;
	t->priv = w->priv;
	t->dtor_ = w->dtor;
	uk_list_init(&t->queue_);
	if (!w->no_ectx)
		t->flags |= UK_THREADF_ECTX;
	if (t->_mem.stack)
		t->ctx.sp = (uintptr_t)t->_mem.stack + t->_mem.stack_len;
	sched_canary_init(t);
}

static bool make_auxstack(struct uk_thread *t, const struct wish *w)
{
	const size_t len = stack_len_of(w->auxstack_len);

	if (!w->a_auxstack)
		return true;
	t->_mem.auxstack = uk_memalign(w->a_auxstack, UKARCH_SP_ALIGN, len);
	if (!t->_mem.auxstack)
		return false;
	t->_mem.auxstack_a = w->a_auxstack;
	t->auxsp = (uintptr_t)t->_mem.auxstack +
		   (len & ~((size_t)UKARCH_SP_ALIGN - 1));
	t->flags |= UK_THREADF_AUXSP;
	return true;
}

static void free_memory(struct uk_thread *t)
{
	if (t->_mem.auxstack)
		uk_free(t->_mem.auxstack_a, t->_mem.auxstack);
	if (t->_mem.block)
		uk_free(t->_mem.block_a, t->_mem.block);
}

/* All but what is done with a thread that is complete. */
static struct uk_thread *make_parts(const struct wish *w)
{
	struct uk_thread *t;
	void *tls;

	(void)uk_sched_collect();
	t = make_block(w, &tls);
	if (!t)
		return NULL;
	init_common(t, w);
	if (!make_auxstack(t, w) || (tls && sched_tls_init(t, tls) < 0)) {
		free_memory(t);
		return NULL;
	}
	return t;
}

static struct uk_thread *complete(struct uk_thread *t)
{
	if (!t)
		return NULL;
	sched_register(t);
	if (sched_hooks_init(t) < 0) {
		sched_unregister(t);
		sched_tls_fini(t);
		free_memory(t);
		return NULL;
	}
	return t;
}

struct uk_thread *uk_thread_create_container(
	struct uk_alloc *a, struct uk_alloc *a_stack, size_t stack_len,
	struct uk_alloc *a_auxstack, size_t auxstack_len,
	struct uk_alloc *a_uktls, bool no_ectx, const char *name, void *priv,
	uk_thread_dtor_t dtor)
{
	const struct wish w = {
		.a = a, .a_stack = a_stack, .stack_len = stack_len,
		.a_auxstack = a_auxstack, .auxstack_len = auxstack_len,
		.tls = a_uktls, .no_ectx = no_ectx,
		.name = name, .priv = priv, .dtor = dtor,
	};

	return complete(make_parts(&w));
}

struct uk_thread *uk_thread_create_container2(
	struct uk_alloc *a, uintptr_t sp, uintptr_t auxsp, uintptr_t tlsp,
	bool is_uktls, bool no_ectx, const char *name, void *priv,
	uk_thread_dtor_t dtor)
{
	const struct wish w = {
		.a = a, .no_ectx = no_ectx, .name = name, .priv = priv,
		.dtor = dtor,
	};
	struct uk_thread *t;

	UK_ASSERT(tlsp || !is_uktls);

	t = make_parts(&w);
	if (!t)
		return NULL;
	t->ctx.sp = sp;
	t->auxsp = auxsp;
	t->tlsp = tlsp;
	if (auxsp)
		t->flags |= UK_THREADF_AUXSP;
	if (tlsp)
		t->flags |= UK_THREADF_TLSP;
	if (is_uktls)
		t->flags |= UK_THREADF_UKTLS;
	return complete(t);
}

struct uk_thread *uk_thread_create_bare(
	struct uk_alloc *a, uintptr_t ip, uintptr_t sp, uintptr_t auxsp,
	uintptr_t tlsp, bool is_uktls, bool no_ectx, const char *name,
	void *priv, uk_thread_dtor_t dtor)
{
	struct uk_thread *const t = uk_thread_create_container2(
		a, sp, auxsp, tlsp, is_uktls, no_ectx, name, priv, dtor);

	if (!t)
		return NULL;
	ukarch_ctx_init(&t->ctx, sp, (void (*)(void *, void *))ip, NULL, NULL);
	t->flags |= UK_THREADF_RUNNABLE;
	return t;
}

struct uk_thread *uk_thread_create_fn2(
	struct uk_alloc *a, uk_thread_fn2_t fn, void *arg0, void *arg1,
	struct uk_alloc *a_stack, size_t stack_len,
	struct uk_alloc *a_auxstack, size_t auxstack_len,
	struct uk_alloc *a_uktls, bool no_ectx, const char *name, void *priv,
	uk_thread_dtor_t dtor)
{
	struct uk_thread *t;

	UK_ASSERT(fn && a_stack);

	t = uk_thread_create_container(a, a_stack, stack_len, a_auxstack,
				       auxstack_len, a_uktls, no_ectx, name,
				       priv, dtor);
	if (!t)
		return NULL;
	t->fn_ = fn;
	t->arg0_ = arg0;
	t->arg1_ = arg1;
	t->flags |= UK_THREADF_RUNNABLE;
	return t;
}

/* Functions with fewer arguments, as ones with two. */
static void call_fn0(void *fn, void *unused)
{
	(void)unused;
	((uk_thread_fn0_t)fn)();
}

static void call_fn1(void *fn, void *arg)
{
	((uk_thread_fn1_t)fn)(arg);
}

struct uk_thread *uk_thread_create_fn0(
	struct uk_alloc *a, uk_thread_fn0_t fn, struct uk_alloc *a_stack,
	size_t stack_len, struct uk_alloc *a_auxstack, size_t auxstack_len,
	struct uk_alloc *a_uktls, bool no_ectx, const char *name, void *priv,
	uk_thread_dtor_t dtor)
{
	return uk_thread_create_fn2(a, call_fn0, (void *)fn, NULL, a_stack,
				    stack_len, a_auxstack, auxstack_len,
				    a_uktls, no_ectx, name, priv, dtor);
}

struct uk_thread *uk_thread_create_fn1(
	struct uk_alloc *a, uk_thread_fn1_t fn, void *arg,
	struct uk_alloc *a_stack, size_t stack_len,
	struct uk_alloc *a_auxstack, size_t auxstack_len,
	struct uk_alloc *a_uktls, bool no_ectx, const char *name, void *priv,
	uk_thread_dtor_t dtor)
{
	return uk_thread_create_fn2(a, call_fn1, (void *)fn, arg, a_stack,
				    stack_len, a_auxstack, auxstack_len,
				    a_uktls, no_ectx, name, priv, dtor);
}

struct uk_thread *uk_sched_idle_create(struct uk_sched *s, uk_thread_fn1_t fn)
{
	const struct wish w = {
		.a = s->a, .a_stack = s->a_stack, .stack_len = IDLE_STACK,
		.tls = true, .name = "idle",
	};
	struct uk_thread *const t = make_parts(&w);

	if (!t)
		return NULL;
	sched_register(t);
	t->fn_ = call_fn1;
	t->arg0_ = (void *)fn;
	t->sched = s;
	t->prio = 0;
	/* Not QUEUEABLE: waking it is nothing to the scheduler. */
	t->flags |= UK_THREADF_RUNNABLE;
	sched_prepare(t);
	return t;
}

void uk_thread_release(struct uk_thread *t)
{
	UK_ASSERT(!t->sched || t->join_ == SCHED_DONE);
	UK_ASSERT(t->_mem.block);

	if (!(t->flags & UK_THREADF_EXITED))
		sched_hooks_term(t);
	sched_alarm_end(t);
	uk_thread_check_stack(t);
	if (t->dtor_)
		t->dtor_(t);
	sched_unregister(t);
	sched_tls_fini(t);
	free_memory(t);
}
