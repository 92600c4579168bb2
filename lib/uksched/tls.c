/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Thread-local storage of programs: the architecture lays it out, the libc
 * fills its control block, and here the two meet. The core has no thread-local
 * variables, so an image without a libc that has some, and without programs
 * that have some, makes no areas and touches no thread pointer.
 */
#include <uk/tls_ops.h>

#include <uk/arch/tls.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/sections.h>

#include "sched_priv.h"

#define TCB_ALIGN	16u

/* Set once, before there are threads. */
static const struct uk_tls_ops *ops;

int uk_tls_ops_register(const struct uk_tls_ops *new_ops)
{
	if (new_ops->align > TCB_ALIGN)
		return -EINVAL;
	if (ops)
		return -EBUSY;
	ops = new_ops;
	return 0;
}

static size_t tcb_len(void)
{
	return ops ? UK_ALIGN_UP(ops->size, (size_t)TCB_ALIGN) : 0;
}

size_t sched_tls_len(void)
{
	if (!ops && &_tls_end[0] == &_tls_start[0])
		return 0;
	return ukarch_tls_size(tcb_len());
}

int sched_tls_init(struct uk_thread *t, void *area)
{
	int rc = 0;

	t->tlsp = ukarch_tls_init(area, tcb_len());
	if (ops)
		rc = ops->init(t, ukarch_tls_tcb(t->tlsp, tcb_len()));
	if (rc < 0)
		return rc;
	t->_mem.uktls = area;
	t->flags |= UK_THREADF_UKTLS | UK_THREADF_TLSP;
	return 0;
}

void sched_tls_fini(struct uk_thread *t)
{
	if (t->_mem.uktls && ops)
		ops->fini(t, ukarch_tls_tcb(t->tlsp, tcb_len()));
}
