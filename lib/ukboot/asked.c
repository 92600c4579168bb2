/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The host asks for the end: if nobody else sees to it, the program ends here,
 * in the thread that brings the news, as by a call of exit() there. Others run
 * until the scheduler is undone.
 */
#include "boot_priv.h"

#include <uk/arch/cpu.h>
#include <uk/config.h>
#include <uk/essentials.h>
#include <uk/print.h>

UK_EVENT(ukplat_end_asked);

/* A program that ends by itself does not know for what it was asked. */
static enum uk_event_result keep_how(void *data)
{
	UK_WRITE_ONCE(boot_how, *(const enum uk_end *)data);
	return UK_EVENT_NOT_HANDLED;
}

UK_EVENT_HANDLER_PRIO(ukplat_end_asked, keep_how, UK_EVENT_PRIO_FIRST);

static enum uk_event_result on_asked(void *data)
{
	const enum uk_end how = *(const enum uk_end *)data;

	/* Whoever boots is on another CPU, or has its turn after this one. */
	while (UK_IS_ENABLED(CONFIG_HAVE_PREEMPT) && !UK_READ_ONCE(boot_done))
		ukarch_spin_wait();
	uk_pr_info("the host asks for %s",
		   how == UK_END_REBOOT ? "a restart" : "the end");
	boot_end(how, UK_STATUS_ASKED);
}

UK_EVENT_HANDLER_PRIO(ukplat_end_asked, on_asked, UK_EVENT_PRIO_LAST);
