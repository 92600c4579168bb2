/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>
#include <stdint.h>

/* musl's own, from its src/internal. */
#include "pthread_impl.h"

/*
 * The thread control block of every thread but those of pthread_create(),
 * whose musl makes. musl finds its struct pthread by the thread pointer;
 * what it would have put elsewhere lies in the rest of the block, behind the
 * structure (x86_64) or in front of it (arm64).
 */
struct musl_tcb_rest {
	uintptr_t dtv[2];	/* how many blocks of variables; the first */
	void *tsd[];		/* __pthread_tsd_size bytes */
};

/* Bytes of a block. */
size_t musl_tcb_len(void);

/* That of the thread whose thread pointer is @tp. */
struct pthread *musl_tcb_at(uintptr_t tp);

/* Fill the zeroed block @tcb of musl_tcb_len() bytes at @tp. */
struct pthread *musl_tcb_fill(uintptr_t tp, void *tcb);

/* The calling thread's, with its thread pointer set. NULL: no memory. */
struct pthread *musl_main_tcb(void);

struct uk_thread;

/* The number that system calls know @t by, or 0: there are none. */
int musl_system_tid(const struct uk_thread *t);

/* 16 random bytes that stay, or NULL. */
const void *musl_random(void);

/* AT_HWCAP. */
unsigned long musl_hwcap(void);
