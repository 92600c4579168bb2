/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/compiler.h>

struct uk_bootinfo;

/*
 * Entered from arch start.S on the boot stack: @dtb is the physical address
 * the loader gave, @load where the image lies, @el the exception level of the
 * entry, 1 or 2.
 */
UK_NORETURN void kvm_setup_fdt(uint64_t dtb, uint64_t load, unsigned int el);

/*
 * A crash before the console is there goes to the PL011 that @bi names by
 * then, or else to the usual one. After uk_paging_init().
 */
void kvm_early_init(const struct uk_bootinfo *bi);
