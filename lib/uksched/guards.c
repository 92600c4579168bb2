/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stacks with nothing around them, from lib/ukallocstack, and what the crash
 * screen says of who runs into that. A thread's block begins with its stack, so
 * the guard is right below; what else is in the block has its memory at once,
 * and of the stack what the core may need on top of any call.
 */
#include "sched_priv.h"

#include <uk/alloc.h>
#include <uk/allocstack.h>
#include <uk/arch/percpu.h>
#include <uk/crash_hook.h>
#include <uk/essentials.h>
#include <uk/event.h>
#include <uk/fmt.h>
#include <uk/stack.h>

struct uk_alloc *sched_stacks(struct uk_alloc *heap UK_UNUSED)
{
	return uk_allocstack_get();
}

void *sched_stack_alloc(struct uk_alloc *a, const struct sched_layout *l)
{
	if (a != uk_allocstack_get())
		return uk_memalign(a, l->align, l->size);
	/* Thread-local variables may ask for anything. */
	if (l->align > UK_ALLOCSTACK_GUARD_LEN)
		return NULL;
	return uk_allocstack_take(l->size, l->size - l->stack_len +
					   UK_MIN(l->stack_len,
						  UK_STACK_RESERVE));
}

#if UK_IS_ENABLED(CONFIG_LIBUKALLOCSTACK_DEMAND)
void sched_stack_lazy(struct uk_thread *t)
{
	const size_t len = uk_allocstack_lazy_len(t->_mem.stack);

	if (!len)
		return;
	t->cur.lazy_from = (uintptr_t)t->_mem.stack - UK_STACK_RESERVE;
	t->cur.lazy_len = len + UK_STACK_RESERVE;
}
#endif

bool sched_describe(uintptr_t addr, char *buf, size_t size)
{
	uintptr_t begin, end;
	const char *name, *why = "";

	if (!uk_allocstack_find(addr, &begin, &end))
		return false;
	name = sched_owner_of(begin);
	if (!name)
		return false;
	if (addr - begin < uk_allocstack_lazy_len((void *)begin))
		why = ", for which no memory was left";
	if (addr < begin)
		(void)uk_snprintf(buf, size, "%zu bytes below the stack of "
				  "thread '%s': it overflowed",
				  (size_t)(begin - addr), name);
	else if (addr >= end)
		(void)uk_snprintf(buf, size, "%zu bytes behind the memory of "
				  "thread '%s'", (size_t)(addr - end), name);
	else
		(void)uk_snprintf(buf, size, "%zu bytes into the stack of "
				  "thread '%s'%s", (size_t)(addr - begin),
				  name, why);
	return true;
}

static enum uk_event_result hint(void *data)
{
	struct uk_crash_hint *const hint = data;

	return sched_describe(hint->addr, hint->buf, hint->size)
	       ? UK_EVENT_HANDLED : UK_EVENT_NOT_HANDLED;
}

UK_EVENT_HANDLER(uk_crash_hint, hint);
