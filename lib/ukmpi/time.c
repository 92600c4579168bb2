/* SPDX-License-Identifier: BSD-3-Clause */
/* Waiting for a mailbox no longer than so. */
#include "mbox_priv.h"

uint64_t uk_mbox_post_to(struct uk_mbox *m, void *msg, uint64_t timeout_ns)
{
	const uint64_t took = uk_semaphore_down_to(&m->room, timeout_ns);

	if (took != UINT64_MAX)
		mpi_mbox_put(m, msg);
	return took;
}

uint64_t uk_mbox_recv_to(struct uk_mbox *m, void **msg, uint64_t timeout_ns)
{
	const uint64_t took = uk_semaphore_down_to(&m->filled, timeout_ns);

	if (took != UINT64_MAX)
		mpi_mbox_take(m, msg);
	else if (msg)
		*msg = NULL;
	return took;
}
