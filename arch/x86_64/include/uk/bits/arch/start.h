/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * How a platform's boot_<protocol>.S goes on to C. Assembler only.
 *
 *   ukarch_start32  32-bit protected mode, paging off, flat segments
 *   ukarch_start64  64-bit mode, the image's memory and what the registers
 *                   below point to mapped at their physical addresses
 *
 * Both are jumped to at their physical addresses, with interrupts off and
 *
 *   %ebx  what the loader left, for setup
 *   %edi  physical address of void setup(uint64_t ebx), which is called on
 *         the boot stack with the final page tables, traps and the FPU in
 *         order, and does not return
 *   %ebp  physical address of a routine that is jumped to in 32-bit mode,
 *         without a stack, if this CPU will not do: it shows the text at the
 *         physical address %esi (a line, NUL at its end) and ends the machine
 *
 * By then the image is in the linear map, and nothing else (<uk/paging.h>).
 */

/* Physical address of a symbol of the image, as a constant of 32 bits. */
#define UKARCH_PHYS(sym)	((sym) - UKARCH_IMAGE_BASE)
