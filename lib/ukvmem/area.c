/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Changing what areas there are. The mutex is held throughout, so that only
 * page faults run beside; each step under the lock leaves the areas in order.
 */
#include "vmem_priv.h"

#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/list.h>

bool vmem_range_ok(const struct uk_vas *vas, uintptr_t vaddr, size_t len)
{
	return len != 0 && UK_IS_ALIGNED(vaddr | len, PAGE) &&
	       vaddr >= vas->base && vaddr < vas->end &&
	       len <= vas->end - vaddr;
}

bool vmem_covered(const struct uk_vas *vas, uintptr_t vaddr, uintptr_t end)
{
	const struct uk_vma *vma = vmem_above(vas, vaddr);

	while (vaddr < end) {
		if (!vma || vma->start > vaddr)
			return false;
		vaddr = vma->end;
		vma = vmem_next(vas, vma);
	}
	return true;
}

size_t vmem_len_in(const struct uk_vas *vas, uintptr_t start, uintptr_t end)
{
	size_t len = 0;

	for (const struct uk_vma *vma = vmem_above(vas, start);
	     vma && vma->start < end; vma = vmem_next(vas, vma))
		len += UK_MIN(vma->end, end) - UK_MAX(vma->start, start);
	return len;
}

void vmem_open(const struct uk_vma *vma)
{
	if (vma->ops->open)
		vma->ops->open(vma);
}

static void close_data(const struct uk_vma *vma)
{
	if (vma->ops->close)
		vma->ops->close(vma);
}

void vmem_add(struct uk_vas *vas, struct uk_vma *vma)
{
	uk_spin_lock(&vas->lock);
	vmem_insert(vas, vma);
	vas->stats.nareas++;
	vas->stats.len += vma->end - vma->start;
	uk_spin_unlock(&vas->lock);
}

void vmem_take(struct uk_vas *vas, struct uk_vma *vma)
{
	uk_spin_lock(&vas->lock);
	vmem_remove(vas, vma);
	vas->stats.nareas--;
	vas->stats.len -= vma->end - vma->start;
	uk_spin_unlock(&vas->lock);
}

/* Make two areas of one that reaches across @vaddr. */
static int cut_at(struct uk_vas *vas, uintptr_t vaddr)
{
	struct uk_vma *const vma = vmem_above(vas, vaddr);
	struct uk_vma *upper;

	if (!vma || vma->start >= vaddr)
		return 0;
	upper = uk_malloc(vas->a, sizeof(*upper));
	if (!upper)
		return -ENOMEM;

	*upper = *vma;
	upper->start = vaddr;
	upper->offset += vaddr - vma->start;
	vmem_open(upper);

	uk_spin_lock(&vas->lock);
	vmem_resize(vas, vma, vma->start, vaddr);
	vmem_insert(vas, upper);
	vas->stats.nareas++;
	uk_spin_unlock(&vas->lock);
	return 0;
}

static bool alike(const struct uk_vma *a, const struct uk_vma *b)
{
	return a->end == b->start && a->ops == b->ops && a->prot == b->prot &&
	       a->flags == b->flags && a->name == b->name &&
	       a->data == b->data &&
	       a->offset + (a->end - a->start) == b->offset;
}

static void join_at(struct uk_vas *vas, uintptr_t vaddr)
{
	struct uk_vma *const upper = vmem_above(vas, vaddr);
	struct uk_vma *const lower = upper ? vmem_prev(vas, upper) : NULL;

	if (!lower || upper->start != vaddr || !alike(lower, upper))
		return;

	uk_spin_lock(&vas->lock);
	vmem_remove(vas, upper);
	vmem_resize(vas, lower, lower->start, upper->end);
	vas->stats.nareas--;
	uk_spin_unlock(&vas->lock);
	close_data(upper);
	uk_free(vas->a, upper);
}

void vmem_join(struct uk_vas *vas, uintptr_t start, uintptr_t end)
{
	join_at(vas, start);
	join_at(vas, end);
}

void vmem_join_all(struct uk_vas *vas, uintptr_t start, uintptr_t end)
{
	const struct uk_vma *vma = vmem_above(vas, start);

	/* A seam is where an area begins; joining it leaves the one below. */
	while (vma && vma->start <= end) {
		const uintptr_t next = vma->end;

		join_at(vas, vma->start);
		vma = vmem_above(vas, next);
	}
}

int vmem_cut(struct uk_vas *vas, uintptr_t start, uintptr_t end)
{
	int rc = cut_at(vas, start);

	if (rc < 0)
		return rc;
	rc = cut_at(vas, end);
	if (rc < 0)
		join_at(vas, start);
	return rc;
}

void vmem_count(struct uk_vas *vas, size_t len)
{
	vas->stats.resident += len;
	vas->stats.resident_max = UK_MAX(vas->stats.resident_max,
					 vas->stats.resident);
}

void vmem_shorten(struct uk_vas *vas, struct uk_vma *vma, uintptr_t start,
		  uintptr_t end)
{
	uk_spin_lock(&vas->lock);
	vas->stats.len -= end - start;
	if (vma->start < start) {
		vmem_resize(vas, vma, vma->start, start);
	} else {
		vma->offset += end - vma->start;
		vmem_resize(vas, vma, end, vma->end);
	}
	uk_spin_unlock(&vas->lock);
}

void vmem_lengthen(struct uk_vas *vas, struct uk_vma *vma, uintptr_t start,
		   uintptr_t end)
{
	uk_spin_lock(&vas->lock);
	vas->stats.len += end - start;
	if (vma->end == start) {
		vmem_resize(vas, vma, vma->start, end);
	} else {
		vma->offset -= vma->start - start;
		vmem_resize(vas, vma, start, vma->end);
	}
	uk_spin_unlock(&vas->lock);
}

bool vmem_extend(struct uk_vas *vas, const struct uk_vma *vma)
{
	struct uk_vma *const upper = vmem_above(vas, vma->start);
	struct uk_vma *const lower = upper ? vmem_prev(vas, upper)
					   : vmem_last(vas);

	if (lower && alike(lower, vma)) {
		vmem_lengthen(vas, lower, vma->start, vma->end);
		join_at(vas, vma->end);
		return true;
	}
	if (!upper || !alike(vma, upper))
		return false;
	vmem_lengthen(vas, upper, vma->start, vma->end);
	return true;
}
