/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The chip, through an index and a data port.
 *
 * Once a second it writes its registers, for up to 2 ms, and from 244 us before
 * that on says so (UIP). So who finds it clear has time to read, unless he is
 * held up, as a virtual CPU is at any time; the time is that of two readings in
 * a row that are alike. All this has an end: a chip that never stops ticking,
 * or is never alike, is broken.
 *
 * Bit 7 of the index port masks NMIs. It cannot be read back; it stays clear
 * as firmware leaves it, because the crash screen stops CPUs by NMIs.
 */
#include "cmos_priv.h"

#include <stddef.h>

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/print.h>
#include <uk/time.h>

/* It has been set if it is within so many seconds behind. */
#define SET_SECONDS	10u

static struct cmos *chip_of(struct uk_rtc *rtc)
{
	return UK_CONTAINER_OF(rtc, struct cmos, rtc);
}

uint8_t cmos_read(struct cmos *c, uint8_t reg)
{
	c->io->out(CMOS_INDEX, reg);
	return c->io->in(CMOS_DATA);
}

void cmos_write(struct cmos *c, uint8_t reg, uint8_t val)
{
	c->io->out(CMOS_INDEX, reg);
	c->io->out(CMOS_DATA, val);
}

/* Where what is in struct cmos_time is, in that order; the century is last. */
static const uint8_t regs[] = {
	CMOS_SECOND, CMOS_MINUTE, CMOS_HOUR, CMOS_WEEKDAY,
	CMOS_DAY, CMOS_MONTH, CMOS_YEAR,
};

_Static_assert(sizeof(struct cmos_time) == sizeof(regs) + 1, "bytes");

struct snapshot {
	union {
		struct cmos_time time;
		uint8_t byte[sizeof(struct cmos_time)];
	};
	uint8_t b;
};

/* Returns false while it ticks. */
static bool read_once(struct cmos *c, struct snapshot *s)
{
	const unsigned long irq = uk_spin_lock_irqsave(&c->lock);
	const bool stable = !(cmos_read(c, CMOS_A) & CMOS_A_UIP);

	if (stable) {
		for (size_t i = 0; i < sizeof(regs); i++)
			s->byte[i] = cmos_read(c, regs[i]);
		s->time.century = c->century ? cmos_read(c, c->century) : 0;
		s->b = cmos_read(c, CMOS_B);
	}
	uk_spin_unlock_irqrestore(&c->lock, irq);
	return stable;
}

static bool alike(const struct snapshot *s, const struct snapshot *o)
{
	for (size_t i = 0; i < sizeof(s->byte); i++)
		if (s->byte[i] != o->byte[i])
			return false;
	return s->b == o->b;
}

/* Returns 0, or -EIO. */
static int read_stable(struct cmos *c, struct snapshot *s)
{
	struct snapshot again;

	for (unsigned int i = 0; i < CMOS_PATIENCE; i++) {
		if (read_once(c, s) && read_once(c, &again) &&
		    alike(s, &again))
			return 0;
		uk_time_spin(CMOS_PAUSE_NS);
	}
	return -EIO;
}

/* Has it kept the time all along? */
static bool is_good(struct cmos *c, uint8_t b)
{
	const unsigned long irq = uk_spin_lock_irqsave(&c->lock);
	const bool power = c->was_set || cmos_read(c, CMOS_D) & CMOS_D_VRT;
	const bool runs = (cmos_read(c, CMOS_A) & CMOS_A_DV) == CMOS_A_DV_RUN;

	uk_spin_unlock_irqrestore(&c->lock, irq);
	return power && runs && !(b & CMOS_B_SET);
}

int cmos_get_time(struct uk_rtc *rtc, uint64_t *seconds)
{
	struct cmos *const c = chip_of(rtc);
	struct snapshot s;
	int rc = read_stable(c, &s);

	if (rc < 0)
		return rc;
	if (!is_good(c, s.b))
		return -EINVAL;
	return cmos_decode(&s.time, s.b, c->century, seconds);
}

static void write_time(struct cmos *c, uint8_t b, const struct cmos_time *t)
{
	const struct snapshot s = { .time = *t };
	const uint8_t a = cmos_read(c, CMOS_A);

	cmos_write(c, CMOS_B, b | CMOS_B_SET);
	for (size_t i = 0; i < sizeof(regs); i++)
		cmos_write(c, regs[i], s.byte[i]);
	/* Not without need: it is firmware's, and may be a guess of ours. */
	if (c->century && cmos_read(c, c->century) != t->century)
		cmos_write(c, c->century, t->century);
	if ((a & CMOS_A_DV) != CMOS_A_DV_RUN)
		cmos_write(c, CMOS_A, (a & CMOS_A_RS) | CMOS_A_DV_RUN);
	cmos_write(c, CMOS_B, b);
}

int cmos_set_time(struct uk_rtc *rtc, uint64_t seconds)
{
	struct cmos *const c = chip_of(rtc);
	const unsigned long irq = uk_spin_lock_irqsave(&c->lock);
	const uint8_t b = cmos_read(c, CMOS_B) &
			  (uint8_t) ~(CMOS_B_SET | CMOS_B_DSE);
	struct cmos_time t;
	uint64_t now;
	int rc;

	rc = cmos_encode(seconds, b, c->century, &t);
	if (rc == 0) {
		write_time(c, b, &t);
		c->was_set = true;
	}
	uk_spin_unlock_irqrestore(&c->lock, irq);
	if (rc < 0)
		return rc;

	/* It may have ticked, and more than once if this CPU was held up. */
	rc = cmos_get_time(rtc, &now);
	return rc == 0 && now - seconds < SET_SECONDS ? 0 : -EIO;
}

static bool is_there(struct cmos *c)
{
	return (cmos_read(c, CMOS_A) & cmos_read(c, CMOS_B) &
		cmos_read(c, CMOS_D) & cmos_read(c, CMOS_SECOND)) != 0xff;
}

/* On a machine that does not tell whether it has a century register. */
static void guess_century(struct cmos *c)
{
	struct snapshot s;

	c->century = CMOS_CENTURY;
	if (read_stable(c, &s) < 0 || !cmos_guess_century(&s.time, s.b))
		c->century = 0;
	else
		uk_pr_info("cmos: register 0x32 taken for the century, %#x",
			   s.time.century);
}

int cmos_start(struct cmos *c)
{
	const unsigned long irq = uk_spin_lock_irqsave(&c->lock);
	const bool there = is_there(c);

	if (there) {
		cmos_write(c, CMOS_B, cmos_read(c, CMOS_B) &
			   (uint8_t) ~(CMOS_B_PIE | CMOS_B_AIE | CMOS_B_UIE));
		(void)cmos_read(c, CMOS_C);
	}
	uk_spin_unlock_irqrestore(&c->lock, irq);
	if (!there)
		return -ENODEV;
	if (!c->century)
		guess_century(c);
	return 0;
}
