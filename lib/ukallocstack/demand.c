/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Somebody touches a part of a stack that has no memory yet. The page comes,
 * and with it those above, up to UK_STACK_RESERVE bytes: a stack is used from
 * above, so what lies there is needed too. So one touch of the address that
 * far below the stack pointer is enough for all that lies between, which is
 * what uk_stack_reserve() does.
 *
 * The fault runs on the trap stack, in whatever state the thread was, and takes
 * two locks only: of the kernel's page table and of frames. Who is going to
 * hold one of these has reserved stack before. Nothing else is asked of a
 * slot that could change: the stack is in use, or nobody would touch it.
 *
 * A jump there is none of these, and neither is what has a right missing.
 */
#include "allocstack_priv.h"

#include <uk/allocstack.h>
#include <uk/arch/trap.h>
#include <uk/essentials.h>
#include <uk/event.h>
#include <uk/stack.h>

static bool grow(uintptr_t addr)
{
	const uintptr_t page = UK_ALIGN_DOWN(addr, PAGE);
	uintptr_t begin, end;
	uint32_t n;

	if (!uk_allocstack_find(addr, &begin, &end) || addr < begin ||
	    addr >= end)
		return false;
	if (stacks_map(page, UK_MIN(end - page, UK_STACK_RESERVE + PAGE),
		       &n) < 0)
		return false;
	(void)__atomic_fetch_add(&stacks.slots.slot[stacks_at(addr)].nframes,
				 n, __ATOMIC_RELAXED);
	(void)__atomic_fetch_add(&stacks.nfaults, 1, __ATOMIC_RELAXED);
	return true;
}

static enum uk_event_result on_fault(void *data)
{
	const struct uk_trap *const trap = data;

	return !trap->mapped && trap->access != UK_TRAP_EXEC &&
	       grow(trap->addr) ? UK_EVENT_HANDLED : UK_EVENT_NOT_HANDLED;
}

/* After those of address spaces, which have more faults. */
#define PRIO	6
UK_EVENT_HANDLER_PRIO(ukarch_trap_page_fault, on_fault, PRIO);
