/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The clocks of the machine, and each as a source of the date for lib/uktime,
 * which looks at it when the date is first asked for.
 */
#include <uk/rtc.h>

#include <stddef.h>

#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/print.h>
#include <uk/time.h>

/* In the order of registration; written at boot. */
static struct uk_rtc *clocks;

static int wall_read(struct uk_wallclock *source, uint64_t *wall_ns)
{
	struct uk_rtc *const rtc = UK_CONTAINER_OF(source, struct uk_rtc,
						   wall_);
	uint64_t seconds;
	int rc = uk_rtc_get_time(rtc, &seconds);

	if (rc == 0 && seconds > UINT64_MAX / UK_TIME_NS_PER_SEC - 1)
		rc = -ERANGE;
	if (rc == -EINVAL)
		uk_pr_warn("%s does not know the date: never set, or its "
			   "battery is empty", rtc->name);
	else if (rc < 0)
		uk_pr_warn("%s does not tell the date, error %d", rtc->name,
			   -rc);
	else
		*wall_ns = seconds * UK_TIME_NS_PER_SEC;
	return rc;
}

void uk_rtc_register(struct uk_rtc *rtc)
{
	struct uk_rtc **link = &clocks;

	UK_ASSERT(!rtc->ops->set_alarm == !rtc->ops->get_alarm &&
		  !rtc->ops->set_alarm == !rtc->ops->stop_alarm);
	while (*link)
		link = &(*link)->next_;
	*link = rtc;

	rtc->wall_ = (struct uk_wallclock){
		.name = rtc->name,
		.rating = UK_CLOCK_USABLE,
		.step_ns = UK_TIME_NS_PER_SEC,
		.read = wall_read,
	};
	uk_wallclock_register(&rtc->wall_);
}

struct uk_rtc *uk_rtc_get(unsigned int idx)
{
	struct uk_rtc *rtc = clocks;

	while (rtc && idx--)
		rtc = rtc->next_;
	return rtc;
}

int uk_rtc_get_time(struct uk_rtc *rtc, uint64_t *seconds)
{
	return rtc->ops->get_time(rtc, seconds);
}

int uk_rtc_set_time(struct uk_rtc *rtc, uint64_t seconds)
{
	return seconds <= UK_RTC_MAX ? rtc->ops->set_time(rtc, seconds)
				     : -ERANGE;
}
