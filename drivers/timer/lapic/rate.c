/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What CPUID tells of the local APIC's timer (SDM volume 3A, 11.5.4), or the
 * driver of a hypervisor that has a way of its own to tell it.
 */
#include "lapic_priv.h"

#define ECX_DEADLINE	(1u << 24)
#define ECX_HYPERVISOR	(1u << 31)
#define EDX_INVARIANT	(1u << 8)

uint64_t lapic_told_hz(const struct lapic_leaves *leaves)
{
	if (leaves->host_hz)
		return leaves->host_hz;
	if (leaves->features & ECX_HYPERVISOR)
		return leaves->bus_khz * UINT64_C(1000);
	/* Where TSC and crystal have a ratio, the timer has the crystal's. */
	if (leaves->ratio[0] && leaves->ratio[1])
		return leaves->ratio[2];
	return 0;
}

bool lapic_has_deadline(const struct lapic_leaves *leaves, bool is_followed)
{
	return (leaves->features & ECX_DEADLINE) &&
	       (is_followed || (leaves->power & EDX_INVARIANT));
}
