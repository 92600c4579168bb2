/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/restart.h>

/* GS base is the distance of this CPU's block, see percpu.h. */

static inline void *ukarch_cpulist_pop(struct ukarch_item **lists, size_t i)
{
	struct ukarch_item *item, *next;

	__asm__ volatile goto(
		"1:	mov	%%gs:%[list], %[item]\n"
		"	test	%[item], %[item]\n"
		"	jz	%l[empty]\n"
		"	mov	(%[item]), %[next]\n"
		"2:	mov	%[next], %%gs:%[list]\n"
		UK_RESTART("1b", "2b")
		: [item] "=&r"(item), [next] "=&r"(next)
		: [list] "m"(lists[i])
		: "cc", "memory"
		: empty);
	if (!item)
		__builtin_unreachable();
	return item;
empty:
	return NULL;
}

static inline bool ukarch_cpulist_push(struct ukarch_item **lists, size_t i,
				       struct ukarch_item *item)
{
	struct ukarch_item *head;
	size_t room;

	__asm__ volatile goto(
		"1:	mov	%%gs:%[list], %[head]\n"
		"	test	%[head], %[head]\n"
		"	jz	%l[refused]\n"
		"	mov	8(%[head]), %[room]\n"
		"	sub	$1, %[room]\n"
		"	jc	%l[refused]\n"
		"	mov	%[head], (%[item])\n"
		"	mov	%[room], 8(%[item])\n"
		"2:	mov	%[item], %%gs:%[list]\n"
		UK_RESTART("1b", "2b")
		: [head] "=&r"(head), [room] "=&r"(room)
		: [list] "m"(lists[i]), [item] "r"(item)
		: "cc", "memory"
		: refused);
	return true;
refused:
	return false;
}
