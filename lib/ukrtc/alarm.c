/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Alarms: who is called, and that it is one call at the right time.
 *
 * Drivers know the hardware's alarm only. An interrupt may be on its way, on
 * another CPU, while its alarm is replaced by a later one; so what time it is
 * decides, not that an interrupt came. And the clock may tick past the time
 * while its alarm is being set, which then is a day or a century late; so after
 * setting it the time is looked at once more.
 *
 * The function of an alarm is taken out under the lock, by the interrupt or by
 * who stops it: it is called once, or never.
 */
#include <uk/rtc.h>

#include <stdbool.h>
#include <stddef.h>

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/preempt.h>
#include <uk/spinlock.h>

/* Guards the alarm_ members of every clock; drivers' locks are inside. */
static struct uk_spinlock lock = UK_SPINLOCK_INIT;

/* Stop it. Returns whether its function was still to be called. */
static bool take_back(struct uk_rtc *rtc)
{
	const unsigned long irq = uk_spin_lock_irqsave(&lock);
	const bool was_set = rtc->alarm_fn_ != NULL;

	rtc->alarm_fn_ = NULL;
	rtc->ops->stop_alarm(rtc);
	uk_spin_unlock_irqrestore(&lock, irq);
	return was_set;
}

void uk_rtc_alarm_fired(struct uk_rtc *rtc)
{
	uk_rtc_alarm_fn fn;
	unsigned long irq;
	uint64_t now;
	void *arg;

	if (rtc->ops->get_time(rtc, &now) < 0)
		now = UINT64_MAX;	/* a doubtful call is better */

	irq = uk_spin_lock_irqsave(&lock);
	fn = now >= rtc->alarm_seconds_ ? rtc->alarm_fn_ : NULL;
	arg = rtc->alarm_arg_;
	if (fn) {
		rtc->alarm_fn_ = NULL;
		rtc->alarm_runs_ = true;
		rtc->ops->stop_alarm(rtc);
	}
	uk_spin_unlock_irqrestore(&lock, irq);
	if (!fn)
		return;

	fn(rtc, arg);
	/* Pairs with the acquire in uk_rtc_stop_alarm(). */
	__atomic_store_n(&rtc->alarm_runs_, false, __ATOMIC_RELEASE);
}

void uk_rtc_stop_alarm(struct uk_rtc *rtc)
{
	UK_ASSERT(!uk_in_irq());
	if (!rtc->ops->stop_alarm)
		return;
	(void)take_back(rtc);
	while (__atomic_load_n(&rtc->alarm_runs_, __ATOMIC_ACQUIRE))
		ukarch_spin_wait();
}

int uk_rtc_set_alarm(struct uk_rtc *rtc, uint64_t seconds, uk_rtc_alarm_fn fn,
		     void *arg)
{
	unsigned long irq;
	uint64_t now;
	int rc;

	UK_ASSERT(fn);
	if (!rtc->ops->set_alarm)
		return -ENOTSUP;
	uk_rtc_stop_alarm(rtc);

	rc = rtc->ops->get_time(rtc, &now);
	if (rc < 0)
		return rc;
	if (seconds <= now || seconds > UK_RTC_MAX)
		return -ERANGE;

	irq = uk_spin_lock_irqsave(&lock);
	rtc->alarm_fn_ = fn;
	rtc->alarm_arg_ = arg;
	rtc->alarm_seconds_ = seconds;
	uk_spin_unlock_irqrestore(&lock, irq);

	rc = rtc->ops->set_alarm(rtc, seconds);
	if (rc == 0)
		rc = rtc->ops->get_time(rtc, &now);
	if (rc == 0 && now < seconds)
		return 0;

	/* It failed or is past; unless it has gone off in time. */
	if (!take_back(rtc))
		return 0;
	return rc < 0 ? rc : -ERANGE;
}

int uk_rtc_get_alarm(struct uk_rtc *rtc, uint64_t *seconds)
{
	return rtc->ops->get_alarm ? rtc->ops->get_alarm(rtc, seconds)
				   : -ENOTSUP;
}
