/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The host asks for the end: if nobody else sees to it, the program ends here,
 * in the thread that brings the news, as by a call of exit() there. Others run
 * until the machine is off.
 *
 * While the image boots nobody may undo what is begun, as another entry may be
 * at work, or block; so the wish is kept, and the boot context ends the image
 * in the place of the program.
 */
#include "boot_priv.h"

#include <stdint.h>

#include <uk/essentials.h>
#include <uk/print.h>

UK_EVENT(ukplat_end_asked);

/* Of what is kept: no wish, the end of the boot, or from WISH on how to end. */
enum {
	NONE,
	ALL_BEGUN,
	WISH,
};

/* The boot context releases what it has begun, who ends the image acquires. */
static uint32_t kept;

/* A program that ends by itself does not know for what it was asked. */
static enum uk_event_result keep_how(void *data)
{
	UK_WRITE_ONCE(boot_how, *(const enum uk_end *)data);
	return UK_EVENT_NOT_HANDLED;
}

UK_EVENT_HANDLER_PRIO(ukplat_end_asked, keep_how, UK_EVENT_PRIO_FIRST);

/* Does the image boot, so that the wish has to wait? The first one counts. */
static bool put_off(enum uk_end how)
{
	uint32_t was = NONE;

	return __atomic_compare_exchange_n(&kept, &was, WISH + how, false,
					   __ATOMIC_ACQUIRE,
					   __ATOMIC_ACQUIRE) ||
	       was != ALL_BEGUN;
}

static const char *name_of(enum uk_end how)
{
	return how == UK_END_REBOOT ? "a restart" : "the end";
}

UK_NORETURN static void end(enum uk_end how)
{
	uk_pr_info("the host asks for %s", name_of(how));
	boot_end(how, UK_STATUS_ASKED);
}

static enum uk_event_result on_asked(void *data)
{
	const enum uk_end how = *(const enum uk_end *)data;

	if (!put_off(how))
		end(how);
	uk_pr_info("%s comes when the image has booted", name_of(how));
	return UK_EVENT_HANDLED;
}

UK_EVENT_HANDLER_PRIO(ukplat_end_asked, on_asked, UK_EVENT_PRIO_LAST);

void boot_all_begun(void)
{
	const uint32_t was = __atomic_exchange_n(&kept, ALL_BEGUN,
						 __ATOMIC_RELEASE);

	if (was != NONE)
		end((enum uk_end)(was - WISH));
}
