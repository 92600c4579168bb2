/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Each step picks an entry of the list: an empty one gets a block, of another
 * one the block is freed, or gets another size. Tides decide which of these is
 * the likelier, so that the heap is full and nearly empty in turn.
 *
 * What is wrong is returned at once, in words, by all functions here; so the
 * caller decides what a failure is, and the model's own tests are of the words.
 */
#include <uk/alloc_model.h>

#include <uk/arch/cpu.h>
#include <uk/errno.h>
#include <uk/essentials.h>

#include "model_priv.h"

#define PAGE		((size_t)UKARCH_PAGE_SIZE)
#define ALIGN		((size_t)16)
#define TIDE		512u	/* steps */
#define LOOK		64u	/* steps between looks at all blocks */

struct run {
	struct uk_alloc_model *m;
	struct uk_alloc *a;
	uint64_t state;		/* of the generator */
	uint64_t key;		/* of the newest block */
	bool ebbs;		/* the tide */
};

static size_t below(struct run *r, size_t n)
{
	/* Marsaglia's xorshift64 (Journal of Statistical Software 8, 14). */
	r->state ^= r->state << 13;
	r->state ^= r->state >> 7;
	r->state ^= r->state << 17;
	return (size_t)(r->state >> 20) % n;
}

/* Small ones are frequent, as in programs. */
static size_t some_size(struct run *r)
{
	static const size_t most[] = { 32, 128, 128, 256, 1024, 1024, 8192 };
	const size_t i = below(r, UK_ARRAY_SIZE(most) + 1);
	const size_t max = i < UK_ARRAY_SIZE(most) && below(r, 8) ?
			   most[i] : r->m->size_max;

	return below(r, UK_MIN(max, r->m->size_max) + 1);
}

static size_t some_align(struct run *r)
{
	return (size_t)8 << below(r, 11);
}

/* More than there ever is, up to all there could be. */
static size_t absurd_size(struct run *r)
{
	return below(r, 2) ? SIZE_MAX - below(r, 5000) :
	       (size_t)PTRDIFF_MAX - 4096 + below(r, 8192);
}

static bool overlaps(const struct run *r, const unsigned char *ptr,
		     size_t size)
{
	const uintptr_t at = (uintptr_t)ptr;

	/* A block of no bytes has a place, too. */
	size = UK_MAX(size, (size_t)1);
	for (unsigned int i = 0; i < r->m->nblocks; i++) {
		const struct uk_alloc_model_block *const b = &r->m->blocks[i];
		const uintptr_t other = (uintptr_t)b->ptr;

		if (b->ptr && at < other + UK_MAX(b->size, (size_t)1) &&
		    other < at + size)
			return true;
	}
	return false;
}

/* The allocator had no @size bytes: may it say so? */
static const char *refused(struct run *r, size_t size)
{
	long max;

	r->m->nfailed++;
	if (r->m->is_shared)
		return NULL;
	max = uk_alloc_maxalloc(r->a);
	return max > 0 && UK_MAX(size, r->m->cut) <= (size_t)max ?
	       "a request failed that maxalloc promised" : NULL;
}

/* It came out of a call: enter it at @b, which is empty, and write to it. */
static const char *enter(struct run *r, struct uk_alloc_model_block *b,
			 void *ptr, size_t size, size_t align,
			 unsigned int kind)
{
	if (!UK_IS_ALIGNED((uintptr_t)ptr, align))
		return "a block is not aligned";
	if (overlaps(r, ptr, size))
		return "a block overlaps another one";
	*b = (struct uk_alloc_model_block){
		.ptr = ptr,
		.size = size,
		.key = ++r->key << 32,
		.kind = kind,
	};
	model_write(b->ptr, size, b->key);
	return NULL;
}

static const char *do_malloc(struct run *r, struct uk_alloc_model_block *b)
{
	const size_t size = some_size(r);
	void *const ptr = below(r, 4) ? uk_malloc(r->a, size) :
			  uk_realloc(r->a, NULL, size);

	return ptr ? enter(r, b, ptr, size, ALIGN, MODEL_PLAIN) :
	       refused(r, size);
}

static const char *do_calloc(struct run *r, struct uk_alloc_model_block *b)
{
	const size_t each = 1 + below(r, 64);
	const size_t n = some_size(r) / each;
	void *const ptr = uk_calloc(r->a, n, each);

	if (!ptr)
		return refused(r, n * each);
	if (!model_is_zero(ptr, n * each))
		return "a block of calloc is not zeroed";
	return enter(r, b, ptr, n * each, ALIGN, MODEL_PLAIN);
}

/* What is refused with an alignment may be there with less of it. */
static const char *do_memalign(struct run *r, struct uk_alloc_model_block *b)
{
	const size_t size = some_size(r);
	const size_t align = some_align(r);
	void *ptr = b;
	int rc;

	if (below(r, 2)) {
		ptr = uk_memalign(r->a, align, size);
	} else {
		rc = uk_posix_memalign(r->a, &ptr, align, size);
		if (rc != 0 && (rc != ENOMEM || ptr != b))
			return "posix_memalign failed, and not as it is to";
		if (rc != 0)
			ptr = NULL;
	}
	if (ptr)
		return enter(r, b, ptr, size, UK_MAX(align, ALIGN),
			     MODEL_ALIGNED);
	r->m->nfailed++;
	return NULL;
}

static const char *do_palloc(struct run *r, struct uk_alloc_model_block *b)
{
	const size_t size = (1 + some_size(r) / PAGE) * PAGE;
	void *const ptr = uk_palloc(r->a, size / PAGE);

	if (ptr)
		return enter(r, b, ptr, size, PAGE, MODEL_PAGES);
	r->m->nfailed++;
	return NULL;
}

static const char *do_absurd(struct run *r, struct uk_alloc_model_block *b)
{
	const size_t size = absurd_size(r);
	void *ptr = b;

	/* The second product is 16 if it is not looked at. */
	if (uk_malloc(r->a, size) || uk_calloc(r->a, 1, size) ||
	    uk_calloc(r->a, SIZE_MAX / 16 + 2, 16) ||
	    uk_memalign(r->a, 64, size) || uk_realloc(r->a, NULL, size) ||
	    uk_palloc(r->a, size / PAGE + 1) || uk_palloc(r->a, 0))
		return "an absurd request was granted";
	if (uk_posix_memalign(r->a, &ptr, 64, size) != ENOMEM ||
	    uk_posix_memalign(r->a, &ptr, 24, 1) != EINVAL ||
	    uk_posix_memalign(r->a, &ptr, 4, 1) != EINVAL || ptr != b)
		return "posix_memalign failed, and not as it is to";
	uk_free(r->a, NULL);
	uk_free_sized(r->a, NULL, size);
	return NULL;
}

static const char *get(struct run *r, struct uk_alloc_model_block *b)
{
	const size_t how = below(r, 64);

	if (how == 0)
		return do_absurd(r, b);
	if (how < 4)
		return do_palloc(r, b);
	if (how < 12)
		return do_memalign(r, b);
	return how < 24 ? do_calloc(r, b) : do_malloc(r, b);
}

static const char *look_at(const struct uk_alloc_model_block *b)
{
	return !b->ptr || model_holds(b->ptr, b->size, b->size, b->key) ?
	       NULL : "a block was overwritten";
}

static const char *put(struct run *r, struct uk_alloc_model_block *b)
{
	const char *const wrong = look_at(b);
	void *const ptr = b->ptr;

	if (wrong)
		return wrong;
	b->ptr = NULL;
	if (b->kind == MODEL_PAGES)
		uk_pfree(r->a, ptr, b->size / PAGE);
	else if (b->kind == MODEL_PLAIN && below(r, 2))
		uk_free_sized(r->a, ptr, b->size);
	else if (below(r, 8))
		uk_free(r->a, ptr);
	else if (uk_realloc(r->a, ptr, 0))
		return "realloc to no bytes gave a block";
	return NULL;
}

static const char *do_realloc(struct run *r, struct uk_alloc_model_block *b)
{
	const bool is_absurd = below(r, 64) == 0;
	const size_t size = is_absurd ? absurd_size(r) : 1 + some_size(r);
	const struct uk_alloc_model_block old = *b;
	void *ptr;

	if (!model_holds(b->ptr, b->size, b->size, b->key))
		return "a block was overwritten";
	ptr = uk_realloc(r->a, b->ptr, size);
	if (ptr && is_absurd)
		return "an absurd request was granted";
	if (!ptr && !model_holds(b->ptr, b->size, b->size, b->key))
		return "a block was changed by a realloc that failed";
	if (!ptr)
		return is_absurd ? NULL : refused(r, size);
	if (!model_holds(ptr, old.size, UK_MIN(size, old.size), old.key))
		return "a block did not keep its bytes in realloc";
	b->ptr = NULL;
	/* The heap may keep what it knew of an aligned one. */
	return enter(r, b, ptr, size, ALIGN, old.kind);
}

static const char *look_at_all(const struct uk_alloc_model *m)
{
	const char *wrong = NULL;

	for (unsigned int i = 0; !wrong && i < m->nblocks; i++)
		wrong = look_at(&m->blocks[i]);
	return wrong;
}

static const char *step(struct run *r)
{
	struct uk_alloc_model_block *const b =
		&r->m->blocks[below(r, r->m->nblocks)];

	if (!b->ptr)
		return r->ebbs && below(r, 4) ? NULL : get(r, b);
	if (b->kind != MODEL_PAGES && below(r, 8) < (r->ebbs ? 2 : 5))
		return do_realloc(r, b);
	return r->ebbs || below(r, 2) ? put(r, b) : look_at(b);
}

/*
 * Take all there is, in a chain through the blocks themselves, large ones
 * first, and give it back.
 */
static const char *exhaust(struct run *r)
{
	struct link {
		struct link *next;
		size_t size;
	} *chain = NULL, *l;
	const char *wrong = NULL;
	size_t size = r->m->size_max;

	while (!wrong && size >= sizeof(*l)) {
		l = uk_malloc(r->a, size);
		if (l && overlaps(r, (unsigned char *)l, size))
			return "a block overlaps another one";
		if (l) {
			*l = (struct link){ .next = chain, .size = size };
			chain = l;
		} else {
			wrong = refused(r, size);
			size /= 2;
		}
	}
	if (!wrong)
		wrong = look_at_all(r->m);
	while (chain) {
		l = chain;
		chain = l->next;
		uk_free_sized(r->a, l, l->size);
	}
	return wrong;
}

/* NULL, or what was wrong at step @m->step. */
static const char *steps(struct run *r, const struct model_account *acc,
			 unsigned int nsteps)
{
	struct uk_alloc_model *const m = r->m;
	const char *wrong = NULL;

	for (m->step = 0; !wrong && m->step < nsteps; m->step++) {
		r->ebbs = m->step / TIDE % 2;
		wrong = step(r);
		if (!wrong && m->step % LOOK == 0)
			wrong = model_account_check(acc, m);
		if (!wrong && m->step % (LOOK * 16) == 0)
			wrong = look_at_all(m);
		if (!wrong && m->exhausts && m->step == nsteps / 2)
			wrong = exhaust(r);
	}
	return wrong;
}

const char *uk_alloc_model_run(struct uk_alloc_model *m, unsigned int nsteps)
{
	struct run r = { .m = m, .a = m->a, .state = m->seed };
	struct model_account acc;
	const char *wrong;

	m->nfailed = 0;
	for (unsigned int i = 0; i < m->nblocks; i++)
		m->blocks[i].ptr = NULL;
	model_account_begin(&acc, m);
	wrong = steps(&r, &acc, nsteps);
	for (unsigned int i = 0; !wrong && i < m->nblocks; i++)
		if (m->blocks[i].ptr)
			wrong = put(&r, &m->blocks[i]);
	return wrong ? wrong : model_account_end(&acc, m);
}
