/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/paging.h>
#include <uk/arch/trap.h>
#include <uk/compiler.h>
#include <uk/event.h>
#include <uk/list.h>
#include <uk/mutex.h>
#include <uk/pagetable.h>
#include <uk/spinlock.h>

struct uk_alloc;
struct uk_falloc;
struct uk_thread;
struct ukarch_regs;
struct vmem_family;

/*
 * Address spaces, and the areas of memory in them.
 *
 * An address space (struct uk_vas) is what the low half of the addresses
 * means; there may be any number, and each thread is in one or in none. An
 * area (struct uk_vma) is a range of it that is of one kind, with the same
 * rights all over. What an area is for is known from the first moment, what is
 * in it is found when somebody touches it.
 *
 *	struct uk_vma_request rq = {
 *		.len = len,
 *		.prot = UK_PAGE_READ | UK_PAGE_WRITE,
 *		.ops = &uk_vma_anon,
 *		.name = "heap",
 *	};
 *
 *	rc = uk_vma_map(vas, &rq);		now rq.vaddr is where
 *	...
 *	rc = uk_vma_unmap(vas, rq.vaddr, len);
 *
 * Areas that are alike and lie side by side become one; a change of a part of
 * an area makes it several. Nobody but this library holds on to a struct
 * uk_vma.
 *
 * Addresses and lengths are bytes and multiples of UKARCH_PAGE_SIZE.
 *
 * Locking: calls for one address space that change areas wait for each other,
 * so they may block; page faults do not wait for them. An address that is
 * being unmapped is no longer valid when the call begins, and not used again
 * before it has returned.
 *
 * Context: thread, with interrupts and preemption on, unless said otherwise.
 */

/* Counters of an address space, bytes. */
struct uk_vas_stats {
	size_t nareas;
	size_t len;		/* of all areas */
	size_t resident;	/* that a page table maps; not of devices */
	size_t resident_max;	/* the most so far */
	uint64_t nfaults;	/* page faults that put memory there */
	uint64_t ncopies;	/* that copied a shared page */
};

struct uk_vas {
	/* All fields are this library's; the memory is the caller's. */
	struct uk_pagetable pt;
	struct uk_falloc *fa;
	struct uk_alloc *a;
	struct uk_mutex changes;	/* held by who changes areas */

	/* For all that follows. Who changes the tree has both. */
	struct uk_spinlock lock;
	struct uk_vma *root;
	struct uk_list areas;	/* by address */
	uintptr_t base, end;	/* constant */
	uintptr_t lowest;	/* where areas may begin */
	size_t limit;
	size_t grows_max;
	bool any_grows;		/* there has been an area that does */
	struct uk_vas_stats stats;
	struct vmem_family *family;	/* what shares frames; NULL: nobody */
	bool copying;		/* some TLB may allow what pt does not */

	unsigned int nusers;	/* threads that are in it; atomic */
};

struct uk_vma;

/* What an area is asked for when a page of it is touched. */
struct uk_vma_fault {
	uintptr_t vaddr;	/* of the page, as large as level says */
	enum uk_trap_access access;

	/*
	 * In: the largest page that fits (0: 4 KiB, 1: 2 MiB, …). Out: what
	 * there is; vaddr is rounded down to it.
	 */
	unsigned int level;
	uint64_t paddr;		/* out: of that page */

	/*
	 * Out: the frame is for others too. It is mapped without the right to
	 * write; who writes gets a copy.
	 */
	bool shared;
};

/*
 * A kind of area. Every function may be NULL. Where nothing else is said they
 * are called without a lock but that of uk_vma_map() & co., and may block if
 * their caller may.
 */
struct uk_vma_ops {
	const char *name;	/* of the kind, for messages */

	/*
	 * Supply the memory for a page; NULL: a zeroed frame. Called with no
	 * lock at all; @vma is a copy. Returns 0, or a negative errno: the
	 * access ends as if there were no area.
	 */
	int (*fault)(const struct uk_vma *vma, struct uk_vma_fault *fault);

	/*
	 * A page has been unmapped, or its memory, from a fault, is not
	 * needed. True: the frames have been taken care of; false, or NULL:
	 * they are the address space's own, and go back to the frame
	 * allocator. Called with spinlocks held.
	 */
	bool (*put)(const struct uk_vma *vma, uintptr_t vaddr, uint64_t paddr,
		    size_t len);

	/*
	 * A copy of the address space has the page, too. True: the frames have
	 * been counted, and put() will be called once more; false, or NULL:
	 * they are the address spaces' own, who share them until one writes.
	 * Needed if there is put(). Called with spinlocks held.
	 */
	bool (*dup)(const struct uk_vma *vma, uintptr_t vaddr, uint64_t paddr,
		    size_t len);

	/* One more area has, or no longer has, the same data. */
	void (*open)(const struct uk_vma *vma);
	void (*close)(const struct uk_vma *vma);

	/*
	 * A page is about to be asked for by fault(), and that is over; in
	 * between the area may be gone, so who frees its data with the last
	 * area needs both. hold() is called with a spinlock held, drop()
	 * without any, in the context of fault().
	 */
	void (*hold)(const struct uk_vma *vma);
	void (*drop)(const struct uk_vma *vma);

	/*
	 * Say what @vma is, for the crash screen: "stack of thread 'worker'"
	 * makes "12 bytes below the stack of thread 'worker'". NULL: its kind
	 * and name. Takes no lock, whoever has any.
	 */
	void (*describe)(const struct uk_vma *vma, char *buf, size_t size);

	/* An advice that this library has no use for itself. */
	int (*advise)(const struct uk_vma *vma, uintptr_t vaddr, size_t len,
		      unsigned int advice);
};

/* An area. Ops read it, only this library writes. */
struct uk_vma {
	uintptr_t start, end;
	unsigned int prot;	/* UK_PAGE_…, 0: no access */
	unsigned int flags;	/* UK_VMA_… that stay */
	const struct uk_vma_ops *ops;
	const char *name;	/* for messages; may be NULL */
	void *data;		/* of who made the area */
	uint64_t offset;	/* of its first byte in what the data is */

	struct uk_list node;	/* from here on: lib/ukvmem/tree.c's */
	struct uk_vma *left, *right;
	unsigned int height;
	size_t gap;		/* the largest one in front of a node below */
};

/*
 * Kinds of areas
 */

/* Zeroed memory on demand. */
extern const struct uk_vma_ops uk_vma_anon;

/*
 * The same as a stack; its lowest UK_VMA_GUARD_LEN bytes are never mapped, so
 * that who runs over its end is caught.
 */
extern const struct uk_vma_ops uk_vma_stack;
#define UK_VMA_GUARD_LEN	((size_t)UKARCH_PAGE_SIZE)

/* Nothing: a range that nobody else gets, and every access is an error. */
extern const struct uk_vma_ops uk_vma_reserved;

/* Physical memory from offset on, which is no RAM of ours: a device's. */
extern const struct uk_vma_ops uk_vma_device;

/*
 * Frames that follow each other, for devices: those from offset on, which
 * uk_vma_map() takes and returns there. UK_VMA_BELOW_… of uk_falloc() in
 * falloc_flags.
 */
extern const struct uk_vma_ops uk_vma_dma;

/*
 * Flags of a request
 */

/* At vaddr and nowhere else; what is there is unmapped first. */
#define UK_VMA_FIXED		0x01u
/* At vaddr and nowhere else, if nothing is there. */
#define UK_VMA_EXACT		0x02u
/* Below 2 GiB. */
#define UK_VMA_LOW		0x04u
/* All memory at once, but where there are no rights. */
#define UK_VMA_POPULATE		0x08u
/*
 * In 2 MiB pages where it can be; vaddr is aligned to them, unless the caller
 * has said another place, which is free. Stays.
 */
#define UK_VMA_HUGE		0x10u
/* Need not be zeroed. Stays. */
#define UK_VMA_UNINITIALIZED	0x20u
/* Writable and executable at once is meant. Stays. */
#define UK_VMA_WX		0x40u
/* A mark of the caller's, for mlock(), which is only kept. Stays. */
#define UK_VMA_LOCKED		0x80u
/*
 * What is touched below it becomes a part of it, as a stack of a program needs
 * it: as long as UK_VMA_GROWS_GAP bytes in front of it are free, and up to what
 * uk_vas_set_grows_max() says. New areas keep away that far. Who touches it
 * from where one may not block finds nothing there. Stays.
 */
#define UK_VMA_GROWS		0x200u
#define UK_VMA_GROWS_GAP	((size_t)256 * UKARCH_PAGE_SIZE)
/*
 * With UK_VMA_HUGE, of uk_vma_anon: where a 2 MiB page can be, nothing smaller
 * will do, and there may be no memory. Stays.
 */
#define UK_VMA_HUGE_ONLY	0x800u

struct uk_vma_request {
	uintptr_t vaddr;	/* in: a wish, or 0; out: where it is */
	size_t len;
	unsigned int prot;
	unsigned int flags;
	const struct uk_vma_ops *ops;
	const char *name;	/* a string that stays; may be NULL */
	void *data;
	uint64_t offset;
	size_t align;		/* of vaddr; 0: a page */
	unsigned long falloc_flags;	/* uk_vma_dma */
};

/*
 * Address spaces
 */

/*
 * Make @vas an empty address space. Areas are described in memory from @a;
 * frames and page tables are from @fa.
 *
 * Returns 0, or
 *   -ENOMEM  no frame for the page table
 */
UK_MUST_USE int uk_vas_create(struct uk_vas *vas, struct uk_alloc *a,
			      struct uk_falloc *fa);

/*
 * Unmap everything and end @vas.
 *
 * Returns 0, or
 *   -EBUSY  a thread is in @vas, or it is a home; nothing has changed
 */
UK_MUST_USE int uk_vas_destroy(struct uk_vas *vas);

/*
 * Make @copy a new address space with the areas of @of and what is in them, as
 * fork() needs it. Frames are shared until somebody writes to a page, who then
 * has one of its own; only pages of which ops->dup says so stay the same for
 * both, and device memory. Areas of uk_vma_dma are not copied: a device knows
 * where they are. Large pages are split. Accesses to @of go on meanwhile; what
 * they write may be in the copy or not.
 *
 * Returns 0, or
 *   -ENOMEM   no memory, and there is no @copy
 *   -ENOTSUP  a kind of area has ops->put and no ops->dup
 */
UK_MUST_USE int uk_vas_copy(struct uk_vas *copy, struct uk_vas *of);

/*
 * From now on the calling thread is in @vas, or, NULL, in none of its own;
 * before stage SCHED, the boot. A thread that is made is in the address space
 * of its creator, and leaves it when it ends. Its stack, whenever it may lose
 * the CPU or exits, is not in the low half: a trap stack, or an auxiliary one.
 */
void uk_vas_activate(struct uk_vas *vas);

/* The same for @t, which no scheduler has yet. */
void uk_vas_set_thread(struct uk_vas *vas, struct uk_thread *t);

/*
 * Make @vas the home of all threads that are in no other address space, those
 * that there are, the idle ones and the boot context included; it stays so for
 * good. A thread whose stack is in it may lose the CPU to one that is in it
 * too.
 *
 * Returns 0, or
 *   -EBUSY  there is one already
 */
UK_MUST_USE int uk_vas_set_home(struct uk_vas *vas);

/* The one that the caller is in, its own or its home; or NULL. Context: any. */
struct uk_vas *uk_vas_get_active(void);

/* All areas together have @len bytes at most from now on; SIZE_MAX: any. */
void uk_vas_set_limit(struct uk_vas *vas, size_t len);

/* An area grows to @len bytes at most from now on; at first, 8 MiB. */
void uk_vas_set_grows_max(struct uk_vas *vas, size_t len);

/*
 * No area begins below @vaddr, a multiple of a page, from now on, nor moves or
 * grows there; those that are there stay.
 */
void uk_vas_set_lowest(struct uk_vas *vas, uintptr_t vaddr);

void uk_vas_get_stats(struct uk_vas *vas, struct uk_vas_stats *stats);

/*
 * Areas
 */

/*
 * Make the area that @rq describes. rq->vaddr is a wish where it lies; without
 * UK_VMA_FIXED and UK_VMA_EXACT it is as high as possible if something is
 * there already, or it is 0.
 *
 * Returns 0, and rq->vaddr and, with uk_vma_dma, rq->offset are set; or
 *   -EINVAL  not aligned, empty, contradictory, or not where areas may be
 *   -EACCES  writable and executable, without UK_VMA_WX
 *   -ENOMEM  no range is free, the limit is reached, or no memory for the
 *            area's description, or, with UK_VMA_POPULATE or uk_vma_dma, for
 *            the area
 *   -EEXIST  UK_VMA_EXACT, and something is there
 *   what ops->fault returned, with UK_VMA_POPULATE
 * After an error there is no area, but with UK_VMA_FIXED what was there may be
 * gone.
 */
UK_MUST_USE int uk_vma_map(struct uk_vas *vas, struct uk_vma_request *rq);

/*
 * Unmap all areas, and parts of areas, between @vaddr and @vaddr + @len; holes
 * are fine.
 *
 * Returns 0, or
 *   -EINVAL  not aligned, empty, or not in @vas
 *   -ENOMEM  an area becomes two, and there is no memory for the second; or a
 *            large page is to be split, and none for its table. Nothing is
 *            unmapped then.
 */
UK_MUST_USE int uk_vma_unmap(struct uk_vas *vas, uintptr_t vaddr, size_t len);

/*
 * Give the range the rights @prot (UK_PAGE_READ, …; 0: none; what was written
 * stays).
 *
 * Returns 0, or
 *   -EINVAL  not aligned, empty, not in @vas, or @prot is more than rights
 *   -EACCES  writable and executable, and an area has no UK_VMA_WX
 *   -ENOMEM  a part of the range is no area, and nothing has changed; or as for
 *            uk_vma_unmap()
 * After the last two areas in front of the one that is in the way may have the
 * new rights.
 */
UK_MUST_USE int uk_vma_protect(struct uk_vas *vas, uintptr_t vaddr, size_t len,
			       unsigned int prot);

/* Advices. Others go to ops->advise. */
#define UK_VMA_WILLNEED		1u	/* as UK_VMA_POPULATE, now */
#define UK_VMA_DONTNEED		2u	/* drop what is there */
#define UK_VMA_HUGE_ON		3u	/* as UK_VMA_HUGE, from now on */
#define UK_VMA_HUGE_OFF		4u
#define UK_VMA_LOCK_ON		5u	/* as UK_VMA_LOCKED, from now on */
#define UK_VMA_LOCK_OFF		6u
#define UK_VMA_ADVICE_OPS	16u	/* the first one for ops */

/*
 * Take @advice for the range. A kind without ops->advise ignores what is for
 * it.
 *
 * Returns 0, or
 *   -EINVAL  not aligned, empty, not in @vas, or not an advice that is known;
 *            UK_VMA_DONTNEED, and an area is uk_vma_device or uk_vma_dma
 *   -ENOMEM  a part of the range is no area, and nothing has changed; or no
 *            memory
 *   what ops->fault or ops->advise returned
 * After an error the advice may have been taken for a part of the range.
 */
UK_MUST_USE int uk_vma_advise(struct uk_vas *vas, uintptr_t vaddr, size_t len,
			      unsigned int advice);

/* uk_vma_remap() may move the area. */
#define UK_VMA_MAYMOVE		0x100u
/* It moves, and leaves an area as it was, with nothing in it. */
#define UK_VMA_KEEP		0x400u

/*
 * Make the @old_len bytes at @vaddr, which are one area or a part of one,
 * @new_len long. What is in them stays; what is cut off is unmapped. @flags:
 * UK_VMA_MAYMOVE; with UK_VMA_FIXED too, it moves to *@new_vaddr, where what is
 * there is unmapped; with UK_VMA_KEEP too, and the same length, it moves in any
 * case, and *@new_vaddr is a wish.
 *
 * With an @old_len of 0, and UK_VMA_MAYMOVE, the area stays, and @new_len bytes
 * from @vaddr on are at another place too; for kinds whose pages stay the same
 * for all who have them, which is what ops->dup tells.
 *
 * Returns 0, and *@new_vaddr is where it is; or, and *@new_vaddr is untouched,
 *   -EINVAL  not aligned, empty, not in @vas, UK_VMA_FIXED or UK_VMA_KEEP
 *            alone, or the new place overlaps; or a stack, device or DMA, whose
 *            lengths are what they are; or @old_len is 0, and the kind is not
 *            one for that
 *   -EFAULT  it is not one area
 *   -ENOMEM  there is no room behind it and it may not move, the limit is
 *            reached, or no memory
 * After -ENOMEM the bytes that were to move are where they were, with what is
 * in them; but what was to be unmapped may be gone: with UK_VMA_FIXED what was
 * at the new place, and in a move to less what is cut off.
 */
UK_MUST_USE int uk_vma_remap(struct uk_vas *vas, uintptr_t vaddr,
			     size_t old_len, size_t new_len,
			     unsigned int flags, uintptr_t *new_vaddr);

/*
 * Copy what the first area is that ends above @vaddr, to *@vma; if it does not
 * contain @vaddr, vma->start is above. Context: any in which a spinlock may be
 * taken.
 *
 * Returns 0, or
 *   -ENOENT  there is none
 */
UK_MUST_USE int uk_vma_find(struct uk_vas *vas, uintptr_t vaddr,
			    struct uk_vma *vma);

/*
 * Say for each page of the range whether it is in memory: 1 in @vec[0] and so
 * on, or 0.
 *
 * Returns 0, or
 *   -EINVAL  not aligned, empty, or not in @vas
 *   -ENOMEM  a part of the range is no area; @vec says nothing
 */
UK_MUST_USE int uk_vma_resident(struct uk_vas *vas, uintptr_t vaddr,
				size_t len, unsigned char *vec);

/*
 * Page faults
 */

enum uk_vmem_reason {
	UK_VMEM_NO_AREA,	/* nothing is mapped at the address */
	UK_VMEM_NO_RIGHT,	/* the area forbids the access */
	UK_VMEM_NO_MEMORY,	/* it is fine, but there is no memory */
	UK_VMEM_NO_DATA,	/* ops->fault had none: errno in error */
};

/* A page fault of the active address space that this library cannot mend. */
struct uk_vmem_fault {
	struct ukarch_regs *regs;
	uintptr_t addr;
	enum uk_trap_access access;
	enum uk_vmem_reason reason;
	int error;		/* a negative errno */
};

/*
 * Raised for it with a struct uk_vmem_fault. A handler may change the
 * registers. Context: that of <uk/arch/trap.h>. Nobody handled it: the crash
 * screen, with a hint on the nearest area.
 */
UK_EVENT_DECLARE(uk_vmem_fault);

/*
 * Do what a page fault for @access at @vaddr would do. Context: as
 * uk_vma_find(); where the kind has a function for it, as that.
 *
 * Returns 0, or
 *   -EFAULT  there is no area
 *   -EACCES  the area forbids it
 *   -ENOMEM  no memory, after uk_falloc_reclaim()
 *   what ops->fault returned
 */
UK_MUST_USE int uk_vma_touch(struct uk_vas *vas, uintptr_t vaddr,
			     enum uk_trap_access access);
