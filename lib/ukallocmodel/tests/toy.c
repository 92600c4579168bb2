/* SPDX-License-Identifier: BSD-3-Clause */
#include "toy.h"

#include <stdbool.h>
#include <stdint.h>

#include <uk/alloc_impl.h>
#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>

#define UNIT	((size_t)256)
#define NUNITS	1024u

static char memory[NUNITS][UNIT] UK_ALIGNED(4096);

/* Of the first unit of a block: its units and bytes. All others are 0. */
static struct {
	unsigned int nunits;
	size_t size;
} units[NUNITS];

static struct uk_alloc toy;
static struct uk_alloc *saved;
static enum toy_fault fault;
static bool counts;	/* or what is above does */

/* Free units from @i on, up to @most. */
static unsigned int room(unsigned int i, unsigned int most)
{
	unsigned int n = 0;

	while (n < most && i + n < NUNITS && !units[i + n].nunits)
		n++;
	return n;
}

static long toy_maxalloc(struct uk_alloc *a UK_UNUSED)
{
	unsigned int max = 0, n;

	for (unsigned int i = 0; i < NUNITS; i += UK_MAX(n, 1u)) {
		n = units[i].nunits;
		if (!n) {
			n = room(i, NUNITS);
			max = UK_MAX(max, n);
		}
	}
	return (long)(max * UNIT) + (fault == TOY_PROMISES ? 4096 : 0);
}

static long toy_availmem(struct uk_alloc *a UK_UNUSED)
{
	size_t nfree = 0;

	for (unsigned int i = 0; i < NUNITS;
	     i += UK_MAX(units[i].nunits, 1u))
		nfree += !units[i].nunits;
	return (long)(nfree * UNIT);
}

static size_t counted(unsigned int nunits)
{
	return fault == TOY_COUNTS_SHORT ? 1 : nunits * UNIT;
}

static void *none(struct uk_alloc *a)
{
	if (counts)
		uk_alloc_stats_alloc(a, NULL, 0);
	return NULL;
}

static void *take(struct uk_alloc *a, size_t align, size_t size)
{
	unsigned int n, i = 0;

	if (size > sizeof(memory) || align > sizeof(memory))
		return none(a);
	n = (unsigned int)UK_DIV_ROUND_UP(UK_MAX(size, (size_t)1), UNIT);
	while (i < NUNITS && (!UK_IS_ALIGNED((uintptr_t)memory[i], align) ||
			      room(i, n) < n))
		i += UK_MAX(units[i].nunits, 1u);
	if (i >= NUNITS)
		return none(a);
	units[i].nunits = n - (fault == TOY_TOO_SHORT && n > 1);
	units[i].size = size;
	if (counts)
		uk_alloc_stats_alloc(a, memory[i], counted(n));
	return memory[i];
}

static void *toy_malloc(struct uk_alloc *a, size_t size)
{
	char *const ptr = take(a, 16, size);

	return ptr && fault == TOY_UNALIGNED && size == 8 ? ptr + 8 : ptr;
}

static void *toy_calloc(struct uk_alloc *a, size_t nmemb, size_t size)
{
	size_t len;
	void *ptr;

	if (__builtin_mul_overflow(nmemb, size, &len) &&
	    fault != TOY_CALLOC_OVERFLOWS)
		return NULL;
	ptr = take(a, 16, len);
	if (ptr)
		memset(ptr, 0, fault == TOY_NOT_ZEROED && len ? len - 1 : len);
	return ptr;
}

static void toy_free(struct uk_alloc *a, void *ptr)
{
	const size_t i = (size_t)((char *)ptr - memory[0]) / UNIT;
	const unsigned int n = ptr ? units[i].nunits : 0;

	if (!ptr)
		return;
	if (counts)
		uk_alloc_stats_free(a, counted(n));
	if (fault == TOY_COUNTS_TWICE && n > 2)
		uk_alloc_stats_free(a, 0);
	if (fault == TOY_FREE_WRITES && i + n < NUNITS)
		memory[i + n][0]++;
	units[i].nunits = 0;
}

static void toy_free_sized(struct uk_alloc *a, void *ptr, size_t size)
{
	if (fault != TOY_LEAKS || size > UNIT)
		toy_free(a, ptr);
	else if (ptr)
		uk_alloc_stats_free(a, UNIT);
}

static void *toy_realloc(struct uk_alloc *a, void *ptr, size_t size)
{
	const size_t i = (size_t)((char *)ptr - memory[0]) / UNIT;
	char *now;

	if (!ptr)
		return take(a, 16, size);
	if (size == 0) {
		toy_free(a, ptr);
		return NULL;
	}
	now = take(a, 16, size);
	if (!now && fault == TOY_REALLOC_SPOILS)
		memory[i][0]++;
	if (!now)
		return NULL;
	memcpy(now, ptr, UK_MIN(size, units[i].size));
	if (fault == TOY_LOSES_BYTES && size < units[i].size)
		now[size - 1]++;
	toy_free(a, ptr);
	return now;
}

static int toy_posix_memalign(struct uk_alloc *a, void **memptr, size_t align,
			      size_t size)
{
	void *ptr;

	if ((!UK_IS_POW2(align) || align % sizeof(void *)) &&
	    fault != TOY_NO_EINVAL)
		return EINVAL;
	if (fault == TOY_UNALIGNED_PAGE && align == 4096)
		align = UNIT;
	ptr = take(a, align, size);
	if (!ptr)
		return ENOMEM;
	*memptr = ptr;
	return 0;
}

static void *toy_palloc(struct uk_alloc *a, unsigned long npages)
{
	return npages && npages < NUNITS ?
	       take(a, 4096, npages * 4096) : NULL;
}

static void toy_pfree(struct uk_alloc *a, void *ptr,
		      unsigned long npages UK_UNUSED)
{
	toy_free(a, ptr);
}

static void begin(enum toy_fault the_fault, bool it_counts)
{
	fault = the_fault;
	counts = it_counts;
	memset(units, 0, sizeof(units));
	memset(memory, 0xa5, sizeof(memory));
	saved = _uk_alloc_head;
	_uk_alloc_head = NULL;
}

struct uk_alloc *toy_begin(enum toy_fault the_fault)
{
	begin(the_fault, true);
	uk_alloc_init_malloc(&toy, toy_malloc, toy_calloc, toy_realloc,
			     toy_free, toy_posix_memalign, uk_memalign_compat,
			     toy_maxalloc, toy_availmem, NULL);
	uk_alloc_set_free_sized(&toy, toy_free_sized);
	return &toy;
}

struct uk_alloc *toy_begin_ifmalloc(void)
{
	begin(TOY_RIGHT, false);
	uk_alloc_init_malloc_ifmalloc(&toy, toy_malloc, toy_free, NULL,
				      toy_availmem, NULL);
	return &toy;
}

struct uk_alloc *toy_begin_ifpages(void)
{
	begin(TOY_RIGHT, false);
	uk_alloc_init_palloc(&toy, toy_palloc, toy_pfree, NULL, NULL, NULL);
	return &toy;
}

void toy_end(void)
{
	_uk_alloc_head = saved;
}
