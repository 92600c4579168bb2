/* SPDX-License-Identifier: BSD-3-Clause */
/* Translations of other CPUs: gone when the call that unmaps has returned. */
#include <uk/lcpu.h>

#include <stdbool.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/arch/trap.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/pagetable.h>
#include <uk/percpu.h>
#include <uk/test.h>

#define PAGE	((uintptr_t)UKARCH_PAGE_SIZE)
#define VA	((uintptr_t)0x123456000)
#define KVA	((uintptr_t)UKARCH_KMAP_END - 8 * PAGE)
#define RW	(UK_PAGE_READ | UK_PAGE_WRITE)
#define NROUNDS	64u

/* Pages of the image, which is in the linear map. */
#define NFRAMES	16u
static uint64_t frames[NFRAMES][512] UK_ALIGNED(4096);
static bool taken[NFRAMES];

static uint64_t paddr_of(const void *vaddr)
{
	struct uk_paging_leaf leaf;

	if (uk_paging_find(uk_paging_kernel(), (uintptr_t)vaddr, &leaf) < 0)
		return 0;
	return leaf.paddr + ((uintptr_t)vaddr - leaf.vaddr);
}

static int take(struct uk_falloc *fa UK_UNUSED, uint64_t *paddr,
		unsigned long nframes UK_UNUSED,
		unsigned long flags UK_UNUSED)
{
	for (unsigned int i = 0; i < NFRAMES; i++) {
		if (taken[i])
			continue;
		taken[i] = true;
		*paddr = paddr_of(frames[i]);
		return 0;
	}
	return -ENOMEM;
}

static int give(struct uk_falloc *fa UK_UNUSED, uint64_t paddr,
		unsigned long nframes)
{
	for (unsigned int i = 0; i < NFRAMES; i++) {
		if (paddr_of(frames[i]) - paddr < nframes * PAGE)
			taken[i] = false;
	}
	return 0;
}

static struct uk_falloc fa = { .falloc = take, .ffree = give };

static uint64_t new_frame(uint64_t val)
{
	uint64_t paddr = 0;

	UK_EXPECT_EQ(uk_falloc(&fa, &paddr, 1, 0), 0);
	*(uint64_t *)uk_phys_to_virt(paddr) = val;
	return paddr;
}

/*
 * What a CPU that misses the page finds then: another frame. So a read says
 * which translation it had: the old frame's value, or, after a fault, 2.
 */
static struct {
	struct uk_pagetable *pt;	/* NULL: no fault is expected */
	uint64_t paddr;
	unsigned int count;
} second;

static enum uk_event_result on_fault(void *data)
{
	const struct uk_trap *const trap = data;

	if (!second.pt || trap->mapped)
		return UK_EVENT_NOT_HANDLED;
	second.count++;
	return uk_paging_map(second.pt, trap->addr & ~(PAGE - 1),
			     second.paddr, PAGE, RW, 0) == 0 ?
		       UK_EVENT_HANDLED : UK_EVENT_NOT_HANDLED;
}

UK_EVENT_HANDLER_PRIO(ukarch_trap_page_fault, on_fault, 2);

struct look {
	struct uk_pagetable *pt;
	uintptr_t vaddr;
	uint64_t val;
};

static void look(void *arg)
{
	struct look *const l = arg;

	if (l->pt)
		uk_paging_activate(l->pt);
	l->val = *(volatile uint64_t *)l->vaddr;
}

static void leave(void *arg UK_UNUSED)
{
	uk_paging_activate(uk_paging_kernel());
}

/* The other CPU reads, this one unmaps, the other one reads again. */
static void round_of(struct uk_pagetable *pt, uintptr_t vaddr,
		     bool activate)
{
	struct look l = { .pt = activate ? pt : NULL, .vaddr = vaddr };
	const uint64_t first = new_frame(1);

	UK_EXPECT_EQ(uk_paging_map(pt, vaddr, first, PAGE, RW, 0), 0);
	uk_lcpu_run(1, look, &l);
	UK_EXPECT_EQ(l.val, 1);
	UK_EXPECT_EQ(uk_paging_unmap(pt, vaddr, PAGE, 0, NULL), 0);
	second.count = 0;
	second.paddr = new_frame(2);
	second.pt = pt;
	uk_lcpu_run(1, look, &l);
	second.pt = NULL;
	UK_EXPECT_EQ(l.val, 2);
	UK_EXPECT_EQ(second.count, 1);
	UK_EXPECT_EQ(uk_paging_unmap(pt, vaddr, PAGE, 0, NULL), 0);
	UK_EXPECT_EQ(uk_ffree(&fa, first, 1), 0);
	UK_EXPECT_EQ(uk_ffree(&fa, second.paddr, 1), 0);
}

UK_TEST(shootdown, what_was_unmapped_is_missed_by_other_cpus)
{
	struct uk_pagetable pt;

	if (uk_lcpu_start_all() < 2)
		UK_TEST_SKIP("this machine has one CPU");
	if (!UK_EXPECT_EQ(uk_paging_create(&pt, &fa), 0))
		return;
	for (unsigned int i = 0; i < NROUNDS; i++)
		round_of(&pt, VA, true);
	uk_lcpu_run(1, leave, NULL);
	uk_paging_destroy(&pt);
}

UK_TEST(shootdown, what_the_kernel_unmaps_is_missed_by_other_cpus)
{
	if (uk_lcpu_start_all() < 2)
		UK_TEST_SKIP("this machine has one CPU");
	for (unsigned int i = 0; i < NROUNDS; i++)
		round_of(uk_paging_kernel(), KVA, false);
}

static unsigned int nmessages;

static void counted(bool (*who)(void *arg, uintptr_t distance),
		    void (*fn)(void *arg), void *arg)
{
	nmessages++;
	uk_lcpu_run_where(who, fn, arg);
}

UK_TEST(shootdown, many_changes_are_one_message)
{
	struct uk_paging_batch batch;
	struct uk_pagetable pt;
	const uint64_t paddr = new_frame(1);

	if (!UKARCH_TLB_REMOTE)
		UK_TEST_SKIP("hardware tells other CPUs");
	if (uk_lcpu_start_all() < 2)
		UK_TEST_SKIP("this machine has one CPU");
	if (!UK_EXPECT_EQ(uk_paging_create(&pt, &fa), 0))
		return;
	uk_paging_batch_init(&batch, &pt);
	for (unsigned int i = 0; i < 64; i++)
		UK_EXPECT_EQ(uk_paging_map(&pt, VA + i * 2 * PAGE, paddr, PAGE,
					   RW, 0), 0);
	uk_paging_set_remote(counted);
	nmessages = 0;
	for (unsigned int i = 0; i < 64; i++)
		UK_EXPECT_EQ(uk_paging_unmap(&pt, VA + i * 2 * PAGE, PAGE, 0,
					     &batch), 0);
	UK_EXPECT_EQ(nmessages, 0);
	uk_paging_flush(&batch);
	uk_paging_set_remote(uk_lcpu_run_where);
	UK_EXPECT_EQ(nmessages, 1);
	UK_EXPECT_EQ(uk_ffree(&fa, paddr, 1), 0);
	uk_paging_destroy(&pt);
}

static bool even(void *arg UK_UNUSED, uintptr_t distance)
{
	return uk_percpu_ptr(uk_cpu, distance)->idx % 2 == 0;
}

static UK_PERCPU(unsigned int, runs);

static void run_once(void *arg UK_UNUSED)
{
	uk_this_cpu(runs)++;
}

static bool nobody(void *arg UK_UNUSED, uintptr_t distance UK_UNUSED)
{
	return false;
}

UK_TEST(shootdown, calls_go_where_they_are_meant_to)
{
	const unsigned int n = uk_lcpu_start_all();

	if (n < 2)
		UK_TEST_SKIP("this machine has one CPU");
	for (unsigned int i = 0; i < n; i++)
		*uk_percpu_ptr(runs, uk_lcpu_percpu(i)) = 0;
	uk_lcpu_run_where(nobody, run_once, NULL);
	uk_lcpu_run_where(even, run_once, NULL);
	for (unsigned int i = 0; i < n; i++)
		UK_EXPECT_EQ(*uk_percpu_ptr(runs, uk_lcpu_percpu(i)),
			     i > 0 && i % 2 == 0);
}
