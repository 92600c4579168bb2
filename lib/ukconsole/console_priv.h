/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>

#include <uk/config.h>

/* May two write at a time, on two CPUs or as one takes another's? */
#define CONSOLE_TURNS	(UK_IS_ENABLED(CONFIG_HAVE_PREEMPT) || \
			 UK_IS_ENABLED(CONFIG_HAVE_SMP))

/*
 * Wait for the turn to send a few bytes of a program's, and give it back;
 * interrupts are off in between. False: the image says its last line, and
 * there is no turn any more. Context: any.
 */
bool console_turn_take(unsigned long *irq);
void console_turn_give(unsigned long irq);
