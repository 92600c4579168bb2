/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The interrupt translation service (IHI 0069, chapter 5): looked for, given
 * memory and started with the first message, so an image whose devices have
 * lines does not pay for it. One is used, the first of the tree.
 *
 * Each CPU is a collection, with the number of the CPU. Memory for CPUs that
 * start later is there from the beginning, as they have no heap when they do.
 *
 * What fails once the hardware knows the memory has failed for good.
 */
#include "its_priv.h"

#include <stddef.h>

#include <uk/alloc.h>
#include <uk/arch/paddr.h>
#include <uk/config.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/print.h>
#include <uk/string.h>

#define CTLR_ENABLED	(1u << 0)
#define CTLR_QUIESCENT	(1u << 31)
#define PATIENCE	1000000u

#define CONFIG_ALIGN	0x1000u
#define PENDING_ALIGN	0x10000u
#define PENDING_LEN	((1u << GIC_LPI_BITS) / 8)

/* Priority, off; bit 1 is one (5.1). */
#define LPI_OFF		(GIC_PRIORITY | 2u)

struct gic_its gic_its = { .lock = UK_SPINLOCK_INIT };

void *gic_its_zalloc(uint32_t align, uint64_t len)
{
	void *const mem = uk_memalign(uk_alloc_get_default(), align, len);

	if (mem)
		memset(mem, 0, len);
	return mem;
}

void gic_its_free(void *mem)
{
	uk_free(uk_alloc_get_default(), mem);
}

uint64_t gic_its_target(const struct gic_redist *redist)
{
	/* By address or by number; bits 15 to 0 are another field. */
	return gic_its.type.by_paddr ?
	       UK_ALIGN_DOWN(redist->paddr, GICR_FRAME) :
	       (uint64_t)redist->number << 16;
}

/* Firmware may have used it. */
static int off(volatile uint8_t *regs)
{
	gic_write(regs, GITS_CTLR, gic_read(regs, GITS_CTLR) & ~CTLR_ENABLED);
	for (unsigned int i = 0; i < PATIENCE; i++)
		if (gic_read(regs, GITS_CTLR) & CTLR_QUIESCENT)
			return 0;
	return -EBUSY;
}

/* What it is, and the tables it will want. */
static int look_at(volatile uint8_t *regs)
{
	struct gic_its *const its = &gic_its;
	int rc;

	gic_its_decode(gic_read64(regs, GITS_TYPER), &its->type);
	if (!its->type.lpis)
		return -ENOTSUP;
	rc = off(regs);
	if (rc == 0)
		rc = gic_its_probe(regs, GITS_BASER_DEVICES,
				   its->type.device_bits, &its->devices);
	if (rc == 0)
		rc = gic_its_probe(regs, GITS_BASER_COLLECTIONS,
				   its->type.collection_bits,
				   &its->collections);
	if (rc < 0)
		return rc;
	if (!its->devices.reg)
		its->devices.nids = 1u << its->type.device_bits;
	its->ncollections = its->collections.reg ? its->collections.nids :
						   its->type.ncollections;
	return its->ncollections ? 0 : -ENOTSUP;
}

static int find(void)
{
	static const char *const names[] = { "arm,gic-v3-its", NULL };
	volatile uint8_t *regs;
	struct uk_fdt_device dev;
	int rc;

	if (gic_find(gic_its.bi, names, 0, 1, &dev) < 0)
		return -ENOTSUP;
	rc = gic_map(dev.name, dev.reg[0].base, GITS_LEN, &regs);
	if (rc == 0)
		rc = look_at(regs);
	if (rc < 0) {
		uk_pr_err("gic: %s cannot be used, error %d: no messages",
			  dev.name, -rc);
		return rc;
	}
	gic_its.regs = gic_its.queue.regs = regs;
	gic_its.paddr = dev.reg[0].base;
	return 0;
}

/* What is allocated before anything is changed. */
struct memory {
	uint64_t *devices;
	uint64_t *collections;
	struct gic_its_cmd *cmds;
	uint8_t *config;
	struct gic_lpi *lpis;
	void **pending;
	unsigned int npending;
};

static void give_back(const struct memory *m)
{
	for (unsigned int i = 0; m->pending && i < m->npending; i++)
		gic_its_free(m->pending[i]);
	gic_its_free(m->pending);
	gic_its_free(m->lpis);
	gic_its_free(m->config);
	gic_its_free(m->cmds);
	gic_its_free(m->collections);
	gic_its_free(m->devices);
}

static bool get_table(const struct gic_its_table *t, uint64_t **mem)
{
	if (t->reg)
		*mem = gic_its_zalloc(t->page_len,
				      (uint64_t)t->npages * t->page_len);
	return !t->reg || *mem;
}

static bool get_pending(struct memory *m)
{
	bool all;

	m->npending = UK_IS_ENABLED(CONFIG_HAVE_SMP) ? gic_redist_count() : 1;
	m->pending = gic_its_zalloc(sizeof(void *),
				    m->npending * sizeof(void *));
	all = m->pending != NULL;
	for (unsigned int i = 0; all && i < m->npending; i++) {
		m->pending[i] = gic_its_zalloc(PENDING_ALIGN, PENDING_LEN);
		all = m->pending[i] != NULL;
	}
	return all;
}

static int get_memory(struct memory *m)
{
	*m = (struct memory){ .npending = 0 };
	if (!get_table(&gic_its.devices, &m->devices) ||
	    !get_table(&gic_its.collections, &m->collections) ||
	    !get_pending(m))
		goto none;
	m->cmds = gic_its_zalloc(GITS_QUEUE_ALIGN, GITS_QUEUE_LEN);
	m->config = gic_its_zalloc(CONFIG_ALIGN, GIC_NLPIS);
	m->lpis = gic_its_zalloc(sizeof(void *),
				 gic_its.nlpis * sizeof(*m->lpis));
	if (!m->cmds || !m->config || !m->lpis)
		goto none;
	memset(m->config, LPI_OFF, GIC_NLPIS);
	return 0;

none:
	give_back(m);
	return -ENOMEM;
}

/* Have @r take LPIs, and the ITS know it; with the lock. */
static int cpu_on(struct gic_redist *r)
{
	struct gic_its *const its = &gic_its;
	struct gic_its_cmd cmds[2];
	int rc;

	if (r->lpis)
		return 0;
	if (r->collection >= its->ncollections ||
	    its->pending_used == its->npending)
		return -ENOTSUP;
	rc = gic_redist_lpis_on(r->regs, ukarch_paddr_of(its->config),
				ukarch_paddr_of(its->pending
						[its->pending_used]));
	if (rc < 0)
		return rc;
	its->pending_used++;
	cmds[0] = gic_its_mapc(r->collection, gic_its_target(r));
	cmds[1] = gic_its_sync(gic_its_target(r));
	rc = gic_its_do(&its->queue, cmds, 2);
	r->lpis = rc == 0;
	return rc;
}

static int cpu_try(struct gic_redist *r)
{
	const int rc = cpu_on(r);

	if (rc < 0)
		uk_pr_warn("gic: CPU %#lx takes no messages, error %d",
			   r->hwid, -rc);
	return rc;
}

/* The ITS has the memory, and the first CPU and others; with the lock. */
static int start(const struct memory *m)
{
	struct gic_its *const its = &gic_its;
	int rc;

	its->devices.mem = m->devices;
	its->collections.mem = m->collections;
	its->queue.cmds = m->cmds;
	its->config = m->config;
	its->lpis = m->lpis;
	its->pending = m->pending;
	its->npending = m->npending;

	gic_its_set_table(its->regs, &its->devices);
	gic_its_set_table(its->regs, &its->collections);
	rc = gic_its_queue_start(&its->queue);
	if (rc < 0)
		return rc;
	gic_write(its->regs, GITS_CTLR, CTLR_ENABLED);
	/* Messages are the boot CPU's first: without it there are none. */
	rc = cpu_try(&gic_redist);
	for (struct gic_redist *r = gic_redist_first(); rc == 0 && r;
	     r = r->next)
		if (r != &gic_redist)
			(void)cpu_try(r);
	return rc;
}

int gic_its_start(void)
{
	struct gic_its *const its = &gic_its;
	unsigned long irqs;
	struct memory m;
	int rc = 0;

	if (its->active)
		return its->error;
	if (!its->regs)
		rc = find();
	if (rc == 0)
		rc = get_memory(&m);
	if (rc < 0)
		return rc;

	irqs = uk_spin_lock_irqsave(&its->lock);
	its->error = (int16_t)start(&m);
	its->active = true;
	uk_spin_unlock_irqrestore(&its->lock, irqs);
	if (its->error < 0)
		uk_pr_err("gic: the ITS does not start, error %d: no messages",
			  -its->error);
	return its->error;
}

void gic_its_cpu_start(struct gic_redist *redist)
{
	const unsigned long irqs = uk_spin_lock_irqsave(&gic_its.lock);

	if (gic_its.active && gic_its.error == 0)
		(void)cpu_try(redist);
	uk_spin_unlock_irqrestore(&gic_its.lock, irqs);
}
