/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include <uk/config.h>

/*
 * System calls in assembler, with something known in each register, in each
 * vector register, and in the bytes below the stack pointer.
 */
#if UK_IS_ENABLED(CONFIG_ARCH_X86_64)
/* The order of registers in @in and @out. */
enum { RAX, RBX, RCX, RDX, RSI, RDI, RBP, R8, R9, R10, R11, R12, NREGS = 15 };
#define NPLACES		16
#define NR		RAX
#define RET		RAX
#define ARG0		RDI
#define KEPT		R12	/* one that a call keeps */
#define NVECS		16
#define VEC_LEN		32
#else
enum { NREGS = 31 };
#define NPLACES		32
#define NR		8
#define RET		0
#define ARG0		0
#define KEPT		19
#define NVECS		32
#define VEC_LEN		16
#endif
#define NRED		16

struct call_probe {
	uint64_t in[NPLACES], out[NPLACES];
	uint64_t flags_in, flags_out;
	uint64_t red[NRED];	/* as they were after the call */
	uint64_t avx;		/* not 0: the CPU has it (x86_64) */
	uint64_t pad;
	uint8_t vec_in[NVECS][VEC_LEN], vec_out[NVECS][VEC_LEN];
};

/* Make the call that @probe->in says, by the instruction. */
void call_probe(struct call_probe *probe);
extern char call_probe_after[];

/* Call a function that sees its caller's registers. */
void call_env(struct call_probe *probe);
extern char call_env_after[];

#if UK_IS_ENABLED(CONFIG_ARCH_X86_64)
_Static_assert(offsetof(struct call_probe, vec_in) == 416, "asm");
#else
_Static_assert(offsetof(struct call_probe, vec_in) == 672, "asm");
#endif
_Static_assert(offsetof(struct call_probe, flags_in) == 16 * NPLACES, "asm");
