/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/essentials.h>

struct uk_xen_console_ring;

/*
 * The console's ring (public/io/console.h). The indices that are this end's to
 * write are kept here and never read back, so that the other end cannot move
 * them.
 */
struct xencons_ring {
	/* NULL: not used. Release, after the rest; acquire. */
	struct uk_xen_console_ring *page;
	uint32_t out_prod;
	uint32_t in_cons;
};

/*
 * Go on with the ring at @page where whoever had it before has left off.
 * Returns 0, or -EPROTO: its indices make no sense.
 */
UK_MUST_USE
int xencons_ring_init(struct xencons_ring *ring,
		      struct uk_xen_console_ring *page);

/*
 * Put at most @len bytes at @buf in, or take as many out. Return how many, 0 if
 * the ring is full or empty, or -EPROTO: the other end's index makes no sense,
 * and the ring is not to be used any more.
 */
UK_MUST_USE
int xencons_ring_put(struct xencons_ring *ring, const char *buf, size_t len);
UK_MUST_USE
int xencons_ring_get(struct xencons_ring *ring, char *buf, size_t len);

/* Has the other end taken all that was put in? */
bool xencons_ring_is_read(const struct xencons_ring *ring);

/* console.c: take the ring that the tools have set up, if they have. */
void xencons_find_ring(void);

/* Wait until the other end has read all; not for ever. */
void xencons_flush(void);

/*
 * In a new domain: take its ring, if it is where the one before was; else it is
 * not used, and false says that there was one. Context: see suspend.c.
 */
bool xencons_again(void);

/* Around what is done with the ring: nothing where it never changes. */
static inline unsigned long xencons_hold(void)
{
	return UK_IS_ENABLED(CONFIG_LIBXEN_CORE_SUSPEND) ? ukarch_irq_save()
							 : 0;
}

static inline void xencons_let_go(unsigned long irqs)
{
	if (UK_IS_ENABLED(CONFIG_LIBXEN_CORE_SUSPEND))
		ukarch_irq_restore(irqs);
}
