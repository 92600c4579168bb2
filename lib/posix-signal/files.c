/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What files have to say: who writes where nobody can read any more gets
 * SIGPIPE; what is typed at the terminal interrupts the program.
 */
#include <uk/event.h>
#include <uk/file.h>
#include <uk/signal.h>
#include <uk/task.h>

static enum uk_event_result on_signal(void *data)
{
	const struct uk_file_signal *const s = data;

	if (s->to_caller)
		(void)uk_signal_thread(uk_task_current()->tid, s->sig, NULL);
	else
		(void)uk_signal_process(s->sig, NULL);
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_file_signal, on_signal);
