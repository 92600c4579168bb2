/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads of the core that run code which uses the C library: each has its
 * struct _reent, with errno and what functions like strtok() keep, in the
 * control block that it gets from the scheduler.
 *
 * The streams are everybody's, and so is who closes them: a thread's end must
 * not, although newlib would have it so.
 */
#include "newlib_priv.h"

#include <stdlib.h>

#include <uk/arch/tls.h>
#include <uk/init.h>
#include <uk/thread.h>
#include <uk/tls_ops.h>

#define TCB_ALIGN	16

struct tcb {
	void *first;		/* x86_64: the core's */
	struct _reent reent;
} __attribute__((__aligned__(TCB_ALIGN)));

void newlib_thread_dtors(void) __attribute__((__weak__));

/* newlib's, in images that use streams. */
void __sinit(struct _reent *r) __attribute__((__weak__));
extern __FILE __sf[3] __attribute__((__weak__));

static struct tcb *tcb_at(uintptr_t tp)
{
	return ukarch_tls_tcb(tp, sizeof(struct tcb));
}

struct _reent *__getreent(void)
{
	return &tcb_at(ukarch_tp_get())->reent;
}

static int tcb_init(struct uk_thread *t, void *mem)
{
	struct tcb *const tcb = mem;

	(void)t;
	_REENT_INIT_PTR_ZEROED(&tcb->reent);
	return 0;
}

/*
 * Whoever does this, what was allocated is of the heap that all have. Two
 * things are not in newlib's list: handlers, and powers of 5.
 */
static void tcb_fini(struct uk_thread *t, void *mem)
{
	struct tcb *const tcb = mem;
	struct _Bigint *power = _REENT_MP_P5S(&tcb->reent);

	(void)t;
	free(tcb->reent._sig_func);
	while (power) {
		struct _Bigint *const next = power->_next;

		free(power);
		power = next;
	}
	tcb->reent.__sdidinit = 0;
	_reclaim_reent(&tcb->reent);
}

static struct uk_tls_ops ops = {
	.size = sizeof(struct tcb),
	.align = TCB_ALIGN,
	.init = tcb_init,
	.fini = tcb_fini,
};

static int begin_thread(struct uk_thread *child, struct uk_thread *parent)
{
	(void)child;
	(void)parent;
	return 0;
}

/* One that has not run has no objects. */
static void end_thread(struct uk_thread *t)
{
	if (newlib_thread_dtors && t == uk_thread_current())
		newlib_thread_dtors();
}

UK_THREAD_INIT_FLAGS(begin_thread, end_thread, UK_THREADF_UKTLS);

static int register_ops(const struct uk_boot_ctx *ctx)
{
	(void)ctx;
	return uk_tls_ops_register(&ops);
}

UK_INIT(CPU, register_ops, NULL);

/* exit() closes streams if those of everybody were used, whoever used them. */
int newlib_begin(void)
{
	if (__sinit)
		__sinit(_GLOBAL_REENT);
	return 0;
}
