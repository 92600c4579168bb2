/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>
#include <uk/file.h>
#include <uk/mutex.h>
#include <uk/spinlock.h>
#include <uk/timer.h>
#include <uk/tty.h>

/* The one terminal. */
struct term {
	struct uk_file file;
	struct uk_spinlock lock;	/* interrupts off */
	struct uk_tty tty;		/* lock */
	bool held;			/* lock; TCOOFF: who writes waits */
	bool full;			/* lock; input was left in the device */
	bool polled;			/* lock; it does not interrupt */
	bool ticking;			/* lock; timer is started */
	uint32_t signals;		/* lock; bit: is to be sent */
	struct uk_timer timer;
	struct uk_abi_winsize size;	/* lock */
	struct uk_mutex reading;	/* who takes a line takes all of it */
	struct uk_mutex writing;	/* what is written is not mixed */
};

extern struct term term;

/*
 * device.c
 */

void term_device_init(void);

/*
 * Take what the console has, as much as there is room for, and have it tell
 * of more. Context: any, without the lock.
 */
void term_pump(void);

/* Somebody is about to wait: see that what comes is noticed. Context: any. */
void term_watch(void);

/* Send as they are; with the lock held. */
void term_send(const char *buf, size_t len);

/* Wake for UK_TTY_…, and send signals. Context: any, without the lock. */
void term_tell(uint32_t change);

/*
 * read.c: read(2), and what events() says of input.
 */
ptrdiff_t term_read(struct uk_file *file, struct uk_io *io, int64_t pos);
bool term_has_input(void);

/*
 * control.c
 */
long term_ioctl(struct uk_file *file, unsigned long cmd, long arg);
