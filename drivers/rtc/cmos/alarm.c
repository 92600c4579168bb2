/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The alarm: a second, minute and hour, so that it reaches less than a day
 * ahead. The interrupt is an edge, and there is no other one before register C
 * has been read, which also says what it was and forgets it.
 */
#include "cmos_priv.h"

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/intctlr.h>
#include <uk/print.h>

#define CMOS_IRQ	8
#define REACH_SECONDS	86400u

static struct cmos *chip_of(struct uk_rtc *rtc)
{
	return UK_CONTAINER_OF(rtc, struct cmos, rtc);
}

static enum uk_irq_result on_irq(unsigned int irq UK_UNUSED, void *arg)
{
	struct cmos *const c = arg;
	const unsigned long state = uk_spin_lock_irqsave(&c->lock);
	const uint8_t why = cmos_read(c, CMOS_C);

	uk_spin_unlock_irqrestore(&c->lock, state);
	if (!(why & CMOS_C_IRQF))
		return UK_IRQ_NOT_MINE;
	if (why & CMOS_C_AF)
		uk_rtc_alarm_fired(&c->rtc);
	return UK_IRQ_HANDLED;
}

static int take_irq(struct cmos *c)
{
	int rc;

	if (c->has_irq)
		return 0;
	rc = uk_intctlr_irq_register(uk_intctlr_isa_irq(CMOS_IRQ), on_irq, c,
				     "rtc");
	if (rc < 0) {
		uk_pr_warn("cmos: no interrupt for alarms, error %d", -rc);
		return -ENOTSUP;
	}
	c->has_irq = true;
	return 0;
}

/* With what was pending of the former one forgotten. */
static void set_enable(struct cmos *c, bool on)
{
	const uint8_t b = cmos_read(c, CMOS_B) & (uint8_t)~CMOS_B_AIE;

	cmos_write(c, CMOS_B, b);
	(void)cmos_read(c, CMOS_C);
	if (on)
		cmos_write(c, CMOS_B, b | CMOS_B_AIE);
}

static void stop_alarm(struct uk_rtc *rtc)
{
	struct cmos *const c = chip_of(rtc);
	const unsigned long irq = uk_spin_lock_irqsave(&c->lock);

	set_enable(c, false);
	uk_spin_unlock_irqrestore(&c->lock, irq);
}

static int set_alarm(struct uk_rtc *rtc, uint64_t seconds)
{
	struct cmos *const c = chip_of(rtc);
	struct cmos_time t;
	unsigned long irq;
	uint64_t now;
	int rc = cmos_get_time(rtc, &now);

	if (rc < 0)
		return rc;
	if (seconds - now >= REACH_SECONDS)
		return -ERANGE;
	rc = take_irq(c);
	if (rc < 0)
		return rc;

	irq = uk_spin_lock_irqsave(&c->lock);
	rc = cmos_encode(seconds, cmos_read(c, CMOS_B), true, &t);
	if (rc == 0) {
		cmos_write(c, CMOS_SECOND_AL, t.second);
		cmos_write(c, CMOS_MINUTE_AL, t.minute);
		cmos_write(c, CMOS_HOUR_AL, t.hour);
		set_enable(c, true);
	}
	uk_spin_unlock_irqrestore(&c->lock, irq);
	return rc;
}

static int get_alarm(struct uk_rtc *rtc, uint64_t *seconds)
{
	struct cmos *const c = chip_of(rtc);
	struct cmos_time t = { .second = 0 };
	unsigned long irq;
	uint64_t now;
	uint8_t b;
	int rc;

	rc = cmos_get_time(rtc, &now);
	if (rc < 0)
		return rc;

	irq = uk_spin_lock_irqsave(&c->lock);
	t.second = cmos_read(c, CMOS_SECOND_AL);
	t.minute = cmos_read(c, CMOS_MINUTE_AL);
	t.hour = cmos_read(c, CMOS_HOUR_AL);
	b = cmos_read(c, CMOS_B);
	uk_spin_unlock_irqrestore(&c->lock, irq);

	if (!(b & CMOS_B_AIE))
		return -ENOENT;
	return cmos_next(&t, b, now, seconds) < 0 ? -EIO : 0;
}

const struct uk_rtc_ops cmos_ops = {
	.get_time = cmos_get_time,
	.set_time = cmos_set_time,
	.get_alarm = get_alarm,
	.set_alarm = set_alarm,
	.stop_alarm = stop_alarm,
};
