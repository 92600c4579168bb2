/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/arch/paging.h>

/*
 * The physical address of something in the image, in the linear map, or of a
 * CPU's own: the boot CPU's are in the image, the others' in the linear map.
 * For what is told to a hypervisor. Context: any.
 */
static inline uint64_t ukarch_paddr_of(const volatile void *vaddr)
{
	const uint64_t base = (uintptr_t)vaddr >= UKARCH_IMAGE_BASE ?
			      UKARCH_IMAGE_BASE : UKARCH_LINEAR_BASE;

	return (uintptr_t)vaddr - base;
}
