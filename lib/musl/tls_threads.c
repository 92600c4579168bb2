/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads of the core that run code which uses the C library: each gets a
 * control block from the scheduler, filled here. musl knows nothing of them,
 * so it must not believe that it is alone: its locks are on from the start.
 */
#include "musl_priv.h"

#include <uk/arch/tls.h>
#include <uk/init.h>
#include <uk/thread.h>
#include <uk/tls_ops.h>

#include "libc.h"
#include "stdio_impl.h"

/* The files of stdio have other ones, where they are in the image. */
static FILE *volatile no_file;
weak_alias(no_file, __stdin_used);
weak_alias(no_file, __stdout_used);
weak_alias(no_file, __stderr_used);

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

/* -1: a lock that is not used because there is one thread. */
static void use_lock(FILE *file)
{
	if (file && file->lock < 0)
		file->lock = 0;
}

static int register_ops(const struct uk_boot_ctx *ctx)
{
	(void)ctx;
	libc.threaded = 1;
	libc.threads_minus_1 = 1;
	libc.need_locks = 1;
	use_lock(__stdin_used);
	use_lock(__stdout_used);
	use_lock(__stderr_used);
	ops.size = musl_tcb_len();
	return uk_tls_ops_register(&ops);
}

UK_INIT(CPU, register_ops, NULL);

struct pthread *musl_main_tcb(void)
{
	return __pthread_self();
}
