/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A few bytes at the low end of a thread's stacks that nobody writes: if they
 * have changed, the stack was used up, and what lies below it is damaged too.
 * Guard pages tell that earlier and of the right instruction; this works
 * without paging, and where one allocation jumps over a guard. A stack that
 * gets memory on demand has none here, and a guard.
 */
#include <uk/sched_impl.h>

#include <stdint.h>

#include <uk/arch/ctx.h>
#include <uk/crash.h>

#include "sched_priv.h"

#define WORDS	(UK_THREAD_CANARY_LEN / sizeof(uint64_t))

/* Differs from place to place, so that a copied stack does not pass. */
static uint64_t canary(const uint64_t *at)
{
	return UINT64_C(0x6b636174732d6e6b) ^ (uintptr_t)at;
}

static void fill(void *low)
{
	uint64_t *const at = low;

	for (unsigned int i = 0; i < WORDS; i++)
		at[i] = canary(&at[i]);
}

static bool intact(const void *low)
{
	const uint64_t *const at = low;

	for (unsigned int i = 0; i < WORDS; i++)
		if (at[i] != canary(&at[i]))
			return false;
	return true;
}

void sched_canary_init(struct uk_thread *t)
{
	if (t->_mem.stack && sched_stack_is_whole(t))
		fill(t->_mem.stack);
	if (t->_mem.trapstack)
		fill(t->_mem.trapstack);
}

void uk_thread_check_stack(const struct uk_thread *t)
{
	if (t->_mem.stack && sched_stack_is_whole(t) &&
	    UK_UNLIKELY(!intact(t->_mem.stack)))
		uk_crash("stack overflow: thread \"%s\" has used more than "
			 "its %zu bytes", t->cur.name, t->_mem.stack_len);
	if (t->_mem.trapstack && UK_UNLIKELY(!intact(t->_mem.trapstack)))
		uk_crash("stack overflow: a trap or interrupt on top of "
			 "thread \"%s\" has used more than its %u bytes",
			 t->cur.name, (unsigned int)UKARCH_TRAP_STACK_SIZE);
}
