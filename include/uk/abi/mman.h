/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * Memory of a program, as Linux's ABI has it: mmap(2), mprotect(2), mremap(2),
 * madvise(2), msync(2), mlock(2), mlockall(2). Alike on x86_64 and arm64, but
 * where it says so.
 */

#define UK_ABI_PROT_READ	0x1
#define UK_ABI_PROT_WRITE	0x2
#define UK_ABI_PROT_EXEC	0x4
#define UK_ABI_PROT_SEM		0x8
#define UK_ABI_PROT_GROWSDOWN	0x01000000
#define UK_ABI_PROT_GROWSUP	0x02000000

/* How it is shared: one of these, in the lowest four bits. */
#define UK_ABI_MAP_SHARED	0x01
#define UK_ABI_MAP_PRIVATE	0x02
#define UK_ABI_MAP_SHARED_VALIDATE 0x03
#define UK_ABI_MAP_TYPE		0x0f
#define UK_ABI_MAP_FIXED	0x10
#define UK_ABI_MAP_ANONYMOUS	0x20
#define UK_ABI_MAP_32BIT	0x40		/* x86_64 only */
#define UK_ABI_MAP_GROWSDOWN	0x0100
#define UK_ABI_MAP_LOCKED	0x2000
#define UK_ABI_MAP_NORESERVE	0x4000
#define UK_ABI_MAP_POPULATE	0x8000
#define UK_ABI_MAP_NONBLOCK	0x10000
#define UK_ABI_MAP_STACK	0x20000
#define UK_ABI_MAP_HUGETLB	0x40000
#define UK_ABI_MAP_FIXED_NOREPLACE 0x100000

/* With MAP_HUGETLB: the logarithm of the pages' size; 0 is the usual one. */
#define UK_ABI_MAP_HUGE_SHIFT	26
#define UK_ABI_MAP_HUGE_MASK	0x3f

#define UK_ABI_MREMAP_MAYMOVE	1
#define UK_ABI_MREMAP_FIXED	2
#define UK_ABI_MREMAP_DONTUNMAP	4

#define UK_ABI_MADV_NORMAL	0
#define UK_ABI_MADV_RANDOM	1
#define UK_ABI_MADV_SEQUENTIAL	2
#define UK_ABI_MADV_WILLNEED	3
#define UK_ABI_MADV_DONTNEED	4
#define UK_ABI_MADV_FREE	8
#define UK_ABI_MADV_REMOVE	9
#define UK_ABI_MADV_DONTFORK	10
#define UK_ABI_MADV_DOFORK	11
#define UK_ABI_MADV_HUGEPAGE	14
#define UK_ABI_MADV_NOHUGEPAGE	15
#define UK_ABI_MADV_DONTDUMP	16
#define UK_ABI_MADV_DODUMP	17
#define UK_ABI_MADV_WIPEONFORK	18
#define UK_ABI_MADV_KEEPONFORK	19
#define UK_ABI_MADV_COLD	20
#define UK_ABI_MADV_PAGEOUT	21
#define UK_ABI_MADV_POPULATE_READ 22
#define UK_ABI_MADV_POPULATE_WRITE 23
#define UK_ABI_MADV_DONTNEED_LOCKED 24

#define UK_ABI_MS_ASYNC		1
#define UK_ABI_MS_INVALIDATE	2
#define UK_ABI_MS_SYNC		4

#define UK_ABI_MLOCK_ONFAULT	1

#define UK_ABI_MCL_CURRENT	1
#define UK_ABI_MCL_FUTURE	2
#define UK_ABI_MCL_ONFAULT	4
