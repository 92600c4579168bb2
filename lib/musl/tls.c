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

#include <stdbool.h>

#include <uk/arch/tls.h>
#include <uk/end.h>
#include <uk/essentials.h>
#include <uk/plat/terminate.h>
#include <uk/sections.h>

#include "atomic.h"
#include "libc.h"
#include "syscall.h"

#define MIN_ALIGN	((size_t)16)
/* AAELF64, "Static TLS": bytes at the thread pointer that are not variables. */
#define SKIPPED		((size_t)16)
/* Ids below are the system's (at most 1 << 22); locks have room for 30 bits. */
#define FIRST_OWN_ID	(1 << 24)

/* Bytes of keys' values in a block: none, but in an image that uses keys. */
volatile size_t __pthread_tsd_size __attribute__((__weak__));

static struct tls_module image_vars;
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

/* Which of the two variants of thread-local storage it is. */
static bool vars_are_below(void)
{
	return tp_offset() == 0;
}

static size_t vars_len(void)
{
	return (size_t)(_tls_end - _tls_start);
}

static size_t vars_align(void)
{
	return UK_MAX((size_t)uk_tls_align, MIN_ALIGN);
}

/* How far the first variable is from the thread pointer. */
static size_t vars_distance(void)
{
	return vars_are_below() ?
	       UK_ALIGN_UP(vars_len(), UK_MAX((size_t)uk_tls_align, 1ul)) :
	       UK_ALIGN_UP(SKIPPED, vars_align());
}

size_t musl_tcb_len(void)
{
	return UK_ALIGN_UP(sizeof(struct pthread) +
			   sizeof(struct musl_tcb_rest) + __pthread_tsd_size,
			   MIN_ALIGN);
}

struct pthread *musl_tcb_at(uintptr_t tp)
{
	return (struct pthread *)(tp - tp_offset());
}

struct pthread *musl_tcb_fill(uintptr_t tp, void *tcb)
{
	struct pthread *const td = musl_tcb_at(tp);
	struct musl_tcb_rest *const rest =
		(void *)td == tcb ? (void *)(td + 1) : tcb;

	rest->dtv[0] = 1;
	rest->dtv[1] = vars_are_below() ? tp - vars_distance()
					: tp + vars_distance();
	*td = (struct pthread){
		.self = td, .next = td, .prev = td,
		.dtv = rest->dtv, .tsd = rest->tsd,
		.robust_list = { .head = &td->robust_list.head },
		.locale = &libc.global_locale,
		.detach_state = DT_DETACHED,
		.tid = FIRST_OWN_ID + a_fetch_add(&own_ids, 1),
	};
	return td;
}

/*
 * Bytes that musl takes for a thread of pthread_create(): a block's two words,
 * its structure and its variables, and what their alignment may cost.
 */
static size_t room(size_t vars)
{
	return UK_ALIGN_UP(sizeof(struct musl_tcb_rest) +
			   sizeof(struct pthread) + vars + vars_align(),
			   MIN_ALIGN);
}

static void describe_vars(void)
{
	const size_t len = UK_ALIGN_UP(vars_len(), vars_align());

	image_vars = (struct tls_module){
		.image = _tls_start,
		.len = (size_t)(_etdata - _tls_start),
		.size = len,
		.align = vars_align(),
		.offset = vars_distance(),
	};
	libc.tls_align = image_vars.align;
	libc.tls_size = room(vars_distance() + (vars_are_below() ? 0 : len));
	libc.tls_head = &image_vars;
	libc.tls_cnt++;
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
