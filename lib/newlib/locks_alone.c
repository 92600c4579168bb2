/* SPDX-License-Identifier: BSD-3-Clause */
/* newlib's locks, in an image where nobody else could have one. */
#include <sys/lock.h>

#include "locks.h"

struct __lock {
	char nothing;
};

#define LOCK(name)	struct __lock __lock_##name;
NEWLIB_LOCKS(LOCK, LOCK)

/* All of them do nothing, with success. */
#define NOTHING(fn, type)						\
	void fn(type lock)						\
	{								\
		(void)lock;						\
	}
#define SUCCESS(fn)							\
	int fn(_LOCK_T lock)						\
	{								\
		(void)lock;						\
		return 1;						\
	}

NOTHING(__retarget_lock_init, _LOCK_T *)
NOTHING(__retarget_lock_init_recursive, _LOCK_T *)
NOTHING(__retarget_lock_close, _LOCK_T)
NOTHING(__retarget_lock_close_recursive, _LOCK_T)
NOTHING(__retarget_lock_acquire, _LOCK_T)
NOTHING(__retarget_lock_acquire_recursive, _LOCK_T)
SUCCESS(__retarget_lock_try_acquire)
SUCCESS(__retarget_lock_try_acquire_recursive)
NOTHING(__retarget_lock_release, _LOCK_T)
NOTHING(__retarget_lock_release_recursive, _LOCK_T)
