/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Redistributors (IHI 0069, 12.10): each CPU has one, for its own interrupts
 * and for LPIs that are sent to it. They are rows of frames, and say whose
 * they are; those of CPUs that have started are a list that only grows.
 */
#include "its_priv.h"

#include <stddef.h>

#include <uk/arch/percpu.h>
#include <uk/errno.h>
#include <uk/print.h>

#define TYPER_VLPIS		(1u << 1)
#define TYPER_LAST		(1u << 4)
#define TYPER_NUMBER(typer)	((typer) >> 8 & 0xffffu)
#define WAKER_SLEEP		(1u << 1)
#define WAKER_ASLEEP		(1u << 2)
#define PATIENCE		1000000u

#define PENDBASER_ZERO		(UINT64_C(1) << 62)

UK_PERCPU(struct gic_redist, gic_redist);

static struct {
	struct uk_fdt_reg rows[UK_FDT_DEVICE_NREGS];
	unsigned int nrows;
	struct gic_redist *first;	/* release by a CPU; acquire */
} redists;

/* As TYPER has it in its upper half: Aff3 to Aff0. */
static uint32_t affinity(uint64_t hwid)
{
	return (uint32_t)(hwid & 0xffffff) | (uint32_t)(hwid >> 32) << 24;
}

void gic_redist_rows(const struct uk_fdt_reg *rows, unsigned int nrows)
{
	for (unsigned int i = 0; i < nrows; i++)
		redists.rows[i] = rows[i];
	redists.nrows = nrows;
}

/* A place in the rows; at the beginning all 0. */
struct place {
	unsigned int row;
	uint64_t off;
	uint64_t paddr;			/* of what was found */
	volatile uint8_t *regs;
};

/* Go on to the next redistributor. Returns 1, 0 at the end, or an error. */
static int next(struct place *p)
{
	const struct uk_fdt_reg *row;
	uint32_t typer;
	int rc;

	while (p->row < redists.nrows &&
	       (p->off >= redists.rows[p->row].len ||
		redists.rows[p->row].len - p->off < 2 * GICR_FRAME)) {
		p->row++;
		p->off = 0;
	}
	if (p->row == redists.nrows)
		return 0;
	row = &redists.rows[p->row];
	p->paddr = row->base + p->off;
	rc = gic_map("redistributor", p->paddr, 2 * GICR_FRAME, &p->regs);
	if (rc < 0)
		return rc;
	typer = gic_read(p->regs, GICR_TYPER);
	p->off += (typer & TYPER_VLPIS ? 4 : 2) * (uint64_t)GICR_FRAME;
	if (typer & TYPER_LAST)
		p->off = row->len;
	return 1;
}

unsigned int gic_redist_count(void)
{
	struct place p = { .row = 0 };
	unsigned int n = 0;

	while (next(&p) > 0)
		n++;
	return n;
}

static int find(uint32_t aff, struct place *p)
{
	int rc;

	do {
		rc = next(p);
		if (rc < 0)
			return rc;
	} while (rc > 0 && gic_read(p->regs, GICR_TYPER + 4) != aff);
	if (rc > 0)
		return 0;
	uk_pr_err("gic: the CPU with affinity %#x has no redistributor", aff);
	return -ENODEV;
}

static int wake(volatile uint8_t *regs)
{
	gic_write(regs, GICR_WAKER,
		  gic_read(regs, GICR_WAKER) & ~WAKER_SLEEP);
	for (unsigned int i = 0; i < PATIENCE; i++)
		if (!(gic_read(regs, GICR_WAKER) & WAKER_ASLEEP))
			return 0;
	uk_pr_err("gic: a redistributor does not wake up");
	return -ENODEV;
}

int gic_redist_start(void)
{
	struct gic_redist *const self = uk_this_cpu_ptr(gic_redist);
	const struct uk_cpu *const cpu = uk_this_cpu_ptr(uk_cpu);
	struct place p = { .row = 0 };
	int rc;

	rc = find(affinity(cpu->hwid), &p);
	if (rc == 0)
		rc = wake(p.regs);
	if (rc < 0)
		return rc;

	self->paddr = p.paddr;
	self->hwid = cpu->hwid;
	self->collection = cpu->idx;
	self->number = TYPER_NUMBER(gic_read(p.regs, GICR_TYPER));
	if (self->regs)
		return 0;
	self->regs = p.regs;
	self->next = gic_redist_first();
	while (!__atomic_compare_exchange_n(&redists.first, &self->next, self,
					    false, __ATOMIC_RELEASE,
					    __ATOMIC_RELAXED))
		;
	return 0;
}

struct gic_redist *gic_redist_first(void)
{
	return __atomic_load_n(&redists.first, __ATOMIC_ACQUIRE);
}

struct gic_redist *gic_redist_of(uint64_t hwid)
{
	struct gic_redist *r = gic_redist_first();

	while (r && r->hwid != hwid)
		r = r->next;
	return r;
}

/* Both registers are for a redistributor whose LPIs are off (12.11). */
static int lpis_off(volatile uint8_t *regs)
{
	if (!(gic_read(regs, GICR_CTLR) & GICR_CTLR_LPIS))
		return 0;
	gic_write(regs, GICR_CTLR, gic_read(regs, GICR_CTLR) &
				   ~GICR_CTLR_LPIS);
	gic_wait(regs, GICR_CTLR_RWP);
	return gic_read(regs, GICR_CTLR) & GICR_CTLR_LPIS ? -EBUSY : 0;
}

static int set_base(volatile uint8_t *regs, uint32_t reg, uint64_t val)
{
	gic_write64(regs, reg, val | GIC_BASE_SHARED | GICR_BASE_CACHED);
	return (gic_read64(regs, reg) & GIC_BASE_SHARED_MASK) ==
	       GIC_BASE_SHARED ? 0 : -ENOTSUP;
}

int gic_redist_lpis_on(volatile uint8_t *regs, uint64_t config,
		       uint64_t pending)
{
	int rc = lpis_off(regs);

	if (rc == 0)
		rc = set_base(regs, GICR_PROPBASER,
			      config | (GIC_LPI_BITS - 1));
	if (rc == 0)
		rc = set_base(regs, GICR_PENDBASER, pending | PENDBASER_ZERO);
	if (rc < 0)
		return rc;
	/* Both tables are there before it looks. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	gic_write(regs, GICR_CTLR, gic_read(regs, GICR_CTLR) | GICR_CTLR_LPIS);
	return 0;
}
