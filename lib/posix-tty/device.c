/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Between the consoles and the line discipline.
 *
 * A console that can interrupts once when bytes come, and is asked to do so
 * again when all were taken. While there is no room it is not asked: the bytes
 * stay in the device, whose other end waits. So neither a flood nor a program
 * that does not read keeps a CPU in interrupts or loses bytes.
 *
 * One that cannot is looked at every 10 ms, but only while somebody waits for
 * the terminal; so there a key is a signal only while somebody reads.
 */
#include "posix_tty_priv.h"

#include <uk/console.h>
#include <uk/essentials.h>
#include <uk/file.h>
#include <uk/print.h>
#include <uk/time.h>

#define PERIOD_NS	(10 * UK_TIME_NS_PER_MS)

/* Bytes that are taken together, and at most in one interrupt. */
#define AT_A_TIME	64u
#define MOST		512u

_Static_assert(UK_TTY_IN == UK_FILE_IN && UK_TTY_OUT == UK_FILE_OUT,
	       "changes are events");

/* Where there is no console what was written is in the log, at least. */
static void log_text(const char *buf, size_t len)
{
	while (len && (buf[len - 1] == '\n' || buf[len - 1] == '\r'))
		len--;
	if (len)
		uk_pr_info("%.*s", (int)len, buf);
}

void term_send(const char *buf, size_t len)
{
	if (uk_console_default())
		uk_console_out_raw(buf, len);
	else
		log_text(buf, len);
}

static void on_out(struct uk_tty *tty UK_UNUSED, const char *buf, size_t len)
{
	term_send(buf, len);
}

/* The lock is held: it is sent by term_tell(). */
static void on_signal(struct uk_tty *tty UK_UNUSED, int sig)
{
	term.signals |= UINT32_C(1) << sig;
}

static void send_signals(uint32_t signals)
{
	for (; signals; signals &= signals - 1) {
		struct uk_file_signal s = { .sig = __builtin_ctz(signals) };

		(void)uk_event_raise(uk_file_signal, &s);
	}
}

void term_tell(uint32_t change)
{
	unsigned long irq;
	uint32_t signals;

	if (change)
		uk_file_wake(&term.file, change);
	irq = uk_spin_lock_irqsave(&term.lock);
	signals = term.signals;
	term.signals = 0;
	uk_spin_unlock_irqrestore(&term.lock, irq);
	send_signals(signals);
}

/* With the lock held. Returns what has become possible. */
static uint32_t take_input(void)
{
	char buf[AT_A_TIME];
	uint32_t change = 0;

	term.full = false;
	for (size_t done = 0; done < MOST;) {
		size_t n = UK_MIN(sizeof(buf), uk_tty_room(&term.tty));

		term.full = n == 0;
		if (n)
			n = uk_console_in(buf, n);
		if (n == 0)
			break;
		change |= uk_tty_receive(&term.tty, buf, n);
		done += n;
	}
	return change;
}

void term_pump(void)
{
	const unsigned long irq = uk_spin_lock_irqsave(&term.lock);
	const uint32_t change = take_input();

	if (!term.full)
		term.polled = !uk_console_notify();
	uk_spin_unlock_irqrestore(&term.lock, irq);
	term_tell(change);
}

/* Whoever has the lock may start the timer if it does not tick. */
static void start_timer(void)
{
	if (!term.polled || term.ticking)
		return;
	term.ticking = true;
	uk_timer_start(&term.timer, uk_time_now() + PERIOD_NS);
}

void term_watch(void)
{
	const unsigned long irq = uk_spin_lock_irqsave(&term.lock);

	start_timer();
	uk_spin_unlock_irqrestore(&term.lock, irq);
}

static void on_timer(struct uk_timer *timer UK_UNUSED)
{
	unsigned long irq;

	term_pump();
	irq = uk_spin_lock_irqsave(&term.lock);
	term.ticking = false;
	if (uk_file_is_watched(&term.file))
		start_timer();
	uk_spin_unlock_irqrestore(&term.lock, irq);
}

void term_device_init(void)
{
	static const struct uk_tty_ops ops = { on_out, on_signal };

	uk_tty_init(&term.tty, &ops);
	uk_timer_init(&term.timer, on_timer);
	uk_console_on_input(term_pump);
	term_pump();
}
