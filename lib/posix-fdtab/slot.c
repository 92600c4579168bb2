/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file in a slot of the table, and borrowing it without a lock.
 *
 * One word says where the file is and, in its lower 16 bits, how many have
 * borrowed it from here: so one subtraction both finds the file and holds it,
 * and there is no moment between the two at which it could be freed. The upper
 * 48 bits are the lower ones of its address: it is core memory, so the others
 * are known. The count goes down from 0xffff, so that its upper bit alone says
 * that there is a file, and not so many borrowers that the file has to count
 * them.
 *
 * While a file is in a slot the slot has SHARE references to it, of which one
 * is its own and one is each borrower's. Who empties it gives back those that
 * nobody has borrowed; a borrower that comes back and finds another word gives
 * back its one. That word may have the same file with other borrowers by then:
 * who takes whose one does not matter, the sum is right.
 *
 * Borrowing and coming back, where nobody comes between, are in <uk/fdtab.h>.
 *
 * Refused: a lock of the table around each call, which all threads of a server
 * would write to; and freeing files late (RCU), which wants all CPUs to report.
 */
#include "fdtab_priv.h"

#include <uk/assert.h>
#include <uk/file.h>

/* More than are ever counted in a word. */
#define SHARE	0x10000u

static uint32_t count_in(uint64_t word)
{
	return word ? ~word & UK_FD_COUNT_ : 0;
}

void fdtab_slot_fill(fdtab_slot *slot, struct uk_file *file)
{
	const uint64_t word = uk_fd_word_(file);

	UK_ASSERT(uk_fd_file_in_(word) == file);

	uk_file_get_many(file, SHARE - 1);
	/* Release: with the borrower's acquire, for what is in the file. */
	__atomic_store_n(slot, word, __ATOMIC_RELEASE);
}

struct uk_file *fdtab_slot_empty(fdtab_slot *slot, uint32_t *nborrowed)
{
	const uint64_t word = __atomic_exchange_n(slot, 0, __ATOMIC_ACQ_REL);

	*nborrowed = count_in(word);
	return word ? uk_fd_file_in_(word) : NULL;
}

void fdtab_slot_drop(struct uk_file *file, uint32_t nborrowed)
{
	uk_file_put_many(file, SHARE - nborrowed);
}

/* There are many in @word, of @slot: the file is to count them instead. */
static void move_count(fdtab_slot *slot, uint64_t word)
{
	const uint32_t n = count_in(word);

	uk_file_get_many(uk_fd_file_in_(word), n);
	if (!__atomic_compare_exchange_n(slot, &word, word + n, false,
					 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		uk_file_put_many(uk_fd_file_in_(word), n);
}

struct uk_file *uk_fd_slot_borrow_rare_(fdtab_slot *slot)
{
	uint64_t word = __atomic_load_n(slot, __ATOMIC_RELAXED);

	/* Not to count in a slot that is empty for long. */
	do {
		if (!word)
			return NULL;
	} while (!__atomic_compare_exchange_n(slot, &word, word - 1, true,
					      __ATOMIC_ACQUIRE,
					      __ATOMIC_RELAXED));
	if (!((word - 1) & UK_FD_PLAIN_))
		move_count(slot, word - 1);
	return uk_fd_file_in_(word);
}

struct uk_file *uk_fd_lend_rare_(int fd, struct uk_fd_loan *loan)
{
	struct uk_file *const file = uk_fd_borrow(fd);

	/* As if it were the only one, which it may be by then. */
	if (file)
		*loan = (struct uk_fd_loan){
			.slot = &uk_fd_slots_[(unsigned int)fd],
			.word = uk_fd_word_(file),
		};
	return file;
}

void uk_fd_slot_return_rare_(fdtab_slot *slot, struct uk_file *file)
{
	const uint64_t alone = uk_fd_word_(file);
	uint64_t word = __atomic_load_n(slot, __ATOMIC_RELAXED);

	do {
		/* It is another file's, or nobody has borrowed this one. */
		if (alone - word - 1 >= UK_FD_COUNT_) {
			uk_file_put(file);
			return;
		}
		/* Release: as in uk_fd_give_back(). */
	} while (!__atomic_compare_exchange_n(slot, &word, word + 1, true,
					      __ATOMIC_RELEASE,
					      __ATOMIC_RELAXED));
}

long uk_fd_give_back_rare_(fdtab_slot *slot, uint64_t word, long ret)
{
	uk_fd_slot_return_rare_(slot, uk_fd_file_in_(word));
	return ret;
}
