/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The FPU for the programs of level 4; the core never touches its registers.
 *
 * start.S has set CR0 and CR4 for SSE, which every 64-bit CPU has. Wider
 * vector state is enabled where XSAVE and the state are there (SDM volume 1,
 * 13.3): a program may then test for AVX as Linux programs do.
 */
#include <stdbool.h>
#include <stdint.h>

#include "cpuid.h"
#include "x86_priv.h"

#define CR4_OSXSAVE	(1ul << 18)

#define XCR0_X87_SSE	0x03u
#define XCR0_AVX	0x04u
/* Masks, upper halves, upper registers. */
#define XCR0_AVX512	0xe0u

/* Set by the boot CPU, before there are others: they are all alike. */
enum x86_fpu_save_kind x86_fpu_save_kind = X86_FXSAVE;

/*
 * QEMU's emulator (7.2) takes OSXSAVE for a reserved bit where leaf 0xd,1 is
 * empty, as with the model Opteron_G4, and repeats the write to CR4 for ever.
 * On a real CPU of that kind, and under KVM, it works; what a leaf that is not
 * there reads as is not that name.
 */
static bool is_repeated_for_ever(uint32_t leaf_d1)
{
	return leaf_d1 == 0 &&
	       ukarch_cpuid(CPUID_HYPERVISOR, 0).ebx == CPUID_HYPERVISOR_TCG;
}

static void enable_xsave(void)
{
	const uint32_t more = ukarch_cpuid(0xd, 1).eax;
	const uint32_t there = ukarch_cpuid(0xd, 0).eax;
	uint32_t want = XCR0_X87_SSE | (there & XCR0_AVX);
	unsigned long cr4;

	if (is_repeated_for_ever(more))
		return;

	/* AVX-512 goes with AVX, and in one piece (13.3). */
	if ((there & (XCR0_AVX | XCR0_AVX512)) == (XCR0_AVX | XCR0_AVX512))
		want |= XCR0_AVX512;

	__asm__ volatile("movq %%cr4, %0\n\t"
			 "orq %1, %0\n\t"
			 "movq %0, %%cr4"
			 : "=&r"(cr4) : "r"(CR4_OSXSAVE));
	__asm__ volatile("xsetbv" : : "a"(want), "d"(0), "c"(0));
	x86_fpu_save_kind = more & CPUID_D1_EAX_XSAVEOPT ? X86_XSAVEOPT :
							   X86_XSAVE;
}

void x86_fpu_init(void)
{
	/* All exceptions masked, round to nearest: as the ABI starts. */
	const uint32_t mxcsr = X86_MXCSR;

	if (ukarch_cpuid(1, 0).ecx & CPUID_1_ECX_XSAVE)
		enable_xsave();
	__asm__ volatile("fninit\n\tldmxcsr %0" : : "m"(mxcsr));
}
