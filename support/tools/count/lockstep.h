/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/*
 * Several vCPUs as if they ran at once, each one instruction per unit of time:
 * see lockstep.c. They take turns from the first lockstep_mark() on; before,
 * they run as QEMU lets them.
 *
 * Context: the thread of the vCPU that is named, as QEMU's callbacks are.
 */

/* vCPUs with indices below this. */
#define LOCKSTEP_NVCPUS	64

/*
 * Nobody is to be further ahead of the slowest than @ahead instructions and a
 * block. @ninsns() is how many all vCPUs have run so far.
 */
void lockstep_init(uint64_t ahead, uint64_t (*ninsns)(void));

/* Returns what time it is for @vcpu; the first call is at 0, for all. */
uint64_t lockstep_mark(unsigned int vcpu);

/* @vcpu is about to run a block. Returns when it may begin. */
void lockstep_block(unsigned int vcpu);

/* @vcpu has done what may wake another one. Returns when it has. */
void lockstep_settle(void);

/* It is about to do so; so lockstep_settle() in its next block. */
void lockstep_will_settle(unsigned int vcpu);

/* @vcpu waits for interrupts; it does not any more. */
void lockstep_idle(unsigned int vcpu);
void lockstep_resume(unsigned int vcpu);

/* How often a thread was waited for in vain: then the times mean nothing. */
uint64_t lockstep_nslips(void);
