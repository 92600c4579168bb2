/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>

struct uk_fdt;
struct uk_fdt_device;

/*
 * Keys at GPIO pins (bindings of gpio-keys). Context: any.
 */

/* linux,code of the power button. */
#define UK_FDT_KEY_POWER	116u

struct uk_fdt_key {
	const char *name;
	uint32_t controller;	/* phandle, not 0, of who has the pin */
	uint32_t pin;
	bool active_low;
};

/*
 * Find the first key with @code that is there; its controller has two cells,
 * pin and flags, as all that are known here.
 *
 * Returns 0, or an error of <uk/fdt.h>, or
 *   -ENOENT  there is none
 *   -EPROTO  it is at no pin
 */
UK_MUST_USE
int uk_fdt_key_find(const struct uk_fdt *fdt, uint32_t code,
		    struct uk_fdt_key *key);

/*
 * Find the node with the phandle @phandle, not 0, that is compatible with
 * @compatible. Returns as uk_fdt_device_find().
 */
UK_MUST_USE
int uk_fdt_device_find_phandle(const struct uk_fdt *fdt,
			       const char *compatible, uint32_t phandle,
			       struct uk_fdt_device *dev);
