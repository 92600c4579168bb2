/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>
#include <uk/fdt.h>

/*
 * A device of a device tree, found by the binding it is compatible with: for
 * drivers of what is there once (Devicetree Specification v0.4, 2.3).
 *
 * Each search is one pass over the tree. A node whose status, or whose
 * parent's, is not "okay" is not there; nor is one more than five nodes deep.
 * Context: any.
 */

/* Registers, or memory, as the CPU sees them. */
struct uk_fdt_reg {
	uint64_t base;
	uint64_t len;
};

#define UK_FDT_DEVICE_NREGS	4

struct uk_fdt_device {
	const char *name;

	/* The first ones of its ranges; up to one that cannot be reached. */
	struct uk_fdt_reg reg[UK_FDT_DEVICE_NREGS];
	uint32_t nregs;

	/* The reader's own. */
	struct uk_fdt_cursor props;	/* before its first property */
	const uint8_t *interrupts;
	uint32_t interrupts_len;
	uint32_t irq_cells;
};

/*
 * Find the first node that is compatible with @compatible, say "arm,pl031".
 * @fdt outlives @dev.
 *
 * Returns 0, or an error of <uk/fdt.h>, or
 *   -ENOENT  there is none
 */
UK_MUST_USE
int uk_fdt_device_find(const struct uk_fdt *fdt, const char *compatible,
		       struct uk_fdt_device *dev);

/*
 * The same for the first node that is compatible with one of @names, which
 * ends with a NULL. Returns also the index in @names.
 */
UK_MUST_USE
int uk_fdt_device_find_any(const struct uk_fdt *fdt, const char *const *names,
			   struct uk_fdt_device *dev);

/*
 * The same for the node number @idx, from 0, of those. The result is 0 or more,
 * or an error; -ENOENT: there are no more than @idx.
 */
UK_MUST_USE
int uk_fdt_device_find_nth(const struct uk_fdt *fdt, const char *const *names,
			   unsigned int idx, struct uk_fdt_device *dev);

/*
 * The value of property @name of @dev and its length, 4-byte aligned; NULL if
 * there is none.
 */
const uint8_t *uk_fdt_device_prop(const struct uk_fdt_device *dev,
				  const char *name, uint32_t *len);

/* The same of a property that is one 32-bit number; @def if it is not. */
uint32_t uk_fdt_device_u32(const struct uk_fdt_device *dev, const char *name,
			   uint32_t def);

/*
 * INTID of its interrupt number @idx at the GIC (bindings of arm,gic): 16 to
 * 31 are of each CPU, 32 to 1019 shared; and *@flags, the trigger of
 * <uk/intctlr.h>. The interrupts are taken to be the GIC's, of which there is
 * one.
 *
 * Returns the INTID, or
 *   -ENOENT   there are no more than @idx
 *   -EPROTO   it makes no sense
 */
UK_MUST_USE
int uk_fdt_device_gic_irq(const struct uk_fdt_device *dev, unsigned int idx,
			  uint32_t *flags);
