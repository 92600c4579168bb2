/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The stacks of a CPU: memory of the heap, mapped a second time, apart, so
 * that what runs over an end meets a page that is not mapped. Each CPU has a
 * slot of 16 pages from UKARCH_KMAP_BASE on:
 *
 *	guard 2, trap stack 2, guard 1, boot stack 4,
 *	and for each stack of the architecture's own: guard 1, stack 1
 *
 * arm64 asks for a trap stack at an odd multiple of its size, and for a guard
 * as large.
 */
#include "uklcpu_priv.h"

#include <uk/alloc.h>
#include <uk/arch/cpu.h>
#include <uk/arch/ctx.h>
#include <uk/arch/lcpu.h>
#include <uk/arch/paging.h>
#include <uk/errno.h>
#include <uk/pagetable.h>

#define PAGE		((size_t)UKARCH_PAGE_SIZE)
#define SLOT		(16 * PAGE)
#define TRAP_AT		(2 * PAGE)
#define BOOT_AT		(5 * PAGE)
#define BOOT_LEN	(4 * PAGE)
#define EXTRA_AT	(9 * PAGE)
#define MEM_LEN		(UKARCH_TRAP_STACK_SIZE + BOOT_LEN +		\
			 UKARCH_LCPU_EXTRA * PAGE)

_Static_assert(UKARCH_TRAP_STACK_SIZE == 2 * UKARCH_PAGE_SIZE &&
	       TRAP_AT % UKARCH_TRAP_STACK_ALIGN == UKARCH_TRAP_STACK_SKEW,
	       "where a trap stack may be");
_Static_assert(EXTRA_AT + 2 * UKARCH_LCPU_EXTRA * PAGE <= SLOT, "one slot");
_Static_assert(UK_LCPU_MAX * SLOT <= (1 << 30), "see <uk/pagetable.h>");

/*
 * Map the next @len bytes of memory, at *@mem, at @vaddr. The heap may have
 * given addresses of its own to them (ukalloc.protect).
 */
static int map(uintptr_t vaddr, const char **mem, size_t len)
{
	struct uk_pagetable *const pt = uk_paging_kernel();
	int rc = 0;

	for (size_t at = 0; at < len && rc == 0; at += PAGE, *mem += PAGE) {
		const uintptr_t from = (uintptr_t)*mem;
		struct uk_paging_leaf leaf;

		rc = uk_paging_find(pt, from, &leaf);
		if (rc == 0)
			rc = uk_paging_map(pt, vaddr + at,
					   leaf.paddr + (from - leaf.vaddr),
					   PAGE, UK_PAGE_READ | UK_PAGE_WRITE,
					   UK_PAGING_LEVEL_MAX(0));
	}
	return rc;
}

static int map_all(uintptr_t slot, const char *mem)
{
	int rc;

	rc = map(slot + TRAP_AT, &mem, UKARCH_TRAP_STACK_SIZE);
	if (rc == 0)
		rc = map(slot + BOOT_AT, &mem, BOOT_LEN);
	for (int i = 0; i < UKARCH_LCPU_EXTRA && rc == 0; i++)
		rc = map(slot + EXTRA_AT + (size_t)(2 * i + 1) * PAGE, &mem,
			 PAGE);
	return rc;
}

int lcpu_stacks_make(unsigned int idx, struct lcpu_stacks *stacks)
{
	struct uk_alloc *const a = uk_alloc_get_default();
	const uintptr_t slot = UKARCH_KMAP_BASE + idx * SLOT;
	void *const mem = uk_memalign(a, PAGE, MEM_LEN);
	int rc;

	if (!mem)
		return -ENOMEM;
	rc = map_all(slot, mem);
	if (rc < 0) {
		/* Whole pages, which takes no memory. */
		(void)uk_paging_unmap(uk_paging_kernel(), slot, SLOT, 0,
				      NULL);
		uk_free(a, mem);
		return rc;
	}
	*stacks = (struct lcpu_stacks){
		.trap_top = slot + TRAP_AT + UKARCH_TRAP_STACK_SIZE,
		.boot_top = slot + BOOT_AT + BOOT_LEN,
		.extra = slot + EXTRA_AT,
	};
	return 0;
}
