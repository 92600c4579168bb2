/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Registration on lines, and their masks.
 *
 * The hardware's mask is off exactly while a line has a handler, nobody holds
 * it masked, and it was not stopped; every change of one of the three goes
 * through update(). Registrations are in static slots, which are handed out
 * from the array, then from the list of those that came back.
 */
#include "intctlr_priv.h"

#include <stddef.h>

#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/print.h>

static struct slot *slot_get(void)
{
	const unsigned long irqs = ukarch_irq_save();
	struct slot *slot = NULL;

	intctlr_lock(&intctlr.lock);
	if (intctlr.free) {
		slot = intctlr.free;
		intctlr.free = slot->next;
	} else if (intctlr.nslots < CONFIG_LIBUKINTCTLR_NSLOTS) {
		slot = &intctlr.slots[intctlr.nslots++];
	}
	intctlr_unlock(&intctlr.lock);
	ukarch_irq_restore(irqs);
	return slot;
}

static void slot_put(struct slot *slot)
{
	const unsigned long irqs = ukarch_irq_save();

	intctlr_lock(&intctlr.lock);
	slot->next = intctlr.free;
	intctlr.free = slot;
	intctlr_unlock(&intctlr.lock);
	ukarch_irq_restore(irqs);
}

/* No handler of @line is running, none begins, and nothing else changes. */
static unsigned long hold(struct line *line)
{
	const unsigned long irqs = ukarch_irq_save();

	intctlr_lock(&line->busy);
	intctlr_lock(&line->lock);
	return irqs;
}

static void let_go(struct line *line, unsigned long irqs)
{
	intctlr_unlock(&line->lock);
	intctlr_unlock(&line->busy);
	ukarch_irq_restore(irqs);
}

static bool is_open(const struct line *line)
{
	return line->first && !line->masks && !(line->flags & LINE_STOPPED);
}

/* The line was open or not before; it has its lock. */
static void update(unsigned int irq, struct line *line, bool was_open)
{
	const struct uk_intctlr_ops *ops = intctlr.ops;
	const bool open = is_open(line);

	if (!ops || open == was_open)
		return;
	if (!open) {
		ops->mask(irq);
		return;
	}
	ops->unmask(irq);
	if (line->flags & LINE_PENDING) {
		line->flags &= (uint8_t)~LINE_PENDING;
		if (ops->retrigger)
			ops->retrigger(irq);
	}
}

/* Make the hardware ready for the first handler; masked after that. */
static int make_ready(unsigned int irq, struct line *line)
{
	int rc = 0;

	/* Messages are ready since they were taken. */
	if (intctlr.ops && !(line->flags & (LINE_READY | LINE_TAKEN)))
		rc = intctlr.ops->setup(irq, line->trigger);
	if (rc == 0 && intctlr.ops)
		line->flags |= LINE_READY;
	return rc;
}

static bool may_register(unsigned int irq)
{
	if (intctlr_is_msi(irq) && intctlr_line(irq)->flags & LINE_TAKEN)
		return true;
	return intctlr_is_line(irq);
}

int uk_intctlr_irq_register(unsigned int irq, uk_irq_fn fn, void *arg,
			    const char *name)
{
	int rc = intctlr_need();
	struct slot **at, *slot;
	unsigned long irqs;
	struct line *line;
	bool was_open;

	if (rc < 0)
		return rc;
	if (!may_register(irq))
		return -EINVAL;
	slot = slot_get();
	if (!slot)
		return -ENOMEM;
	*slot = (struct slot){ .fn = fn, .arg = arg, .name = name };

	line = intctlr_line(irq);
	irqs = hold(line);
	was_open = is_open(line);
	rc = make_ready(irq, line);
	if (rc == 0) {
		for (at = &line->first; *at; at = &(*at)->next)
			;
		*at = slot;
		update(irq, line, was_open);
	}
	let_go(line, irqs);
	if (rc < 0)
		slot_put(slot);
	return rc;
}

void uk_intctlr_irq_unregister(unsigned int irq, uk_irq_fn fn, void *arg)
{
	struct line *line = intctlr_line(irq);
	const unsigned long irqs = hold(line);
	const bool was_open = is_open(line);
	struct slot **at = &line->first;
	struct slot *slot;

	while (*at && ((*at)->fn != fn || (*at)->arg != arg))
		at = &(*at)->next;
	slot = *at;
	UK_ASSERT(slot);

	*at = slot->next;
	update(irq, line, was_open);
	if (!line->first)
		line->flags &= (uint8_t) ~(LINE_STOPPED | LINE_PENDING);
	let_go(line, irqs);
	slot_put(slot);
}

int uk_intctlr_irq_configure(unsigned int irq, enum uk_irq_trigger trigger)
{
	int rc = intctlr_need();
	struct line *line;
	unsigned long irqs;

	if (rc < 0)
		return rc;
	if (!intctlr_is_line(irq))
		return -EINVAL;

	line = intctlr_line(irq);
	irqs = hold(line);
	if (trigger == line->trigger)
		rc = 0;
	else if (line->first)
		rc = -EBUSY;
	else if (intctlr.ops)
		rc = intctlr.ops->setup(irq, trigger);
	if (rc == 0)
		line->trigger = (uint8_t)trigger;
	if (rc == 0 && intctlr.ops)
		line->flags |= LINE_READY;
	let_go(line, irqs);
	return rc;
}

void uk_intctlr_irq_mask(unsigned int irq)
{
	struct line *line = intctlr_line(irq);
	const unsigned long irqs = ukarch_irq_save();
	bool was_open;

	intctlr_lock(&line->lock);
	was_open = is_open(line);
	UK_ASSERT(line->masks < UINT8_MAX);
	UK_WRITE_ONCE(line->masks, (uint8_t)(line->masks + 1));
	update(irq, line, was_open);
	intctlr_unlock(&line->lock);
	ukarch_irq_restore(irqs);
}

void uk_intctlr_irq_unmask(unsigned int irq)
{
	struct line *line = intctlr_line(irq);
	const unsigned long irqs = ukarch_irq_save();
	bool was_open;

	intctlr_lock(&line->lock);
	was_open = is_open(line);
	UK_ASSERT(line->masks > 0);
	UK_WRITE_ONCE(line->masks, (uint8_t)(line->masks - 1));
	update(irq, line, was_open);
	intctlr_unlock(&line->lock);
	ukarch_irq_restore(irqs);
}

void uk_intctlr_irq_rearm(unsigned int irq)
{
	struct line *line = intctlr_line(irq);
	const unsigned long irqs = hold(line);
	const bool was_open = is_open(line);

	line->row = 0;
	line->window = 0;
	line->flags &= (uint8_t)~LINE_STOPPED;
	update(irq, line, was_open);
	let_go(line, irqs);
}

int uk_intctlr_irq_set_cpu(unsigned int irq, uint64_t hwid)
{
	int rc = uk_intctlr_start();
	struct line *line;
	unsigned long irqs;

	if (rc < 0)
		return rc;
	if (!may_register(irq) || !intctlr_has_cpu(hwid))
		return -EINVAL;
	if (!intctlr.ops->set_cpu)
		return -ENOTSUP;

	line = intctlr_line(irq);
	irqs = hold(line);
	rc = make_ready(irq, line);
	if (rc == 0)
		rc = intctlr.ops->set_cpu(irq, hwid);
	let_go(line, irqs);
	return rc;
}

/* One that was registered before the controller was there. */
static void line_start(unsigned int irq, struct line *line)
{
	const char *name = line->first->name;
	int rc = -EINVAL;

	if (intctlr_is_line(irq))
		rc = make_ready(irq, line);
	if (rc < 0)
		uk_pr_err("irq %u (%s): cannot be had (%d)", irq, name, rc);
	else
		update(irq, line, false);
}

void intctlr_lines_start(void)
{
	for (unsigned int irq = UK_IRQ_LINE_FIRST; irq < UK_IRQ_MAX; irq++) {
		struct line *line = intctlr_line(irq);
		unsigned long irqs;

		if (!line->first)
			continue;
		irqs = hold(line);
		line_start(irq, line);
		let_go(line, irqs);
	}
}

int uk_intctlr_stat(unsigned int irq, struct uk_intctlr_stat *stat)
{
	unsigned long irqs;
	struct line *line;

	if (irq >= UK_IRQ_MAX)
		return -EINVAL;
	*stat = (struct uk_intctlr_stat){ 0 };
	if (irq < NLOCAL) {
		stat->name = intctlr.locals[irq].name;
		for (struct cpu *cpu = __atomic_load_n(&intctlr.cpus,
						       __ATOMIC_ACQUIRE);
		     cpu; cpu = cpu->next)
			stat->count += UK_READ_ONCE(cpu->count[irq]);
		return 0;
	}

	line = intctlr_line(irq);
	irqs = ukarch_irq_save();
	intctlr_lock(&line->lock);
	stat->name = line->first ? line->first->name : NULL;
	stat->count = UK_READ_ONCE(line->count);
	stat->unclaimed = UK_READ_ONCE(line->unclaimed);
	stat->stopped = line->flags & LINE_STOPPED;
	intctlr_unlock(&line->lock);
	ukarch_irq_restore(irqs);
	return 0;
}
