/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The console of this domain, by the ring or by calls. While the ring is full
 * the CPU is offered to others, as the one that empties it may need it; that
 * has an end, after which the ring is stuck and costs one look per write until
 * there is room again. With the domain the ring ends, read or not: so the end
 * waits, no longer, until it has been read.
 */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <uk/arch/cpu.h>
#include <uk/arch/paging.h>
#include <uk/compiler.h>
#include <uk/config.h>
#include <uk/console.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/init.h>
#include <uk/paging.h>
#include <uk/plat/terminate.h>
#include <uk/print.h>
#include <uk/sink.h>
#include <uk/xen.h>
#include <uk/xen_abi.h>

#include "console_priv.h"

/* Looks at a full ring, after each of which the CPU was given away. */
#define PATIENCE	100000u

static struct {
	struct xencons_ring ring;
	struct uk_xen_port port;	/* who is told; before ring.page */
	bool stuck;
} st;

static bool has_ring(void)
{
	return __atomic_load_n(&st.ring.page, __ATOMIC_ACQUIRE);
}

static void tell(void)
{
	(void)uk_xen_order(UK_XEN_EVENT_CHANNEL_OP, UK_XEN_EVENT_SEND,
			   &st.port);
}

static void give_away(void)
{
	(void)uk_xen_order(UK_XEN_SCHED_OP, UK_XEN_SCHED_YIELD, NULL);
}

static void lose_ring(void)
{
	__atomic_store_n(&st.ring.page, NULL, __ATOMIC_RELEASE);
	uk_pr_err("the console's ring has an index that makes no sense: it is "
		  "not used any more");
}

/*
 * A suspend changes the ring: not in the middle. That of the new domain may be
 * found somewhat later; until then there is room for nothing.
 */
static bool is_ring_away(void)
{
	return UK_IS_ENABLED(CONFIG_LIBXEN_CORE_SUSPEND) && !has_ring();
}

static int put(const char *buf, size_t len)
{
	const unsigned long irqs = xencons_hold();
	const int n = is_ring_away() ? 0 : xencons_ring_put(&st.ring, buf,
							    len);

	xencons_let_go(irqs);
	return n;
}

static int get(char *buf, size_t len)
{
	const unsigned long irqs = xencons_hold();
	const int n = is_ring_away() ? 0 : xencons_ring_get(&st.ring, buf,
							    len);

	xencons_let_go(irqs);
	return n;
}

/* Put all in, and see that there is room. Returns what was not put in. */
static size_t ring_out(const char *buf, size_t len)
{
	unsigned int left = st.stuck ? 1 : PATIENCE;

	while (len > 0) {
		const int n = put(buf, len);

		if (n < 0) {
			lose_ring();
			return len;
		}
		tell();
		st.stuck = n == 0 && --left == 0;
		if (st.stuck)
			break;
		if ((size_t)n < len)
			give_away();
		buf += n;
		len -= (size_t)n;
	}
	return has_ring() ? 0 : len;
}

static void xencons_out(struct uk_console *con UK_UNUSED, const char *buf,
			size_t len)
{
	size_t left = len;

	if (has_ring())
		left = ring_out(buf, len);
	if (left)
		uk_xen_write(buf + len - left, left);
}

static size_t xencons_in(struct uk_console *con UK_UNUSED, char *buf,
			 size_t len)
{
	int n;

	if (!has_ring()) {
		n = uk_xen_call(UK_XEN_CONSOLE_IO, UK_XEN_CONSOLE_IO_READ, len,
				(uintptr_t)buf);
		return n > 0 && (size_t)n <= len ? (size_t)n : 0;
	}
	n = get(buf, len);
	if (n < 0) {
		lose_ring();
		return 0;
	}
	if (n > 0)
		tell();
	return (size_t)n;
}

static const struct uk_console_ops ops = {
	.out = xencons_out,
	.in = xencons_in,
};

/* Where the ring is that the tools have set up. -ENODEV: they have not. */
static int ask_for_ring(uint64_t *frame, uint64_t *port)
{
	if (uk_xen_param_get(UK_XEN_PARAM_CONSOLE_FRAME, frame) < 0 ||
	    uk_xen_param_get(UK_XEN_PARAM_CONSOLE_PORT, port) < 0 ||
	    *frame == 0 || *port == 0)
		return -ENODEV;
	return 0;
}

/* Its page is mapped. */
static void take_ring(uint64_t frame, uint64_t port)
{
	st.port.port = (uint32_t)port;
	if (xencons_ring_init(&st.ring,
			      uk_phys_to_virt(frame * UKARCH_PAGE_SIZE)) < 0)
		lose_ring();
}

void xencons_find_ring(void)
{
	uint64_t frame, port;

	if (ask_for_ring(&frame, &port) < 0)
		return;
	if (frame > UINT64_MAX / UKARCH_PAGE_SIZE || port >= UK_XEN_NPORTS ||
	    uk_paging_map_linear(frame * UKARCH_PAGE_SIZE, UKARCH_PAGE_SIZE,
				 UK_PAGE_READ | UK_PAGE_WRITE) < 0) {
		uk_pr_warn("the console's ring cannot be used: frame %#lx, "
			   "port %lu", frame, port);
		return;
	}
	take_ring(frame, port);
}

static void emergency(struct uk_sink *sink UK_UNUSED, const char *buf,
		      size_t len)
{
	uk_xen_write(buf, len);
}

void xencons_flush(void)
{
	unsigned int left = st.stuck || !has_ring() ? 0 : PATIENCE;

	for (; left > 0 && !xencons_ring_is_read(&st.ring); left--)
		give_away();
}

bool xencons_again(void)
{
	const struct uk_xen_console_ring *const was = st.ring.page;
	uint64_t frame, port;

	st.ring.page = NULL;
	st.stuck = false;
	if (!was || ask_for_ring(&frame, &port) < 0 ||
	    frame * UKARCH_PAGE_SIZE != uk_virt_to_phys(was))
		return !was;
	take_ring(frame, port);
	return true;
}

static enum uk_event_result on_end(void *data UK_UNUSED)
{
	xencons_flush();
	return UK_EVENT_NOT_HANDLED;
}

/* Before Xen is told. */
UK_EVENT_HANDLER_PRIO(ukplat_ends, on_end, UK_EVENT_PRIO_FIRST);

static int xencons_init(const struct uk_boot_ctx *ctx UK_UNUSED)
{
	static struct uk_console con = { .name = "xen", .ops = &ops };
	static struct uk_sink sink = {
		.write = emergency,
		.level = UK_SINK_CONSOLE,
	};

	if (!uk_xen_is_here())
		return 0;
	uk_sink_emergency(&sink);
	xencons_find_ring();
	uk_pr_info("console by %s", has_ring() ? "its ring" : "calls");
	uk_console_register(&con);
	return 0;
}

UK_INIT(EARLY, xencons_init, NULL);
