/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The memory map of a domain whose start info has none, as version 0 of it:
 * Xen's first domain up to Xen 4.17.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/essentials.h>
#include <uk/plat/memory.h>
#include <uk/xen.h>
#include <uk/xen_abi.h>

#include "../xen_priv.h"

static enum uk_event_result on_asks_memory(void *data)
{
	/* 2.5 KiB of the boot stack, which nobody else uses by now. */
	struct uk_xen_memory_entry entries[128];
	const struct ukplat_memory *const memory = data;
	struct uk_xen_memory_map map = {
		.nentries = UK_ARRAY_SIZE(entries),
		.entries = entries,
	};

	if (!xen_find(NULL) ||
	    uk_xen_order(UK_XEN_MEMORY_OP, UK_XEN_MEMORY_MAP, &map) < 0 ||
	    map.nentries > UK_ARRAY_SIZE(entries))
		return UK_EVENT_NOT_HANDLED;
	for (uint32_t i = 0; i < map.nentries; i++)
		memory->add(memory->arg, entries[i].base, entries[i].len,
			    entries[i].type);
	return UK_EVENT_HANDLED;
}

UK_EVENT_HANDLER(ukplat_asks_memory, on_asks_memory);
