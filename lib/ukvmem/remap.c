/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Making an area longer, shorter, or another one's neighbour. To move, it is
 * taken out of the tree, so that no page comes or goes; its pages are mapped
 * at the new place too, and then unmapped at the old one. Up to there
 * everything can be undone. What is to stay behind is a new area, which is
 * there before anything changes, and has its place when the old one has left.
 */
#include "vmem_priv.h"

#include <uk/alloc.h>
#include <uk/errno.h>
#include <uk/essentials.h>

/* Pages that are looked at together: the page table is locked meanwhile. */
#define NLEAVES		16

struct leaves {
	struct uk_paging_leaf leaf[NLEAVES];
	unsigned int n;
};

static int collect(void *arg, const struct uk_paging_leaf *leaf)
{
	struct leaves *const leaves = arg;

	leaves->leaf[leaves->n++] = *leaf;
	return leaves->n == NLEAVES;
}

/* Let @leaf be only what of it is from @from to @end. */
static void clamp(struct uk_paging_leaf *leaf, uintptr_t from, uintptr_t end)
{
	const uintptr_t start = UK_MAX(leaf->vaddr, from);

	leaf->len = UK_MIN(leaf->vaddr + leaf->len, end) - start;
	leaf->paddr += start - leaf->vaddr;
	leaf->vaddr = start;
}

/*
 * Map at @to what is mapped from @from on, @len bytes, and nothing else: of a
 * large page, a part may be meant. Returns 0 or -ENOMEM.
 */
static int map_too(struct uk_vas *vas, const struct uk_vma *vma,
		   uintptr_t from, uintptr_t to, size_t len)
{
	const uintptr_t end = from + len;
	struct leaves leaves;
	uintptr_t at = from;

	do {
		leaves.n = 0;
		(void)uk_paging_walk(&vas->pt, at, end - at, collect, &leaves);
		for (unsigned int i = 0; i < leaves.n; i++) {
			struct uk_paging_leaf *const l = &leaves.leaf[i];
			int rc;

			clamp(l, from, end);
			rc = uk_paging_map(&vas->pt, to + (l->vaddr - from),
					   l->paddr, l->len, l->prot,
					   vmem_paging_flags(vma));
			if (rc < 0)
				return rc;
			at = l->vaddr + l->len;
		}
	} while (leaves.n == NLEAVES && at < end);
	return 0;
}

/* Move the pages. Returns 0, or -ENOMEM, and all are where they were. */
static int move_pages(struct uk_vas *vas, const struct uk_vma *vma,
		      uintptr_t to, size_t len)
{
	int rc = map_too(vas, vma, vma->start, to, len);

	/* A large page of which only a part moves is split. */
	if (rc == 0)
		rc = uk_paging_unmap(&vas->pt, vma->start, len, 0, NULL);
	if (rc < 0)
		(void)uk_paging_unmap(&vas->pt, to, len, 0, NULL);
	return rc;
}

/* What a move is about. */
struct move {
	uintptr_t from, to;
	size_t old_len, new_len;
	unsigned int flags;
};

static bool room(const struct uk_vas *vas, const struct move *m)
{
	return m->new_len <= m->old_len ||
	       (vas->stats.len <= vas->limit &&
		m->new_len - m->old_len <= vas->limit - vas->stats.len);
}

static int place(struct uk_vas *vas, const struct uk_vma *vma,
		 struct move *m)
{
	struct uk_vma_request rq = {
		.vaddr = m->to,
		.len = m->new_len,
		.flags = m->flags & UK_VMA_FIXED,
	};
	int rc;

	if (vma->flags & UK_VMA_HUGE)
		rq.flags |= UK_VMA_HUGE;
	rc = vmem_place(vas, &rq);
	if (rc < 0)
		return rc;
	m->to = rq.vaddr;
	if (m->flags & UK_VMA_FIXED) {
		if (m->to < m->from + m->old_len &&
		    m->from < m->to + m->new_len)
			return -EINVAL;
		return vmem_clear(vas, m->to, m->to + m->new_len);
	}
	return 0;
}

/* Find the new place, and have what is to move be one area of its own. */
static int prepare(struct uk_vas *vas, struct move *m)
{
	const size_t len = UK_MIN(m->old_len, m->new_len);
	int rc;

	if (!room(vas, m))
		return -ENOMEM;
	rc = place(vas, vmem_above(vas, m->from), m);
	if (rc < 0)
		return rc;
	/* What is too long is unmapped at the old place. */
	if (m->new_len < m->old_len) {
		rc = vmem_clear(vas, m->from + len, m->from + m->old_len);
		if (rc < 0)
			return rc;
	}
	return vmem_cut(vas, m->from, m->from + len);
}

/* Move what is prepared, and put @rest, unless it is NULL, in its place. */
static int move_area(struct uk_vas *vas, const struct move *m,
		     struct uk_vma *rest)
{
	const size_t len = UK_MIN(m->old_len, m->new_len);
	struct uk_vma *const vma = vmem_above(vas, m->from);
	const struct uk_vma before = *vma;
	int rc;

	vmem_take(vas, vma);
	rc = move_pages(vas, vma, m->to, len);
	if (rc == 0) {
		vma->start = m->to;
		vma->end = m->to + m->new_len;
		if (vma->ops == &uk_vma_anon)
			vma->offset = m->to;
	}
	vmem_add(vas, vma);
	if (rc == 0 && rest) {
		*rest = before;
		/* As Linux has it: what is locked moves. */
		rest->flags &= ~UK_VMA_LOCKED;
		vmem_open(rest);
		vmem_add(vas, rest);
	}
	vmem_join(vas, m->from, m->from + len);
	vmem_join(vas, m->to, m->to + m->new_len);
	return rc;
}

static int move(struct uk_vas *vas, struct move *m)
{
	struct uk_vma *rest = NULL;
	int rc;

	if (m->flags & UK_VMA_KEEP) {
		if (vas->stats.len > vas->limit ||
		    m->new_len > vas->limit - vas->stats.len)
			return -ENOMEM;
		rest = uk_malloc(vas->a, sizeof(*rest));
		if (!rest)
			return -ENOMEM;
	}
	rc = prepare(vas, m);
	if (rc == 0)
		rc = move_area(vas, m, rest);
	if (rc < 0)
		uk_free(vas->a, rest);
	return rc;
}

/* Have what is at @m->from on, in @vma, at another place too. */
static int repeat(struct uk_vas *vas, const struct uk_vma *vma,
		  struct move *m)
{
	struct uk_vma *other;
	int rc;

	if ((m->flags & UK_VMA_FIXED) && m->to < m->from + m->new_len &&
	    m->from < m->to + m->new_len)
		return -EINVAL;
	other = uk_malloc(vas->a, sizeof(*other));
	if (!other)
		return -ENOMEM;
	*other = *vma;
	other->offset += m->from - vma->start;
	rc = room(vas, m) ? place(vas, vma, m) : -ENOMEM;
	if (rc < 0) {
		uk_free(vas->a, other);
		return rc;
	}
	other->start = m->to;
	other->end = m->to + m->new_len;
	vmem_open(other);
	vmem_add(vas, other);
	vmem_join(vas, m->to, m->to + m->new_len);
	return 0;
}

/* Let the area at @m->from end later. -EAGAIN: something is in the way. */
static int grow(struct uk_vas *vas, struct uk_vma *vma, const struct move *m)
{
	const uintptr_t end = m->from + m->new_len;
	const struct uk_vma *const next = vmem_next(vas, vma);

	if (vma->end != m->from + m->old_len || end > vas->end ||
	    end < m->from || (next && next->start < end))
		return -EAGAIN;
	if (!room(vas, m))
		return -ENOMEM;
	uk_spin_lock(&vas->lock);
	vas->stats.len += end - vma->end;
	vmem_resize(vas, vma, vma->start, end);
	uk_spin_unlock(&vas->lock);
	vmem_join(vas, end, end);
	return 0;
}

static int remap(struct uk_vas *vas, struct move *m)
{
	struct uk_vma *const vma = vmem_above(vas, m->from);
	int rc;

	if (!vma || vma->start > m->from ||
	    vma->end - m->from < m->old_len)
		return -EFAULT;
	/* Their length is what they are. */
	if (vmem_is_known(vma->ops) || vma->ops == &uk_vma_stack ||
	    (m->old_len == 0 && !vma->ops->dup))
		return -EINVAL;
	if (m->old_len == 0)
		return repeat(vas, vma, m);
	if (m->flags & (UK_VMA_FIXED | UK_VMA_KEEP))
		return move(vas, m);

	m->to = m->from;
	if (m->new_len <= m->old_len)
		return m->new_len == m->old_len ? 0 :
		       vmem_clear(vas, m->from + m->new_len,
				  m->from + m->old_len);
	rc = grow(vas, vma, m);
	if (rc != -EAGAIN)
		return rc;
	if (!(m->flags & UK_VMA_MAYMOVE))
		return -ENOMEM;
	m->to = 0;
	return move(vas, m);
}

/* Is it a request that makes sense, whatever there is? */
static bool is_sane(const struct uk_vas *vas, const struct move *m)
{
	const unsigned int known = UK_VMA_MAYMOVE | UK_VMA_FIXED |
				   UK_VMA_KEEP;
	const size_t len = m->old_len ? m->old_len : PAGE;

	if (!vmem_range_ok(vas, m->from, len) || m->new_len == 0 ||
	    !UK_IS_ALIGNED(m->new_len, PAGE) || (m->flags & ~known))
		return false;
	if ((m->flags & UK_VMA_KEEP) && m->old_len != m->new_len)
		return false;
	return (m->flags & UK_VMA_MAYMOVE) ||
	       (m->flags == 0 && m->old_len != 0);
}

int uk_vma_remap(struct uk_vas *vas, uintptr_t vaddr, size_t old_len,
		 size_t new_len, unsigned int flags, uintptr_t *new_vaddr)
{
	struct move m = {
		.from = vaddr,
		.to = flags & (UK_VMA_FIXED | UK_VMA_KEEP) ? *new_vaddr : 0,
		.old_len = old_len,
		.new_len = new_len,
		.flags = flags,
	};
	int rc;

	if (!is_sane(vas, &m))
		return -EINVAL;
	uk_mutex_lock(&vas->changes);
	rc = remap(vas, &m);
	uk_mutex_unlock(&vas->changes);
	if (rc == 0)
		*new_vaddr = m.to;
	return rc;
}
