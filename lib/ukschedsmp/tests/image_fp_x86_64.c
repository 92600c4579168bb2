/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The x87 registers and MXCSR by FXRSTOR and FXSAVE (SDM volume 1, 10.5.1), XMM
 * registers with them, and where there is AVX all 256 bits of YMM0 to YMM15.
 */
#include "fp_all.h"

#include <stddef.h>

#include <uk/compiler.h>
#include <uk/string.h>

#define MXCSR		0x1f80u
#define FCW		0x037fu
#define NST		8u
#define NXMM		16u

struct fxsave {
	uint16_t fcw, fsw;
	uint8_t ftw, reserved1;		/* a bit for each register in use */
	uint16_t fop;
	uint64_t fip, fdp;
	uint32_t mxcsr, mxcsr_mask;
	struct {
		uint64_t mantissa;
		uint16_t sign_exponent;
		uint16_t reserved[3];
	} st[NST];
	uint64_t xmm[NXMM][2];
	uint64_t reserved2[12];
} UK_ALIGNED(16);

_Static_assert(sizeof(struct fxsave) == 512, "as the CPU has it");

static uint64_t value(uint64_t seed, size_t i)
{
	return seed * UINT64_C(0x0101010101010101) * (i + 1);
}

/* Are YMM registers there and switched on (SDM volume 1, 14.3)? */
static bool has_avx(void)
{
	uint32_t a = 1, b, c = 0, d;

	__asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
	if (!(c >> 27 & 1) || !(c >> 28 & 1))
		return false;
	__asm__ volatile("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
	return (a & 6) == 6;
}

#define YMM(load, n, off)						\
	load(#n, #off)
#define LOAD(n, off)	"vmovdqu " off "(%0), %%ymm" n "\n\t"
#define STORE(n, off)	"vmovdqu %%ymm" n ", " off "(%0)\n\t"
#define ALL_YMM(op)							\
	YMM(op, 0, 0) YMM(op, 1, 32) YMM(op, 2, 64) YMM(op, 3, 96)	\
	YMM(op, 4, 128) YMM(op, 5, 160) YMM(op, 6, 192) YMM(op, 7, 224)	\
	YMM(op, 8, 256) YMM(op, 9, 288) YMM(op, 10, 320)		\
	YMM(op, 11, 352) YMM(op, 12, 384) YMM(op, 13, 416)		\
	YMM(op, 14, 448) YMM(op, 15, 480)

#define NYMM_WORDS	64u

static void fill(struct fxsave *f, uint64_t seed)
{
	memset(f, 0, sizeof(*f));
	f->fcw = (uint16_t)(FCW | seed << 10);
	f->ftw = 0xff;
	f->mxcsr = (uint32_t)(MXCSR | seed << 13);
	for (size_t i = 0; i < NST; i++) {
		f->st[i].mantissa = UINT64_C(1) << 63 | value(seed, i);
		f->st[i].sign_exponent = (uint16_t)(0x3fff + seed + i);
	}
	for (size_t i = 0; i < NXMM; i++) {
		f->xmm[i][0] = value(seed, 2 * i);
		f->xmm[i][1] = value(seed, 2 * i + 1);
	}
}

void fp_all_set(uint64_t seed)
{
	uint64_t ymm[NYMM_WORDS];
	struct fxsave f;

	fill(&f, seed);
	__asm__ volatile("fxrstor64 %0" : : "m"(f));
	if (!has_avx())
		return;
	for (size_t i = 0; i < NYMM_WORDS; i++)
		ymm[i] = value(seed, i);
	__asm__ volatile(ALL_YMM(LOAD) : : "r"(ymm) : "memory");
}

static bool same_st(const struct fxsave *a, const struct fxsave *b)
{
	for (size_t i = 0; i < NST; i++)
		if (a->st[i].mantissa != b->st[i].mantissa ||
		    a->st[i].sign_exponent != b->st[i].sign_exponent)
			return false;
	return a->fcw == b->fcw && a->ftw == b->ftw && a->mxcsr == b->mxcsr;
}

bool fp_all_are(uint64_t seed)
{
	uint64_t ymm[NYMM_WORDS];
	struct fxsave f, want;

	__asm__ volatile("fxsave64 %0" : "=m"(f));
	fill(&want, seed);
	if (!same_st(&f, &want))
		return false;
	if (!has_avx())
		return memcmp(f.xmm, want.xmm, sizeof(f.xmm)) == 0;
	__asm__ volatile(ALL_YMM(STORE) : : "r"(ymm) : "memory");
	for (size_t i = 0; i < NYMM_WORDS; i++)
		if (ymm[i] != value(seed, i))
			return false;
	return true;
}
