/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What the counter wants to know about an instruction. */
struct insn_kind {
	bool port_out;		/* x86: out, outs */
	bool port_in;		/* x86: in, ins */
	bool idle;		/* hlt; wfi, wfe */
	bool rep;		/* x86: a repeated string instruction */
	bool ipi;		/* arm64: a store to ICC_SGI*R_EL1 */
	bool marker;		/* a marker no-op */
	uint16_t mark;		/* its number */
};

/*
 * Marker no-ops, which a guest puts around what is to be measured:
 *   x86_64  nopl imm32(%rax,%rax,1)   0f 1f 84 00 <0x554b0000 | number>
 *   arm64   movz xzr, #number, lsl #16
 */

/* The instruction of @len bytes at @code. */
struct insn_kind decode_x86(const uint8_t *code, size_t len);
struct insn_kind decode_arm64(const uint8_t *code, size_t len);
