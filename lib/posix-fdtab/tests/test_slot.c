/* SPDX-License-Identifier: BSD-3-Clause */
#include "../fdtab_priv.h"

#include <stddef.h>

#include <uk/test.h>

#include "fdtab_fixture.h"

static void empty(fdtab_slot *slot)
{
	uint32_t nborrowed;
	struct uk_file *const file = fdtab_slot_empty(slot, &nborrowed);

	UK_EXPECT_NOT_NULL(file);
	fdtab_slot_drop(file, nborrowed);
}

UK_TEST(fdtab, an_empty_slot_lends_nothing)
{
	fdtab_slot slot = 0;
	uint32_t nborrowed;

	UK_EXPECT_NULL(uk_fd_slot_borrow_(&slot));
	UK_EXPECT_NULL(fdtab_slot_empty(&slot, &nborrowed));
	UK_EXPECT_EQ(nborrowed, 0);
}

UK_TEST(fdtab, a_slot_has_one_reference_and_each_borrower_one)
{
	fdtab_slot slot = 0;
	struct plain p;

	plain_init(&p);
	fdtab_slot_fill(&slot, &p.file);
	UK_EXPECT(uk_fd_slot_borrow_(&slot) == &p.file);
	UK_EXPECT(uk_fd_slot_borrow_(&slot) == &p.file);
	uk_fd_slot_return_rare_(&slot, &p.file);
	empty(&slot);
	UK_EXPECT_EQ(p.nreleases, 0);
	uk_fd_slot_return_rare_(&slot, &p.file);
	UK_EXPECT_EQ(p.nreleases, 1);
}

UK_TEST(fdtab, who_comes_back_to_another_file_lets_go_of_its_own)
{
	fdtab_slot slot = 0;
	struct plain p, q;

	plain_init(&p);
	plain_init(&q);
	fdtab_slot_fill(&slot, &p.file);
	UK_EXPECT(uk_fd_slot_borrow_(&slot) == &p.file);
	empty(&slot);
	fdtab_slot_fill(&slot, &q.file);
	UK_EXPECT(uk_fd_slot_borrow_(&slot) == &q.file);
	uk_fd_slot_return_rare_(&slot, &p.file);
	UK_EXPECT_EQ(p.nreleases, 1);
	uk_fd_slot_return_rare_(&slot, &q.file);
	UK_EXPECT_EQ(q.nreleases, 0);
	empty(&slot);
	UK_EXPECT_EQ(q.nreleases, 1);
}

UK_TEST(fdtab, who_comes_back_to_the_same_file_put_in_anew_loses_nothing)
{
	fdtab_slot slot = 0;
	struct plain p;

	plain_init(&p);
	uk_file_get(&p.file);
	fdtab_slot_fill(&slot, &p.file);
	UK_EXPECT(uk_fd_slot_borrow_(&slot) == &p.file);
	empty(&slot);
	fdtab_slot_fill(&slot, &p.file);
	UK_EXPECT(uk_fd_slot_borrow_(&slot) == &p.file);
	/* The first borrower's, then the second's. */
	uk_fd_slot_return_rare_(&slot, &p.file);
	uk_fd_slot_return_rare_(&slot, &p.file);
	UK_EXPECT_EQ(p.nreleases, 0);
	empty(&slot);
	UK_EXPECT_EQ(p.nreleases, 1);
}

UK_TEST(fdtab, a_loan_is_given_back_whoever_came_meanwhile)
{
	struct uk_fd_loan a = { .slot = NULL }, b = a;
	fdtab_slot slot = 0;
	struct plain p, q;

	plain_init(&p);
	plain_init(&q);
	UK_EXPECT_NULL(uk_fd_slot_try_(&slot, &a));
	fdtab_slot_fill(&slot, &p.file);
	UK_EXPECT(uk_fd_slot_try_(&slot, &a) == &p.file);
	UK_EXPECT(uk_fd_slot_try_(&slot, &b) == &p.file);
	/* The first one's word is not as it left it. */
	uk_fd_give_back(&a);
	uk_fd_give_back(&b);
	UK_EXPECT_EQ(slot, uk_fd_word_(&p.file));

	UK_EXPECT(uk_fd_slot_try_(&slot, &a) == &p.file);
	UK_EXPECT(uk_fd_slot_try_(&slot, &b) == &p.file);
	uk_fd_give_back(&b);
	empty(&slot);
	fdtab_slot_fill(&slot, &q.file);
	UK_EXPECT_EQ(p.nreleases, 0);
	uk_fd_give_back(&a);
	UK_EXPECT_EQ(p.nreleases, 1);
	UK_EXPECT_EQ(slot, uk_fd_word_(&q.file));
	empty(&slot);
	UK_EXPECT_EQ(q.nreleases, 1);
}

UK_TEST(fdtab, a_slot_that_has_lent_to_many_lends_not_at_once)
{
	const unsigned int many = UK_FD_PLAIN_;
	struct uk_fd_loan loan = { .slot = NULL };
	fdtab_slot slot = 0;
	struct plain p;

	plain_init(&p);
	fdtab_slot_fill(&slot, &p.file);
	for (unsigned int i = 0; i < many; i++)
		UK_EXPECT(uk_fd_slot_try_(&slot, &loan) == &p.file);
	UK_EXPECT_NULL(uk_fd_slot_try_(&slot, &loan));
	/* This one has the file count them. */
	UK_EXPECT(uk_fd_slot_borrow_(&slot) == &p.file);
	UK_EXPECT_EQ(slot, uk_fd_word_(&p.file));
	for (unsigned int i = 0; i <= many; i++)
		uk_fd_give_back(&loan);
	UK_EXPECT_EQ(slot, uk_fd_word_(&p.file));
	UK_EXPECT_EQ(p.nreleases, 0);
	empty(&slot);
	UK_EXPECT_EQ(p.nreleases, 1);
}

UK_TEST(fdtab, more_borrowers_than_a_word_counts_are_counted)
{
	const unsigned int many = 200000;
	fdtab_slot slot = 0;
	struct plain p;

	plain_init(&p);
	fdtab_slot_fill(&slot, &p.file);
	for (unsigned int i = 0; i < many; i++)
		UK_EXPECT(uk_fd_slot_borrow_(&slot) == &p.file);
	for (unsigned int i = 0; i < many / 2; i++)
		uk_fd_slot_return_rare_(&slot, &p.file);
	empty(&slot);
	for (unsigned int i = 0; i < many / 2 - 1; i++)
		uk_fd_slot_return_rare_(&slot, &p.file);
	UK_EXPECT_EQ(p.nreleases, 0);
	uk_fd_slot_return_rare_(&slot, &p.file);
	UK_EXPECT_EQ(p.nreleases, 1);
}
