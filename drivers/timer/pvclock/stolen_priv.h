/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>

/*
 * What KVM writes when it lets a CPU run again: how long that did not run and
 * would have (Linux, Documentation/virt/kvm/x86/msr.rst). The version is
 * another one afterwards.
 */
struct pvclock_stolen {
	uint64_t ns;
	uint32_t version;
	uint32_t flags;
	uint32_t reserved[12];
} UK_ALIGNED(64);

_Static_assert(sizeof(struct pvclock_stolen) == 64, "the hypervisor's layout");

/* Does KVM that offers @kvm (ukarch_cpuid_kvm()) tell it? */
bool pvclock_has_stolen(uint32_t kvm);

/* The time by @stolen, which may be written meanwhile. */
uint64_t pvclock_stolen_ns(const struct pvclock_stolen *stolen);
