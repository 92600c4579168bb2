/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/bootinfo.h>
#include <uk/compiler.h>

struct uk_fdt;

/*
 * What booting needs to know of a machine, gathered from its device tree in
 * one pass (Devicetree Specification v0.4; the bindings of arm,psci, arm,pl011,
 * ns16550a and xen,xen).
 *
 * Read are: the reservation block; nodes of device type "memory" below the
 * root; the children of /reserved-memory that have a reg; /chosen with
 * bootargs, initrd, stdout-path and rng-seed; /aliases for stdout-path; the
 * PSCI node; that of Xen; and the first UK_FDT_NUARTS serial ports of a known
 * kind. A node
 * whose status, or whose parent's, is not "okay" is not there. Numbers of one
 * and two cells are understood.
 *
 * The console is the port that stdout-path names. Without a stdout-path, or
 * with one that names nothing known, it is the first port of the tree.
 */

#define UK_FDT_NUARTS	4

struct uk_fdt_machine {
	const char *bootargs;		/* NULL: none; not yet checked for … */
	uint32_t bootargs_len;		/* … a NUL in these bytes */

	uint64_t initrd_base;		/* len 0: no initrd */
	uint64_t initrd_len;

	struct uk_console_hint console;	/* kind NONE: no known port */

	uint32_t seed_off;		/* of /chosen/rng-seed in the tree */
	uint32_t seed_len;		/* 0: none */

	uint32_t psci;			/* enum uk_psci_conduit */
	uint32_t hypervisor;		/* enum uk_hypervisor */

	/*
	 * PSCI 0.1 numbers its functions in the tree and has none to power
	 * off; 0: not there. From 0.2 on all numbers are standard and all of
	 * these are 0.
	 */
	uint32_t psci_is_0_1;
	uint32_t psci_cpu_suspend;
	uint32_t psci_cpu_off;
	uint32_t psci_cpu_on;
	uint32_t psci_migrate;
};

/* Who gets the regions, in the order of the tree, as they are found. */
struct uk_fdt_regions {
	/* Return 0, or a negative errno, which ends the pass. */
	int (*memory)(void *arg, uint64_t base, uint64_t len);
	int (*reserved)(void *arg, uint64_t base, uint64_t len);
	void *arg;
};

/*
 * Fill @machine, and report memory and reservations to @regions. Regions of
 * length 0 are left out; others are reported as they are and may overlap,
 * or wrap around the end of the address space.
 *
 * Returns 0, an error of @regions, an error of <uk/fdt.h>, or
 *   -EDOM      #address-cells or #size-cells of memory is not 1 or 2
 *   -ENODATA   there is no memory node
 *   -EPROTO    the value of a property has an impossible length, or an
 *              initrd ends before it begins
 * On failure *@where, if it was found, says in words what is wrong ("reg of a
 * memory node"), else it is NULL. @machine is undefined then.
 */
UK_MUST_USE
int uk_fdt_machine_read(const struct uk_fdt *fdt,
			const struct uk_fdt_regions *regions,
			struct uk_fdt_machine *machine, const char **where);
