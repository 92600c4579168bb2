/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Messages of devices at the ITS (IHI 0069, 5.1 and 5.2).
 *
 * A device has a table of its events, in memory that is the ITS's while the
 * device has messages. Its events count from 0, as its messages do; each is
 * the LPI that follows from its number, so nothing has to be looked up when
 * one comes.
 *
 * An LPI is masked by its byte in the table of settings, of which
 * redistributors keep copies, until they are told (INV). One that comes while
 * it is masked is pending, and is taken at the unmasking.
 */
#include "its_priv.h"

#include <stddef.h>

#include <uk/arch/paddr.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/print.h>

#define LPI_ON		1u

static struct gic_lpi *lpi_of(unsigned int irq)
{
	return &gic_its.lpis[irq - gic_its.irq];
}

/* One command about @irq, in force at the CPU it is for when this returns. */
static int tell(struct gic_its_cmd cmd, const struct gic_lpi *lpi)
{
	const struct gic_its_cmd cmds[] = {
		cmd, gic_its_sync(gic_its_target(lpi->cpu))
	};

	return gic_its_do(&gic_its.queue, cmds, 2);
}

static void set_on(unsigned int irq, bool on)
{
	volatile uint8_t *const config = &gic_its.config[irq - gic_its.irq];
	const struct gic_lpi *const lpi = lpi_of(irq);

	/* One line of the library changes at a time, and it is this byte. */
	*config = (uint8_t)((*config & ~LPI_ON) | on);
	/* An error was logged; what comes is kept by the library. */
	(void)tell(gic_its_inv(lpi->devid, lpi->event), lpi);
}

void gic_its_mask(unsigned int irq)
{
	set_on(irq, false);
}

void gic_its_unmask(unsigned int irq)
{
	set_on(irq, true);
}

void gic_its_retrigger(unsigned int irq)
{
	const struct gic_lpi *const lpi = lpi_of(irq);

	(void)tell(gic_its_int(lpi->devid, lpi->event), lpi);
}

int gic_its_set_cpu(unsigned int irq, uint64_t hwid)
{
	struct gic_lpi *const lpi = lpi_of(irq);
	struct gic_redist *const to = gic_redist_of(hwid);
	int rc;

	if (!to || !to->lpis)
		return -ENOTSUP;
	/* What was pending moves along. */
	rc = tell(gic_its_movi(lpi->devid, lpi->event, to->collection), lpi);
	if (rc < 0)
		return rc;
	lpi->cpu = to;
	/* Settings are read anew there. */
	return tell(gic_its_inv(lpi->devid, lpi->event), lpi);
}

/*
 * Have a place for @devid in the table of devices. In an indirect one that is
 * a page, which stays. Returns 0 or -ENOMEM.
 */
static int need_place(uint32_t devid)
{
	const struct gic_its_table *const t = &gic_its.devices;
	uint64_t *entry;
	unsigned long irqs;
	void *page;

	if (!t->indirect)
		return 0;
	entry = &t->mem[devid / (t->page_len / t->entry_len)];
	if (__atomic_load_n(entry, __ATOMIC_ACQUIRE))
		return 0;
	page = gic_its_zalloc(t->page_len, t->page_len);
	if (!page)
		return -ENOMEM;

	/* Who comes second gives its page back. */
	irqs = uk_spin_lock_irqsave(&gic_its.lock);
	if (*entry == 0) {
		__atomic_store_n(entry, GITS_VALID | ukarch_paddr_of(page),
				 __ATOMIC_RELEASE);
		page = NULL;
	}
	uk_spin_unlock_irqrestore(&gic_its.lock, irqs);
	gic_its_free(page);
	return 0;
}

/* Events 0 to @n - 1 become LPIs, which are off. */
static int map_events(uint32_t devid, unsigned int irq, unsigned int n)
{
	int rc = 0;

	for (unsigned int i = 0; i < n && rc == 0; i++) {
		struct gic_lpi *const lpi = lpi_of(irq + i);

		lpi->devid = devid;
		lpi->event = i;
		lpi->cpu = &gic_redist;
		rc = tell(gic_its_mapti(devid, i, GIC_LPI_FIRST + irq + i -
						  gic_its.irq,
					lpi->cpu->collection), lpi);
	}
	return rc;
}

int gic_its_msi_setup(uint32_t devid, unsigned int irq, unsigned int n)
{
	unsigned int bits;
	uint32_t len;
	void *itt;
	int rc;

	rc = gic_its_start();
	if (rc == 0 && UK_READ_ONCE(gic_its.queue.dead))
		rc = -EIO;
	if (rc < 0)
		return rc;
	if (devid >= gic_its.devices.nids) {
		uk_pr_err("gic: device %#x is none of the ITS's, which knows "
			  "those up to %#x", devid, gic_its.devices.nids - 1);
		return -EINVAL;
	}
	len = gic_its_itt_len(&gic_its.type, n, &bits);
	if (bits > gic_its.type.event_bits)
		return -ENOSPC;
	rc = need_place(devid);
	if (rc < 0)
		return rc;
	itt = gic_its_zalloc(GITS_ITT_ALIGN, len);
	if (!itt)
		return -ENOMEM;

	lpi_of(irq)->itt = itt;
	lpi_of(irq)->cpu = &gic_redist;
	rc = tell(gic_its_mapd(devid, ukarch_paddr_of(itt), bits), lpi_of(irq));
	if (rc == 0)
		rc = map_events(devid, irq, n);
	/* An ITS that does not answer may use the table for ever. */
	return rc;
}

void gic_its_msi_free(uint32_t devid, unsigned int irq, unsigned int n)
{
	int rc = 0;

	/* It forgets also what is pending. */
	for (unsigned int i = 0; i < n && rc == 0; i++)
		rc = tell(gic_its_discard(devid, i), lpi_of(irq + i));
	if (rc == 0)
		rc = tell(gic_its_unmapd(devid), lpi_of(irq));
	if (rc == 0)
		gic_its_free(lpi_of(irq)->itt);
}

void gic_its_msi_compose(unsigned int irq, struct uk_msi_msg *msg)
{
	msg->addr = gic_its.paddr + GITS_TRANSLATER;
	msg->data = lpi_of(irq)->event;
}
