/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/event.h>

/*
 * Raised by a platform whose boot data has no memory map, for a hypervisor that
 * tells it by a call. A handler that knows the map calls add() for each entry
 * and returns UK_EVENT_HANDLED. The data is a struct ukplat_memory.
 *
 * Context: before uk_boot(), one CPU, boot stack; only the image is mapped.
 */
UK_EVENT_DECLARE(ukplat_asks_memory);

struct ukplat_memory {
	/* @type as of ACPI 15, INT 15 E820. */
	void (*add)(void *arg, uint64_t base, uint64_t len, uint32_t type);
	void *arg;
};
