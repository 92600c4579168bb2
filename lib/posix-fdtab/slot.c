/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A file in a slot of the table, and borrowing it without a lock.
 *
 * One word holds the pointer and, in its upper 16 bits, how many have borrowed
 * the file from here: so one addition both finds the file and holds it, and
 * there is no moment between the two at which it could be freed. The upper bits
 * of a file's address are those of the slot's: both are core memory.
 *
 * While a file is in a slot the slot has SHARE references to it, of which one
 * is its own and one is each borrower's. Who empties it gives back those that
 * nobody has borrowed; a borrower that comes back and finds another word gives
 * back its one. That word may have the same file with other borrowers by then:
 * who takes whose one does not matter, the sum is right.
 *
 * Refused: a lock of the table around each call, which all threads of a server
 * would write to; and freeing files late (RCU), which wants all CPUs to report.
 */
#include "fdtab_priv.h"

#include <uk/assert.h>
#include <uk/file.h>

#define SHIFT	48
#define ONE	(UINT64_C(1) << SHIFT)
#define PTR	(ONE - 1)

/* More than are ever counted in a word. */
#define SHARE	0x10000u

/* From so many on they are counted in the file, and the word begins anew. */
#define MANY	0x8000u

static struct uk_file *file_in(const fdtab_slot *slot, uint64_t word)
{
	return (struct uk_file *)(((uintptr_t)slot & ~PTR) | (word & PTR));
}

static uint32_t count_in(uint64_t word)
{
	return (uint32_t)(word >> SHIFT);
}

void fdtab_slot_fill(fdtab_slot *slot, struct uk_file *file)
{
	const uint64_t word = (uint64_t)(uintptr_t)file & PTR;

	UK_ASSERT(file_in(slot, word) == file);

	uk_file_get_many(file, SHARE - 1);
	/* Release: with the borrower's acquire, for what is in the file. */
	__atomic_store_n(slot, word, __ATOMIC_RELEASE);
}

struct uk_file *fdtab_slot_empty(fdtab_slot *slot, uint32_t *nborrowed)
{
	const uint64_t word = __atomic_exchange_n(slot, 0, __ATOMIC_ACQ_REL);

	*nborrowed = count_in(word);
	return word & PTR ? file_in(slot, word) : NULL;
}

void fdtab_slot_drop(struct uk_file *file, uint32_t nborrowed)
{
	uk_file_put_many(file, SHARE - nborrowed);
}

/* Count the borrowers in the file, so that the word never overflows. */
static void move_count(fdtab_slot *slot, uint64_t word)
{
	struct uk_file *const file = file_in(slot, word);
	const uint32_t n = count_in(word);

	uk_file_get_many(file, n);
	if (!__atomic_compare_exchange_n(slot, &word, word & PTR, false,
					 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		uk_file_put_many(file, n);
}

struct uk_file *fdtab_slot_borrow(fdtab_slot *slot)
{
	uint64_t word = __atomic_load_n(slot, __ATOMIC_RELAXED);

	/* Not to count in a slot that is empty for long. */
	do {
		if (!(word & PTR))
			return NULL;
	} while (!__atomic_compare_exchange_n(slot, &word, word + ONE, true,
					      __ATOMIC_ACQUIRE,
					      __ATOMIC_RELAXED));
	if (UK_UNLIKELY(count_in(word) >= MANY))
		move_count(slot, word + ONE);
	return file_in(slot, word);
}

void fdtab_slot_return(fdtab_slot *slot, struct uk_file *file)
{
	uint64_t word = __atomic_load_n(slot, __ATOMIC_RELAXED);

	do {
		if (!(word & PTR) || file_in(slot, word) != file ||
		    count_in(word) == 0) {
			uk_file_put(file);
			return;
		}
		/* Release: with who empties it, for what was done. */
	} while (!__atomic_compare_exchange_n(slot, &word, word - ONE, true,
					      __ATOMIC_RELEASE,
					      __ATOMIC_RELAXED));
}
