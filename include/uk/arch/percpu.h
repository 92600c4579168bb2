/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/current.h>

/*
 * How a CPU finds what is its own. Contract: each architecture fills it in
 * <uk/bits/arch/percpu.h>. See <uk/percpu.h> for use.
 *
 *   UKARCH_THIS_CPU(var)	this CPU's copy of a UK_PERCPU variable
 */

/* The distance of this CPU's block from the variables; boot CPU: 0. */
static inline uintptr_t ukarch_percpu(void);

/* Set it, for a CPU that starts. Nothing of the old block is used after. */
static inline void ukarch_percpu_set(uintptr_t distance);

/*
 * What this CPU runs: the head of a thread, or of the CPU's boot context;
 * never NULL. One access, and right even if the caller is preempted.
 */
static inline struct uk_current *ukarch_current(void);

/* Only for who switches; interrupts are off. */
static inline void ukarch_current_set(struct uk_current *cur);

#include <uk/bits/arch/percpu.h>

/* The blocks' bounds, by the linker script. */
extern char uk_percpu_start[], uk_percpu_end[];

/* Of the CPU, not of what it runs. Constant once the CPU has started. */
struct uk_cpu {
	uint32_t idx;		/* logical index, 0: the boot CPU */
	uint32_t reserved;
	uint64_t hwid;		/* see ukarch_hwid() */
};

extern struct uk_cpu uk_cpu;	/* UK_PERCPU, defined by arch/ */
