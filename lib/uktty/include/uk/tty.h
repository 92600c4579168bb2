/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/abi/termios.h>
#include <uk/compiler.h>

/*
 * The line discipline of a terminal: what becomes of the bytes between a
 * device and a program. Bytes that arrive are edited to lines and echoed, or
 * are handed on as they are; bytes of the program get their line ends. All of
 * it as `struct uk_abi_termios` says: termios(3).
 *
 * It knows no device, no thread and no memory but its own. Whoever has the
 * terminal serialises all calls for it, and wakes those who wait.
 *
 * Context: any.
 */

struct uk_tty;

struct uk_tty_ops {
	/* Send @len bytes to the device as they are. */
	void (*out)(struct uk_tty *tty, const char *buf, size_t len);

	/* A key asks for signal @sig, one of UK_ABI_TTY_SIG…; not WINCH. */
	void (*signal)(struct uk_tty *tty, int sig);
};

/* Bytes that are kept for reading, and so the longest line. */
#define UK_TTY_LEN	4096u

struct uk_tty {
	/* To be read. */
	struct uk_abi_termios modes;
	bool stopped;		/* by a key: who writes waits */

	/* Private. */
	const struct uk_tty_ops *ops;
	bool literal;		/* the next byte is no special one */
	uint32_t column;	/* that the cursor is in, from 0 */
	uint32_t line_column;	/* where the line that is edited begins */

	/* Counts of bytes that ever came: tail <= line <= head. */
	uint32_t head;
	uint32_t line;		/* what is being edited begins here */
	uint32_t tail;		/* to be read next */
	uint8_t buf[UK_TTY_LEN];
	uint64_t ends[UK_TTY_LEN / 64];	/* bit: a line ends with that byte */
};

/* What may have become possible, as the results of calls: */
#define UK_TTY_IN	0x1u	/* more can be read */
#define UK_TTY_OUT	0x4u	/* output goes on */

/* Make @tty an empty terminal with Linux's usual modes: lines, with echo. */
void uk_tty_init(struct uk_tty *tty, const struct uk_tty_ops *ops);

/*
 * From now on @modes are in force, whatever they are. What has been typed is
 * kept: as a line that is complete where lines begin now. Returns UK_TTY_….
 */
uint32_t uk_tty_set_modes(struct uk_tty *tty,
			  const struct uk_abi_termios *modes);

/*
 * The device has sent the @len bytes at @buf. What there is no room for is
 * lost, but for the end of a line. Returns UK_TTY_….
 */
uint32_t uk_tty_receive(struct uk_tty *tty, const char *buf, size_t len);

/* How many bytes may be received of which none is lost. */
size_t uk_tty_room(const struct uk_tty *tty);

/*
 * Can it be read without waiting? By lines: there is one. Else there are
 * @least bytes, at least 1.
 */
bool uk_tty_can_read(const struct uk_tty *tty, size_t least);

/* Bytes that reads would get now; by lines, only those of whole ones. */
size_t uk_tty_waiting(const struct uk_tty *tty);

/*
 * Read at most @len bytes, and not beyond a line's end; returns how many. *@end
 * is set when there is nothing more for this read: with lines, that it is at
 * an end, which is not read if it is the end of the file (so 0 bytes may be
 * all); else that there is no byte left.
 */
UK_MUST_USE
size_t uk_tty_read(struct uk_tty *tty, char *buf, size_t len, bool *end);

/* Forget all that has not been read. */
void uk_tty_flush(struct uk_tty *tty);

/* Send @len bytes of the program's; stopped or not. */
void uk_tty_write(struct uk_tty *tty, const char *buf, size_t len);
