/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>

#include <uk/plat/terminate.h>

/*
 * A way to end the machine: it returns if that is none here, or none for
 * @end->how. Context: interrupts off, any lock may be held.
 */
typedef void (*kvm_way_fn)(struct ukplat_end *end);

/* The architecture's, in order, up to a NULL. */
extern const kvm_way_fn kvm_ways[];

/* By whoever handles ukplat_ends. */
void kvm_end_by_hypervisor(struct ukplat_end *end);

/*
 * By ACPI's registers (x86_64; not without CONFIG_KVM_ACPI_END). False: there
 * are none for it; else the machine may be about to go.
 */
bool kvm_end_by_acpi(const struct ukplat_end *end);
