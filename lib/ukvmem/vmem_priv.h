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

/* One more area has the data of @vma. */
void vmem_open(const struct uk_vma *vma);

/* Make one of what is alike on both sides of @start, and of @end. */
void vmem_join(struct uk_vas *vas, uintptr_t start, uintptr_t end);

/* The same for every place from @start to @end. */
void vmem_join_all(struct uk_vas *vas, uintptr_t start, uintptr_t end);

/* Take the area @vma out of the tree. */
void vmem_take(struct uk_vas *vas, struct uk_vma *vma);

/* Let an area beside @vma have its place too, if it is alike. */
bool vmem_extend(struct uk_vas *vas, const struct uk_vma *vma);

/* Add @vma, which is complete, to @vas. */
void vmem_add(struct uk_vas *vas, struct uk_vma *vma);

/* @vma loses, at one of its ends, or gets, what is from @start to @end. */
void vmem_shorten(struct uk_vas *vas, struct uk_vma *vma, uintptr_t start,
		  uintptr_t end);
void vmem_lengthen(struct uk_vas *vas, struct uk_vma *vma, uintptr_t start,
		   uintptr_t end);

/*
 * Let an area above @vaddr, where none is, grow down to it, if it does, and may
 * (grow.c).
 */
bool vmem_grow_down(struct uk_vas *vas, uintptr_t vaddr);

/* Bytes of areas from @start to @end. */
size_t vmem_len_in(const struct uk_vas *vas, uintptr_t start, uintptr_t end);

/*
 * Where to put what @rq asks for (place.c). Returns 0, -EINVAL, -EEXIST or
 * -ENOMEM.
 */
int vmem_place(const struct uk_vas *vas, struct uk_vma_request *rq);

/*
 * Unmapping (clear.c); the same.
 */

/*
 * Unmap everything from @start to @end. Returns 0, or -ENOMEM, and nothing
 * has changed.
 */
int vmem_clear(struct uk_vas *vas, uintptr_t start, uintptr_t end);

/* Drop the memory from @start to @end, all in @vma. 0, or -ENOMEM. */
int vmem_drop(struct uk_vas *vas, const struct uk_vma *vma, uintptr_t start,
	      uintptr_t end);

/*
 * Touching (fault.c)
 */

/*
 * uk_vma_touch(); @absent: a CPU has just said that nothing is mapped there,
 * so it is looked for only if that is no longer so.
 */
int vmem_touch(struct uk_vas *vas, uintptr_t vaddr,
	       enum uk_trap_access access, bool absent);

/*
 * Put memory everywhere from @start to @end, which are in areas, but where
 * nobody may touch any.
 */
int vmem_populate(struct uk_vas *vas, uintptr_t start, uintptr_t end);

/* The largest page, by level, that @vma may have at @vaddr. */
unsigned int vmem_level(const struct uk_vma *vma, uintptr_t vaddr);

/* Supply the memory for the page at fault->vaddr; and: it is not needed. */
int vmem_get(const struct uk_vas *vas, const struct uk_vma *vma,
	     struct uk_vma_fault *fault);
void vmem_unget(const struct uk_vas *vas, const struct uk_vma *vma,
		const struct uk_vma_fault *fault);

/*
 * Is what vmem_get() was told of @then still so for the whole page? The caller
 * has the lock.
 */
bool vmem_is_still(const struct uk_vas *vas, const struct uk_vma *then,
		   const struct uk_vma_fault *fault);

/*
 * The page at @vaddr is @leaf, which forbids what its area allows (own.c).
 * -EAGAIN: it has changed meanwhile.
 */
int vmem_make_writable(struct uk_vas *vas, const struct uk_vma *vma,
		       uintptr_t vaddr, const struct uk_paging_leaf *leaf);

/* The same, and its frame is shared, and was held by vmem_share_hold(). */
int vmem_copy_held(struct uk_vas *vas, const struct uk_vma *vma,
		   uintptr_t vaddr, const struct uk_paging_leaf *leaf);

/* The frame of the page at @vaddr, which is in @leaf. */
static inline uint64_t vmem_paddr(const struct uk_paging_leaf *leaf,
				  uintptr_t vaddr)
{
	return leaf->paddr + (vaddr - leaf->vaddr);
}

/*
 * Frames that several address spaces have (share.c). Who calls one of the
 * first three has the lock of @vas; the mutex is enough for vmem_share_drop().
 */

/* Is the frame shared? And, if so, count one owner more. */
bool vmem_share_is(const struct uk_vas *vas, uint64_t paddr);
bool vmem_share_hold(const struct uk_vas *vas, uint64_t paddr);

/* Count one more, for which vmem_share_prepare() has made room: 0, -ENOMEM. */
void vmem_share_add(const struct uk_vas *vas, uint64_t paddr);
int vmem_share_prepare(const struct uk_vas *vas, uint64_t paddr);

/* An owner drops the frame. True: it was the last, who gives it back. */
bool vmem_share_drop(const struct uk_vas *vas, uint64_t paddr);

/*
 * @to becomes able to share frames with @from, whose mutex is held; @vas does
 * it no more. Returns 0, or -ENOMEM.
 */
int vmem_family_join(struct uk_vas *to, struct uk_vas *from);
void vmem_family_leave(struct uk_vas *vas);

/*
 * Threads (thread.c)
 */

/* From now on the scheduler changes address spaces. */
void vmem_use_threads(void);

/*
 * For who has had a page fault; interrupts are off. Did this CPU not know the
 * home of the thread? It does now, and no lock was taken for it.
 */
bool vmem_come_home(void);

/* uk_vas_get_active(), if that is what this CPU has; or NULL. */
struct uk_vas *vmem_here(void);

/* Is anybody in @vas? */
bool vmem_is_used(const struct uk_vas *vas);

/*
 * The name of the running thread, if its stack, or its stack pointer @sp, is in
 * [@start, @end]; or NULL.
 */
const char *vmem_stack_of(uintptr_t start, uintptr_t end, uintptr_t sp);

/* End @vas, in which nobody is (vas.c). */
void vmem_end(struct uk_vas *vas);

/* Map the memory of @vma, which vmem_is_known(). 0, or -ENOMEM (map.c). */
int vmem_map_known(struct uk_vas *vas, const struct uk_vma *vma);

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
 * What the hint of the crash screen says on @addr: the areas near it. @sp is
 * the stack pointer there. Takes no lock. False: nothing.
 */
bool vmem_describe(const struct uk_vas *vas, uintptr_t addr, uintptr_t sp,
		   char *buf, size_t len);

/* Count @len bytes as resident. The caller has the lock. */
void vmem_count(struct uk_vas *vas, size_t len);
