/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/arch/percpu.h>
#include <uk/compiler.h>

/*
 * Variables of which each CPU has its own.
 *
 *	static UK_PERCPU(struct stats, stats);
 *
 *	uk_preempt_disable();
 *	uk_this_cpu(stats).hits++;
 *	uk_preempt_enable();
 *
 * All of them are zero when their CPU starts. The boot CPU's are the
 * variables themselves, so they work from the first instruction in C; each
 * other CPU has a block of the same layout at a distance from them
 * (lib/uklcpu), which is what the CPU's register holds.
 *
 * Context: any in which the CPU cannot change: interrupts or preemption off
 * (<uk/preempt.h>), or a thread that is bound to its CPU.
 */

#define UK_PERCPU(type, name)						\
	__typeof__(type) name UK_SECTION(".bss..percpu")
#define UK_PERCPU_DECLARE(type, name)	extern __typeof__(type) name

/* This CPU's variable, as an lvalue, and its address. */
#define uk_this_cpu(var)	UKARCH_THIS_CPU(var)
#define uk_this_cpu_ptr(var)						\
	((__typeof__(&(var)))((uintptr_t)&(var) + ukarch_percpu()))

/* That of the CPU whose block is @distance away (uk_lcpu_percpu()). */
#define uk_percpu_ptr(var, distance)					\
	((__typeof__(&(var)))((uintptr_t)&(var) + (distance)))
