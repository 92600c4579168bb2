/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Unmapping. Areas, or their parts, are taken out of the tree first, so no
 * fault puts memory there any more, and then out of the page table, with the
 * mutex, so nobody else gets the addresses. What can fail comes before
 * anything is lost: a new description, if two areas are left of one, and
 * tables for large pages that are split.
 *
 * An area of which one end goes is made shorter; what goes of it is described
 * here, on the stack, for who takes the pages back.
 */
#include "vmem_priv.h"

#include <uk/alloc.h>
#include <uk/essentials.h>
#include <uk/list.h>

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

/* Take the part of @vma from @start to @end, which is not all, as @piece. */
static void take_piece(struct uk_vas *vas, struct uk_vma *vma,
		       struct uk_vma *piece, uintptr_t start, uintptr_t end)
{
	*piece = *vma;
	piece->start = UK_MAX(vma->start, start);
	piece->end = UK_MIN(vma->end, end);
	piece->offset += piece->start - vma->start;
	vmem_shorten(vas, vma, piece->start, piece->end);
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
			vmem_lengthen(vas, vmem_above(vas, vma->start - 1),
				      vma->start, vma->end);
		else if (vma == &going->upper)
			vmem_lengthen(vas, vmem_above(vas, vma->end),
				      vma->start, vma->end);
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
		if (vma->ops->close)
			vma->ops->close(vma);
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
		rc = vmem_cut(vas, end, end);
	if (rc < 0 || !take_out(vas, &going, start, end))
		return rc;
	rc = unmap_pages(vas, &going, start, end);
	if (rc < 0) {
		put_back(vas, &going);
		vmem_join(vas, end, end);
		return rc;
	}
	end_areas(vas, &going);
	return 0;
}
