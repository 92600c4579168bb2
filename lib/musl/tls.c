/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Threads, as musl sees them. Their thread-local storage is laid out by the
 * core (<uk/arch/tls.h>), just as musl would: so main() keeps the area it has
 * from the scheduler, and only threads of pthread_create() have one of musl's
 * making, for which it is told here how large the template is.
 *
 * A thread's id is the system's, where there are ids. Locks of musl need one
 * in any case: threads without get a number that no system call gives out.
 */
#include "musl_priv.h"

#include <uk/arch/tls.h>
#include <uk/end.h>
#include <uk/essentials.h>
#include <uk/plat/terminate.h>
#include <uk/sections.h>

#include "atomic.h"
#include "libc.h"
#include "syscall.h"

#define MIN_ALIGN	16u
/* Ids below are the system's (at most 1 << 22); locks have room for 30 bits. */
#define FIRST_OWN_ID	(1 << 24)

/* pthread_key_create.c has another, where it is in the image. */
static volatile size_t no_keys;
weak_alias(no_keys, __pthread_tsd_size);

static struct tls_module vars;
static volatile int own_ids;

int __set_thread_area(void *tp)
{
	ukarch_tp_set((uintptr_t)tp);
	return 0;
}

/* From a struct pthread to its thread pointer: 0, or all of it. */
static size_t tp_offset(void)
{
	char any[sizeof(struct pthread)];

	return (size_t)((uintptr_t)TP_ADJ(any) - (uintptr_t)any);
}

size_t musl_tcb_len(void)
{
	return UK_ALIGN_UP(sizeof(struct pthread) +
			   sizeof(struct musl_tcb_rest) + __pthread_tsd_size,
			   MIN_ALIGN);
}

struct pthread *musl_tcb_fill(uintptr_t tp, void *tcb)
{
	struct pthread *const td = (struct pthread *)(tp - tp_offset());
	struct musl_tcb_rest *const rest =
		(void *)td == tcb ? (void *)(td + 1) : tcb;

	rest->dtv[0] = 1;
	rest->dtv[1] = tp + vars.offset;
	td->self = td;
	td->next = td;
	td->prev = td;
	td->dtv = rest->dtv;
	td->tsd = rest->tsd;
	td->locale = &libc.global_locale;
	td->robust_list.head = &td->robust_list.head;
	td->detach_state = DT_DETACHED;
	td->tid = FIRST_OWN_ID + a_fetch_add(&own_ids, 1);
	return td;
}

/* What threads of pthread_create() get: see musl's __copy_tls(). */
static void describe_vars(void)
{
	const size_t align = UK_MAX((size_t)uk_tls_align, (size_t)MIN_ALIGN);
	const size_t len = (size_t)(_tls_end - _tls_start);

	vars.image = _tls_start;
	vars.len = (size_t)(_etdata - _tls_start);
	vars.size = UK_ALIGN_UP(len, align);
	vars.align = align;
	vars.offset = tp_offset() ? UK_ALIGN_UP((size_t)16, align)
				  : UK_ALIGN_UP(len, UK_MAX(uk_tls_align, 1ul));
	libc.tls_head = &vars;
	libc.tls_cnt = 1;
	libc.tls_align = align;
	libc.tls_size = UK_ALIGN_UP(2 * sizeof(uintptr_t) +
				    sizeof(struct pthread) + vars.offset +
				    vars.size + align, MIN_ALIGN);
}

/* In the place of musl's, which would make another area for this thread. */
void __init_tls(size_t *aux)
{
	struct pthread *const td = musl_main_tcb();
	int id;

	(void)aux;
	if (!td)
		uk_exit(UK_STATUS_BOOT);
	describe_vars();
	id = td->tid;
	__init_tp(td);
	/* -ENOSYS: there are no ids. */
	if (td->tid <= 0)
		td->tid = id;
}
