/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/bits/arch/cpuid.h>
#include <uk/compiler.h>
#include <uk/hyperv.h>

/*
 * find.c: is this Hyper-V? @cpuid is ukarch_cpuid(), or tells of another CPU.
 * Returns 0, or
 *   -ENODEV  no, or it says itself that it is not like Hyper-V
 */
UK_MUST_USE
int hyperv_find(struct ukarch_cpuid (*cpuid)(uint32_t leaf, uint32_t subleaf),
		struct uk_hyperv *hv);

/* What a guest says that it is (TLFS, "Guest OS Identity"); never 0. */
uint64_t hyperv_guest_id(uint32_t version);
