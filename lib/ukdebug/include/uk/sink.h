/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stddef.h>

#include <uk/log.h>

/*
 * Where log lines go: consoles, and whoever else wants them.
 *
 * A sink that registers gets, before anything else, the lines that the log
 * ring still holds and its level lets pass, so nothing that was said before
 * the first console is lost as long as the ring is long enough. Where lines
 * were overwritten before a sink got them, it is told how many.
 */

/* The level of a sink that follows ukdebug.console. */
#define UK_SINK_CONSOLE		(-1)

struct uk_sink {
	/*
	 * Show the @len bytes at @buf: whole lines, each ending in "\n".
	 * Waits for no lock and for nobody but its device, allocates
	 * nothing, and may log (the line follows later). Calls to one sink
	 * never overlap, but a crash may call it while it is at work.
	 */
	void (*write)(struct uk_sink *sink, const char *buf, size_t len);

	/*
	 * Wait until the device has sent what it was given, or takes no more;
	 * called as write() is. NULL: it has when write() returns.
	 */
	void (*flush)(struct uk_sink *sink);

	/* Least severe enum uk_log_level it wants, or UK_SINK_CONSOLE. */
	int level;

	/* Private to ukdebug; the owner zeroes them. */
	struct uk_log_pos pos_;
	struct uk_sink *next_;
};

/*
 * Add @sink, which lives until it is unregistered; replays the ring to it.
 *
 * Context: thread (EARLY included), not from a sink's write().
 */
void uk_sink_register(struct uk_sink *sink);

/* Take @sink out; when this returns it is in use no more. Context: thread. */
void uk_sink_unregister(struct uk_sink *sink);

/*
 * @sink is used once, by a crash, if no sink is registered by then; it gets
 * the ring and the crash screen. For a platform that can already write
 * somewhere (a debug port) before its drivers run. NULL takes it back.
 *
 * Context: any.
 */
void uk_sink_emergency(struct uk_sink *sink);
