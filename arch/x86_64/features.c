/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the CPU says about itself on request. Nothing of that is kept: each of
 * these is asked once, by whoever needs it.
 */
#include <stdbool.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/bits/arch/ticks.h>

#include "cpuid.h"
#include "x86_priv.h"

#define LEAF_TSC		0x15u
#define LEAF_FREQUENCY		0x16u
#define LEAF_HYPERVISOR_TIMING	0x40000010u
#define LEAF_EXT		0x80000000u
#define LEAF_EXT_FEATURES	0x80000001u
#define LEAF_EXT_ADDRESS	0x80000008u

#define RANDOM_TRIES	10

/* 0: nobody has. Written at boot. */
static uint64_t told_hz;

void ukarch_x86_ticks_tell_hz(uint64_t hz)
{
	told_hz = hz;
}

/* The timing leaf that KVM, VMware and others agree on: TSC in kHz. */
static uint64_t hypervisor_hz(void)
{
	if (!(ukarch_cpuid(1, 0).ecx & CPUID_1_ECX_HYPERVISOR))
		return 0;
	if (ukarch_cpuid(CPUID_HYPERVISOR, 0).eax < LEAF_HYPERVISOR_TIMING)
		return 0;
	return ukarch_cpuid(LEAF_HYPERVISOR_TIMING, 0).eax * UINT64_C(1000);
}

/*
 * SDM volume 2A, CPUID: leaf 0x15 is TSC over crystal as a ratio and the
 * crystal in Hz. Where the crystal is not told, leaf 0x16 has the base
 * frequency in MHz, which is the TSC's.
 */
static uint64_t cpu_hz(void)
{
	const uint32_t max = ukarch_cpuid(0, 0).eax;
	struct ukarch_cpuid tsc;

	if (max < LEAF_TSC)
		return 0;
	tsc = ukarch_cpuid(LEAF_TSC, 0);
	if (tsc.eax == 0 || tsc.ebx == 0)
		return 0;
	if (tsc.ecx)
		return (uint64_t)tsc.ecx * tsc.ebx / tsc.eax;
	if (max < LEAF_FREQUENCY)
		return 0;
	return (ukarch_cpuid(LEAF_FREQUENCY, 0).eax & 0xffff) *
	       UINT64_C(1000000);
}

uint64_t ukarch_ticks_hz(void)
{
	uint64_t hz = told_hz;

	if (!hz)
		hz = hypervisor_hz();
	return hz ? hz : cpu_hz();
}

unsigned int ukarch_paddr_bits(void)
{
	unsigned int bits;

	/* AMD APM volume 3, E.4.7; without the leaf it is 36. */
	if (ukarch_cpuid(LEAF_EXT, 0).eax < LEAF_EXT_ADDRESS)
		return 36;
	bits = ukarch_cpuid(LEAF_EXT_ADDRESS, 0).eax & 0xff;
	return bits < 32 ? 32 : bits > 52 ? 52 : bits;
}

unsigned int ukarch_pt_leaf_max(void)
{
	return ukarch_cpuid(LEAF_EXT_FEATURES, 0).edx & CPUID_EXT1_EDX_1GB ?
	       2 : 1;
}

bool x86_random(bool (*draw)(uint64_t *val), uint64_t *val)
{
	for (unsigned int i = 0; i < RANDOM_TRIES; i++) {
		uint64_t v;

		/* Broken ones after a sleep give all ones, and say fine. */
		if (draw(&v) && v != UINT64_MAX) {
			*val = v;
			return true;
		}
	}
	return false;
}

static bool rdseed(uint64_t *val)
{
	bool ok;

	__asm__ volatile("rdseed %0" : "=r"(*val), "=@ccc"(ok));
	return ok;
}

static bool rdrand(uint64_t *val)
{
	bool ok;

	__asm__ volatile("rdrand %0" : "=r"(*val), "=@ccc"(ok));
	return ok;
}

/* RDSEED is the source itself, and may have run dry where RDRAND has not. */
bool ukarch_random_u64(uint64_t *val)
{
	if (ukarch_cpuid(0, 0).eax >= 7 &&
	    (ukarch_cpuid(7, 0).ebx & CPUID_7_EBX_RDSEED) &&
	    x86_random(rdseed, val))
		return true;
	return (ukarch_cpuid(1, 0).ecx & CPUID_1_ECX_RDRAND) &&
	       x86_random(rdrand, val);
}
