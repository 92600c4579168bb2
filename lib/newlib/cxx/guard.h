/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

/*
 * Guard of a static variable that a function of C++ initialises at its first
 * call (Itanium C++ ABI, 3.3.3). The compiler reads the first byte, which is 1
 * when all is done; the rest is ours.
 */
struct guard {
	unsigned char done;
	unsigned char busy;	/* somebody initialises */
	unsigned char unused[6];
};

_Static_assert(sizeof(struct guard) == 8, "Itanium C++ ABI, 3.3.3");

/* Returns 1 if the caller has to initialise. */
int __cxa_guard_acquire(struct guard *guard);
void __cxa_guard_release(struct guard *guard);

/* The initialisation has failed, or is not needed: let the next one try. */
void __cxa_guard_abort(struct guard *guard);
