/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/essentials.h>
#include <uk/lcpu.h>
#include <uk/lcpu_ops.h>

struct ukarch_regs;

/* One CPU; others only write to @calls, and to @state while it starts. */
struct lcpu {
	uint64_t hwid;
	uint64_t cookie;	/* the driver's */
	uintptr_t percpu;
	uint32_t state;		/* enum uk_lcpu_state */
	uint32_t reserved;

	/* Posted and not yet taken, the last one first. call.c */
	struct uk_lcpu_call *calls;
} UK_ALIGNED(UK_CACHELINE);

/* Ids to indices, by hashing: map.c. No locks: filled once. */
#define LCPU_BUCKETS	(2 * UK_LCPU_MAX)

struct lcpu_map {
	struct lcpu cpu[UK_LCPU_MAX];
	unsigned int count;
	unsigned int nleft;	/* CPUs that had no room */
	uint16_t bucket[LCPU_BUCKETS];	/* index + 1; 0: empty */
};

/* Returns the index @hwid now has, -EEXIST or -ENOSPC. */
int lcpu_map_add(struct lcpu_map *map, uint64_t hwid, uint64_t cookie);
/* Returns the index, or -ENOENT. */
int lcpu_map_find(const struct lcpu_map *map, uint64_t hwid);

/* The machine's; looked for by the first call. lcpu.c */
struct lcpu_map *lcpu_map_get(void);

/* CPU @idx of the machine, which there is. */
struct lcpu *lcpu_get(unsigned int idx);

/* Of the driver that found the CPUs; NULL: nobody can start any. */
const struct uk_lcpu_ops *lcpu_ops(void);

/*
 * The stacks of CPU @idx, mapped at their place, each with a page or more
 * below that is not. Returns 0 or -ENOMEM. stacks.c
 */
struct lcpu_stacks {
	uintptr_t trap_top, boot_top;
	uintptr_t extra;	/* see UKARCH_LCPU_EXTRA */
};

UK_MUST_USE int lcpu_stacks_make(unsigned int idx,
				 struct lcpu_stacks *stacks);

/* Interrupts that CPUs send each other have handlers: call.c */
UK_MUST_USE int lcpu_call_init(void);

/* Put @call behind those of @cpu; true if there was none: it must be told. */
bool lcpu_call_push(struct lcpu *cpu, struct uk_lcpu_call *call);
/* Make all calls that were posted to @cpu, in their order. */
void lcpu_call_drain(struct lcpu *cpu);

/*
 * hold.c: not 0 while all other CPUs are held, or about to be; a CPU that is
 * told by the interrupt of calls stands then.
 */
extern uint32_t lcpu_hold_word;

void lcpu_stand(void);

/*
 * The crash screen stops this machine's CPUs: stop.c. What tells a CPU to stop
 * is an NMI, or an interrupt: stop_nmi.c, stop_irq.c
 */
void lcpu_stop_init(void);
UK_MUST_USE int lcpu_stop_take(void);

/* This CPU was told so at @regs: halt, if it is meant. */
void lcpu_stop_here(const struct ukarch_regs *regs);
