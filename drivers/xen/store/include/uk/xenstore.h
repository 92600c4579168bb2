/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/compiler.h>

/*
 * The store of this machine's Xen: a tree of nodes with text in them, by which
 * domains and tools tell each other of devices. Paths are absolute, or relative
 * to this domain's own node.
 *
 * A call waits until the store has answered, for ten seconds at most; the CPU
 * is offered to other domains meanwhile. Calls of several threads come one
 * after the other.
 *
 * Context: boot and threads. Each call returns, besides what it says,
 *   -ENODEV     there is no store: no Xen, or a first domain without tools
 *   -ETIMEDOUT  it did not answer; it may have done what was asked
 *   -EPROTO     what it says makes no sense, now or before: it is not used any
 *               more
 *   -EINVAL     a path or value that is empty or too long
 *   or an error of the store: -ENOENT, -EACCES, -EAGAIN, -ENOSPC, ...
 */

/* Part of no transaction. */
#define UK_XENSTORE_NO_TX	0

/* Look whether there is a store. Returns 0, or -ENODEV. */
UK_MUST_USE int uk_xenstore_start(void);

/*
 * Put the text of node @path and a NUL into @buf of @size bytes, at least 1.
 * Returns its length without the NUL, or
 *   -E2BIG  it does not fit; @buf has the beginning, with a NUL
 *   -EILSEQ there is a NUL inside, so it is no text
 */
UK_MUST_USE
int uk_xenstore_read(uint32_t tx, const char *path, char *buf, size_t size);

/*
 * Put the names of the children of @path into @buf of @size bytes, at least 1,
 * each with a NUL behind it. Returns the bytes of all, 0 if there are none, or
 *   -E2BIG  they do not fit: @buf has those that do, up to an empty name
 */
UK_MUST_USE
int uk_xenstore_list(uint32_t tx, const char *path, char *buf, size_t size);

/* Have @path be @text, and be there; or be gone, with all below it. */
UK_MUST_USE
int uk_xenstore_write(uint32_t tx, const char *path, const char *text);
UK_MUST_USE
int uk_xenstore_remove(uint32_t tx, const char *path);

/*
 * A transaction: what is read and written with *@tx is done at one moment, that
 * of the commit. -EAGAIN from there: others were faster, nothing was done, and
 * all is to be done again.
 */
UK_MUST_USE int uk_xenstore_begin(uint32_t *tx);
UK_MUST_USE int uk_xenstore_commit(uint32_t tx);
UK_MUST_USE int uk_xenstore_abort(uint32_t tx);

/* Something to be told of. The owner sets @path and @fn and keeps it. */
struct uk_xenstore_watch {
	const char *path;
	/* The node, or one below it, may have changed: read it again. */
	void (*fn)(struct uk_xenstore_watch *watch);

	/* Private. */
	struct uk_xenstore_watch *next;
	uint32_t token;
	bool fired;
};

/*
 * Begin and end to watch. It has fired once in the beginning, as the store does
 * it. After the end, also if it fails, @watch is not in use any more; if its
 * function is under way for another thread, the end waits for that.
 */
UK_MUST_USE int uk_xenstore_watch(struct uk_xenstore_watch *watch);
int uk_xenstore_unwatch(struct uk_xenstore_watch *watch);

/*
 * After a suspend (<uk/xen_suspend.h>) all watches are those of the new
 * domain's store, and have fired.
 *
 * Call the functions of watches that have fired. They may use the store, and
 * end watches. Returns how many were called; 0 while another thread is at it.
 */
int uk_xenstore_poll(void);
