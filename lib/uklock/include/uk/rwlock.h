/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/wait.h>

/*
 * A lock for any number of readers, or one writer. Nobody starves: who comes
 * while somebody waits, waits too, in the order of coming; readers that stand
 * together get it together. So a reader must not take it again.
 *
 * It has no owners: it may be unlocked by another thread than the one that
 * locked it.
 *
 * Context: thread; try and unlock functions: any but NMI.
 */
struct uk_rwlock {
	/*
	 * UK_RWLOCK_… bits, and UK_RWLOCK_READER for each reader. Atomic:
	 * acquire by who locks, release by who unlocks.
	 */
	uint32_t state;
	uint32_t reserved;
	struct uk_waitq wq;	/* its lock guards UK_RWLOCK_WAITERS */
};

#define UK_RWLOCK_WRITER	1u
#define UK_RWLOCK_WAITERS	2u
#define UK_RWLOCK_READER	4u

#define UK_RWLOCK_INITIALIZER(l)  { .wq = UK_WAITQ_INIT((l).wq) }

void uk_rwlock_init(struct uk_rwlock *l);

/* Wait until the caller may read. */
void uk_rwlock_rlock(struct uk_rwlock *l);

/* Wait until the caller may write. */
void uk_rwlock_wlock(struct uk_rwlock *l);

/* The same, if that is possible at once; else false. */
UK_MUST_USE bool uk_rwlock_try_rlock(struct uk_rwlock *l);
UK_MUST_USE bool uk_rwlock_try_wlock(struct uk_rwlock *l);

/*
 * The same until uk_time_now() is @deadline_ns (0 or UK_TIME_NEVER: for ever).
 * Need lib/uktime in the image. Return 0, or
 *   -ETIMEDOUT  it was not to be had so long
 */
UK_MUST_USE int uk_rwlock_rlock_until(struct uk_rwlock *l,
				      uint64_t deadline_ns);
UK_MUST_USE int uk_rwlock_wlock_until(struct uk_rwlock *l,
				      uint64_t deadline_ns);

/* The caller reads, or writes, no more. */
void uk_rwlock_runlock(struct uk_rwlock *l);
void uk_rwlock_wunlock(struct uk_rwlock *l);

/* The writer becomes a reader, and nobody writes in between. */
void uk_rwlock_downgrade(struct uk_rwlock *l);
