/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdint.h>

#include <uk/bootinfo.h>
#include <uk/compiler.h>

/*
 * What again.c asks of an architecture. The image to enter is the initrd.
 */

/* Map the devices. Returns 0, or prints why not and returns -1. Thread. */
int again_map(void);

/*
 * Get everything into memory that entering the image with the command line
 * @cmdline takes. Returns 0, or prints why not and returns -1. Thread.
 */
int again_prepare(const struct uk_bootinfo *bi, const char *cmdline);

/*
 * Switch the other CPU @hwid off; it may need its help (again_leave()).
 * Context of both: interrupts off.
 */
void again_park(uint64_t hwid);
void again_leave(void *unused);

/*
 * Leave controllers, timers and registers as nobody should, and enter the
 * image. @left is of "again": if it is even, the CPU's part of the controller
 * lets nothing pass; at 1 nothing is in service, and all comes at once.
 * Context: the CPU that booted, the others parked, interrupts off.
 */
UK_NORETURN void again_enter(int left);

/*
 * Is any interrupt in service on this CPU, of which this image is not in the
 * middle? Context: thread.
 */
int again_serves(void);

/* @len bytes from address @align on, or NULL, which is printed. */
void *again_alloc(uint64_t align, uint64_t len);
