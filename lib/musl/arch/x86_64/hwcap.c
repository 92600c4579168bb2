/* SPDX-License-Identifier: BSD-3-Clause */
#include "../../musl_priv.h"

/* Linux: AT_HWCAP is CPUID 1, EDX. */
unsigned long musl_hwcap(void)
{
	unsigned int eax = 1, ebx, ecx = 0, edx;

	__asm__("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
	return edx;
}
