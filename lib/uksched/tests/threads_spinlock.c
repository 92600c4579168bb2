/* SPDX-License-Identifier: BSD-3-Clause */
/* Spinlocks between CPUs. */
#include <uk/spinlock.h>

#include <uk/essentials.h>
#include <uk/test.h>

#include "hosted_threads.h"

#define NTHREADS	4u
/* More than there are tickets, so that they wrap. */
#define EACH		30000u

static struct {
	struct uk_spinlock lock;
	uint64_t count;			/* the lock's */
	unsigned int inside;		/* the lock's */
	unsigned int nwrong;		/* the lock's */
} shared;

static void enter(void)
{
	shared.nwrong += shared.inside++ != 0;
	shared.count++;
	shared.nwrong += --shared.inside != 0;
}

static void lock(void *arg UK_UNUSED, unsigned int i UK_UNUSED)
{
	for (unsigned int n = 0; n < EACH; n++) {
		const unsigned long irq = uk_spin_lock_irqsave(&shared.lock);

		enter();
		uk_spin_unlock_irqrestore(&shared.lock, irq);
		if (n % 64 == 0)
			hosted_yield();
	}
}

static void expect(uint64_t count)
{
	UK_EXPECT_EQ(shared.count, count);
	UK_EXPECT_EQ(shared.nwrong, 0);
	UK_EXPECT(!uk_spin_is_locked(&shared.lock));
}

UK_TEST(spinlock, four_cpus_exclude_each_other_across_the_wrap_of_tickets)
{
	shared.count = shared.nwrong = 0;
	uk_spin_init(&shared.lock);
	hosted_threads(NTHREADS, lock, NULL);
	expect(NTHREADS * EACH);
}

static void lock_or_try(void *arg UK_UNUSED, unsigned int i)
{
	for (unsigned int n = 0; n < EACH; n++) {
		if (i % 2 == 0) {
			uk_spin_lock(&shared.lock);
		} else {
			while (!uk_spin_trylock(&shared.lock))
				hosted_yield();
		}
		enter();
		uk_spin_unlock(&shared.lock);
	}
}

UK_TEST(spinlock, who_got_in_by_trying_is_alone_there)
{
	shared.count = shared.nwrong = 0;
	uk_spin_init(&shared.lock);
	hosted_threads(NTHREADS, lock_or_try, NULL);
	expect(NTHREADS * EACH);
}
