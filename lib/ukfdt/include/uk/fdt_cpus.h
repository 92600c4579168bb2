/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>

struct uk_fdt;

/*
 * The CPUs of a device tree: the children of /cpus that are called "cpu" or
 * "cpu@…", or whose device_type is "cpu" (Devicetree Specification v0.4, 3.7
 * and 3.8; the bindings of arm,cpus). What a CPU's node does not say of status
 * and enable-method is taken from /cpus, as 3.7 wants it.
 */

enum uk_fdt_cpu_status {
	UK_FDT_CPU_OKAY,
	UK_FDT_CPU_DISABLED,	/* asleep; enable-method wakes it up */
	UK_FDT_CPU_FAILED,	/* any other status: not to be used */
};

/* enable-method: the first of the list that we know. */
enum uk_fdt_cpu_method {
	UK_FDT_CPU_NOT_TOLD,	/* as it may be of the CPU that booted */
	UK_FDT_CPU_PSCI,
	UK_FDT_CPU_SPIN_TABLE,
	UK_FDT_CPU_OTHER,	/* one that we do not know */
};

struct uk_fdt_cpu {
	uint64_t id;		/* reg; arm64: affinity fields of MPIDR_EL1 */
	uint64_t release;	/* SPIN_TABLE: physical cpu-release-addr */
	uint32_t status;	/* enum uk_fdt_cpu_status */
	uint32_t method;	/* enum uk_fdt_cpu_method */
};

/*
 * Read the CPUs of @fdt into @cpus, which has room for @max, in the order of
 * the tree, in one pass that ends behind /cpus. A node with several ids
 * (threads of one core) gives one CPU for each.
 *
 * Returns how many there are, which may be more than @max: those are counted,
 * not stored or compared; or an error of <uk/fdt.h>, or
 *   -ENODATA  there is no CPU
 *   -EDOM     #address-cells of /cpus is not 1 or 2
 *   -EPROTO   a property is missing or has an impossible length
 *   -EEXIST   two CPUs have one id
 * On failure *@where, if it was found, says in words what is wrong, else it
 * is NULL. @cpus is undefined then.
 */
UK_MUST_USE
int uk_fdt_cpus_read(const struct uk_fdt *fdt, struct uk_fdt_cpu *cpus,
		     unsigned int max, const char **where);
