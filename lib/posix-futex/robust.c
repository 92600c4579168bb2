/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What becomes of a thread's robust mutexes when it exits, and of the word by
 * which it is joined.
 *
 * The list is the program's and may be anything: it is followed for so many
 * steps, and a word that does not have the thread's number is left alone.
 */
#include <uk/abi/futex.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/event.h>
#include <uk/futex.h>
#include <uk/nofault.h>
#include <uk/syscall.h>
#include <uk/task.h>
#include <uk/thread.h>

#include "futex_priv.h"

/* As many as there, so that what works there does here. */
#define STEPS	2048

/* In the low bit of an address in the list. */
#define IS_PI	UINT64_C(1)

/*
 * The thread @tid, which has gone, may have had the mutex at @addr; or was
 * about to lock or unlock it: then it may have freed it, and not have woken
 * the next one. One that inherits priority is not woken for, but handed over
 * afterwards (pi.c).
 */
static void leave_mutex(uint32_t *addr, uint32_t tid, bool pending, bool pi)
{
	uint32_t was, tried;

	if (!futex_aligned(addr) || !uk_nofault_load32(&was, addr, 0))
		return;
	if (pending && !pi && was == 0) {
		(void)uk_futex_wake(addr, 1, UK_FUTEX_ANY);
		return;
	}
	do {
		tried = was;
		if ((was & UK_ABI_FUTEX_TID_MASK) != tid)
			return;
		if (!uk_nofault_cas32(addr, &was,
				      (tried & UK_ABI_FUTEX_WAITERS) |
				      UK_ABI_FUTEX_OWNER_DIED, 0))
			return;
	} while (was != tried);
	if ((was & UK_ABI_FUTEX_WAITERS) && !pi)
		(void)uk_futex_wake(addr, 1, UK_FUTEX_ANY);
}

static uint32_t *word_of(uint64_t entry, const struct uk_abi_robust_head *head)
{
	return (uint32_t *)(uintptr_t)((entry & ~IS_PI) +
				       (uint64_t)head->offset);
}

static void leave_list(uintptr_t list, uint32_t tid)
{
	struct uk_abi_robust_head head;
	uint64_t entry, next;

	if (!uk_nofault_try_read(head, (struct uk_abi_robust_head *)list))
		return;
	entry = head.next;
	for (int i = 0; i < STEPS && (entry & ~IS_PI) != list; i++) {
		const bool more = uk_nofault_try_read(
			next, (uint64_t *)(uintptr_t)(entry & ~IS_PI));

		/* The one that is pending comes last. */
		if ((entry ^ head.pending) & ~IS_PI)
			leave_mutex(word_of(entry, &head), tid, false,
				    entry & IS_PI);
		if (!more)
			break;
		entry = next;
	}
	if (head.pending & ~IS_PI)
		leave_mutex(word_of(head.pending, &head), tid, true,
			    head.pending & IS_PI);
}

static enum uk_event_result on_exit(void *data)
{
	struct uk_task *const task = data;

	if (task->robust)
		leave_list(task->robust, (uint32_t)task->tid);
	/* After the list: who finds that the task exits looks at the word. */
	futex_pi_exit(task);
	return UK_EVENT_HANDLED_CONT;
}

static enum uk_event_result on_left(void *data)
{
	(void)uk_futex_wake(data, 1, UK_FUTEX_ANY);
	return UK_EVENT_HANDLED_CONT;
}

/* One of the core may exit without a word. */
static int init(struct uk_thread *child UK_UNUSED,
		struct uk_thread *parent UK_UNUSED)
{
	return 0;
}

static void term(struct uk_thread *child)
{
	futex_pi_exit(child->cur.task);
}

UK_THREAD_INIT(init, term);
UK_EVENT_HANDLER(uk_task_exits, on_exit);
UK_EVENT_HANDLER(uk_task_left, on_left);

UK_SYSCALL_R_DEFINE(long, set_robust_list, uintptr_t, head, size_t, len)
{
	if (len != sizeof(struct uk_abi_robust_head))
		return -EINVAL;
	uk_task_current()->robust = head;
	return 0;
}

static long get_list(struct uk_task *task, void *arg)
{
	*(uint64_t *)arg = task->robust;
	return 0;
}

UK_SYSCALL_R_DEFINE(long, get_robust_list, int, tid, uint64_t *, head,
		    size_t *, len)
{
	const size_t size = sizeof(struct uk_abi_robust_head);
	uint64_t list;
	const long rc = tid == 0 ? get_list(uk_task_current(), &list)
				 : uk_task_with(tid, get_list, &list);

	if (rc < 0)
		return rc;
	if (uk_nofault_memcpy(len, &size, sizeof(size), 0) != sizeof(size) ||
	    uk_nofault_memcpy(head, &list, sizeof(list), 0) != sizeof(list))
		return -EFAULT;
	return 0;
}
