/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/clock.h>
#include <uk/compiler.h>

/* Access to the ports, or to what stands for them in a test. */
struct pit_io {
	uint8_t (*in)(uint16_t port);
	void (*out)(uint16_t port, uint8_t val);
};

extern const struct pit_io pit_ports;

struct pit {
	const struct pit_io *io;
	struct uk_clock clock;
};

#define PIT_HZ		1193182

#define PIT_CHANNEL0	0x40
#define PIT_CHANNEL2	0x42
#define PIT_COMMAND	0x43
#define PIT_GATE	0x61

/*
 * Let channel 2 count. Returns 0, or -ENODEV: nothing counts there.
 */
UK_MUST_USE int pit_start(struct uk_clock *clock);

/* So much it has counted, 16 bits. */
uint64_t pit_read(const struct uk_clock *clock);

/*
 * shot.c: channel 0 interrupts once. Interrupts are off, or do not come.
 */

/* Get it ready, silent. Returns 0, or -ENODEV: nothing counts there. */
UK_MUST_USE int pit_shot_start(const struct pit_io *io);

/* Counts that @ns are, 1 to 65535, rounded down: it is early at worst. */
uint16_t pit_shot_counts(uint64_t ns);

/* Interrupt after @counts, and not when it was set to before. */
void pit_shot_set(const struct pit_io *io, uint16_t counts);
