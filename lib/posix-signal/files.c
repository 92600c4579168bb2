/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Who writes where nobody can read any more gets SIGPIPE.
 */
#include <uk/event.h>
#include <uk/file.h>
#include <uk/signal.h>
#include <uk/task.h>

static enum uk_event_result on_broken(void *data UK_UNUSED)
{
	(void)uk_signal_thread(uk_task_current()->tid, UK_ABI_SIGPIPE, NULL);
	return UK_EVENT_HANDLED_CONT;
}

UK_EVENT_HANDLER(uk_file_broken, on_broken);
