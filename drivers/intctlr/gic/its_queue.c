/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Commands for an ITS (IHI 0069, 5.2 and 5.3). They are given when devices
 * come and go and when messages are masked, never when one comes, so it is
 * fine to wait for each: the queue is empty again afterwards, and an error is
 * the caller's.
 *
 * The ITS stops at a command it does not like (Stalled) or, badly broken,
 * without a word. Then it is left alone: commands behind that one would never
 * be done.
 */
#include "its_priv.h"

#include <uk/arch/paddr.h>
#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/print.h>

#define CBASER_PAGES(len)	((len) / 0x1000 - 1)
#define OFFSET_MASK		UINT64_C(0xfffe0)
#define CREADR_STALLED		1u
#define MAX_CMDS		4u

/* Readings. */
#define PATIENCE		1000000u

int gic_its_queue_start(struct gic_its_queue *queue)
{
	volatile uint8_t *const regs = queue->regs;

	gic_write64(regs, GITS_CBASER,
		    GITS_VALID | GITS_BASE_CACHED | GIC_BASE_SHARED |
		    ukarch_paddr_of(queue->cmds) |
		    CBASER_PAGES(GITS_QUEUE_LEN));
	if ((gic_read64(regs, GITS_CBASER) & GIC_BASE_SHARED_MASK) !=
	    GIC_BASE_SHARED)
		return -ENOTSUP;
	gic_write64(regs, GITS_CWRITER, 0);
	queue->at = 0;
	return 0;
}

/* Until it has done what is before @at; returns whether it has. */
static bool wait(const struct gic_its_queue *queue)
{
	for (unsigned int i = 0; i < PATIENCE; i++) {
		const uint64_t r = gic_read64(queue->regs, GITS_CREADR);

		if ((r & OFFSET_MASK) == queue->at)
			return true;
		if (r & CREADR_STALLED)
			break;
	}
	return false;
}

int gic_its_do(struct gic_its_queue *queue, const struct gic_its_cmd *cmds,
	       unsigned int n)
{
	const unsigned long irqs = uk_spin_lock_irqsave(&queue->lock);
	int rc = -EIO;

	UK_ASSERT(n <= MAX_CMDS);
	if (queue->dead)
		goto out;
	for (unsigned int i = 0; i < n; i++) {
		queue->cmds[queue->at / sizeof(*cmds)] = cmds[i];
		queue->at = (queue->at + sizeof(*cmds)) % GITS_QUEUE_LEN;
	}
	/* Tables, settings and commands are there before the ITS looks. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	gic_write64(queue->regs, GITS_CWRITER, queue->at);
	if (wait(queue)) {
		rc = 0;
	} else {
		UK_WRITE_ONCE(queue->dead, true);
		uk_pr_err("gic: the ITS does not go on with command %#lx, or "
			  "those after it: no more messages",
			  cmds[0].dw[0] & 0xff);
	}
out:
	uk_spin_unlock_irqrestore(&queue->lock, irqs);
	return rc;
}
