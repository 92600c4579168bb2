/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What has been taken out of tables and may still be in a TLB.
 *
 * Frames and tables are given back only after the flush. A table that waits
 * holds the address of the next one in its first entry: a multiple of a page,
 * so a CPU that still walks it finds an entry that is not present. Frames of
 * mappings may still be written, so nothing is kept in them.
 *
 * x86: other CPUs are told by an interrupt, those only on which the page table
 * is active. The change of an entry comes before the look at who they are, and
 * a CPU says that it is one before it loads the root, with a fence between the
 * two on each side; so either it is told, or its walks find the change. A CPU
 * that leaves a page table counts until it has loaded another root.
 */
#include "pagetable_priv.h"

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/essentials.h>
#include <uk/percpu.h>
#include <uk/preempt.h>

#define PAGE		((uintptr_t)UKARCH_PAGE_SIZE)

/* As many pages are flushed one by one; more: all. */
#define NPAGES_MAX	32u

/* The low half of this CPU: NULL, the kernel's, is none. */
struct active {
	struct uk_pagetable *pt;
	struct uk_pagetable *leaving;	/* the root may be still this one's */
};

static UK_PERCPU(struct active, active);

/* Written once, before there are other CPUs. */
static uk_paging_remote_fn run_remote;

/* Relaxed: whoever does not see it yet goes the other way. */
static uk_paging_remote_flush_fn flush_remote;

void uk_paging_set_remote(uk_paging_remote_fn remote)
{
	__atomic_store_n(&flush_remote, NULL, __ATOMIC_RELAXED);
	run_remote = remote;
}

void uk_paging_set_remote_flush(uk_paging_remote_flush_fn flush)
{
	__atomic_store_n(&flush_remote, flush, __ATOMIC_RELAXED);
}

void uk_paging_activate(struct uk_pagetable *pt)
{
	struct active *const a = uk_this_cpu_ptr(active);
	struct uk_pagetable *const next = pt == &paging_kernel ? NULL : pt;

	if (a->pt == next)
		return;
	__atomic_store_n(&a->leaving, a->pt, __ATOMIC_RELAXED);
	__atomic_store_n(&a->pt, next, __ATOMIC_RELAXED);
	/* Pairs with the one in uk_paging_flush(). */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	ukarch_pt_activate(next ? next->root : 0);
	__atomic_store_n(&a->leaving, NULL, __ATOMIC_RELEASE);
}

struct uk_pagetable *uk_paging_active(void)
{
	struct uk_pagetable *const pt = uk_this_cpu(active).pt;

	return pt ? pt : &paging_kernel;
}

void uk_paging_batch_init(struct uk_paging_batch *batch,
			  struct uk_pagetable *pt)
{
	batch->pt = pt;
	batch->nranges = 0;
	batch->nruns = 0;
	batch->tables = 0;
}

struct uk_paging_batch *paging_batch_begin(struct uk_paging_batch *own,
					   struct uk_paging_batch *batch,
					   struct uk_pagetable *pt)
{
	if (!batch) {
		uk_paging_batch_init(own, pt);
		return own;
	}
	UK_ASSERT(batch->pt == pt);
	return batch;
}

void paging_batch_done(struct uk_paging_batch *own,
		       struct uk_paging_batch *batch)
{
	if (batch == own)
		uk_paging_flush(own);
}

void paging_batch_range(struct uk_paging_batch *batch, uintptr_t vaddr,
			uintptr_t len)
{
	struct uk_paging_range *r = batch->range + batch->nranges;

	if (batch->nranges > 0 && vaddr <= r[-1].end && vaddr >= r[-1].vaddr) {
		r[-1].end = UK_MAX(r[-1].end, vaddr + len);
		return;
	}
	if (batch->nranges < UK_PAGING_BATCH_RANGES) {
		*r = (struct uk_paging_range){ vaddr, vaddr + len };
		batch->nranges++;
		return;
	}
	/* The last one grows to hold what is between, too. */
	r[-1].vaddr = UK_MIN(r[-1].vaddr, vaddr);
	r[-1].end = UK_MAX(r[-1].end, vaddr + len);
}

void uk_paging_batch_add(struct uk_paging_batch *batch, uintptr_t vaddr,
			 size_t len)
{
	UK_ASSERT(len > 0 && UK_IS_ALIGNED(vaddr | len, PAGE));
	paging_batch_range(batch, vaddr, len);
}

bool paging_batch_run(struct uk_paging_batch *batch, uint64_t paddr,
		      unsigned long nframes)
{
	struct uk_paging_run *const r = batch->run + batch->nruns;

	if (batch->nruns > 0 &&
	    r[-1].paddr + r[-1].nframes * PAGE == paddr) {
		r[-1].nframes += nframes;
		return true;
	}
	if (batch->nruns > 0 && paddr + nframes * PAGE == r[-1].paddr) {
		r[-1].paddr = paddr;
		r[-1].nframes += nframes;
		return true;
	}
	if (batch->nruns == UK_PAGING_BATCH_RUNS)
		return false;
	*r = (struct uk_paging_run){ paddr, nframes };
	batch->nruns++;
	return true;
}

void paging_batch_table(struct uk_paging_batch *batch, uint64_t paddr,
			uintptr_t vaddr)
{
	/* What leads to a table is cached by itself. */
	paging_batch_range(batch, vaddr, PAGE);
	*paging_table(batch->pt, paddr) = batch->tables;
	batch->tables = paddr;
}

void paging_flush_all(const struct uk_pagetable *pt)
{
	if (pt == &paging_kernel)
		ukarch_tlb_flush_all();
	else
		ukarch_tlb_flush_low();
}

/* Runs on each CPU that must flush. */
static void flush_here(void *arg)
{
	const struct uk_paging_batch *const batch = arg;
	size_t npages = 0;

	for (unsigned int i = 0; i < batch->nranges; i++)
		npages += (batch->range[i].end - batch->range[i].vaddr) / PAGE;
	if (npages > NPAGES_MAX) {
		paging_flush_all(batch->pt);
		return;
	}
	for (unsigned int i = 0; i < batch->nranges; i++) {
		const struct uk_paging_range *const r = &batch->range[i];

		ukarch_tlb_flush(r->vaddr, (r->end - r->vaddr) / PAGE);
	}
}

static bool concerns(void *arg, uintptr_t distance)
{
	const struct uk_paging_batch *const batch = arg;
	const struct active *const a = uk_percpu_ptr(active, distance);

	return batch->pt == &paging_kernel ||
	       __atomic_load_n(&a->pt, __ATOMIC_RELAXED) == batch->pt ||
	       __atomic_load_n(&a->leaving, __ATOMIC_RELAXED) == batch->pt;
}

static void flush_others(struct uk_paging_batch *batch)
{
	const uk_paging_remote_flush_fn flush =
		__atomic_load_n(&flush_remote, __ATOMIC_RELAXED);

	if (!flush || !flush(concerns, batch, batch->range, batch->nranges))
		run_remote(concerns, flush_here, batch);
}

static void flush_tlbs(struct uk_paging_batch *batch)
{
	uk_preempt_disable();
	/* Pairs with the one in uk_paging_activate(). */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (!UKARCH_TLB_REMOTE || concerns(batch, ukarch_percpu()))
		flush_here(batch);
	if (UKARCH_TLB_REMOTE && run_remote)
		flush_others(batch);
	uk_preempt_enable();
}

static void give_back(struct uk_paging_batch *batch)
{
	struct uk_pagetable *const pt = batch->pt;
	struct uk_falloc *const fa = pt->fa ? pt->fa : uk_falloc_get_default();

	for (unsigned int i = 0; i < batch->nruns; i++) {
		const int rc = uk_ffree(fa, batch->run[i].paddr,
					batch->run[i].nframes);

		UK_ASSERT(rc == 0);
	}
	if (!batch->tables)
		return;
	paging_lock(pt);
	while (batch->tables) {
		const uint64_t paddr = batch->tables;

		batch->tables = *paging_table(pt, paddr);
		paging_frame_give(pt, paddr);
	}
	uk_spin_unlock(&pt->lock);
}

void uk_paging_flush(struct uk_paging_batch *batch)
{
	if (batch->nranges > 0)
		flush_tlbs(batch);
	give_back(batch);
	uk_paging_batch_init(batch, batch->pt);
}

void uk_paging_batch_free(struct uk_paging_batch *batch, uint64_t paddr,
			  unsigned long nframes)
{
	if (paging_batch_run(batch, paddr, nframes))
		return;
	/* Not in a callback: they find room for one. */
	uk_paging_flush(batch);
	if (!paging_batch_run(batch, paddr, nframes))
		UK_ASSERT(false);
}
