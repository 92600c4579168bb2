/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/bits/arch/cpuid.h>

/*
 * The first of Xen's leaves (public/arch-x86/cpuid.h), or 0: it is not Xen.
 * @cpuid is ukarch_cpuid(), or tells of another CPU.
 */
uint32_t xen_x86_leaves(struct ukarch_cpuid (*cpuid)(uint32_t leaf,
						     uint32_t subleaf));

/* Is VMMCALL the instruction that this CPU's hypervisor is called by? */
bool xen_x86_is_amd(struct ukarch_cpuid (*cpuid)(uint32_t leaf,
						 uint32_t subleaf));
