/* SPDX-License-Identifier: BSD-3-Clause */
#include <uk/button.h>

#include <stdbool.h>

#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/plat/terminate.h>
#include <uk/sched.h>
#include <uk/semaphore.h>

static struct {
	struct uk_semaphore presses;
	bool started;		/* by the boot context */
} st = { .presses = UK_SEMAPHORE_INITIALIZER(st.presses, 0) };

static void listen(void *arg UK_UNUSED)
{
	enum uk_end how = UK_END_POWEROFF;

	for (;;) {
		uk_semaphore_down(&st.presses);
		(void)uk_event_raise(ukplat_end_asked, &how);
	}
}

int uk_button_start(void)
{
	if (st.started)
		return 0;
	if (!uk_sched_thread_create(uk_sched_current(), listen, NULL,
				    "button"))
		return -ENOMEM;
	st.started = true;
	return 0;
}

void uk_button_pressed(void)
{
	uk_semaphore_up(&st.presses);
}
