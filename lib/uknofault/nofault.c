/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who accesses is a handful of instructions in access.S. They are known by
 * address, so an access costs nothing that a plain one does not, and a trap
 * that came from anywhere else a few comparisons. What was done so far is in
 * the registers at each of these instructions; the code at the fixup turns it
 * into the result.
 *
 * Two handlers see a page fault: one before those who can map the page, for
 * accesses that must not have it mapped, and one after them.
 */
#include <uk/nofault.h>

#include <stdbool.h>

#include <uk/arch/cpu.h>
#include <uk/arch/regs.h>
#include <uk/arch/trap.h>
#include <uk/essentials.h>
#include <uk/event.h>

#include "nofault_priv.h"

/* After all who map pages on demand, before who has the program handle it. */
#define PRIO_AFTER_PAGING	7

static const struct {
	const char *first, *end, *fixup;
} ranges[] = {
	{ nofault_words, nofault_words_end, nofault_words_fault },
	{ nofault_bytes, nofault_bytes_end, nofault_bytes_end },
	{ nofault_poke_insn, nofault_poke_end, nofault_poke_fault },
	{ nofault_load32_insn, nofault_load32_end, nofault_word_fault },
	{ nofault_cas32_insn, nofault_cas32_end, nofault_word_fault },
	{ nofault_load64_insn, nofault_load64_end, nofault_load64_fault },
	{ nofault_store64_insn, nofault_store64_end, nofault_store64_fault },
};

/* Where it goes on after a fault at @ip; 0: that is none of our accesses. */
static uintptr_t fixup_of(uintptr_t ip)
{
	for (size_t i = 0; i < UK_ARRAY_SIZE(ranges); i++)
		if (ip >= (uintptr_t)ranges[i].first &&
		    ip < (uintptr_t)ranges[i].end)
			return (uintptr_t)ranges[i].fixup;
	return 0;
}

/* End the access that @trap came from, if its flags have all of @flags. */
static enum uk_event_result end_access(struct uk_trap *trap,
				       unsigned int flags)
{
	const uintptr_t fixup = fixup_of(ukarch_regs_ip(trap->regs));

	if (!fixup || (nofault_flags(trap->regs) & flags) != flags)
		return UK_EVENT_NOT_HANDLED;
	nofault_resume(trap->regs, fixup);
	return UK_EVENT_HANDLED;
}

enum uk_event_result nofault_end_access(struct uk_trap *trap)
{
	return end_access(trap, 0);
}

static enum uk_event_result before_paging(void *data)
{
	return end_access(data, UK_NOFAULT_NOPAGING);
}

static enum uk_event_result after_paging(void *data)
{
	return end_access(data, 0);
}

UK_EVENT_HANDLER_PRIO(ukarch_trap_page_fault, before_paging,
		      UK_EVENT_PRIO_FIRST);
UK_EVENT_HANDLER_PRIO(ukarch_trap_page_fault, after_paging,
		      PRIO_AFTER_PAGING);

/* Is the byte at @vaddr good? */
static bool good_r(uintptr_t vaddr, unsigned int flags)
{
	char byte;

	return uk_nofault_copy_(&byte, (const void *)vaddr, 1, flags) == 0;
}

static bool good_rw(uintptr_t vaddr, unsigned int flags)
{
	return nofault_poke(vaddr, flags) == 0;
}

/*
 * A page is good as a whole or not at all. The first page of the address space
 * is never mapped, nor the last one, so this does not go round its end.
 */
static size_t probe(uintptr_t vaddr, size_t len, unsigned int flags,
		    bool (*good)(uintptr_t vaddr, unsigned int flags))
{
	size_t done = 0;

	while (done < len && good(vaddr + done, flags))
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

bool uk_nofault_cas32(uint32_t *ptr, uint32_t *was, uint32_t val,
		      unsigned int flags)
{
	const uint64_t got = nofault_cas32(ptr, *was, val, flags);

	if (got == UK_NOFAULT_BAD_WORD_)
		return false;
	*was = (uint32_t)got;
	return true;
}
