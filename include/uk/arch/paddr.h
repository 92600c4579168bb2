/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

/*
 * Where in physical memory something is that is told to a hypervisor or to a
 * device. Contract: each architecture fills it in <uk/bits/arch/paddr.h>.
 *
 * The physical address of @vaddr, which is in the image, in the linear map, of
 * the default heap, or a CPU's own (UK_PERCPU). What the heap gives is in the
 * linear map, or, with CONFIG_LIBUKALLOC_PROTECT, at addresses of its own; one
 * block's frames are side by side there, too. @vaddr must be mapped. Context:
 * any.
 */
static inline uint64_t ukarch_paddr_of(const volatile void *vaddr);

#include <uk/bits/arch/paddr.h>
