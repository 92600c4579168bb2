/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What CPUID says of Hyper-V (TLFS, "Feature and Interface Discovery"), as
 * functions of it. Its leaves are the first of a hypervisor, also where it
 * answers to other names at 0x40000100. Who is like it says so by a signature
 * of its own, after the name of the vendor; that is what counts.
 */
#include "hyperv_priv.h"

#include <uk/errno.h>

#define ECX_HYPERVISOR	(1u << 31)

#define LEAF_VENDOR	0x40000000u
#define LEAF_INTERFACE	0x40000001u
#define LEAF_VERSION	0x40000002u
#define LEAF_FEATURES	0x40000003u
#define LEAF_HINTS	0x40000004u
#define LEAF_LIMITS	0x40000005u	/* the last that must be there */

/* "Microsoft Hv" and "Hv#1". */
#define VENDOR_EBX	0x7263694du
#define VENDOR_ECX	0x666f736fu
#define VENDOR_EDX	0x76482074u
#define INTERFACE_EAX	0x31237648u

/* Open source; the kind of system is one that the table does not have. */
#define ID_OPEN_SOURCE	(UINT64_C(1) << 63)
#define ID_VERSION	16

/* Slower or faster than any; see lib/uktime, which takes no others. */
#define MIN_HZ		UINT64_C(1000)
#define MAX_HZ		UINT64_C(10000000000)

int hyperv_find(struct ukarch_cpuid (*cpuid)(uint32_t leaf, uint32_t subleaf),
		struct uk_hyperv *hv)
{
	struct ukarch_cpuid id;

	if (!(cpuid(1, 0).ecx & ECX_HYPERVISOR))
		return -ENODEV;
	id = cpuid(LEAF_VENDOR, 0);
	if (id.ebx != VENDOR_EBX || id.ecx != VENDOR_ECX ||
	    id.edx != VENDOR_EDX || id.eax < LEAF_LIMITS ||
	    cpuid(LEAF_INTERFACE, 0).eax != INTERFACE_EAX)
		return -ENODEV;

	*hv = (struct uk_hyperv){ .hints = cpuid(LEAF_HINTS, 0).eax };
	id = cpuid(LEAF_FEATURES, 0);
	hv->features = id.eax;
	hv->more = id.edx;
	id = cpuid(LEAF_VERSION, 0);
	hv->build = id.eax;
	hv->major = (uint16_t)(id.ebx >> 16);
	hv->minor = (uint16_t)id.ebx;
	return 0;
}

bool hyperv_hz_makes_sense(uint64_t hz)
{
	return hz >= MIN_HZ && hz <= MAX_HZ;
}

uint64_t hyperv_guest_id(uint32_t version)
{
	return ID_OPEN_SOURCE | (uint64_t)version << ID_VERSION;
}
