/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The log ring: the last lines, unformatted but for their text.
 *
 * Positions are bytes ever written, 64 bits that never wrap; a line lies at
 * its position modulo the size, around the end if it must. The bytes from
 * tail to head are whole lines; a new one pushes whole old ones out. A reader
 * has a position of its own; if it is below tail, the sequence numbers tell
 * how many lines it missed.
 *
 * One lock, held with interrupts off for two short copies: no argument of a
 * message is looked at under it, so nothing can fault. Only a trap that comes
 * though interrupts are off (NMI, SError, machine check) can find it held by
 * its own CPU: it gives up after a while and the line counts as lost.
 */
#include <uk/arch/cpu.h>
#include <uk/config.h>
#include <uk/essentials.h>
#include <uk/sections.h>
#include <uk/string.h>

#include "ukdebug_priv.h"

#define SIZE	((size_t)CONFIG_LIBUKDEBUG_RING_SIZE / 8 * 8)
#define SPINS	(1u << 20)	/* far more than two copies take */

_Static_assert(SIZE >= 1024, "LIBUKDEBUG_RING_SIZE");

static struct {
	unsigned int lock;	/* 1: held; acquire pairs with release */
	uint32_t lost;		/* lines that never got in; relaxed */
	bool crash;		/* set once, in the crash */

	/* Under the lock; head is also read without, and only as a hint. */
	uint64_t head;
	uint64_t tail;
	uint32_t seq;		/* of the last line */
	char bytes[SIZE] UK_ALIGNED(8);
} ring;

static bool lock(unsigned long *irq)
{
	*irq = ukarch_irq_save();
	for (unsigned int i = 0; i < SPINS; i++) {
		if (!__atomic_exchange_n(&ring.lock, 1, __ATOMIC_ACQUIRE) ||
		    ring.crash)
			return true;
		ukarch_spin_wait();
	}
	ukarch_irq_restore(*irq);
	return false;
}

static void unlock(unsigned long irq)
{
	__atomic_store_n(&ring.lock, 0, __ATOMIC_RELEASE);
	ukarch_irq_restore(irq);
}

static void copy_in(uint64_t at, const void *src, size_t len)
{
	const size_t first = at % SIZE;
	const size_t n = UK_MIN(len, SIZE - first);

	memcpy(ring.bytes + first, src, n);
	if (n < len)
		memcpy(ring.bytes, (const char *)src + n, len - n);
}

static void copy_out(uint64_t at, void *dst, size_t len)
{
	const size_t first = at % SIZE;
	const size_t n = UK_MIN(len, SIZE - first);

	memcpy(dst, ring.bytes + first, n);
	if (n < len)
		memcpy((char *)dst + n, ring.bytes, len - n);
}

static size_t line_size(const struct ring_line *line)
{
	return UK_ALIGN_UP(sizeof(*line) + line->len, (size_t)8);
}

/* Did somebody write over the ring? Then it is taken as empty, not walked. */
static bool damaged(void)
{
	return ring.head - ring.tail > SIZE;
}

void ukdebug_ring_add(struct ring_line *line, const char *text)
{
	const size_t need = line_size(line);
	struct ring_line old;
	unsigned long irq;

	if (!lock(&irq)) {
		__atomic_fetch_add(&ring.lost, 1, __ATOMIC_RELAXED);
		return;
	}
	while (ring.head + need - ring.tail > SIZE) {
		copy_out(ring.tail, &old, sizeof(old));
		ring.tail += line_size(&old);
		if (damaged())
			ring.tail = ring.head;
	}
	ring.seq += 1 + __atomic_exchange_n(&ring.lost, 0, __ATOMIC_RELAXED);
	line->seq = ring.seq;
	copy_in(ring.head, line, sizeof(*line));
	copy_in(ring.head + sizeof(*line), text, line->len);
	__atomic_store_n(&ring.head, ring.head + need, __ATOMIC_RELAXED);
	unlock(irq);
}

uint64_t ukdebug_ring_head(void)
{
	return __atomic_load_n(&ring.head, __ATOMIC_RELAXED);
}

bool ukdebug_ring_next(struct uk_log_pos *pos, struct ring_line *line,
		       char *text, uint32_t *lost)
{
	unsigned long irq;

	/* Mostly there is none: asked before, without the lock. */
	if (pos->at == ukdebug_ring_head() || !lock(&irq))
		return false;

	if (pos->at < ring.tail)
		pos->at = ring.tail;
	if (pos->at >= ring.head || damaged()) {
		unlock(irq);
		return false;
	}
	copy_out(pos->at, line, sizeof(*line));
	/* In a crash the ring may be what was overwritten: believe nothing. */
	if (line->len > UK_LOG_LINE)
		line->len = 0;
	if (ring.crash && (line->lib < _text || line->lib >= _end))
		line->lib = "?";
	copy_out(pos->at + sizeof(*line), text, line->len);
	*lost = line->seq - pos->seq - 1;
	pos->at += line_size(line);
	pos->seq = line->seq;
	unlock(irq);
	return true;
}

void ukdebug_ring_crash(void)
{
	ring.crash = true;
}
