/* SPDX-License-Identifier: BSD-3-Clause */
/* Mutexes that nobody else wants. */
#include <uk/mutex.h>

#include <uk/test.h>

UK_TEST(mutex, it_belongs_to_who_locked_it)
{
	struct uk_mutex m = UK_MUTEX_INITIALIZER(m);

	UK_EXPECT(!uk_mutex_is_locked(&m));
	uk_mutex_lock(&m);
	UK_EXPECT(uk_mutex_is_locked(&m));
	UK_EXPECT(uk_mutex_is_mine(&m));
	uk_mutex_unlock(&m);
	UK_EXPECT(!uk_mutex_is_locked(&m));
	UK_EXPECT(!uk_mutex_is_mine(&m));
	UK_EXPECT(uk_mutex_trylock(&m));
	UK_EXPECT(!uk_mutex_trylock(&m));
	uk_mutex_unlock(&m);
}

UK_TEST(mutex, a_recursive_one_is_free_after_as_many_unlocks)
{
	struct uk_mutex m;

	uk_mutex_init_config(&m, UK_MUTEX_CONFIG_RECURSE);
	uk_mutex_lock(&m);
	uk_mutex_lock(&m);
	UK_EXPECT(uk_mutex_trylock(&m));
	uk_mutex_unlock(&m);
	uk_mutex_unlock(&m);
	UK_EXPECT(uk_mutex_is_mine(&m));
	uk_mutex_unlock(&m);
	UK_EXPECT(!uk_mutex_is_locked(&m));
}

static void lock(void *m)
{
	uk_mutex_lock(m);
}

static void unlock(void *m)
{
	uk_mutex_unlock(m);
}

UK_TEST(mutex, who_locks_an_ordinary_one_twice_is_stopped)
{
	struct uk_mutex m = UK_MUTEX_INITIALIZER(m);

	uk_mutex_lock(&m);
	UK_EXPECT_CRASH(lock, &m);
	uk_mutex_unlock(&m);
	UK_EXPECT(!uk_mutex_is_locked(&m));
}

UK_TEST(mutex, only_the_owner_unlocks)
{
	struct uk_mutex m = UK_MUTEX_INITIALIZER(m);
	struct uk_current other = { .name = "other" };

	UK_EXPECT_CRASH(unlock, &m);
	m.owner = (uintptr_t)&other;
	UK_EXPECT_CRASH(unlock, &m);
	UK_EXPECT(uk_mutex_is_locked(&m));
}

UK_TEST(mutex, a_handler_gets_no_lock_of_the_thread_it_interrupted)
{
	struct uk_mutex m = UK_MUTEX_INITIALIZER_RECURSIVE(m);

	uk_mutex_lock(&m);
	UK_EXPECT(!uk_mutex_trylock_isr(&m));
	uk_mutex_unlock(&m);
	UK_EXPECT(uk_mutex_trylock_isr(&m));
	UK_EXPECT(!uk_mutex_is_mine(&m));
	UK_EXPECT(!uk_mutex_trylock(&m));
	uk_mutex_unlock_isr(&m);
	UK_EXPECT(!uk_mutex_is_locked(&m));
}
