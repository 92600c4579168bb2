/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Messages: numbers without a line, given to devices.
 *
 * A block that plain MSI could ask for begins at a multiple of its size rounded
 * up to a power of two, so that a device can count up in the lower bits of the
 * data (PCI Local Bus Specification 3.0, 6.8.1.6). Which numbers are taken is
 * in their flags; a search costs as much as there are numbers, at the
 * attachment of a device.
 */
#include "intctlr_priv.h"

#include <uk/assert.h>
#include <uk/errno.h>
#include <uk/essentials.h>

#define MSI_MAX		2048u	/* of MSI-X (6.8.2.3) */
#define MSI_PLAIN_MAX	32u

static bool is_taken(unsigned int irq)
{
	return intctlr_line(irq)->flags & LINE_TAKEN;
}

static unsigned int round_up(unsigned int n)
{
	unsigned int size = 1;

	while (size < n)
		size *= 2;
	return size;
}

/* How many numbers from @irq on are free, of @n? */
static unsigned int free_run(unsigned int irq, unsigned int n)
{
	unsigned int i = 0;

	while (i < n && !is_taken(irq + i))
		i++;
	return i;
}

/* The number itself is aligned: some controllers send it as the data. */
static int find(unsigned int n, unsigned int *irq)
{
	const unsigned int size = n <= MSI_PLAIN_MAX ? round_up(n) : 1;
	const unsigned int end = intctlr.ic->msi_first + intctlr.ic->nmsis;
	unsigned int at = UK_ALIGN_UP(intctlr.ic->msi_first, size);

	for (; at < end && n <= end - at; at += size)
		if (free_run(at, n) == n) {
			*irq = at;
			return 0;
		}
	return -ENOSPC;
}

static bool has_messages(uint32_t devid)
{
	for (unsigned int i = 0; i < intctlr.ic->nmsis; i++) {
		const unsigned int irq = intctlr.ic->msi_first + i;

		if (is_taken(irq) && intctlr_line(irq)->devid == devid)
			return true;
	}
	return false;
}

static void mark(unsigned int irq, unsigned int n, uint32_t devid)
{
	for (unsigned int i = 0; i < n; i++) {
		struct line *line = intctlr_line(irq + i);

		line->flags = LINE_TAKEN;
		line->devid = devid;
	}
}

static void unmark(unsigned int irq, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		struct line *line = intctlr_line(irq + i);

		UK_ASSERT(!line->first && !line->masks);
		line->flags = 0;
	}
}

/* Find and mark, under the library's lock. */
static int reserve(uint32_t devid, unsigned int n, unsigned int *irq)
{
	const unsigned long irqs = ukarch_irq_save();
	int rc;

	intctlr_lock(&intctlr.lock);
	rc = has_messages(devid) ? -EBUSY : find(n, irq);
	if (rc == 0)
		mark(*irq, n, devid);
	intctlr_unlock(&intctlr.lock);
	ukarch_irq_restore(irqs);
	return rc;
}

static void release(unsigned int irq, unsigned int n)
{
	const unsigned long irqs = ukarch_irq_save();

	intctlr_lock(&intctlr.lock);
	unmark(irq, n);
	intctlr_unlock(&intctlr.lock);
	ukarch_irq_restore(irqs);
}

int uk_intctlr_msi_alloc(uint32_t devid, unsigned int n, unsigned int *irq)
{
	int rc = uk_intctlr_start();
	unsigned int first;

	if (rc < 0)
		return rc;
	if (n == 0 || n > MSI_MAX)
		return -EINVAL;
	if (!intctlr.ops->msi_setup || intctlr.ic->nmsis == 0)
		return -ENOTSUP;

	rc = reserve(devid, n, &first);
	if (rc < 0)
		return rc;
	rc = intctlr.ops->msi_setup(devid, first, n);
	if (rc < 0) {
		release(first, n);
		return rc;
	}
	*irq = first;
	return 0;
}

void uk_intctlr_msi_free(uint32_t devid, unsigned int irq, unsigned int n)
{
	UK_ASSERT(intctlr_is_msi(irq) && is_taken(irq));

	intctlr.ops->msi_free(devid, irq, n);
	release(irq, n);
}

void uk_intctlr_msi_compose(unsigned int irq, struct uk_msi_msg *msg)
{
	UK_ASSERT(intctlr_is_msi(irq) && is_taken(irq));

	intctlr.ops->msi_compose(irq, msg);
}
