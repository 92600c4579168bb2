/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who accesses is a handful of instructions in access.S. They are known by
 * address, so an access costs nothing that a plain one does not, and a trap
 * that came from anywhere else a comparison or two. What was done so far is in
 * the registers at each of these instructions; the code at the fixup turns it
 * into the result.
 *
 * Two handlers see a page fault: one before those who can map the page, for
 * accesses that must not have it mapped, and one after them.
 */
#include <uk/nofault.h>

#include <uk/arch/cpu.h>
#include <uk/arch/regs.h>
#include <uk/arch/trap.h>
#include <uk/essentials.h>
#include <uk/event.h>

#include "nofault_priv.h"

/* After all who map pages on demand, before who tells of the fault. */
#define PRIO_AFTER_PAGING	8

static const struct nofault_range *range_of(const struct ukarch_regs *regs)
{
	const uintptr_t ip = ukarch_regs_ip(regs);

	for (const struct nofault_range *r = nofault_ranges; r->first; r++)
		if (ip - r->first < r->end - r->first)
			return r;
	return NULL;
}

enum uk_event_result nofault_end_access(struct uk_trap *trap)
{
	const struct nofault_range *const r = range_of(trap->regs);

	if (!r)
		return UK_EVENT_NOT_HANDLED;
	nofault_resume(trap->regs, r->fixup);
	return UK_EVENT_HANDLED;
}

static enum uk_event_result before_paging(void *data)
{
	struct uk_trap *const trap = data;

	if (!range_of(trap->regs) ||
	    !(nofault_flags(trap->regs) & UK_NOFAULT_NOPAGING))
		return UK_EVENT_NOT_HANDLED;
	return nofault_end_access(trap);
}

static enum uk_event_result after_paging(void *data)
{
	return nofault_end_access(data);
}

UK_EVENT_HANDLER_PRIO(ukarch_trap_page_fault, before_paging,
		      UK_EVENT_PRIO_FIRST);
UK_EVENT_HANDLER_PRIO(ukarch_trap_page_fault, after_paging,
		      PRIO_AFTER_PAGING);

size_t uk_nofault_memcpy(void *dst, const void *src, size_t len,
			 unsigned int flags)
{
	return len - nofault_copy(dst, src, len, flags);
}

/* Is the byte at @vaddr good? */
static bool good_r(uintptr_t vaddr, unsigned int flags)
{
	char byte;

	return nofault_copy(&byte, (const void *)vaddr, 1, flags) == 0;
}

static bool good_rw(uintptr_t vaddr, unsigned int flags)
{
	return nofault_poke(vaddr, flags) == 0;
}

/* A page is good as a whole or not at all. */
static size_t probe(uintptr_t vaddr, size_t len, unsigned int flags,
		    bool (*good)(uintptr_t vaddr, unsigned int flags))
{
	size_t done = 0;

	while (done < len && vaddr + done >= vaddr &&
	       good(vaddr + done, flags))
		done += UKARCH_PAGE_SIZE -
			(vaddr + done) % UKARCH_PAGE_SIZE;
	return UK_MIN(done, len);
}

size_t uk_nofault_probe_r(uintptr_t vaddr, size_t len, unsigned int flags)
{
	return probe(vaddr, len, flags, good_r);
}

size_t uk_nofault_probe_rw(uintptr_t vaddr, size_t len, unsigned int flags)
{
	return probe(vaddr, len, flags, good_rw);
}
