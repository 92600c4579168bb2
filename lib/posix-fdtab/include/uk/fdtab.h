/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/paging.h>
#include <uk/compiler.h>
#include <uk/config.h>

/*
 * Descriptors: the numbers by which a program knows its open files
 * (<uk/file.h>).
 *
 *	struct uk_file *file = uk_fd_borrow(fd);
 *
 *	if (!file)
 *		return -EBADF;
 *	n = uk_file_read(file, &io, UK_FILE_POS);
 *	uk_fd_return(fd, file);
 *
 * A file that is borrowed stays although its descriptor is closed meanwhile.
 * Borrowing takes no lock, and threads that use different descriptors share no
 * memory.
 *
 * Context: thread.
 */

struct uk_file;

/*
 * Give @file, to which the caller has a reference, the lowest number from @min
 * on that is free; with @cloexec it is closed when the program executes another
 * one. Returns the number, and the reference is the table's, or
 *   -EMFILE  there is none below the limit
 * and the reference stays the caller's.
 */
UK_MUST_USE int uk_fd_open(struct uk_file *file, unsigned int min,
			   bool cloexec);

/*
 * Behind the two that follow, which are inline as every call on a descriptor
 * does both: see slot.c.
 */
extern uint64_t uk_fd_slots_[];

/* So many in a word are moved to the file, where there is room for more. */
#define UK_FD_MANY_	0x8000u

struct uk_file *uk_fd_move_count_(uint64_t *slot, uint64_t word);
void uk_fd_put_(struct uk_file *file);

/* With nobody who has borrowed it. */
static inline uint64_t uk_fd_word_(const struct uk_file *file)
{
	return (uint64_t)(uintptr_t)file << 16;
}

static inline struct uk_file *uk_fd_file_in_(uint64_t word)
{
	return (struct uk_file *)(word >> 16 | UKARCH_CORE_TOP);
}

static inline struct uk_file *uk_fd_slot_borrow_(uint64_t *slot)
{
	uint64_t word = __atomic_load_n(slot, __ATOMIC_RELAXED);

	/* Not to count in a slot that is empty for long. */
	do {
		if (UK_UNLIKELY(!word))
			return NULL;
	} while (!__atomic_compare_exchange_n(slot, &word, word + 1, true,
					      __ATOMIC_ACQUIRE,
					      __ATOMIC_RELAXED));
	if (UK_UNLIKELY((word + 1) & UK_FD_MANY_))
		return uk_fd_move_count_(slot, word + 1);
	return uk_fd_file_in_(word);
}

static inline void uk_fd_slot_return_(uint64_t *slot, struct uk_file *file)
{
	uint64_t word = __atomic_load_n(slot, __ATOMIC_RELAXED);

	do {
		/* It is another file's, or nobody has borrowed this one. */
		if (UK_UNLIKELY(word - uk_fd_word_(file) - 1 >= 0xffff)) {
			uk_fd_put_(file);
			return;
		}
		/* Release: with who empties it, for what was done. */
	} while (!__atomic_compare_exchange_n(slot, &word, word - 1, true,
					      __ATOMIC_RELEASE,
					      __ATOMIC_RELAXED));
}

/* The open file of @fd, until uk_fd_return(); NULL: @fd is not open. */
UK_MUST_USE static inline struct uk_file *uk_fd_borrow(int fd)
{
	if (UK_UNLIKELY((unsigned int)fd >= CONFIG_LIBPOSIX_FDTAB_MAX))
		return NULL;
	return uk_fd_slot_borrow_(&uk_fd_slots_[(unsigned int)fd]);
}

/* @file, borrowed from @fd, is not used any more. */
static inline void uk_fd_return(int fd, struct uk_file *file)
{
	uk_fd_slot_return_(&uk_fd_slots_[(unsigned int)fd], file);
}

/*
 * Close @fd. Returns 0, or
 *   -EBADF  it is not open
 */
int uk_fd_close(int fd);

/*
 * From now on no number from @limit on is given; those that are open stay. It
 * is CONFIG_LIBPOSIX_FDTAB_MAX at most, and at first. RLIMIT_NOFILE.
 */
void uk_fd_set_limit(unsigned int limit);
unsigned int uk_fd_limit(void);
