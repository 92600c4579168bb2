/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Just enough decoding. QEMU hands over whole instructions, so on x86 only
 * prefixes have to be stepped over to reach the opcode (Intel SDM vol. 2,
 * 2.1). Opcodes by its appendix A.2, A64 encodings by Arm ARM C4, the
 * interrupt controller's registers by the GIC architecture, 12.2.
 */
#include "decode.h"

#include <string.h>

#define MARK_TAG	0x554bu

static bool is_prefix(uint8_t byte)
{
	switch (byte) {
	case 0x26: case 0x2e: case 0x36: case 0x3e:	/* segments */
	case 0x64: case 0x65:
	case 0x66: case 0x67:				/* operand, address */
	case 0xf0: case 0xf2: case 0xf3:		/* lock, repeat */
		return true;
	default:
		return false;
	}
}

static bool is_string(uint8_t op)
{
	return (op >= 0xa4 && op <= 0xa7) ||	/* movs, cmps */
	       (op >= 0xaa && op <= 0xaf) ||	/* stos, lods, scas */
	       (op >= 0x6c && op <= 0x6f);	/* ins, outs */
}

static struct insn_kind decode_nop(const uint8_t *code)
{
	struct insn_kind kind = { 0 };

	if (code[0] == 0x0f && code[1] == 0x1f && code[2] == 0x84 &&
	    code[3] == 0 && (code[6] | code[7] << 8) == MARK_TAG) {
		kind.marker = true;
		kind.mark = (uint16_t)(code[4] | code[5] << 8);
	}
	return kind;
}

struct insn_kind decode_x86(const uint8_t *code, size_t len)
{
	struct insn_kind kind = { 0 };
	bool repeat = false;
	size_t at = 0;
	uint8_t op;

	if (len == 8)
		return decode_nop(code);

	while (at + 1 < len && is_prefix(code[at])) {
		repeat |= code[at] == 0xf2 || code[at] == 0xf3;
		at++;
	}
	/* REX, in 64-bit mode, before a string instruction. */
	if (at + 1 < len && (code[at] & 0xf0) == 0x40)
		at++;

	op = code[at];
	switch (len - at) {
	case 1:
		kind.idle = op == 0xf4;
		kind.port_in = op == 0xec || op == 0xed ||
			       op == 0x6c || op == 0x6d;
		kind.port_out = op == 0xee || op == 0xef ||
				op == 0x6e || op == 0x6f;
		kind.rep = repeat && is_string(op);
		break;
	case 2:
		kind.port_in = op == 0xe4 || op == 0xe5;
		kind.port_out = op == 0xe6 || op == 0xe7;
		break;
	default:
		break;
	}
	return kind;
}

struct insn_kind decode_arm64(const uint8_t *code, size_t len)
{
	struct insn_kind kind = { 0 };
	uint32_t word;

	if (len != sizeof(word))
		return kind;

	memcpy(&word, code, sizeof(word));
	kind.idle = word == 0xd503207fu || word == 0xd503205fu;
	/* msr to S3_0_C12_C11_5, 6 or 7. */
	kind.ipi = (word & 0xffffff80u) == 0xd518cb80u && (word & 0x60u);
	if ((word & 0xffe0001fu) == 0xd2a0001fu) {
		kind.marker = true;
		kind.mark = (uint16_t)(word >> 5);
	}
	return kind;
}
