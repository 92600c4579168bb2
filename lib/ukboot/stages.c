/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The way up and the way down over a table of init entries.
 *
 * One pointer into the table is all there is to know: what is before it was
 * begun. Going up moves it on after an entry succeeded, going down moves it
 * back before a term function runs; so every entry is undone once at most,
 * also when a term function ends the program by itself.
 */
#include "boot_priv.h"

#include <stddef.h>

#include <uk/assert.h>
#include <uk/essentials.h>
#include <uk/log.h>
#include <uk/print.h>

static const char *const names[] = {
	[UK_INIT_STAGE_EARLY] = "EARLY",
	[UK_INIT_STAGE_MEM] = "MEM",
	[UK_INIT_STAGE_CPU] = "CPU",
	[UK_INIT_STAGE_SCHED] = "SCHED",
	[UK_INIT_STAGE_DEV] = "DEV",
	[UK_INIT_STAGE_SERVICE] = "SERVICE",
	[UK_INIT_STAGE_LATE] = "LATE",
};

static const char *stage_name(const struct uk_init_entry *e)
{
	UK_ASSERT(e->stage > 0 && e->stage < UK_ARRAY_SIZE(names));
	return names[e->stage];
}

int boot_up(struct boot_stages *st, unsigned int stage,
	    const struct uk_boot_ctx *ctx)
{
	for (; st->next < st->end && st->next->stage <= stage; st->next++) {
		const struct uk_init_entry *const e = st->next;
		int rc;

		UK_ASSERT(e == st->first || e[-1].stage <= e->stage);

		if (!e->init)
			continue;
		uk_pr_debug("%s: init %s", stage_name(e), e->name);
		if (st->trace)
			uk_log_plain("%s: init %s", stage_name(e), e->name);
		rc = e->init(ctx);
		if (rc < 0) {
			uk_pr_err("%s: %s failed with error %d: the boot ends "
				  "here", stage_name(e), e->name, -rc);
			return rc;
		}
	}
	return 0;
}

void boot_down(struct boot_stages *st, int status)
{
	while (st->next > st->first) {
		const struct uk_init_entry *const e = --st->next;

		if (!e->term)
			continue;
		if (st->trace)
			uk_log_plain("%s: term %s", stage_name(e), e->name);
		e->term(status);
	}
}
