/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The alarm: the second that is in MR. The interrupt is a level from the match
 * on, until it is taken back, and is let out by IMSC.
 */
#include "pl031_priv.h"

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/intctlr.h>
#include <uk/print.h>

static struct pl031 *chip_of(struct uk_rtc *rtc)
{
	return UK_CONTAINER_OF(rtc, struct pl031, rtc);
}

static enum uk_irq_result on_irq(unsigned int irq UK_UNUSED, void *arg)
{
	struct pl031 *const c = arg;
	const unsigned long state = uk_spin_lock_irqsave(&c->lock);
	const bool mine = pl031_read(c, PL031_MIS) & ALARM;

	if (mine)
		pl031_write(c, PL031_ICR, ALARM);
	uk_spin_unlock_irqrestore(&c->lock, state);
	if (!mine)
		return UK_IRQ_NOT_MINE;
	uk_rtc_alarm_fired(&c->rtc);
	return UK_IRQ_HANDLED;
}

static int take_irq(struct pl031 *c)
{
	int rc;

	if (c->has_irq)
		return 0;
	if (!c->irq)
		return -ENOTSUP;
	rc = uk_intctlr_irq_configure(c->irq, c->trigger);
	if (rc == 0)
		rc = uk_intctlr_irq_register(c->irq, on_irq, c, "rtc");
	if (rc < 0) {
		uk_pr_warn("pl031: no interrupt for alarms, error %d", -rc);
		return -ENOTSUP;
	}
	c->has_irq = true;
	return 0;
}

static void stop_alarm(struct uk_rtc *rtc)
{
	struct pl031 *const c = chip_of(rtc);
	const unsigned long irq = uk_spin_lock_irqsave(&c->lock);

	pl031_write(c, PL031_IMSC, 0);
	pl031_write(c, PL031_ICR, ALARM);
	uk_spin_unlock_irqrestore(&c->lock, irq);
}

static int set_alarm(struct uk_rtc *rtc, uint64_t seconds)
{
	struct pl031 *const c = chip_of(rtc);
	unsigned long irq;
	int rc;

	if (seconds > UINT32_MAX)
		return -ERANGE;
	rc = take_irq(c);
	if (rc < 0)
		return rc;

	irq = uk_spin_lock_irqsave(&c->lock);
	/* Another match that came before this one is forgotten. */
	pl031_write(c, PL031_MR, (uint32_t)seconds);
	pl031_write(c, PL031_ICR, ALARM);
	pl031_write(c, PL031_IMSC, ALARM);
	uk_spin_unlock_irqrestore(&c->lock, irq);
	return 0;
}

static int get_alarm(struct uk_rtc *rtc, uint64_t *seconds)
{
	const struct pl031 *const c = chip_of(rtc);

	if (!(pl031_read(c, PL031_IMSC) & ALARM))
		return -ENOENT;
	*seconds = pl031_read(c, PL031_MR);
	return 0;
}

const struct uk_rtc_ops pl031_ops = {
	.get_time = pl031_get_time,
	.set_time = pl031_set_time,
	.get_alarm = get_alarm,
	.set_alarm = set_alarm,
	.stop_alarm = stop_alarm,
};
