/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <uk/percpu.h>

/* A thread of the host process is a CPU, and nobody interrupts it. */

static inline void *ukarch_cpulist_pop(struct ukarch_item **lists, size_t i)
{
	struct ukarch_item **const mine = &uk_this_cpu(lists[i]);
	struct ukarch_item *const item = *mine;

	if (item)
		*mine = item->next;
	return item;
}

static inline bool ukarch_cpulist_push(struct ukarch_item **lists, size_t i,
				       struct ukarch_item *item)
{
	struct ukarch_item **const mine = &uk_this_cpu(lists[i]);
	struct ukarch_item *const head = *mine;

	if (!head || head->room == 0)
		return false;
	item->next = head;
	item->room = head->room - 1;
	*mine = item;
	return true;
}
