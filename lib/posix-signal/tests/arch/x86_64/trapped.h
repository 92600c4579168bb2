/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/* A call by the instruction, with *@vec in a vector register; then back. */
static inline long trapped3(long nr, long a, long b, long c, uint64_t *vec)
{
	long ret = nr;

	__asm__ volatile("movq %[vec], %%xmm9\n\t"
			 "syscall\n\t"
			 "movq %%xmm9, %[vec]"
			 : "+a"(ret), [vec] "+r"(*vec)
			 : "D"(a), "S"(b), "d"(c)
			 : "rcx", "r11", "memory");
	return ret;
}

static inline long trapped(long nr, long a, long b, uint64_t *vec)
{
	return trapped3(nr, a, b, 0, vec);
}

static inline void spoil_vector(void)
{
	__asm__ volatile("pxor %xmm9, %xmm9");
}
