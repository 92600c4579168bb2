/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The chip: a counter of seconds, 32 bits wide, which end in 2106. It begins to
 * count when it is first started, and nothing but a loss of power stops it; one
 * that is not started does not know the date, whatever it says.
 */
#include "pl031_priv.h"

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/print.h>
#include <uk/time.h>

/* A chip may take a new time over with its next tick. */
#define SET_LOOKS	200u
#define SET_PAUSE_NS	(10 * UK_TIME_NS_PER_MS)

/* It has been set if it is within so many seconds behind. */
#define SET_SECONDS	10u

static struct pl031 *chip_of(struct uk_rtc *rtc)
{
	return UK_CONTAINER_OF(rtc, struct pl031, rtc);
}

/* Four registers from @reg on, of which each holds a byte. */
static uint32_t read_id(const struct pl031 *c, unsigned int reg)
{
	uint32_t id = 0;

	for (unsigned int i = 0; i < 4; i++)
		id |= (pl031_read(c, reg + i * 4) & 0xff) << (i * 8);
	return id;
}

int pl031_start(struct pl031 *c)
{
	const uint32_t part = read_id(c, PL031_ID);
	const uint32_t cell = read_id(c, PL031_ID + 0x10);

	if ((part & ID_PART_MASK) != ID_PART || cell != ID_PRIMECELL) {
		uk_pr_err("pl031: identification %#x %#x is another device's: "
			  "left alone", part, cell);
		return -ENODEV;
	}
	pl031_write(c, PL031_IMSC, 0);
	pl031_write(c, PL031_ICR, ALARM);
	return 0;
}

int pl031_get_time(struct uk_rtc *rtc, uint64_t *seconds)
{
	const struct pl031 *const c = chip_of(rtc);

	if (!(pl031_read(c, PL031_CR) & CR_START))
		return -EINVAL;
	*seconds = pl031_read(c, PL031_DR);
	return 0;
}

int pl031_set_time(struct uk_rtc *rtc, uint64_t seconds)
{
	struct pl031 *const c = chip_of(rtc);
	const uint32_t low = (uint32_t)seconds;

	if (low != seconds)
		return -ERANGE;
	pl031_write(c, PL031_LR, low);
	if (!(pl031_read(c, PL031_CR) & CR_START))
		pl031_write(c, PL031_CR, CR_START);

	for (unsigned int i = 0; i < SET_LOOKS; i++) {
		if (pl031_read(c, PL031_DR) - low < SET_SECONDS)
			return 0;
		uk_time_spin(SET_PAUSE_NS);
	}
	return -EIO;
}
