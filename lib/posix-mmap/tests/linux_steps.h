/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What Linux 6.18 returned for each of these calls, one after the other, on
 * x86_64: the order of its checks, and the errors. All is about 64 pages from
 * ARENA on, where nothing is at first.
 */
#pragma once

#define ARENA	UINT64_C(0x200000000000)
#define P(n)	(ARENA + (n) * 4096)
#define HIGH	UINT64_C(0xffff800000000000)
#define HOLE	UINT64_C(0x0800000000000000)
#define MAX	UINT64_C(0xffffffffffffffff)
#define TOP	(UINT64_C(0x7ffffffff000))

#define R	UK_ABI_PROT_READ
#define W	UK_ABI_PROT_WRITE
#define X	UK_ABI_PROT_EXEC
#define RW	(R | W)
#define DOWN	UK_ABI_PROT_GROWSDOWN
#define UP	UK_ABI_PROT_GROWSUP

#define ANON	UK_ABI_MAP_ANONYMOUS
#define PRIV	UK_ABI_MAP_PRIVATE
#define SHARED	UK_ABI_MAP_SHARED
#define FIXED	UK_ABI_MAP_FIXED
#define NOREPL	UK_ABI_MAP_FIXED_NOREPLACE
#define HUGE	UK_ABI_MAP_HUGETLB
#define HUGE_OF(n) (HUGE | (n) << UK_ABI_MAP_HUGE_SHIFT)
#define USUAL	(ANON | PRIV)
#define HERE	(USUAL | FIXED)

#define MAYMOVE	UK_ABI_MREMAP_MAYMOVE
#define TO	UK_ABI_MREMAP_FIXED
#define KEEP	UK_ABI_MREMAP_DONTUNMAP

#define E(name)	(-(long)(name))

static const struct linux_step {
	enum linux_call {
		MMAP, MUNMAP, MPROTECT, MREMAP, MADVISE, MSYNC, MINCORE, MLOCK,
		MLOCK2, MUNLOCK, MLOCKALL, MUNLOCKALL,
		PEEK,		/* the byte at the address */
		POKE,		/* make it the second argument */
		SOMEWHERE,	/* MMAP, of which success is told as 1 */
	} call;
	uint64_t arg[6];
	int64_t want;
} linux_steps[] = {
	/* mmap: what is wrong first is told. */
	{ SOMEWHERE, { 0, 0, RW, USUAL, -1, 1 }, E(EINVAL) },
	{ SOMEWHERE, { 0, 0, RW, USUAL, -1, 0 }, E(EINVAL) },
	{ SOMEWHERE, { 0, 4096, RW, PRIV, -1, 0 }, E(EBADF) },
	{ SOMEWHERE, { 0, 0, RW, PRIV, 1000, 0 }, E(EBADF) },
	{ SOMEWHERE, { 0, 4096, RW, PRIV | HUGE, -1, 0 }, E(EBADF) },
	{ SOMEWHERE, { 0, 0, RW, USUAL | HUGE_OF(5), -1, 0 }, E(EINVAL) },
	{ SOMEWHERE, { 0, 4096, RW, USUAL | HUGE_OF(63), -1, 0 }, E(EINVAL) },
	{ SOMEWHERE, { 0, 0, RW, USUAL | HUGE, -1, 0 }, E(EINVAL) },
	{ SOMEWHERE, { 0, MAX, RW, USUAL | HUGE, -1, 0 }, E(EINVAL) },
	{ SOMEWHERE, { P(1), 4096, RW, HERE | HUGE, -1, 0 }, E(EINVAL) },
	{ SOMEWHERE, { 0, MAX, RW, USUAL, -1, 0 }, E(ENOMEM) },
	{ SOMEWHERE, { 0, MAX - 4095, RW, USUAL, -1, 0 }, E(ENOMEM) },
	{ SOMEWHERE, { 0, TOP, RW, USUAL, -1, 0 }, E(ENOMEM) },
	{ SOMEWHERE, { 0, 4096, RW, ANON, -1, 0 }, E(EINVAL) },
	{ SOMEWHERE, { 0, 4096, RW, ANON | 3, -1, 0 }, E(EINVAL) },
	{ SOMEWHERE, { 0, 4096, RW, ANON | 15, -1, 0 }, E(EINVAL) },
	{ SOMEWHERE, { 0, MAX, RW, ANON | 15, -1, 0 }, E(ENOMEM) },
	{ SOMEWHERE, { P(0) + 1, 4096, RW, FIXED | ANON, -1, 0 }, E(EINVAL) },
	{ SOMEWHERE, { HIGH, 4096, RW, HERE, -1, 0 }, E(ENOMEM) },
	{ SOMEWHERE, { HIGH + 1, 4096, RW, HERE, -1, 0 }, E(ENOMEM) },
	{ SOMEWHERE, { HOLE, 4096, RW, HERE, -1, 0 }, E(ENOMEM) },
	{ SOMEWHERE, { MAX - 4095, 4096, RW, HERE, -1, 0 }, E(ENOMEM) },
	{ SOMEWHERE, { P(0), 4096, RW, ANON | SHARED | 0x100, -1, 0 },
	  E(EINVAL) },
	{ SOMEWHERE, { HIGH, 4096, RW, USUAL, -1, 0 }, 1 },
	{ SOMEWHERE, { MAX, 4096, RW, USUAL, -1, 0 }, 1 },
	{ SOMEWHERE, { 0, 4096, 0xf0f8, USUAL, -1, 0 }, 1 },
	{ SOMEWHERE, { 0, 4096, RW | X, USUAL | 0x20000, -1, 0 }, 1 },

	/* Places that are said. */
	{ MMAP, { P(1), 3 * 4096, RW, HERE, -1, 0 }, P(1) },
	{ MMAP, { P(2), 4096, RW, USUAL | NOREPL, -1, 0 }, E(EEXIST) },
	{ MMAP, { P(0), 2 * 4096, RW, HERE | NOREPL, -1, 0 }, E(EEXIST) },
	{ MMAP, { P(2) + 7, 4096, RW, USUAL | NOREPL, -1, 0 }, E(EINVAL) },
	{ MMAP, { P(2), 4096, RW, NOREPL | ANON, -1, 0 }, E(EEXIST) },
	{ MMAP, { P(4), 4096, RW, USUAL | NOREPL, -1, 0 }, P(4) },
	{ MMAP, { P(5) + 9, 1, RW, USUAL, -1, 0 }, P(5) },
	{ POKE, { P(5), 7 }, 0 },
	{ MMAP, { P(5), 4096, RW, HERE, -1, 0 }, P(5) },
	{ PEEK, { P(5) }, 0 },

	/* munmap: parts, holes, and what is none. */
	{ MUNMAP, { P(1), 0 }, E(EINVAL) },
	{ MUNMAP, { P(1) + 1, 4096 }, E(EINVAL) },
	{ MUNMAP, { P(1), MAX }, E(EINVAL) },
	{ MUNMAP, { HIGH, 4096 }, E(EINVAL) },
	{ MUNMAP, { HOLE, 4096 }, E(EINVAL) },
	{ MUNMAP, { MAX - 4095, 4096 }, E(EINVAL) },
	{ MUNMAP, { 0, 4096 }, 0 },
	{ POKE, { P(1), 1 }, 0 },
	{ POKE, { P(3), 3 }, 0 },
	{ MUNMAP, { P(2), 1 }, 0 },
	{ MUNMAP, { P(2), 4096 }, 0 },
	{ PEEK, { P(1) }, 1 },
	{ PEEK, { P(3) }, 3 },
	{ MMAP, { P(2), 4096, RW, USUAL | NOREPL, -1, 0 }, P(2) },
	{ MUNMAP, { P(0), 64 * 4096 }, 0 },

	/* mprotect */
	{ MMAP, { P(0), 4 * 4096, 0, HERE, -1, 0 }, P(0) },
	{ MPROTECT, { P(0), 4096, RW }, 0 },
	{ MPROTECT, { P(0), 0, 0x77 }, 0 },
	{ MPROTECT, { P(0) + 1, 0, RW }, E(EINVAL) },
	{ MPROTECT, { P(0) + 1, 4096, RW }, E(EINVAL) },
	{ MPROTECT, { P(0), 4096, 0x80 }, E(EINVAL) },
	{ MPROTECT, { P(9), 4096, 0x80 }, E(EINVAL) },
	{ MPROTECT, { P(0), MAX, 0x80 }, E(ENOMEM) },
	{ MPROTECT, { P(0), MAX - 8191, RW }, E(ENOMEM) },
	{ MPROTECT, { HIGH, 4096, RW }, E(ENOMEM) },
	{ MPROTECT, { HOLE, 4096, RW }, E(ENOMEM) },
	{ MPROTECT, { MAX - 4095, 4096, RW }, E(ENOMEM) },
	{ MPROTECT, { P(3), 2 * 4096, R }, E(ENOMEM) },
	{ MPROTECT, { P(8), 4096, R }, E(ENOMEM) },
	{ MPROTECT, { P(0), 4096, RW | 8 }, 0 },
	{ MPROTECT, { P(0), 4096, RW | DOWN | UP }, E(EINVAL) },
	{ MPROTECT, { P(0), 4096, RW | DOWN }, E(EINVAL) },
	{ MPROTECT, { P(0), 4096, RW | UP }, E(EINVAL) },
	{ MPROTECT, { P(8), 4096, RW | UP }, E(ENOMEM) },
	{ MPROTECT, { P(8), 4096, RW | DOWN }, E(ENOMEM) },
	{ POKE, { P(0), 5 }, 0 },
	{ MPROTECT, { P(0), 4 * 4096, 0 }, 0 },
	{ MPROTECT, { P(0), 4 * 4096, RW | X }, 0 },
	{ PEEK, { P(0) }, 5 },

	/* mremap: what is wrong. */
	{ MREMAP, { P(0), 4096, 4096, 8, 0 }, E(EINVAL) },
	{ MREMAP, { P(0), 4096, 4096, TO, P(9) }, E(EINVAL) },
	{ MREMAP, { P(0), 4096, 4096, KEEP, P(9) }, E(EINVAL) },
	{ MREMAP, { P(0), 4096, 8192, KEEP | MAYMOVE, P(9) }, E(EINVAL) },
	{ MREMAP, { P(0) + 1, 4096, 4096, 0, 0 }, E(EINVAL) },
	{ MREMAP, { P(0), 4096, 0, 0, 0 }, E(EINVAL) },
	{ MREMAP, { P(20), 4096, 0, 0, 0 }, E(EINVAL) },
	{ MREMAP, { P(20), 4096, 4096, 0, 0 }, E(EFAULT) },
	{ MREMAP, { HIGH, 4096, 4096, 0, 0 }, E(EFAULT) },
	{ MREMAP, { P(0), 5 * 4096, 6 * 4096, MAYMOVE, 0 }, E(EFAULT) },
	{ MREMAP, { P(0), 4096, 2 * 4096, 0, 0 }, E(ENOMEM) },
	{ MREMAP, { P(0), 0, 4096, MAYMOVE, 0 }, E(EINVAL) },
	{ MREMAP, { P(0), 4096, 4096, TO | MAYMOVE, P(9) + 1 }, E(EINVAL) },
	{ MREMAP, { P(0), 4096, 4096, TO | MAYMOVE, HIGH }, E(EINVAL) },
	{ MREMAP, { P(0), 2 * 4096, 4096, TO | MAYMOVE, P(1) }, E(EINVAL) },
	{ MREMAP, { P(0), 4096, 2 * 4096, TO | MAYMOVE, P(0) }, E(EINVAL) },
	{ MREMAP, { P(0), 4096, MAX, MAYMOVE, 0 }, E(EINVAL) },
	{ MREMAP, { P(0), 4096, MAX - 8191, MAYMOVE, 0 }, E(EINVAL) },
	{ MREMAP, { P(0), 4096, TOP + 4096, MAYMOVE, 0 }, E(EINVAL) },
	{ MREMAP, { P(0), 4096, TOP, MAYMOVE, 0 }, E(ENOMEM) },
	{ MREMAP, { P(20), 4096, TOP + 4096, MAYMOVE, 0 }, E(EINVAL) },
	{ MREMAP, { P(20), 4096, 4096, TO | MAYMOVE, HIGH }, E(EINVAL) },
	{ MREMAP, { P(20), 4096, 4096, TO | MAYMOVE, P(20) }, E(EINVAL) },
	{ MREMAP, { P(20), 4096, 4096, TO | MAYMOVE, P(20) + 5 }, E(EINVAL) },
	{ MREMAP, { P(20), 0, 4096, MAYMOVE, 0 }, E(EFAULT) },
	{ MREMAP, { P(0), MAX - 8191, 4096, 0, 0 }, E(EINVAL) },
	{ MREMAP, { P(0), 4096, TOP, TO | MAYMOVE, P(9) }, E(EINVAL) },

	/* mremap: what is right. */
	{ MREMAP, { P(0), 4096, 4096, 0, 0 }, P(0) },
	{ MREMAP, { P(3), 4096, 2 * 4096, 0, 0 }, P(3) },
	{ MREMAP, { P(0), 5 * 4096, 3 * 4096, 0, 0 }, P(0) },
	{ MREMAP, { P(0), 1, 4096, TO | MAYMOVE, P(9) }, P(9) },
	{ PEEK, { P(9) }, 5 },
	{ MMAP, { P(0), 4096, RW, USUAL | NOREPL, -1, 0 }, P(0) },
	{ MREMAP, { P(9), 4096, 4096, KEEP | TO | MAYMOVE, P(11) }, P(11) },
	{ PEEK, { P(11) }, 5 },
	{ PEEK, { P(9) }, 0 },
	{ MMAP, { P(9), 4096, RW, USUAL | NOREPL, -1, 0 }, E(EEXIST) },
	{ MREMAP, { P(11), 4096, 2 * 4096, TO | MAYMOVE, P(1) }, P(1) },
	{ PEEK, { P(1) }, 5 },
	{ PEEK, { P(2) }, 0 },
	/* Several areas may be cut at once. */
	{ MMAP, { P(30), 4096, R, HERE, -1, 0 }, P(30) },
	{ MMAP, { P(31), 4096, RW, HERE, -1, 0 }, P(31) },
	{ MREMAP, { P(30), 6 * 4096, 4096, 0, 0 }, P(30) },
	{ MMAP, { P(31), 4096, RW, USUAL | NOREPL, -1, 0 }, P(31) },
	/* What is shared is at two places. */
	{ MMAP, { P(40), 2 * 4096, RW, ANON | SHARED | FIXED, -1, 0 },
	  P(40) },
	{ POKE, { P(41), 6 }, 0 },
	{ MREMAP, { P(40), 0, 2 * 4096, TO | MAYMOVE, P(44) }, P(44) },
	{ PEEK, { P(45) }, 6 },
	{ POKE, { P(44), 9 }, 0 },
	{ PEEK, { P(40) }, 9 },
	{ MREMAP, { P(40), 0, 4096, 0, 0 }, E(ENOMEM) },
	{ MUNMAP, { P(40), 2 * 4096 }, 0 },
	{ PEEK, { P(44) }, 9 },

	/* madvise */
	{ MADVISE, { P(0), 4096, 5 }, E(EINVAL) },
	{ MADVISE, { P(0), 4096, 1000 }, E(EINVAL) },
	{ MADVISE, { P(0), 0, 5 }, E(EINVAL) },
	{ MADVISE, { P(0) + 1, 4096, 4 }, E(EINVAL) },
	{ MADVISE, { P(0) + 1, 0, 4 }, E(EINVAL) },
	{ MADVISE, { P(0), MAX, 4 }, E(EINVAL) },
	{ MADVISE, { MAX - 4095, 4096, 4 }, E(EINVAL) },
	{ MADVISE, { P(0), MAX - 4095, 4 }, E(EINVAL) },
	{ MADVISE, { HIGH, 4096, 4 }, E(ENOMEM) },
	{ MADVISE, { P(20), 0, 4 }, 0 },
	{ MADVISE, { P(20), 4096, 4 }, E(ENOMEM) },
	{ MMAP, { P(20), 4096, RW, HERE, -1, 0 }, P(20) },
	{ MMAP, { P(22), 4096, RW, HERE, -1, 0 }, P(22) },
	{ POKE, { P(20), 1 }, 0 },
	{ POKE, { P(22), 2 }, 0 },
	{ MADVISE, { P(20), 3 * 4096, UK_ABI_MADV_DONTNEED }, E(ENOMEM) },
	{ PEEK, { P(20) }, 0 },
	{ PEEK, { P(22) }, 0 },
	{ MADVISE, { P(44), 4096, UK_ABI_MADV_DONTNEED }, 0 },
	{ PEEK, { P(44) }, 9 },
	{ MADVISE, { P(44), 4096, UK_ABI_MADV_FREE }, E(EINVAL) },
	{ MADVISE, { P(44), 4096, UK_ABI_MADV_WIPEONFORK }, E(EINVAL) },
	{ MADVISE, { P(20), 4096, UK_ABI_MADV_FREE }, 0 },
	{ MADVISE, { P(20), 4096, UK_ABI_MADV_REMOVE }, E(EINVAL) },
	{ MADVISE, { P(20), 1, UK_ABI_MADV_NORMAL }, 0 },
	{ MADVISE, { P(20), 4096, UK_ABI_MADV_RANDOM }, 0 },
	{ MADVISE, { P(20), 4096, UK_ABI_MADV_SEQUENTIAL }, 0 },
	{ MADVISE, { P(20), 4096, UK_ABI_MADV_WILLNEED }, 0 },
	{ MADVISE, { P(20), 4096, UK_ABI_MADV_DONTFORK }, 0 },
	{ MADVISE, { P(20), 4096, UK_ABI_MADV_DOFORK }, 0 },
	{ MADVISE, { P(20), 4096, UK_ABI_MADV_DONTDUMP }, 0 },
	{ MADVISE, { P(20), 4096, UK_ABI_MADV_DODUMP }, 0 },
	{ MADVISE, { P(20), 4096, UK_ABI_MADV_WIPEONFORK }, 0 },
	{ MADVISE, { P(20), 4096, UK_ABI_MADV_KEEPONFORK }, 0 },
	{ MADVISE, { P(20), 4096, UK_ABI_MADV_COLD }, 0 },
	{ MADVISE, { P(20), 4096, UK_ABI_MADV_PAGEOUT }, 0 },
	{ MADVISE, { P(20), 4096, UK_ABI_MADV_POPULATE_READ }, 0 },
	{ MADVISE, { P(20), 4096, UK_ABI_MADV_POPULATE_WRITE }, 0 },
	{ MADVISE, { P(20), 2 * 4096, UK_ABI_MADV_POPULATE_READ },
	  E(ENOMEM) },
	{ MPROTECT, { P(20), 4096, R }, 0 },
	{ MADVISE, { P(20), 4096, UK_ABI_MADV_POPULATE_WRITE }, E(EINVAL) },
	{ MADVISE, { P(20), 4096, UK_ABI_MADV_DONTNEED }, 0 },
	{ MPROTECT, { P(20), 4096, 0 }, 0 },
	{ MADVISE, { P(20), 4096, UK_ABI_MADV_POPULATE_READ }, E(EINVAL) },

	/* msync */
	{ MSYNC, { P(22), 4096, 8 }, E(EINVAL) },
	{ MSYNC, { P(22) + 1, 4096, 4 }, E(EINVAL) },
	{ MSYNC, { P(22), 4096, 5 }, E(EINVAL) },
	{ MSYNC, { P(22), MAX - 8191, 4 }, E(ENOMEM) },
	{ MSYNC, { P(22), MAX, 4 }, 0 },
	{ MSYNC, { P(22), 0, 4 }, 0 },
	{ MSYNC, { P(22), 4096, 0 }, 0 },
	{ MSYNC, { P(22), 4096, 4 }, 0 },
	{ MSYNC, { P(22), 2 * 4096, 1 }, E(ENOMEM) },
	{ MSYNC, { P(25), 4096, 1 }, E(ENOMEM) },
	{ MSYNC, { HIGH, 4096, 1 }, E(ENOMEM) },

	/* mincore; its third argument is where the answer goes: P(50). */
	{ MMAP, { P(50), 4096, RW, HERE, -1, 0 }, P(50) },
	{ POKE, { P(50), 77 }, 0 },
	{ MINCORE, { P(22) + 1, 4096, P(50) }, E(EINVAL) },
	{ MINCORE, { P(23), 4096, P(50) }, E(ENOMEM) },
	{ MINCORE, { P(22), 2 * 4096, P(50) }, E(ENOMEM) },
	{ MINCORE, { HIGH, 4096, P(50) }, E(ENOMEM) },
	{ MINCORE, { P(22), MAX, P(50) }, E(ENOMEM) },
	{ MINCORE, { P(22), 4096, HOLE }, E(EFAULT) },
	{ MINCORE, { P(22), 4096, P(51) }, E(EFAULT) },
	{ MINCORE, { P(22), 0, P(51) }, 0 },
	{ MADVISE, { P(22), 4096, UK_ABI_MADV_DONTNEED }, 0 },
	{ MINCORE, { P(22), 4096, P(50) }, 0 },
	{ PEEK, { P(50) }, 0 },
	{ POKE, { P(22), 1 }, 0 },
	{ MINCORE, { P(22), 1, P(50) }, 0 },
	{ PEEK, { P(50) }, 1 },

	/* mlock */
	{ MLOCK, { P(22), 4096 }, 0 },
	{ MLOCK, { P(22) + 5, 1 }, 0 },
	{ MLOCK, { P(22), 0 }, 0 },
	{ MLOCK, { P(25), 4096 }, E(ENOMEM) },
	{ MLOCK, { P(22), 2 * 4096 }, E(ENOMEM) },
	{ MLOCK, { P(20), 4096 }, E(ENOMEM) },
	{ MLOCK, { P(22), MAX - 8191 }, E(EINVAL) },
	{ MLOCK, { P(22), MAX }, 0 },
	{ MLOCK, { HIGH, 4096 }, E(ENOMEM) },
	/* Past the end of what is shared. */
	{ MREMAP, { P(44), 2 * 4096, 3 * 4096, 0, 0 }, P(44) },
	{ MADVISE, { P(44), 3 * 4096, UK_ABI_MADV_POPULATE_READ }, E(EFAULT) },
	{ MADVISE, { P(44), 3 * 4096, UK_ABI_MADV_POPULATE_WRITE },
	  E(EFAULT) },
	{ MLOCK, { P(44), 3 * 4096 }, E(ENOMEM) },
	{ MLOCK2, { P(44), 3 * 4096, 1 }, 0 },
	{ MUNLOCK, { P(44), 3 * 4096 }, 0 },
	{ MLOCK2, { P(22), 4096, 2 }, E(EINVAL) },
	{ MLOCK2, { P(22), 4096, 1 }, 0 },
	{ MADVISE, { P(22), 4096, UK_ABI_MADV_DONTNEED }, E(EINVAL) },
	{ MADVISE, { P(22), 4096, UK_ABI_MADV_FREE }, E(EINVAL) },
	{ MADVISE, { P(22), 4096, UK_ABI_MADV_COLD }, E(EINVAL) },
	{ MADVISE, { P(22), 4096, UK_ABI_MADV_REMOVE }, E(EINVAL) },
	{ MADVISE, { P(22), 4096, UK_ABI_MADV_DONTNEED_LOCKED }, 0 },
	{ PEEK, { P(22) }, 0 },
	{ MSYNC, { P(22), 4096, 6 }, E(EBUSY) },
	{ MUNLOCK, { P(22) + 9, 5 }, 0 },
	{ MUNLOCK, { P(25), 4096 }, E(ENOMEM) },
	{ MUNLOCK, { P(22), MAX - 8191 }, E(EINVAL) },
	{ MSYNC, { P(22), 4096, 6 }, 0 },
	{ MADVISE, { P(22), 4096, UK_ABI_MADV_DONTNEED }, 0 },
	{ MLOCKALL, { 0 }, E(EINVAL) },
	{ MLOCKALL, { 4 }, E(EINVAL) },
	{ MLOCKALL, { 8 }, E(EINVAL) },
	{ MLOCKALL, { 2 }, 0 },
	{ MMAP, { P(60), 4096, RW, HERE, -1, 0 }, P(60) },
	{ MINCORE, { P(60), 4096, P(50) }, 0 },
	{ PEEK, { P(50) }, 1 },
	{ MADVISE, { P(60), 4096, UK_ABI_MADV_DONTNEED }, E(EINVAL) },
	{ MUNLOCKALL, { 0 }, 0 },
	{ MADVISE, { P(60), 4096, UK_ABI_MADV_DONTNEED }, 0 },

	{ MUNMAP, { P(0), 64 * 4096 }, 0 },
};
