/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/paging.h>
#include <uk/compiler.h>
#include <uk/falloc.h>
#include <uk/list.h>
#include <uk/spinlock.h>

/*
 * Page tables: one for the kernel's mappings in the high half, and any number
 * for the low half, of which one is active on a CPU at a time. All of them
 * see the same high half.
 *
 *	rc = uk_paging_create(&pt, uk_falloc_get_default());
 *	rc = uk_paging_map(&pt, vaddr, paddr, len, prot, 0);
 *	uk_paging_activate(&pt);
 *	...
 *	rc = uk_paging_unmap(&pt, vaddr, len, UK_PAGING_FREE, NULL);
 *
 * The largest pages that fit are used, split when a part of one is changed,
 * and put together again by uk_paging_merge() only. Tables are taken from the
 * frame allocator, and given back when nothing is in them.
 *
 * Addresses and lengths are bytes and multiples of UKARCH_PAGE_SIZE. @prot is
 * UK_PAGE_… of <uk/arch/paging.h>: rights and one kind of memory. UK_PAGE_READ
 * is among the rights, or there are none: then every access is a page fault,
 * but the page is mapped in every other way and keeps its memory.
 *
 * A call that fails has changed nothing, unless it says otherwise: the tables
 * that it needs are taken before any entry is written. (A large page may be
 * split then; nobody sees that.)
 *
 * Locking: a lock of each page table keeps its entries consistent, whoever
 * calls at the same time. What a range is for is the caller's to serialise.
 * A callback runs with that lock held: it neither calls this library for the
 * same page table, but for uk_paging_batch_free(), nor blocks.
 *
 * Faults that are none: where a page is split, merged or replaced on arm64,
 * other CPUs may find it missing for a moment (Arm ARM D8.14, break before
 * make), and a right that was added may be seen late on both architectures.
 * So a handler of page faults that finds the page mapped and the access
 * allowed, by uk_paging_find(), simply returns.
 *
 * Context: any, also a trap handler, with preemption or interrupts off; not
 * interrupt handlers. What flushes (see struct uk_paging_batch) waits for
 * other CPUs: it is not called with a spinlock held that anybody takes with
 * interrupts off.
 */
struct uk_pagetable {
	/* All fields are this library's; the memory is the caller's. */
	struct uk_spinlock lock;	/* of all entries below the root */
	unsigned int levels;
	unsigned int leaf_max;	/* the highest level of entries that map */
	uint64_t root;		/* physical address; constant */
	uintptr_t offset;	/* of a table's address from its physical one */
	uintptr_t base, end;	/* what may be mapped; constant */
	uint64_t paddr_end;	/* no memory is from here on; constant */
	unsigned int always;	/* UK_PAGE_… that each mapping has */
	struct uk_falloc *fa;
	size_t ntables;		/* below the root; with the lock */
	struct uk_list link;	/* in the list of all */
};

/* Flags. */
/* No larger page than level @n: 0 is 4 KiB, 1 is 2 MiB, 2 is 1 GiB. */
#define UK_PAGING_LEVEL_MAX(n)	(0x4u | (n))
/* Both UK_PAGE_WRITE and UK_PAGE_EXEC are meant; never in the high half. */
#define UK_PAGING_WX		0x8u
/* Unmap: give the frames back to the frame allocator, after the flush. */
#define UK_PAGING_FREE		0x10u
/* Clone: take the right to write off, in both. */
#define UK_PAGING_COW		0x20u

/*
 * Changes whose effect on other CPUs is still to come: addresses that their
 * TLBs may still know, and frames and tables that they may still use. Several
 * calls gather theirs in one batch, and uk_paging_flush() ends it with one
 * flush here, and one message to the CPUs on which the page table is active
 * (on arm64 none: the hardware tells them).
 *
 *	struct uk_paging_batch batch;
 *
 *	uk_paging_batch_init(&batch, &pt);
 *	(void)uk_paging_unmap(&pt, a, len, UK_PAGING_FREE, &batch);
 *	(void)uk_paging_unmap(&pt, b, len, UK_PAGING_FREE, &batch);
 *	uk_paging_flush(&batch);
 *
 * Until then a CPU may access what was unmapped or has lost a right. A batch
 * that is full is flushed by the call that finds it so. Functions that take a
 * batch take NULL too: then they flush before they return.
 */
#define UK_PAGING_BATCH_RANGES	8u
#define UK_PAGING_BATCH_RUNS	16u

struct uk_paging_batch {
	/* All fields are this library's; the owner serialises. */
	struct uk_pagetable *pt;
	unsigned int nranges, nruns;
	struct uk_paging_range {
		uintptr_t vaddr, end;
	} range[UK_PAGING_BATCH_RANGES];
	struct uk_paging_run {
		uint64_t paddr;
		unsigned long nframes;
	} run[UK_PAGING_BATCH_RUNS];
	uint64_t tables;	/* list: each holds the address of the next */
};

/* Begin an empty batch for changes of @pt. */
void uk_paging_batch_init(struct uk_paging_batch *batch,
			  struct uk_pagetable *pt);

/*
 * Have the TLBs forget what they know of @len bytes from @vaddr on, too,
 * whatever is mapped there.
 */
void uk_paging_batch_add(struct uk_paging_batch *batch, uintptr_t vaddr,
			 size_t len);

/*
 * Have @nframes frames from @paddr on given back to the page table's frame
 * allocator after the flush. The callback of uk_paging_unmap_each() may call
 * it, once for each page.
 */
void uk_paging_batch_free(struct uk_paging_batch *batch, uint64_t paddr,
			  unsigned long nframes);

/*
 * No CPU uses what was unmapped, or has rights that were taken, after this
 * call; @batch is empty then.
 */
void uk_paging_flush(struct uk_paging_batch *batch);

/*
 * The kernel's page table. UKARCH_KMAP_BASE to UKARCH_KMAP_END is what can be
 * mapped in it: the first GiB is lib/uklcpu's, for the stacks of CPUs, and from
 * 128 to 384 GiB on it is lib/ukallocstack's; who uses which part of the others
 * is the callers' business. Its tables are from the
 * default frame allocator, or, without one, what the boot has left. It is in
 * force on every CPU, always.
 *
 * Linear map and image, which lie around that, are left as they are: a large
 * page there cannot be split, as whoever splits it stands on it.
 */
struct uk_pagetable *uk_paging_kernel(void);

/*
 * Make @pt an empty page table for UKARCH_LOW_BASE to UKARCH_LOW_END, with
 * tables, one at first, from @fa. Page 0 is below that, so never mapped.
 *
 * Returns 0, or
 *   -ENOMEM  no frame for the root
 */
UK_MUST_USE
int uk_paging_create(struct uk_pagetable *pt, struct uk_falloc *fa);

/*
 * Give back all tables of @pt, which is active on no CPU. What it maps is
 * forgotten; frames are given back by uk_paging_unmap() before.
 */
void uk_paging_destroy(struct uk_pagetable *pt);

/*
 * Have the low half of this CPU be what @pt says; uk_paging_kernel(): nothing.
 * It stays so until the next call on this CPU; a thread that moves to another
 * CPU does not take it along. A TLB keeps nothing of one page table for the
 * next. Context: preemption is off, as long as the caller relies on it.
 */
void uk_paging_activate(struct uk_pagetable *pt);

/* The one that is active on this CPU; the kernel's if none is. */
struct uk_pagetable *uk_paging_active(void);

/*
 * Map @len bytes from @paddr on at @vaddr. Nothing is mapped there yet.
 * @flags: UK_PAGING_LEVEL_MAX(), UK_PAGING_WX. There is nothing to flush.
 *
 * Returns 0, or
 *   -EINVAL  not aligned, empty, or @prot or @flags are not as said above
 *   -ERANGE  not in what @pt may map, or beyond what physical addresses reach
 *   -EACCES  writable and executable, without UK_PAGING_WX
 *   -EEXIST  something is mapped there
 *   -ENOMEM  no memory for the tables
 */
UK_MUST_USE
int uk_paging_map(struct uk_pagetable *pt, uintptr_t vaddr, uint64_t paddr,
		  size_t len, unsigned int prot, unsigned int flags);

/* What a callback that supplies frames says if it has none for this page. */
#define UK_PAGING_SKIP	1

/*
 * Map @len bytes at @vaddr, with frames from @frame, which is called for each
 * page that is not mapped, upwards: @level is the largest that fits, and it
 * sets *@paddr, aligned to that, and returns 0; or returns UK_PAGING_SKIP:
 * the page stays as it is (at a level above 0 it is asked again for the
 * smaller ones); or a negative errno, which ends the call.
 *
 * Returns 0, or
 *   -EINVAL, -ERANGE, -EACCES  as uk_paging_map()
 *   -ENOMEM  no memory for a table
 *   what @frame returned
 * After the latter two, what has been mapped stays so. *@done, unless NULL, is
 * how many bytes from @vaddr on have been dealt with.
 */
UK_MUST_USE
int uk_paging_map_each(struct uk_pagetable *pt, uintptr_t vaddr, size_t len,
		       unsigned int prot, unsigned int flags,
		       int (*frame)(void *arg, uintptr_t vaddr,
				    unsigned int level, uint64_t *paddr),
		       void *arg, size_t *done);

/* An entry that maps memory. */
struct uk_paging_leaf {
	uintptr_t vaddr;	/* of its first byte */
	uint64_t paddr;		/* of that byte */
	size_t len;		/* UKARCH_PAGE_SIZE << 9 * level */
	unsigned int level;
	unsigned int prot;
};

/*
 * Unmap what is mapped of @len bytes from @vaddr on; holes are fine. @flags:
 * UK_PAGING_FREE, or 0.
 *
 * Returns 0, or
 *   -EINVAL, -ERANGE  as uk_paging_map()
 *   -ENOMEM  no memory for the table that splits a large page
 */
int uk_paging_unmap(struct uk_pagetable *pt, uintptr_t vaddr, size_t len,
		    unsigned int flags, struct uk_paging_batch *batch);

/*
 * The same, with @fn called for each page that has been taken out. Its frames
 * may be in use until the flush: uk_paging_batch_free(), of the @batch that
 * @fn is given, waits for that.
 */
int uk_paging_unmap_each(struct uk_pagetable *pt, uintptr_t vaddr, size_t len,
			 void (*fn)(void *arg,
				    const struct uk_paging_leaf *leaf,
				    struct uk_paging_batch *batch),
			 void *arg, struct uk_paging_batch *batch);

/*
 * Give what is mapped of @len bytes from @vaddr on the rights @prot (READ,
 * WRITE, EXEC); the kind of memory stays, and only write-back memory becomes
 * executable. Holes are fine. @flags: UK_PAGING_WX, or 0.
 *
 * Returns 0, or
 *   -EINVAL, -ERANGE, -EACCES  as uk_paging_map()
 *   -ENOMEM  no memory for the table that splits a large page
 */
UK_MUST_USE
int uk_paging_protect(struct uk_pagetable *pt, uintptr_t vaddr, size_t len,
		      unsigned int prot, unsigned int flags,
		      struct uk_paging_batch *batch);

/*
 * Let the 4 KiB page at @vaddr, which is mapped, be the frame @paddr with
 * @prot; a large page is split. The old frame is the caller's, after the
 * flush.
 *
 * Returns 0, or
 *   -EINVAL, -ERANGE, -EACCES  as uk_paging_map()
 *   -ENOENT  nothing is mapped there
 *   -ENOMEM  no memory for the table that splits a large page
 */
UK_MUST_USE
int uk_paging_replace(struct uk_pagetable *pt, uintptr_t vaddr,
		      uint64_t paddr, unsigned int prot, unsigned int flags,
		      struct uk_paging_batch *batch);

/*
 * What maps the byte @vaddr, any address: *@leaf, with the whole page that it
 * is in. Page tables of the low half know the low half only.
 *
 * Returns 0, or
 *   -ENOENT  nothing
 */
UK_MUST_USE
int uk_paging_find(struct uk_pagetable *pt, uintptr_t vaddr,
		   struct uk_paging_leaf *leaf);

/*
 * Call @fn for each leaf that maps a part of @len bytes from @vaddr on, any
 * range in the half that @pt is for, upwards, until @fn returns other than 0.
 * Returns that, or 0, or
 *   -EINVAL, -ERANGE  as uk_paging_map()
 */
int uk_paging_walk(struct uk_pagetable *pt, uintptr_t vaddr, size_t len,
		   int (*fn)(void *arg, const struct uk_paging_leaf *leaf),
		   void *arg);

/*
 * Put together the pages in @len bytes from @vaddr on, where 512 follow each
 * other in memory, aligned, with the same rights, up to @flags (UK_PAGING_
 * LEVEL_MAX(), or 0). The tables that become free are in @batch.
 *
 * Returns the number of large pages made, or
 *   -EINVAL, -ERANGE  as uk_paging_map()
 */
int uk_paging_merge(struct uk_pagetable *pt, uintptr_t vaddr, size_t len,
		    unsigned int flags, struct uk_paging_batch *batch);

/*
 * Map in @to, at the same addresses, what @from maps of @len bytes from
 * @vaddr on, where nothing is mapped in @to. With UK_PAGING_COW the pages of
 * both can only be read and executed from then on; for @from, after the flush
 * of @batch, which is one for @from. @fn, unless NULL, is called once for each
 * page when nothing can fail any more.
 *
 * Returns 0, or
 *   -EINVAL, -ERANGE  as uk_paging_map()
 *   -EEXIST  something is mapped there in @to
 *   -ENOMEM  no memory for the tables; or for one that splits a large page
 *            of which only a part is in the range
 */
UK_MUST_USE
int uk_paging_clone(struct uk_pagetable *to, struct uk_pagetable *from,
		    uintptr_t vaddr, size_t len, unsigned int flags,
		    void (*fn)(void *arg, const struct uk_paging_leaf *leaf),
		    void *arg, struct uk_paging_batch *batch);

/*
 * How to reach other CPUs, from who starts them, before the first one runs:
 * have @fn(@arg) done on each other CPU that is up and for whose per-CPU
 * variables, @distance away, @who(@arg, @distance) is true, and return when
 * all have. Not needed where the hardware tells other CPUs (arm64).
 */
typedef void (*uk_paging_remote_fn)(bool (*who)(void *arg,
						uintptr_t distance),
				    void (*fn)(void *arg), void *arg);
void uk_paging_set_remote(uk_paging_remote_fn remote);

/*
 * A faster way than that, of a hypervisor's: have the TLBs of the same CPUs
 * forget the @n ranges, or more; false: it cannot now. It counts until the next
 * uk_paging_set_remote(). Context: any.
 */
typedef bool (*uk_paging_remote_flush_fn)(bool (*who)(void *arg,
						      uintptr_t distance),
					  void *arg,
					  const struct uk_paging_range *range,
					  unsigned int n);
void uk_paging_set_remote_flush(uk_paging_remote_flush_fn flush);
