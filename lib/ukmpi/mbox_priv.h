/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>

#include <uk/mbox.h>
#include <uk/semaphore.h>
#include <uk/spinlock.h>

struct uk_mbox {
	struct uk_semaphore room;	/* slots that may be filled */
	struct uk_semaphore filled;	/* slots that may be emptied */

	struct uk_spinlock lock;	/* the rest */
	size_t size;			/* constant */
	size_t first;
	size_t last;			/* behind the last message */
	void *slots[];
};

/* A slot that was counted off is filled, or emptied into *@msg. */
void mpi_mbox_put(struct uk_mbox *m, void *msg);
void mpi_mbox_take(struct uk_mbox *m, void **msg);
