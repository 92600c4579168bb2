/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/vmem.h>

#define PAGE	((size_t)UKARCH_PAGE_SIZE)
#define RIGHTS	(UK_PAGE_READ | UK_PAGE_WRITE | UK_PAGE_EXEC)

/*
 * The areas by address (tree.c). Who calls has the address space's lock, and,
 * to change something, its mutex.
 */

/* The first area that ends above @vaddr, or NULL. */
struct uk_vma *vmem_above(const struct uk_vas *vas, uintptr_t vaddr);

/* The area behind, and in front of, @vma, or NULL. */
struct uk_vma *vmem_next(const struct uk_vas *vas, const struct uk_vma *vma);
struct uk_vma *vmem_prev(const struct uk_vas *vas, const struct uk_vma *vma);

/* The last area, or NULL. */
struct uk_vma *vmem_last(const struct uk_vas *vas);

/* Put @vma, which overlaps none, in; take it out. */
void vmem_insert(struct uk_vas *vas, struct uk_vma *vma);
void vmem_remove(struct uk_vas *vas, struct uk_vma *vma);

/* Let @vma reach from @start to @end, which overlaps no other one. */
void vmem_resize(struct uk_vas *vas, struct uk_vma *vma, uintptr_t start,
		 uintptr_t end);

/*
 * Find @len bytes at a multiple of @align, a power of two, between @min and
 * @max that no area has, the highest such ones. False: there are none.
 */
bool vmem_find_gap(const struct uk_vas *vas, size_t len, size_t align,
		   uintptr_t min, uintptr_t max, uintptr_t *vaddr);

/*
 * Changing areas (area.c); the caller has the mutex, not the lock.
 */

/* Is [@vaddr, @vaddr + @len) some pages of @vas? */
bool vmem_range_ok(const struct uk_vas *vas, uintptr_t vaddr, size_t len);

/* Is every byte from @vaddr to @end in an area? */
bool vmem_covered(const struct uk_vas *vas, uintptr_t vaddr, uintptr_t end);

/*
 * Have areas begin and end at @start and @end, if they reach across.
 * Returns 0, or -ENOMEM, and nothing has changed.
 */
int vmem_cut(struct uk_vas *vas, uintptr_t start, uintptr_t end);

/* Make one of what is alike on both sides of @start, and of @end. */
void vmem_join(struct uk_vas *vas, uintptr_t start, uintptr_t end);

/* The same for every place from @start to @end. */
void vmem_join_all(struct uk_vas *vas, uintptr_t start, uintptr_t end);

/*
 * Unmap everything from @start to @end. Returns 0, or -ENOMEM, and nothing
 * has changed.
 */
int vmem_clear(struct uk_vas *vas, uintptr_t start, uintptr_t end);

/* Take the area @vma out of the tree, and put it back at once or later. */
void vmem_take(struct uk_vas *vas, struct uk_vma *vma);

/* Drop the memory from @start to @end, all in @vma. 0, or -ENOMEM. */
int vmem_drop(struct uk_vas *vas, const struct uk_vma *vma, uintptr_t start,
	      uintptr_t end);

/* Add @vma, which is complete, to @vas. */
void vmem_add(struct uk_vas *vas, struct uk_vma *vma);

/* Bytes of areas from @start to @end. */
size_t vmem_len_in(const struct uk_vas *vas, uintptr_t start, uintptr_t end);

/* Where to put what @rq asks for. Returns 0, -EINVAL, -EEXIST or -ENOMEM. */
int vmem_place(const struct uk_vas *vas, struct uk_vma_request *rq);

/*
 * Touching (fault.c)
 */

/* Put memory everywhere from @start to @end, which are in areas. */
int vmem_populate(struct uk_vas *vas, uintptr_t start, uintptr_t end);

/* The largest page, by level, that @vma may have at @vaddr. */
unsigned int vmem_level(const struct uk_vma *vma, uintptr_t vaddr);

/* Page-table flags for pages of @vma. */
static inline unsigned int vmem_paging_flags(const struct uk_vma *vma)
{
	return vma->flags & UK_VMA_WX ? UK_PAGING_WX : 0;
}

/* Is its memory known from the beginning, and all mapped then? */
static inline bool vmem_is_known(const struct uk_vma_ops *ops)
{
	return ops == &uk_vma_dma || ops == &uk_vma_device;
}

/* Who may do anything may read: no architecture has it otherwise. */
static inline unsigned int vmem_readable(unsigned int prot)
{
	return prot & RIGHTS ? prot | UK_PAGE_READ : prot;
}

/* Is @vaddr, of @vma, in the guard of a stack? */
bool vmem_in_guard(const struct uk_vma *vma, uintptr_t vaddr);

/* Is it memory that counts as resident? */
static inline bool vmem_is_ram(const struct uk_vma *vma)
{
	return vma->ops != &uk_vma_device;
}

/*
 * What the hint of the crash screen says on @addr: the areas near it. Takes
 * no lock. False: nothing.
 */
bool vmem_describe(const struct uk_vas *vas, uintptr_t addr, char *buf,
		   size_t len);

/* Count @len bytes as resident. The caller has the lock. */
void vmem_count(struct uk_vas *vas, size_t len);
