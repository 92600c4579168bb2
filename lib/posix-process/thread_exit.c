/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The end of one of several threads.
 *
 * Who joins a thread waits for the word that set_tid_address(2) names, and may
 * unmap the thread's stack as soon as it is 0. So the word is cleared from
 * another stack, one of ours, which goes with the thread.
 *
 * To clear it when the thread has left its CPU was refused: that is done in the
 * next thread's context, which may not have the program's memory, or by the
 * idle thread, which may not come.
 */
#include "process_priv.h"

#include <uk/arch/ctx.h>
#include <uk/assert.h>
#include <uk/end.h>
#include <uk/event.h>
#include <uk/nofault.h>
#include <uk/sched.h>
#include <uk/task.h>
#include <uk/thread.h>

/* The exit status of the program if it ends with its last thread. */
static int first_status;

/* The program's memory at @task's end, but for its list of mutexes. */
static void clear_word(const struct uk_task *task)
{
	uint32_t *const word = task->clear_tid;
	uint32_t was, tried;

	if (!word || !uk_nofault_load32(&was, word, 0))
		return;
	do {
		tried = was;
		if (!uk_nofault_cas32(word, &was, 0, 0))
			return;
	} while (was != tried);
	(void)uk_event_raise(uk_task_left, word);
}

static void leave(void *task, void *unused)
{
	(void)unused;
	clear_word(task);
	uk_thread_exit();
}

/* Until the last one ends the program. */
UK_NORETURN static void rest(void)
{
	for (;;) {
		uk_thread_block(uk_thread_current());
		uk_sched_yield();
	}
}

UK_NORETURN static void leave_stack(struct uk_task *task, char *stack)
{
	struct ukarch_ctx nowhere, there;

	ukarch_ctx_init(&there, (uintptr_t)stack + TASK_STACK, leave, task,
			NULL);
	ukarch_ctx_switch(&nowhere, &there);
	UK_UNREACHABLE();
}

void process_thread_exit(int status)
{
	struct uk_task *const task = uk_task_current();
	const bool first = task->tid == UK_TASK_PROCESS;

	(void)uk_event_raise(uk_task_exits, task);
	/* One of the core's: it has nothing to do with the program's end. */
	if (!task->of_program)
		uk_thread_exit();
	if (first)
		first_status = status;
	if (task_leave_program(task))
		uk_exit(first_status);
	if (!first)
		leave_stack(task, task->thread->priv);
	/* The stack of "main" is the image's, and stays. */
	clear_word(task);
	rest();
}
