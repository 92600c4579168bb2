/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who keeps frames that nobody uses is asked for them, by an event: so nobody
 * registers, and who keeps some need not know who is short of them.
 *
 * uk_falloc() itself does not ask: it is for any context, and often called
 * with the lock of a page table, which is what giving back mostly takes. Who
 * calls it from where all of that is allowed asks, and tries once more.
 */
#include <uk/falloc.h>

#include <uk/arch/cpu.h>
#include <uk/preempt.h>

UK_EVENT(uk_falloc_short);

bool uk_falloc_reclaim(struct uk_falloc *fa, const void *asker)
{
	struct uk_falloc_short s = { .fa = fa, .asker = asker };

	if (!ukarch_irq_enabled() || uk_in_irq() ||
	    ukarch_current()->preempt_off)
		return false;
	return uk_event_raise(uk_falloc_short, &s) != UK_EVENT_NOT_HANDLED;
}
