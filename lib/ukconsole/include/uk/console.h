/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <uk/sink.h>

/*
 * Consoles: where text goes to and keys come from. A driver registers one;
 * the log and descriptors 0 to 2 reach it from here.
 *
 * A console's bytes are those on the wire. The line discipline is here: each
 * "\n" that goes out is preceded by "\r", and log lines begin on a line of
 * their own. Nothing is buffered in between, so what was written before a crash
 * has been shown.
 *
 * Registration takes the driver's own static structure; nothing is allocated.
 * Consoles stay for good. The first one registered becomes the default: it
 * gets UK_CONSOLE_STDIN and UK_CONSOLE_STDOUT.
 *
 * Context: any, unless said otherwise. CPUs that write at once take turns of
 * up to 64 bytes, during which interrupts are off.
 */

/* uk_console_out() writes to this console. */
#define UK_CONSOLE_STDOUT	0x1u
/* uk_console_in() reads from this console. */
#define UK_CONSOLE_STDIN	0x2u
/* Log lines do not go to this console. */
#define UK_CONSOLE_NOLOG	0x4u

struct uk_console;

/*
 * What a driver fills. @out sends all @len bytes as they are and waits for
 * the device while it has no room; a device that stays stuck loses them. It
 * is called in traps and with interrupts off. @in takes at most @len bytes
 * that have already arrived, never waits, and returns their number; NULL
 * where there is no input. @flush waits until the device has sent what it took,
 * or does not go on; NULL: @out does. @notify: see uk_console_notify(), of this
 * one; may be NULL.
 */
struct uk_console_ops {
	void (*out)(struct uk_console *con, const char *buf, size_t len);
	void (*flush)(struct uk_console *con);
	size_t (*in)(struct uk_console *con, char *buf, size_t len);
	bool (*notify)(struct uk_console *con);
};

struct uk_console {
	const char *name;		/* for the log: "ns16550 0x3f8" */
	const struct uk_console_ops *ops;
	unsigned int flags;		/* UK_CONSOLE_… */

	/* Owned by ukconsole. */
	struct uk_console *next;
	struct uk_sink sink;
	bool in_line;		/* the last byte out was not "\n" */
};

/*
 * Add @con, of which the driver has set name, ops and flags (usually 0), and
 * show the log so far on it unless UK_CONSOLE_NOLOG is set. @con must not be
 * registered yet. Context: boot, stage EARLY or later.
 */
void uk_console_register(struct uk_console *con);

/*
 * Write @len bytes to each console with UK_CONSOLE_STDOUT. Without any the
 * bytes are lost, as there is nobody to read them; so they are once the image's
 * last line is written, if others run until the machine has ended.
 */
void uk_console_out(const char *buf, size_t len);

/* The same, but that "\n" stays what it is. */
void uk_console_out_raw(const char *buf, size_t len);

/*
 * Take at most @len bytes that have arrived at the consoles with
 * UK_CONSOLE_STDIN. Returns their number, 0 if there are none now.
 */
size_t uk_console_in(char *buf, size_t len);

/*
 * The same, and wait for at least one byte if @len is not 0. Returns 0 only
 * if @len is 0 or no console has input at all. Until there are interrupts and
 * threads the wait spins. Context: thread.
 */
size_t uk_console_in_wait(char *buf, size_t len);

/* Is there a console whose input uk_console_in() reads? */
bool uk_console_has_input(void);

/*
 * Input that interrupts, in an image with CONFIG_LIBUKCONSOLE_INPUT
 */

/*
 * Have @fn called, once for each uk_console_notify(), when bytes have arrived
 * at a console, maybe at once. One for the image; @fn takes them, or not.
 * Context of @fn: interrupt.
 */
void uk_console_on_input(void (*fn)(void));

/*
 * Ask all consoles that uk_console_in() reads to interrupt once when there are
 * bytes. Returns whether all of them will; else whoever waits has to look. The
 * first time: boot, stage CPU or later. Context: any, after that.
 */
bool uk_console_notify(void);

/*
 * For a driver whose @notify returned true: bytes are there, and it does not
 * interrupt any more until it is asked again. Context: interrupt.
 */
void uk_console_arrived(void);

/* The first console registered, or NULL. */
struct uk_console *uk_console_default(void);
