/* SPDX-License-Identifier: BSD-3-Clause */
/* The kinds of areas that need nobody else. */
#include "vmem_priv.h"

#include <uk/errno.h>

static int no_memory(const struct uk_vma *vma UK_UNUSED,
		     struct uk_vma_fault *fault UK_UNUSED)
{
	return -EFAULT;
}

static bool keep(const struct uk_vma *vma UK_UNUSED,
		 uintptr_t vaddr UK_UNUSED, uint64_t paddr UK_UNUSED,
		 size_t len UK_UNUSED)
{
	return true;
}

const struct uk_vma_ops uk_vma_anon = { .name = "anonymous" };
const struct uk_vma_ops uk_vma_stack = { .name = "stack" };
const struct uk_vma_ops uk_vma_dma = { .name = "DMA" };

const struct uk_vma_ops uk_vma_reserved = {
	.name = "reserved",
	.fault = no_memory,
};

const struct uk_vma_ops uk_vma_device = {
	.name = "device",
	.fault = no_memory,
	.put = keep,
};

bool vmem_in_guard(const struct uk_vma *vma, uintptr_t vaddr)
{
	/* The offset counts from its lowest byte, also after it was cut. */
	return vma->ops == &uk_vma_stack &&
	       vma->offset + (vaddr - vma->start) < UK_VMA_GUARD_LEN;
}
