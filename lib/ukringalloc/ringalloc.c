/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One block per ring: what is allocated together is freed together, and half a
 * ring cannot be left over. It is a library beside lib/ukring because a
 * driver's or a handler's ring is static, and must not bring the allocators'
 * interface into its image.
 */
#include <uk/ring_alloc.h>

#include <uk/errno.h>

int uk_ring_alloc_block(struct uk_alloc *a, size_t head, size_t stride,
			uint32_t nslots, void **block)
{
	const int rc = uk_ring_check(nslots);
	size_t size;
	void *mem;

	if (rc < 0)
		return rc;
	if (__builtin_mul_overflow(stride, nslots, &size) ||
	    __builtin_add_overflow(size, head, &size))
		return -ENOMEM;

	mem = uk_memalign(a, UK_CACHELINE, size);
	if (!mem)
		return -ENOMEM;
	*block = mem;
	return 0;
}
