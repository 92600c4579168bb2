/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include <uk/compiler.h>

/*
 * due.c: when a timer expires, by a clock whose time the caller says, and how
 * often it has. Nothing here waits or is started. The caller serialises.
 */
struct due {
	bool armed;		/* it will expire, or has and was not taken */
	uint64_t at_ns;		/* the first expiration that was not taken */
	uint64_t interval_ns;	/* to the next one; 0: it expires once */
};

/*
 * Take the expirations up to @now_ns. Returns how many there were; the timer
 * is armed for the next one, if there is one.
 */
UK_MUST_USE uint64_t due_take(struct due *d, uint64_t now_ns);

/* How long until the next one; 0: there is none. Takes nothing. */
uint64_t due_left(const struct due *d, uint64_t now_ns);
