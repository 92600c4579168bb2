/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Guards of static variables that functions of C++ initialise at their first
 * call (Itanium C++ ABI, 3.3.3). Of a guard's 64 bits the compiler reads the
 * first byte, which is 1 when all is done; the second half is a lock word that
 * a thread waits on while another one initialises.
 */
#include <stdint.h>

#include "../musl_priv.h"

#include "atomic.h"

#define FREE	0
#define BUSY	1	/* somebody initialises */

struct guard {
	volatile unsigned char done;
	unsigned char unused[3];
	volatile int lock;
};

_Static_assert(sizeof(struct guard) == 8, "Itanium C++ ABI, 3.3.3");

int __cxa_guard_acquire(struct guard *guard);
void __cxa_guard_release(struct guard *guard);
void __cxa_guard_abort(struct guard *guard);

/* Returns 1 if the caller has to initialise. */
int __cxa_guard_acquire(struct guard *guard)
{
	for (;;) {
		if (__atomic_load_n(&guard->done, __ATOMIC_ACQUIRE))
			return 0;
		if (a_cas(&guard->lock, FREE, BUSY) == FREE)
			break;
		__wait(&guard->lock, NULL, BUSY, 1);
	}
	/* The one before may have finished between the two looks. */
	if (!guard->done)
		return 1;
	__cxa_guard_abort(guard);
	return 0;
}

void __cxa_guard_release(struct guard *guard)
{
	__atomic_store_n(&guard->done, 1, __ATOMIC_RELEASE);
	__cxa_guard_abort(guard);
}

/* The initialisation has failed, or is not needed: let the next one try. */
void __cxa_guard_abort(struct guard *guard)
{
	a_store(&guard->lock, FREE);
	__wake(&guard->lock, -1, 1);
}
