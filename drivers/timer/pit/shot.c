/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Channel 0 in mode 0 (Intel 231164): its output, which is the interrupt, falls
 * when a count is written and rises when it is over. Then it counts on, but
 * the output stays: one edge for each count written. A count of 65,536 counts
 * for nothing here: so it is silent until its first one.
 */
#include "pit_priv.h"

#include <stdbool.h>

#include <uk/errno.h>

/* Command: channel 0, two bytes, mode 0, binary; and the latch. */
#define COMMAND_MODE0	0x30
#define COMMAND_LATCH	0x00

#define NS_PER_SEC	UINT64_C(1000000000)
#define MAX_COUNTS	0xffffu

/* Readings until it must have moved: each takes longer than 838 ns. */
#define READINGS	1000u

static uint16_t count(const struct pit_io *io)
{
	uint8_t low;

	io->out(PIT_COMMAND, COMMAND_LATCH);
	low = io->in(PIT_CHANNEL0);
	return (uint16_t)(low | io->in(PIT_CHANNEL0) << 8);
}

static bool moves(const struct pit_io *io)
{
	const uint16_t first = count(io);

	for (unsigned int i = 0; i < READINGS; i++)
		if (count(io) != first)
			return true;
	return false;
}

int pit_shot_start(const struct pit_io *io)
{
	bool there;

	io->out(PIT_COMMAND, COMMAND_MODE0);
	pit_shot_set(io, MAX_COUNTS);
	there = moves(io);
	/* The command alone stops the count. */
	io->out(PIT_COMMAND, COMMAND_MODE0);
	return there ? 0 : -ENODEV;
}

uint16_t pit_shot_counts(uint64_t ns)
{
	uint64_t counts = MAX_COUNTS;

	if (ns < NS_PER_SEC)
		counts = ns * PIT_HZ / NS_PER_SEC;
	if (counts == 0)
		return 1;
	return counts < MAX_COUNTS ? (uint16_t)counts : MAX_COUNTS;
}

void pit_shot_set(const struct pit_io *io, uint16_t counts)
{
	io->out(PIT_CHANNEL0, (uint8_t)counts);
	io->out(PIT_CHANNEL0, (uint8_t)(counts >> 8));
}
