/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The whole FPU, SSE and extended state in an area: by XSAVE for what
 * fpu.c has enabled in XCR0, or the legacy 512 bytes by FXSAVE (SDM volume 1,
 * 10.5 and 13.4). XSAVEOPT leaves out what the CPU knows to be in the area or
 * as it was at the start.
 */
#include <uk/arch/ctx.h>

#include <stdint.h>

#include "cpuid.h"
#include "x86_priv.h"

/* The legacy area (10.5.1), and XSAVE's header behind it (13.4.2). */
#define LEGACY_SIZE	512
#define LEGACY_FCW	0
#define LEGACY_MXCSR	24
#define LEGACY_MASK	28
#define HEADER_SIZE	64

/* MXCSR's bits where the area names none (11.6.6). */
#define MXCSR_MASK	0xffbfu

#define XSAVE_ALL	UINT32_MAX

size_t ukarch_ectx_size(void)
{
	if (x86_fpu_save_kind == X86_FXSAVE)
		return LEGACY_SIZE;
	/* Of what is enabled in XCR0 now. */
	return ukarch_cpuid(0xd, 0).ebx;
}

/*
 * An empty header says that all is as at the start, but for MXCSR, which
 * XRSTOR takes from the area in any case (13.8.1).
 */
void ukarch_ectx_init(void *area)
{
	uint8_t *const bytes = area;
	const uint16_t fcw = X86_FCW;
	const uint32_t mxcsr = X86_MXCSR;

	__builtin_memset(area, 0, x86_fpu_save_kind == X86_FXSAVE ?
	       LEGACY_SIZE : LEGACY_SIZE + HEADER_SIZE);
	__builtin_memcpy(bytes + LEGACY_FCW, &fcw, sizeof(fcw));
	__builtin_memcpy(bytes + LEGACY_MXCSR, &mxcsr, sizeof(mxcsr));
}

void ukarch_ectx_save(void *area)
{
	switch (x86_fpu_save_kind) {
	case X86_XSAVEOPT:
		__asm__ volatile("xsaveopt64 (%0)"
				 : : "r"(area), "a"(XSAVE_ALL), "d"(XSAVE_ALL)
				 : "memory");
		break;
	case X86_XSAVE:
		__asm__ volatile("xsave64 (%0)"
				 : : "r"(area), "a"(XSAVE_ALL), "d"(XSAVE_ALL)
				 : "memory");
		break;
	case X86_FXSAVE:
		__asm__ volatile("fxsave64 (%0)" : : "r"(area) : "memory");
		break;
	}
}

void ukarch_ectx_restore(const void *area)
{
	if (x86_fpu_save_kind == X86_FXSAVE)
		__asm__ volatile("fxrstor64 (%0)" : : "r"(area) : "memory");
	else
		__asm__ volatile("xrstor64 (%0)"
				 : : "r"(area), "a"(XSAVE_ALL), "d"(XSAVE_ALL)
				 : "memory");
}

/*
 * XSAVE, since XSAVEOPT does not write what is as the last XRSTOR found it in
 * an area at the same address, whatever has been written there since.
 */
void ukarch_ectx_copy(void *area)
{
	ukarch_ectx_init(area);
	if (x86_fpu_save_kind == X86_FXSAVE)
		__asm__ volatile("fxsave64 (%0)" : : "r"(area) : "memory");
	else
		__asm__ volatile("xsave64 (%0)"
				 : : "r"(area), "a"(XSAVE_ALL), "d"(XSAVE_ALL)
				 : "memory");
}

/* The bits of MXCSR that there are. */
static uint32_t mxcsr_mask(void)
{
	struct {
		uint8_t bytes[LEGACY_SIZE];
	} UK_ALIGNED(16) area;
	uint32_t mask;

	__builtin_memset(&area, 0, sizeof(area));
	__asm__ volatile("fxsave64 %0" : "=m"(area));
	__builtin_memcpy(&mask, area.bytes + LEGACY_MASK, sizeof(mask));
	return mask ? mask : MXCSR_MASK;
}

static uint64_t xcr0(void)
{
	uint32_t lo, hi;

	__asm__ volatile("xgetbv" : "=a"(lo), "=d"(hi) : "c"(0));
	return (uint64_t)hi << 32 | lo;
}

/* What XRSTOR refuses is in MXCSR and in the header (13.8.1). */
void ukarch_ectx_tame(void *area)
{
	uint8_t *const bytes = area;
	uint64_t header[HEADER_SIZE / sizeof(uint64_t)] = { 0 };
	uint32_t mxcsr;

	__builtin_memcpy(&mxcsr, bytes + LEGACY_MXCSR, sizeof(mxcsr));
	mxcsr &= mxcsr_mask();
	__builtin_memcpy(bytes + LEGACY_MXCSR, &mxcsr, sizeof(mxcsr));
	if (x86_fpu_save_kind == X86_FXSAVE)
		return;
	__builtin_memcpy(header, bytes + LEGACY_SIZE, sizeof(header[0]));
	header[0] &= xcr0();
	__builtin_memcpy(bytes + LEGACY_SIZE, header, sizeof(header));
}
