/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A list of consoles in the order of their registration, each of which is
 * also a sink of the log.
 *
 * Output goes through a small run of bytes on the stack, where "\n" becomes
 * "\r\n": a driver sees runs of bytes, not one call per byte, and needs to
 * know nothing of lines. The list only grows, at boot, so whoever walks it
 * needs no lock, in a crash either.
 */
#include <uk/console.h>

#include <uk/arch/cpu.h>
#include <uk/assert.h>
#include <uk/essentials.h>

#include "console_priv.h"

#define RUN_LEN	64

static struct {
	struct uk_console *first;
	struct uk_console *last;
	/* Atomic: release by who sets it, acquire by who calls it. */
	void (*on_input)(void);
} consoles;

/* As many bytes as one call of a driver gets. */
struct run {
	size_t len;
	char bytes[RUN_LEN];
};

/* What the first of the @len bytes at @buf are as a run. Returns how many. */
static size_t run_of(struct run *run, const char *buf, size_t len)
{
	size_t i;

	run->len = 0;
	/* The longest that one byte becomes is two. */
	for (i = 0; i < len && run->len <= RUN_LEN - 2; i++) {
		if (buf[i] == '\n')
			run->bytes[run->len++] = '\r';
		run->bytes[run->len++] = buf[i];
	}
	return i;
}

/* The same, each byte as it is. */
static size_t run_of_raw(struct run *run, const char *buf, size_t len)
{
	for (run->len = 0; run->len < len && run->len < RUN_LEN; run->len++)
		run->bytes[run->len] = buf[run->len];
	return run->len;
}

static void send(struct uk_console *con, const struct run *run)
{
	con->ops->out(con, run->bytes, run->len);
	con->in_line = run->bytes[run->len - 1] != '\n';
}

/* What a program writes. */
static void send_to_all(const struct run *run)
{
	unsigned long irq;

	if (CONSOLE_TURNS && !console_turn_take(&irq))
		return;
	for (struct uk_console *con = consoles.first; con; con = con->next) {
		if (con->flags & UK_CONSOLE_STDOUT)
			send(con, run);
	}
	if (CONSOLE_TURNS)
		console_turn_give(irq);
}

/* To @con, what is no program's; NULL: to all, what is. */
static void out(struct uk_console *con, const char *buf, size_t len)
{
	struct run run;

	for (size_t at = 0; at < len;) {
		at += run_of(&run, buf + at, len - at);
		if (con)
			send(con, &run);
		else
			send_to_all(&run);
	}
}

static void sink_write(struct uk_sink *sink, const char *buf, size_t len)
{
	struct uk_console *con = UK_CONTAINER_OF(sink, struct uk_console, sink);

	/* Whoever looks for log lines finds them, whatever a program wrote. */
	if (con->in_line)
		out(con, "\n", 1);
	out(con, buf, len);
}

static void sink_flush(struct uk_sink *sink)
{
	struct uk_console *con = UK_CONTAINER_OF(sink, struct uk_console, sink);

	con->ops->flush(con);
}

void uk_console_register(struct uk_console *con)
{
	UK_ASSERT(con->ops && con->ops->out && con->name);
	UK_ASSERT(!con->next && con != consoles.last);

	if (!consoles.first) {
		con->flags |= UK_CONSOLE_STDIN | UK_CONSOLE_STDOUT;
		consoles.first = con;
	} else {
		consoles.last->next = con;
	}
	consoles.last = con;

	if (con->flags & UK_CONSOLE_NOLOG)
		return;
	con->sink.write = sink_write;
	con->sink.flush = con->ops->flush ? sink_flush : NULL;
	con->sink.level = UK_SINK_CONSOLE;
	uk_sink_register(&con->sink);
}

void uk_console_out(const char *buf, size_t len)
{
	out(NULL, buf, len);
}

void uk_console_out_raw(const char *buf, size_t len)
{
	struct run run;

	for (size_t at = 0; at < len;) {
		at += run_of_raw(&run, buf + at, len - at);
		send_to_all(&run);
	}
}

static bool reads(const struct uk_console *con)
{
	return (con->flags & UK_CONSOLE_STDIN) && con->ops->in;
}

size_t uk_console_in(char *buf, size_t len)
{
	size_t n = 0;

	for (struct uk_console *con = consoles.first; con; con = con->next) {
		if (reads(con) && n < len)
			n += con->ops->in(con, buf + n, len - n);
	}
	UK_ASSERT(n <= len);
	return n;
}

bool uk_console_has_input(void)
{
	for (struct uk_console *con = consoles.first; con; con = con->next) {
		if (reads(con))
			return true;
	}
	return false;
}

size_t uk_console_in_wait(char *buf, size_t len)
{
	size_t n = 0;

	if (len == 0 || !uk_console_has_input())
		return 0;

	while (n == 0) {
		n = uk_console_in(buf, len);
		if (n == 0)
			ukarch_spin_wait();
	}
	return n;
}

void uk_console_on_input(void (*fn)(void))
{
	__atomic_store_n(&consoles.on_input, fn, __ATOMIC_RELEASE);
}

bool uk_console_notify(void)
{
	bool all = true;

	for (struct uk_console *con = consoles.first; con; con = con->next) {
		if (reads(con))
			all &= con->ops->notify && con->ops->notify(con);
	}
	return all;
}

void uk_console_arrived(void)
{
	void (*const fn)(void) = __atomic_load_n(&consoles.on_input,
						 __ATOMIC_ACQUIRE);

	if (fn)
		fn();
}

struct uk_console *uk_console_default(void)
{
	return consoles.first;
}
