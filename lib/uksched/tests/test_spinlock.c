/* SPDX-License-Identifier: BSD-3-Clause */
/* Spinlocks of one CPU, and what they do to interrupts. */
#include <uk/spinlock.h>

#include <uk/test.h>

UK_TEST(spinlock, a_lock_is_held_from_lock_to_unlock)
{
	struct uk_spinlock lock = UK_SPINLOCK_INIT;

	UK_EXPECT(!uk_spin_is_locked(&lock));
	uk_spin_lock(&lock);
	UK_EXPECT(uk_spin_is_locked(&lock));
	UK_EXPECT(!uk_spin_trylock(&lock));
	uk_spin_unlock(&lock);
	UK_EXPECT(!uk_spin_is_locked(&lock));
	UK_EXPECT(uk_spin_trylock(&lock));
	UK_EXPECT(uk_spin_is_locked(&lock));
	uk_spin_unlock(&lock);
}

UK_TEST(spinlock, tickets_wrap)
{
	struct uk_spinlock lock = UK_SPINLOCK_INIT;
	unsigned int nwrong = 0;

	for (unsigned int i = 0; i < 0x10002; i++) {
		uk_spin_lock(&lock);
		nwrong += !uk_spin_is_locked(&lock);
		uk_spin_unlock(&lock);
		nwrong += uk_spin_is_locked(&lock);
	}
	UK_EXPECT_EQ(nwrong, 0);
}

UK_TEST(spinlock, interrupts_are_afterwards_as_they_were)
{
	struct uk_spinlock outer = UK_SPINLOCK_INIT;
	struct uk_spinlock inner = UK_SPINLOCK_INIT;
	const bool before = ukarch_irq_enabled();
	unsigned long irq, irq2 = 0;

	irq = uk_spin_lock_irqsave(&outer);
	UK_EXPECT(!ukarch_irq_enabled());
	UK_EXPECT(uk_spin_trylock_irqsave(&inner, &irq2));
	UK_EXPECT(!uk_spin_trylock_irqsave(&inner, &irq2));
	uk_spin_unlock_irqrestore(&inner, irq2);
	UK_EXPECT(!ukarch_irq_enabled());
	uk_spin_unlock_irqrestore(&outer, irq);
	UK_EXPECT_EQ(ukarch_irq_enabled(), before);
}

static void unlock(void *lock)
{
	uk_spin_unlock(lock);
}

UK_TEST(spinlock, who_unlocks_a_free_lock_is_stopped)
{
	struct uk_spinlock lock = UK_SPINLOCK_INIT;

	UK_EXPECT_CRASH(unlock, &lock);
	UK_EXPECT(!uk_spin_is_locked(&lock));
}
