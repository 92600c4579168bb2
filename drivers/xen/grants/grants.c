/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * This domain's grant table. Its pages are those of the image whose memory is
 * given to Xen for it, one after the other as grants are asked for.
 */
#include <uk/xen_grant.h>

#include <stdbool.h>

#include <uk/arch/cpu.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/print.h>
#include <uk/spinlock.h>
#include <uk/xen.h>

#include "grants_priv.h"

#define NFRAMES	CONFIG_LIBXEN_GRANTS_FRAMES

static uint8_t pages[NFRAMES][UKARCH_PAGE_SIZE]
	UK_SECTION(".bss..pages") UK_ALIGNED(UKARCH_PAGE_SIZE);

/* Guarded by @lock. */
static struct {
	struct uk_spinlock lock;
	struct xen_grants grants;
	uint32_t nframes;	/* mapped */
	uint32_t max;		/* that Xen allows; 0: not asked yet */
} st;

/* The lock is held. */
static int ask(void)
{
	struct uk_xen_grant_size size = { .domid = UK_XEN_DOMID_SELF };
	const int rc = uk_xen_call(UK_XEN_GRANT_TABLE_OP,
				   UK_XEN_GRANT_QUERY_SIZE, (uintptr_t)&size,
				   1);

	if (rc < 0)
		return rc;
	if (size.status != 0 || size.max_nframes == 0)
		return -ENOSPC;
	xen_grants_init(&st.grants, (struct uk_xen_grant *)pages);
	st.max = UK_MIN(size.max_nframes, (uint32_t)NFRAMES);
	return 0;
}

/* One page more of the table. The lock is held. */
static int grow(void)
{
	int rc = st.max ? 0 : ask();

	if (rc == 0 && st.nframes == st.max)
		rc = -ENOSPC;
	if (rc == 0)
		rc = uk_xen_map(UK_XEN_MAP_GRANT_TABLE, st.nframes,
				pages[st.nframes]);
	if (rc < 0)
		return rc;
	st.nframes++;
	xen_grants_grow(&st.grants, XEN_GRANTS_PAGE);
	return 0;
}

static int grant(uint16_t domid, const void *page, uint16_t flags,
		 uint32_t *ref)
{
	uint64_t frame;
	unsigned long irqs;
	int rc = -ENOSPC;

	if (!uk_xen_is_here())
		return -ENODEV;
	frame = uk_xen_frame_of(page);
	/* An entry of version 1 has 32 bits for it: 16 TiB. */
	if (frame > UINT32_MAX)
		return -ERANGE;
	irqs = uk_spin_lock_irqsave(&st.lock);
	if (st.nframes)
		rc = xen_grants_add(&st.grants, domid, (uint32_t)frame, flags,
				    ref);
	if (rc == -ENOSPC) {
		rc = grow();
		if (rc == 0)
			rc = xen_grants_add(&st.grants, domid,
					    (uint32_t)frame, flags, ref);
	}
	uk_spin_unlock_irqrestore(&st.lock, irqs);
	return rc;
}

int uk_xen_grant(uint16_t domid, const void *page, uint32_t *ref)
{
	return grant(domid, page, 0, ref);
}

int uk_xen_grant_readonly(uint16_t domid, const void *page, uint32_t *ref)
{
	return grant(domid, page, UK_XEN_GRANT_READONLY, ref);
}

int uk_xen_grant_end(uint32_t ref)
{
	const unsigned long irqs = uk_spin_lock_irqsave(&st.lock);
	const int rc = xen_grants_end(&st.grants, ref);

	uk_spin_unlock_irqrestore(&st.lock, irqs);
	return rc;
}

void xen_grants_resume(void)
{
	/* Nobody stands in here: the lock keeps interrupts off. */
	for (uint32_t i = 0; i < st.nframes; i++) {
		const int rc = uk_xen_map(UK_XEN_MAP_GRANT_TABLE, i, pages[i]);

		if (rc < 0)
			uk_pr_err("Xen refuses the grant table, error %d",
				  -rc);
	}
}
