/* SPDX-License-Identifier: BSD-3-Clause */
/* What an image with CONFIG_LIBUKSP can do, and others cannot. */
#include <stdint.h>
#include <stdio.h>

#include <uk/sp.h>

#include "probe.h"

int probe_canary(void)
{
	printf("canary %016lx\n", (unsigned long)__stack_chk_guard);
	return 0;
}

/* Volatile: neither the bound nor the array is the compiler's to know. */
__attribute__((noinline))
void probe_smash(void)
{
	static volatile unsigned int end = 48;
	volatile unsigned char array[16];

	for (unsigned int i = 0; i < end; i++)
		array[i] = 0x41;
	printf("smashed with %#x\n", array[3]);
}
