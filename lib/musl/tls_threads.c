/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads of the core that run code which uses the C library: each gets a
 * control block from the scheduler, filled here, and the number that the
 * system has given it. musl knows nothing of them, so it must not believe that
 * it is alone: its locks are on from the start.
 */
#include "musl_priv.h"

#include <uk/arch/tls.h>
#include <uk/essentials.h>
#include <uk/init.h>
#include <uk/thread.h>
#include <uk/tls_ops.h>

#include "libc.h"
#include "stdio_impl.h"

/* The streams of an image that has them; in another these, which are none. */
FILE *volatile __stdin_used __attribute__((__weak__));
FILE *volatile __stdout_used __attribute__((__weak__));
FILE *volatile __stderr_used __attribute__((__weak__));

static int tcb_init(struct uk_thread *t, void *tcb)
{
	struct pthread *const td = musl_tcb_fill(t->tlsp, tcb);

	td->stack = (char *)t->_mem.stack + t->_mem.stack_len;
	td->stack_size = t->_mem.stack_len;
	return 0;
}

/* All is in the block. */
static void tcb_fini(struct uk_thread *t, void *tcb)
{
	(void)t;
	(void)tcb;
}

static struct uk_tls_ops ops = {
	.align = 16,
	.init = tcb_init,
	.fini = tcb_fini,
};

/* With its control block, which is older than its number. */
static int take_tid(struct uk_thread *child, struct uk_thread *parent)
{
	const int tid = musl_system_tid(child);

	(void)parent;
	if (child->_mem.uktls && tid)
		musl_tcb_at(child->tlsp)->tid = tid;
	return 0;
}

/* Behind lib/posix-process, which gives the numbers. */
UK_THREAD_INIT_FLAGS(take_tid, NULL, UK_THREADF_UKTLS);

/* The three streams think that there is one thread. None is locked yet. */
static void use_stream_locks(void)
{
	FILE *const streams[] = { __stdin_used, __stdout_used, __stderr_used };

	for (size_t i = 0; i < UK_ARRAY_SIZE(streams); i++)
		if (streams[i])
			streams[i]->lock = 0;
}

static int register_ops(const struct uk_boot_ctx *ctx)
{
	(void)ctx;
	libc.need_locks = 1;
	libc.threads_minus_1 = 1;
	libc.threaded = 1;
	use_stream_locks();
	ops.size = musl_tcb_len();
	return uk_tls_ops_register(&ops);
}

UK_INIT(CPU, register_ops, NULL);

struct pthread *musl_main_tcb(void)
{
	return musl_tcb_at(ukarch_tp_get());
}
