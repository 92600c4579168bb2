/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>

/*
 * Entered from arch start.S on the boot stack: @dtb is the physical address
 * the loader gave, @load where the image lies, @el the exception level of the
 * entry, 1 or 2.
 */
UK_NORETURN void kvm_setup_fdt(uint64_t dtb, uint64_t load, unsigned int el);

/* ukplat_terminate() calls PSCI by @conduit (enum uk_psci_conduit). */
void kvm_psci_init(uint32_t conduit);
