/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The linear map of this machine, and where its tables come from.
 *
 * A table can only be written where it is mapped, so the first few come from
 * a pool in the image, of which the boot tables have a linear map too. They map
 * the end of the largest FREE region ("the tail"), and from there on tables are
 * taken from that end downwards. What is taken, and a few pages more for
 * devices, is told to the heap by uk_paging_usable(). A bound computed in
 * advance was the alternative: on the smallest machines it is three times what
 * is needed.
 */
#include <uk/paging.h>

#include <stdbool.h>

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/bootinfo.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/falloc.h>
#include <uk/init.h>
#include <uk/print.h>
#include <uk/sections.h>

#include "pagetable_priv.h"
#include "paging_priv.h"

#define PAGE		((uint64_t)UKARCH_PAGE_SIZE)
#define POOL		CONFIG_LIBUKPAGING_POOL

/* Written at boot only, by one CPU; later under the kernel's lock. */
static struct {
	const struct uk_bootinfo *bi;
	uint64_t *root;
	uint64_t image;		/* physical address of _text */
	size_t pool_used;

	/* Pages from next down to low may become tables; high: the end. */
	uint64_t low, next, high;

	/* Those that were given back: each has the address of the next. */
	uint64_t spare;
	size_t nspare;
} paging;

void (*paging_copy_root)(void);

static uint64_t pool[POOL][UKARCH_PT_ENTRIES] UK_ALIGNED(UKARCH_PAGE_SIZE)
	UK_SECTION(".bss..raw");

static uint64_t *table_new(struct paging_env *env UK_UNUSED)
{
	uint64_t paddr;

	if (paging.spare) {
		paddr = paging.spare;
		paging.spare = *(uint64_t *)uk_phys_to_virt(paddr);
		paging.nspare--;
	} else if (paging.pool_used < POOL) {
		paddr = paging.image + (uint64_t)((char *)pool - _text) +
			paging.pool_used++ * PAGE;
	} else {
		if (paging.next == paging.low)
			return NULL;
		paging.next -= PAGE;
		paddr = paging.next;
	}
	return uk_phys_to_virt(paddr);
}

static void table_back(struct paging_env *env UK_UNUSED, uint64_t *table)
{
	*table = paging.spare;
	paging.spare = uk_virt_to_phys(table);
	paging.nspare++;
}

static size_t tables_left(struct paging_env *env UK_UNUSED)
{
	return paging.nspare + POOL - paging.pool_used +
	       (size_t)((paging.next - paging.low) / PAGE);
}

/*
 * Tables are reached through the linear map only, the image's too: boot tables
 * are not mapped where they stand (x86_64).
 */
static struct paging_env env = {
	.alloc = table_new,
	.free = table_back,
	.left = tables_left,
	.offset = UKARCH_LINEAR_BASE,
};

int paging_kernel_take(uint64_t *paddr)
{
	uint64_t *table;

	if (uk_falloc(uk_falloc_get_default(), paddr, 1, 0) == 0)
		return 0;
	/* An image without frames has what is left of the boot's. */
	table = table_new(&env);
	if (!table)
		return -ENOMEM;
	*paddr = uk_virt_to_phys(table);
	return 0;
}

void paging_kernel_give(uint64_t paddr)
{
	struct uk_falloc *const fa = uk_falloc_get_default();
	const bool own = (paddr >= paging.low && paddr < paging.high) ||
			 (paddr >= paging.image &&
			  paddr < paging.image + (uint64_t)(_end - _text));

	if (own || !fa || uk_ffree(fa, paddr, 1) < 0)
		table_back(&env, uk_phys_to_virt(paddr));
}

/* Is any page from @paddr to @end RAM by the memory map? */
static bool touches_ram(uint64_t paddr, uint64_t end)
{
	const struct uk_bootinfo *const bi = paging.bi;

	for (uint32_t i = 0; i < bi->nregions; i++) {
		const struct uk_region *r = &bi->regions[i];

		if ((r->flags & UK_REGIONF_RAM) && r->base < end &&
		    r->base + r->len > paddr)
			return true;
	}
	return false;
}

static int map_linear(uint64_t paddr, uint64_t end, unsigned int prot)
{
	int rc;

	paging_lock(&paging_kernel);
	rc = paging_map(&env, paging.root, paddr, end, prot);
	/* A device may be where nothing was before. */
	if (paging_copy_root)
		paging_copy_root();
	uk_spin_unlock(&paging_kernel.lock);
	return rc;
}

int uk_paging_map_linear(uint64_t paddr, uint64_t len, unsigned int prot)
{
	const uint64_t limit = paging_kernel.paddr_end;

	if (len == 0 || !UK_IS_ALIGNED(paddr | len, PAGE))
		return -EINVAL;
	if (paddr >= limit || len > limit - paddr)
		return -ERANGE;
	return map_linear(paddr, paddr + len, prot);
}

int uk_paging_map_device(uint64_t paddr, uint64_t len, void **vaddr)
{
	const uint64_t limit = paging_kernel.paddr_end;
	const uint64_t base = UK_ALIGN_DOWN(paddr, PAGE);
	uint64_t end;
	int rc;

	if (len == 0)
		return -EINVAL;
	if (paddr >= limit || len > limit - paddr)
		return -ERANGE;
	end = UK_ALIGN_UP(paddr + len, PAGE);
	if (touches_ram(base, end))
		return -EINVAL;

	rc = map_linear(base, end,
			UK_PAGE_READ | UK_PAGE_WRITE | UK_PAGE_DEVICE);
	if (rc < 0)
		return rc;
	*vaddr = uk_phys_to_virt(paddr);
	return 0;
}

uint64_t uk_paging_usable(const struct uk_region *r)
{
	if (r->type != UK_REGION_FREE)
		return 0;
	/* Tables lie at the end of a region. */
	if (paging.low < paging.high && paging.low >= r->base &&
	    paging.low < r->base + r->len)
		return paging.low - r->base;
	return r->len;
}

uint64_t paging_tables(void)
{
	return paging.low < paging.high ? paging.low : 0;
}

static const struct uk_region *find_region(uint32_t type)
{
	const struct uk_bootinfo *const bi = paging.bi;
	const struct uk_region *best = NULL;

	for (uint32_t i = 0; i < bi->nregions; i++) {
		const struct uk_region *r = &bi->regions[i];

		if (r->type == type && (!best || r->len > best->len))
			best = r;
	}
	return best;
}

/*
 * Where the tail of @r begins: low enough for all tables there can be (a page
 * per GiB, and some), and so that the largest page that could end the region
 * is not split.
 */
static uint64_t tail_base(const struct uk_region *r)
{
	const uint64_t end = r->base + r->len;
	const uint64_t want = (UINT64_C(1) << UKARCH_PT_SHIFT(1)) +
			      (r->len >> 18);
	unsigned int level = env.leaf_max;

	if (r->len <= want)
		return r->base;
	while (level > 1 &&
	       !UK_IS_ALIGNED(end, UINT64_C(1) << UKARCH_PT_SHIFT(level)))
		level--;
	return UK_MAX(r->base, UK_ALIGN_DOWN(end - want, UINT64_C(1) <<
					     UKARCH_PT_SHIFT(level)));
}

/* The image is in the boot tables, text and constants readable only. */
static bool to_map(const struct uk_region *r)
{
	return (r->flags & UK_REGIONF_RAM) && r->type != UK_REGION_TEXT &&
	       r->type != UK_REGION_RODATA && r->type != UK_REGION_DATA;
}

static int map_range(uint64_t base, uint64_t end)
{
	return base == end ? 0 : paging_extend(&env, paging.root, base, end,
					       UK_PAGE_READ | UK_PAGE_WRITE);
}

/* Map all RAM but what is from @skip to the end of region @last. */
static int map_ram(const struct uk_region *last, uint64_t skip)
{
	const struct uk_bootinfo *const bi = paging.bi;
	uint64_t base = 0, end = 0;

	for (uint32_t i = 0; i < bi->nregions; i++) {
		const struct uk_region *r = &bi->regions[i];

		if (!to_map(r))
			continue;
		/* Neighbours are mapped together. */
		if (r->base != end) {
			const int rc = map_range(base, end);

			if (rc < 0)
				return rc;
			base = r->base;
		}
		end = r == last ? skip : r->base + r->len;
	}
	return map_range(base, end);
}

static int map_all(const struct uk_region *last)
{
	const uint64_t tail = tail_base(last);
	const uint64_t end = last->base + last->len;
	uint64_t spare;
	int rc;

	rc = map_range(tail, end);
	if (rc < 0)
		return rc;

	paging.low = tail;
	paging.next = end;
	paging.high = end;
	rc = map_ram(last, tail);
	if (rc < 0)
		return rc;

	/* Fix what is taken: a page for devices per MiB, at most 16. */
	spare = UK_MIN(last->len >> 20, UINT64_C(16)) * PAGE;
	paging.low = paging.next - UK_MIN(spare, paging.next - last->base);
	return 0;
}

void uk_paging_init(const struct uk_bootinfo *bi)
{
	const struct uk_region *text;

	paging.bi = bi;
	text = find_region(UK_REGION_TEXT);
	UK_ASSERT(text);
	paging.image = text->base;
	paging.root = uk_phys_to_virt(ukarch_pt_root());
	env.levels = ukarch_pt_levels();
	env.leaf_max = ukarch_pt_leaf_max();
	paging_kernel.root = ukarch_pt_root();
	paging_kernel.levels = env.levels;
	paging_kernel.leaf_max = env.leaf_max;
	/* The linear map ends where other mappings begin. */
	paging_kernel.paddr_end = UK_MIN(UINT64_C(1) << bi->paddr_bits,
					 (uint64_t)(UKARCH_KMAP_BASE -
						    UKARCH_LINEAR_BASE));
}

/* Where an image is for more levels than every CPU has. */
static void tell_levels(void)
{
	if (UKARCH_PT_LEVELS_MAX > UKARCH_PT_LEVELS)
		uk_pr_info("page tables of %u levels%s", env.levels,
			   env.levels < UKARCH_PT_LEVELS_MAX ?
			   ": this CPU has no more" : "");
}

static int paging_early(const struct uk_boot_ctx *ctx)
{
	if (!paging.bi)
		uk_paging_init(ctx->bi);
	tell_levels();
	return 0;
}

static int paging_mem(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	const struct uk_region *const last = find_region(UK_REGION_FREE);
	int rc;

	UK_ASSERT(last);
	rc = map_all(last);
	if (rc < 0)
		uk_pr_err("no linear map: error %d, %zu table pages left; "
			  "see CONFIG_LIBUKPAGING_POOL", -rc,
			  tables_left(&env));
	return rc;
}

UK_INIT(EARLY, paging_early, NULL);
UK_INIT(MEM, paging_mem, NULL);
