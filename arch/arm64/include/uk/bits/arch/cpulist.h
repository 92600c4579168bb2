/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/restart.h>

/* TPIDR_EL1 is the distance of this CPU's block, see percpu.h. */

static inline void *ukarch_cpulist_pop(struct ukarch_item **lists, size_t i)
{
	struct ukarch_item *item, *next;
	uintptr_t list;

	__asm__ volatile goto(
		"1:	mrs	%[list], tpidr_el1\n"
		"	add	%[list], %[list], %[lists]\n"
		"	ldr	%[item], [%[list], %[i], lsl #3]\n"
		"	cbz	%[item], %l[empty]\n"
		"	ldr	%[next], [%[item]]\n"
		"2:	str	%[next], [%[list], %[i], lsl #3]\n"
		UK_RESTART("1b", "2b")
		: [item] "=&r"(item), [next] "=&r"(next), [list] "=&r"(list)
		: [lists] "r"(lists), [i] "r"(i)
		: "memory"
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
	uintptr_t list;
	size_t room;

	__asm__ volatile goto(
		"1:	mrs	%[list], tpidr_el1\n"
		"	add	%[list], %[list], %[lists]\n"
		"	ldr	%[head], [%[list], %[i], lsl #3]\n"
		"	cbz	%[head], %l[refused]\n"
		"	ldr	%[room], [%[head], #8]\n"
		"	subs	%[room], %[room], #1\n"
		"	b.lo	%l[refused]\n"
		"	stp	%[head], %[room], [%[item]]\n"
		"2:	str	%[item], [%[list], %[i], lsl #3]\n"
		UK_RESTART("1b", "2b")
		: [head] "=&r"(head), [room] "=&r"(room), [list] "=&r"(list)
		: [lists] "r"(lists), [i] "r"(i), [item] "r"(item)
		: "cc", "memory"
		: refused);
	return true;
refused:
	return false;
}
