/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Time that was somebody else's. Whoever knows it is asked: drivers of all
 * hypervisors may be in the image.
 */
#include <uk/clock.h>

#include <stddef.h>

#include <uk/errno.h>
#include <uk/time.h>

/* Written at boot. */
static struct uk_stolen *sources;

void uk_stolen_register(struct uk_stolen *source)
{
	source->next_ = sources;
	sources = source;
}

int uk_time_stolen(uint64_t *stolen_ns)
{
	for (struct uk_stolen *s = sources; s; s = s->next_)
		if (s->read(s, stolen_ns) == 0)
			return 0;
	return -ENOTSUP;
}
