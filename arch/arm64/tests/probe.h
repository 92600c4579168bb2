/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/* x0 to x30, then NZCV as the register of that name has it. */
#define PROBE_REGS	32

/*
 * Take an exception with the registers @in, and store in @out what they are
 * when it has returned: a BRK, whose handler must step over it, or what the
 * hardware does at an interrupt, done by hand.
 */
void probe_brk(const uint64_t in[PROBE_REGS], uint64_t out[PROBE_REGS]);
void probe_irq(const uint64_t in[PROBE_REGS], uint64_t out[PROBE_REGS]);
void probe_fiq(const uint64_t in[PROBE_REGS], uint64_t out[PROBE_REGS]);

struct ukarch_ctx;

/* x19 to x28 */
#define PROBE_KEPT	10

/* Switch with the registers @in; @out is what they are afterwards. */
void probe_switch(struct ukarch_ctx *from, const struct ukarch_ctx *to,
		  const uint64_t in[PROBE_KEPT], uint64_t out[PROBE_KEPT]);

struct probe_fpsimd {
	uint64_t q[32][2];
	uint64_t fpcr;
	uint64_t fpsr;
};

void fpsimd_probe_load(const struct probe_fpsimd *in);
void fpsimd_probe_store(struct probe_fpsimd *out);
