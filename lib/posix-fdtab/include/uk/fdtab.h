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
 * Behind what follows, which is inline as every call on a descriptor does it:
 * see slot.c.
 */
extern uint64_t uk_fd_slots_[];

/* Set in a word that has a file, and room in its count for as many again. */
#define UK_FD_PLAIN_	0x8000u
/* The count of borrowers, which goes down, in the lower bits. */
#define UK_FD_COUNT_	0xffffu

/* What was borrowed, see uk_fd_lend(); private. */
struct uk_fd_loan {
	uint64_t *slot;
	uint64_t word;		/* as it was before */
};

struct uk_file *uk_fd_slot_borrow_rare_(uint64_t *slot);
struct uk_file *uk_fd_lend_rare_(int fd, struct uk_fd_loan *loan);
void uk_fd_slot_return_rare_(uint64_t *slot, struct uk_file *file);
long uk_fd_give_back_rare_(uint64_t *slot, uint64_t word, long ret);

/* With nobody who has borrowed it. */
static inline uint64_t uk_fd_word_(const struct uk_file *file)
{
	return (uint64_t)(uintptr_t)file << 16 | UK_FD_COUNT_;
}

static inline struct uk_file *uk_fd_file_in_(uint64_t word)
{
	return (struct uk_file *)(word >> 16 | UKARCH_CORE_TOP);
}

static inline struct uk_file *uk_fd_slot_try_(uint64_t *slot,
					      struct uk_fd_loan *loan)
{
	uint64_t word = __atomic_load_n(slot, __ATOMIC_RELAXED);

	if (UK_UNLIKELY(!(word & UK_FD_PLAIN_)) ||
	    UK_UNLIKELY(!__atomic_compare_exchange_n(
			slot, &word, word - 1, false, __ATOMIC_ACQUIRE,
			__ATOMIC_RELAXED)))
		return NULL;
	*loan = (struct uk_fd_loan){ .slot = slot, .word = word };
	return uk_fd_file_in_(word);
}

static inline struct uk_file *uk_fd_slot_borrow_(uint64_t *slot)
{
	struct uk_fd_loan loan;
	struct uk_file *const file = uk_fd_slot_try_(slot, &loan);

	return UK_LIKELY(file) ? file : uk_fd_slot_borrow_rare_(slot);
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
	uk_fd_slot_return_rare_(&uk_fd_slots_[(unsigned int)fd], file);
}

/*
 * The same in fewer instructions, where calls are to be short: @loan is kept,
 * and given back instead of @fd. The first one, for who has another way then,
 * returns NULL also where it cannot be borrowed at once.
 */
UK_MUST_USE static inline struct uk_file *
uk_fd_try_lend(int fd, struct uk_fd_loan *loan)
{
	if (UK_UNLIKELY((unsigned int)fd >= CONFIG_LIBPOSIX_FDTAB_MAX))
		return NULL;
	return uk_fd_slot_try_(&uk_fd_slots_[(unsigned int)fd], loan);
}

UK_MUST_USE static inline struct uk_file *uk_fd_lend(int fd,
						     struct uk_fd_loan *loan)
{
	struct uk_file *const file = uk_fd_try_lend(fd, loan);

	return UK_LIKELY(file) ? file : uk_fd_lend_rare_(fd, loan);
}

/* The end of a call: returns its result @ret, which nobody has to keep. */
static inline long uk_fd_give_back_with(const struct uk_fd_loan *loan,
					long ret)
{
	uint64_t word = loan->word - 1;

	/*
	 * Whoever came and went since: a word that is the same has the same
	 * file, and a borrower. Release: with who empties it, for what was
	 * done.
	 */
	if (UK_UNLIKELY(!__atomic_compare_exchange_n(
			loan->slot, &word, loan->word, false, __ATOMIC_RELEASE,
			__ATOMIC_RELAXED)))
		return uk_fd_give_back_rare_(loan->slot, loan->word, ret);
	return ret;
}

static inline void uk_fd_give_back(const struct uk_fd_loan *loan)
{
	(void)uk_fd_give_back_with(loan, 0);
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
