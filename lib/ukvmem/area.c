/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Changing what areas there are. The mutex is held throughout, so that only
 * page faults run beside; each step under the lock leaves the areas in order.
 *
 * To unmap, areas are taken out of the tree first, so no fault puts memory
 * there any more, and then out of the page table, with the mutex, so nobody
 * else gets the addresses. What can fail, new descriptions and tables for
 * large pages that are split, comes before anything is lost.
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

static void open_data(const struct uk_vma *vma)
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
	open_data(upper);

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

/* Areas in order, and how far the walk over their pages has come. */
struct going {
	struct uk_list list;
	/* What goes of an area that begins below, and one that ends above. */
	struct uk_vma lower, upper;
	const struct uk_vas *vas;
	const struct uk_vma *now;
	size_t resident;	/* bytes that have been taken out */
};

static const struct uk_vma *of_node(const struct uk_list *node)
{
	return UK_CONTAINER_OF(node, struct uk_vma, node);
}

static void put_page(void *arg, const struct uk_paging_leaf *leaf,
		     struct uk_paging_batch *batch)
{
	struct going *const going = arg;
	const struct uk_vma *vma = going->now;

	while (leaf->vaddr >= vma->end)
		vma = of_node(vma->node.next);
	going->now = vma;
	if (vmem_is_ram(vma))
		going->resident += leaf->len;
	if (vma->ops->put &&
	    vma->ops->put(vma, leaf->vaddr, leaf->paddr, leaf->len))
		return;
	/* Large pages are nobody else's. */
	if (leaf->level > 0 || vmem_share_drop(going->vas, leaf->paddr))
		uk_paging_batch_free(batch, leaf->paddr, leaf->len / PAGE);
}

static int unmap_pages(struct uk_vas *vas, struct going *going,
		       uintptr_t start, uintptr_t end)
{
	struct uk_paging_batch batch;
	int rc;

	uk_paging_batch_init(&batch, &vas->pt);
	rc = uk_paging_unmap_each(&vas->pt, start, end - start, put_page,
				  going, &batch);
	uk_paging_flush(&batch);

	uk_spin_lock(&vas->lock);
	vas->stats.resident -= going->resident;
	uk_spin_unlock(&vas->lock);
	return rc;
}

int vmem_drop(struct uk_vas *vas, const struct uk_vma *vma, uintptr_t start,
	      uintptr_t end)
{
	struct going going;

	going.vas = vas;
	going.now = vma;
	going.resident = 0;
	return unmap_pages(vas, &going, start, end);
}

/* The area @vma loses what is from @start to @end, at one of its ends. */
static void shorten(struct uk_vas *vas, struct uk_vma *vma, uintptr_t start,
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

/* And it gets it back. */
static void lengthen(struct uk_vas *vas, struct uk_vma *vma, uintptr_t start,
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
		lengthen(vas, lower, vma->start, vma->end);
		join_at(vas, vma->end);
		return true;
	}
	if (!upper || !alike(vma, upper))
		return false;
	lengthen(vas, upper, vma->start, vma->end);
	return true;
}

/* Take the part of @vma from @start to @end, which is not all, as @piece. */
static void take_piece(struct uk_vas *vas, struct uk_vma *vma,
		       struct uk_vma *piece, uintptr_t start, uintptr_t end)
{
	*piece = *vma;
	piece->start = UK_MAX(vma->start, start);
	piece->end = UK_MIN(vma->end, end);
	piece->offset += piece->start - vma->start;
	shorten(vas, vma, piece->start, piece->end);
}

/*
 * Take what is from @start to @end, and in the middle of no area, out of the
 * tree; false: there is nothing.
 */
static bool take_out(struct uk_vas *vas, struct going *going, uintptr_t start,
		     uintptr_t end)
{
	struct uk_vma *vma = vmem_above(vas, start);

	uk_list_init(&going->list);
	while (vma && vma->start < end) {
		struct uk_vma *const next = vmem_next(vas, vma);
		struct uk_vma *gone = vma;

		if (vma->start < start) {
			gone = &going->lower;
			take_piece(vas, vma, gone, start, end);
		} else if (vma->end > end) {
			gone = &going->upper;
			take_piece(vas, vma, gone, start, end);
		} else {
			vmem_take(vas, vma);
		}
		uk_list_push_back(&going->list, &gone->node);
		vma = next;
	}
	if (uk_list_empty(&going->list))
		return false;
	going->now = of_node(going->list.next);
	return true;
}

static struct uk_vma *pop(struct going *going)
{
	struct uk_list *const node = going->list.next;

	if (uk_list_empty(&going->list))
		return NULL;
	uk_list_remove(node);
	return UK_CONTAINER_OF(node, struct uk_vma, node);
}

static void put_back(struct uk_vas *vas, struct going *going)
{
	struct uk_vma *vma;

	while ((vma = pop(going))) {
		if (vma == &going->lower)
			lengthen(vas, vmem_above(vas, vma->start - 1),
				 vma->start, vma->end);
		else if (vma == &going->upper)
			lengthen(vas, vmem_above(vas, vma->end), vma->start,
				 vma->end);
		else
			vmem_add(vas, vma);
	}
}

/* The areas are gone, but for those of which only a part is. */
static void end_areas(struct uk_vas *vas, struct going *going)
{
	struct uk_vma *vma;

	while ((vma = pop(going))) {
		if (vma == &going->lower || vma == &going->upper)
			continue;
		close_data(vma);
		uk_free(vas->a, vma);
	}
}

/* Does an area begin in front of @start and end behind @end? */
static bool is_inside(const struct uk_vas *vas, uintptr_t start, uintptr_t end)
{
	const struct uk_vma *const vma = vmem_above(vas, start);

	return vma && vma->start < start && vma->end > end;
}

int vmem_clear(struct uk_vas *vas, uintptr_t start, uintptr_t end)
{
	struct going going;
	int rc = 0;

	going.vas = vas;
	going.resident = 0;
	/* Two are left of one: that alone takes memory. */
	if (is_inside(vas, start, end))
		rc = cut_at(vas, end);
	if (rc < 0 || !take_out(vas, &going, start, end))
		return rc;
	rc = unmap_pages(vas, &going, start, end);
	if (rc < 0) {
		put_back(vas, &going);
		join_at(vas, end);
		return rc;
	}
	end_areas(vas, &going);
	return 0;
}
