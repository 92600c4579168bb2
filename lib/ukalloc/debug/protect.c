/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Accesses to freed memory, reads too. A write leaves a trace that is found
 * later; a read leaves none. So a block is seen at addresses that it alone
 * ever has: its frames are mapped there, with a page on either side of which
 * nothing is, and when it is freed they are unmapped. Whoever comes then ends
 * the image at that instruction.
 *
 * The addresses are from the last quarter of UKARCH_KMAP_BASE on (below are
 * CPUs' stacks, and lib/ukallocstack's), dealt out once: 128 GiB are 16
 * million small blocks. Those that come later have none, which is told once.
 *
 * Refused: to change rights in the linear map. It is never split, as page
 * tables are reached by it.
 */
#include "debug_priv.h"

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/arch/trap.h>
#include <uk/assert.h>
#include <uk/crash.h>
#include <uk/essentials.h>
#include <uk/fmt.h>
#include <uk/libparam.h>
#include <uk/log.h>
#include <uk/pagetable.h>
#include <uk/preempt.h>

/* After all who can do something about the fault, as lib/uknofault. */
#define PRIO_TELL	9
#define CAUSE		96

#define PAGE		((size_t)UKARCH_PAGE_SIZE)
#define BASE		((uintptr_t)UKARCH_KMAP_BASE + ((uintptr_t)384 << 30))
#define END		((uintptr_t)UKARCH_KMAP_END)

UK_LIBPARAM(protect, bool, &alloc_debug.protect,
	    "Have accesses to freed blocks crash, reads too");

/* Where the next block is seen; its guard is below. Atomic, relaxed. */
static uintptr_t fresh = BASE + PAGE;

bool alloc_can_hide(void)
{
	return !UK_IS_ENABLED(CONFIG_HAVE_SMP) ||
	       (ukarch_irq_enabled() && !uk_in_irq() &&
		ukarch_current()->preempt_off == 0);
}

static char *take_address(size_t len, size_t align)
{
	uintptr_t old = __atomic_load_n(&fresh, __ATOMIC_RELAXED);
	uintptr_t at;

	do {
		at = UK_ALIGN_UP(old, align);
		if (at < old || at >= END || len >= END - at)
			return NULL;
	} while (!__atomic_compare_exchange_n(&fresh, &old, at + len + PAGE,
					      false, __ATOMIC_RELAXED,
					      __ATOMIC_RELAXED));
	return (char *)at;
}

/* Once: it will be so for most blocks that follow. */
static void tell_unprotected(const char *what)
{
	static bool told;

	if (!__atomic_exchange_n(&told, true, __ATOMIC_RELAXED))
		uk_log_plain("kiln: ukalloc.protect: no %s left: accesses to "
			     "some blocks are not found any more", what);
}

void alloc_show(struct alloc_block *b, size_t align)
{
	const size_t room = UK_ALIGN_UP(b->size + b->zone, PAGE);
	const uintptr_t mem = (uintptr_t)alloc_block_mem(b);

	if (mem < UKARCH_LINEAR_BASE || mem >= UKARCH_KMAP_BASE ||
	    !UK_IS_ALIGNED(mem, PAGE))
		return;
	b->seen = take_address(room, align);
	if (!b->seen) {
		tell_unprotected("addresses are");
		return;
	}
	b->room = room;
	if (uk_paging_map(uk_paging_kernel(), (uintptr_t)b->seen,
			  uk_virt_to_phys((const void *)mem), room,
			  UK_PAGE_READ | UK_PAGE_WRITE,
			  UK_PAGING_LEVEL_MAX(0)) < 0) {
		tell_unprotected("page table is");
		b->seen = NULL;
	}
}

void alloc_hide(struct alloc_block *b)
{
	int rc;

	if (!b->seen || b->hidden || !alloc_can_hide())
		return;
	rc = uk_paging_unmap(uk_paging_kernel(), (uintptr_t)b->seen, b->room,
			     0, NULL);
	/* All pages are small. */
	UK_ASSERT(rc == 0);
	b->hidden = 1;
}

static const char *verb(enum uk_trap_access access)
{
	return access == UK_TRAP_WRITE ? "written" :
	       access == UK_TRAP_READ ? "read" : "executed";
}

static enum uk_event_result on_fault(void *data)
{
	const struct uk_trap *const trap = data;
	const struct alloc_block *b;
	char cause[CAUSE];

	if (trap->addr < BASE || trap->addr >= END)
		return UK_EVENT_NOT_HANDLED;
	b = alloc_block_at(trap->addr);
	if (b)
		(void)uk_snprintf(cause, sizeof(cause), "heap: byte %td of a "
				  "%sblock of %zu bytes is %s",
				  (char *)trap->addr - b->seen,
				  b->freed ? "freed " : "", b->size,
				  verb(trap->access));
	else
		(void)uk_snprintf(cause, sizeof(cause), "heap: a block that "
				  "was freed long ago is %s",
				  verb(trap->access));
	uk_log_plain("kiln: %s", cause);
	if (b)
		alloc_print_block(b);
	uk_crash_trap(cause, trap->regs, 1, trap->addr);
}

UK_EVENT_HANDLER_PRIO(ukarch_trap_page_fault, on_fault, PRIO_TELL);
