/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Any bytes as what a back-end does. The first byte says where: odd: in a ring,
 * the length of whose entries comes next; then, for each look, a number of
 * requests, the back-end's index and its event index. Even: in the store, one
 * byte or more for each thing that is asked there.
 */
#include "../../../drivers/xen/bus/bus_priv.h"

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>
#include <uk/xen_ring.h>

#include "fuzz.h"

static struct fuzz_input in;

/* A ring: no more responses than requests, whatever the other end says. */
static void try_ring(void)
{
	static union {
		struct uk_xen_ring_page page;
		uint8_t bytes[4096];
	} shared;
	struct uk_xen_ring ring;
	uint8_t rsp[64];
	uint32_t sent = 0, taken = 0;

	if (uk_xen_ring_init(&ring, &shared, sizeof(shared),
			     (uint32_t)fuzz_take(&in, 1) % 16 * 4 + 4) < 0)
		__builtin_trap();
	while (in.left > 0) {
		unsigned int n = (unsigned int)fuzz_take(&in, 1);
		int rc;

		for (; n > 0 && uk_xen_ring_request(&ring); n--)
			sent++;
		if (uk_xen_ring_push(&ring))
			FUZZ_EXPECT(sent > 0);
		shared.page.rsp_prod = (uint32_t)fuzz_take(&in, 4);
		shared.page.req_event = (uint32_t)fuzz_take(&in, 4);
		while ((rc = uk_xen_ring_take(&ring, rsp, 4)) > 0)
			taken++;
		FUZZ_EXPECT(rc == 0 || rc == -EPROTO);
		if (uk_xen_ring_rest(&ring) < 0)
			FUZZ_EXPECT(uk_xen_ring_take(&ring, rsp, 4) < 0);
		FUZZ_EXPECT(taken <= sent);
		FUZZ_EXPECT(uk_xen_ring_room(&ring) ==
			    ring.nentries - (sent - taken));
	}
}

/* A store in which the input answers. */
static struct {
	struct uk_xenstore_watch *watch;
	uint64_t ns;
	unsigned int asked;
	uint32_t tx;
	unsigned int started, stopped, released;
	unsigned int inside;	/* calls under way */
} bus;

static int any_error(unsigned int how)
{
	static const int errors[] = {
		-EPROTO, -ETIMEDOUT, -EACCES, -EAGAIN, -ENOSPC, -ENODEV,
	};

	return errors[how % UK_ARRAY_SIZE(errors)];
}

/* Mostly good: who always fails comes nowhere. */
static int any_result(void)
{
	const unsigned int how = (unsigned int)fuzz_take(&in, 1);

	bus.asked++;
	return how >= 250 ? any_error(how) : 0;
}

static int bus_read(uint32_t tx, const char *path, char *buf, size_t size)
{
	const unsigned int how = (unsigned int)fuzz_take(&in, 1);
	size_t len = 0;

	FUZZ_EXPECT(tx == 0 && uk_strlen(path) < UK_XEN_STORE_PATH_MAX);
	bus.asked++;
	if (how >= 250)
		return any_error(how);
	if (how >= 240)
		return -ENOENT;
	if (how < 200)
		buf[len++] = (char)(how % 16 ? '0' + how % 16 : '/');
	while (how >= 190 && len < how % 64u) {
		if (len == size - 1)
			return -E2BIG;
		buf[len++] = (char)fuzz_take(&in, 1);
	}
	buf[len] = '\0';
	return uk_strlen(buf) == len ? (int)len : -EILSEQ;
}

static int bus_list(uint32_t tx, const char *path, char *buf, size_t size)
{
	size_t len = fuzz_take(&in, 2) % (size + 1);

	FUZZ_EXPECT(tx == 0 && uk_strlen(path) < UK_XEN_STORE_PATH_MAX);
	for (size_t i = 0; i < len; i++)
		buf[i] = (char)fuzz_take(&in, 1);
	/* The client sees to that. */
	if (len > 0)
		buf[len - 1] = '\0';
	return len == size ? -E2BIG : (int)len;
}

static int bus_write(uint32_t tx, const char *path, const char *text)
{
	FUZZ_EXPECT(tx == bus.tx && *path && uk_strlen(text) < 32);
	return any_result();
}

static int bus_begin(uint32_t *tx)
{
	const int rc = any_result();

	FUZZ_EXPECT(bus.tx == 0);
	if (rc == 0)
		*tx = bus.tx = 5;
	return rc;
}

static int bus_end(uint32_t tx)
{
	FUZZ_EXPECT(tx == bus.tx);
	bus.tx = 0;
	return any_result();
}

static int bus_watch(struct uk_xenstore_watch *watch)
{
	const int rc = any_result();

	FUZZ_EXPECT(!bus.watch);
	if (rc == 0)
		bus.watch = watch;
	return rc;
}

static int bus_unwatch(struct uk_xenstore_watch *watch)
{
	FUZZ_EXPECT(bus.watch == watch);
	bus.watch = NULL;
	return any_result();
}

static int bus_poll(void)
{
	if (bus.watch && fuzz_take(&in, 1) % 4)
		bus.watch->fn(bus.watch);
	return any_result();
}

static uint64_t bus_now(void)
{
	return bus.ns;
}

static void bus_pause(void)
{
	bus.ns += XENBUS_PATIENCE_NS / 16;
}

/* Nobody suspends this domain. */
static uint32_t bus_enter(void)
{
	bus.inside++;
	return 0;
}

static void bus_leave(void)
{
	FUZZ_EXPECT(bus.inside > 0);
	bus.inside--;
}

static const struct uk_xen_bus fuzz_bus = {
	.enter = bus_enter,
	.leave = bus_leave,
	.read = bus_read,
	.list = bus_list,
	.write = bus_write,
	.begin = bus_begin,
	.commit = bus_end,
	.abort = bus_end,
	.watch = bus_watch,
	.unwatch = bus_unwatch,
	.poll = bus_poll,
	.now = bus_now,
	.pause = bus_pause,
};

/* A driver that holds the bus to its word. */
static int on_start(struct uk_xen_front *front)
{
	FUZZ_EXPECT(front->phase == UK_XEN_FRONT_WAITING);
	FUZZ_EXPECT(bus.started == bus.released);
	if (any_result() < 0)
		return -ENOSPC;
	bus.started++;
	return 0;
}

static int on_publish(struct uk_xen_front *front, uint32_t tx)
{
	return uk_xen_front_write_number(front, tx, "ring-ref", UINT64_MAX);
}

static int on_connect(struct uk_xen_front *front)
{
	uint64_t val = 7;

	if (uk_xen_front_read_number(front, UK_XEN_OTHER, "sectors", 1000,
				     &val) < 0)
		FUZZ_EXPECT(val == 7);
	FUZZ_EXPECT(val <= 1000);
	return any_result();
}

static void on_stop(struct uk_xen_front *front, int error)
{
	(void)front;
	FUZZ_EXPECT(error <= 0);
	bus.stopped++;
	FUZZ_EXPECT(bus.stopped == bus.started);
}

static void on_release(struct uk_xen_front *front)
{
	(void)front;
	bus.released++;
	FUZZ_EXPECT(bus.released == bus.stopped);
}

static void on_device(unsigned int number, void *arg)
{
	(void)number;
	(void)arg;
}

static void try_bus(void)
{
	static const struct uk_xen_front_ops ops = {
		.published = UK_XEN_BUS_INITIALISED,
		.start = on_start,
		.publish = on_publish,
		.connect = on_connect,
		.stop = on_stop,
		.release = on_release,
	};
	struct uk_xen_front front = { .ops = &ops, .type = "vbd" };

	memset(&bus, 0, sizeof(bus));
	(void)!xenbus_each(&fuzz_bus, "vbd", on_device, NULL);
	if (xenbus_open(&front, &fuzz_bus) < 0) {
		FUZZ_EXPECT(front.phase == UK_XEN_FRONT_SHUT && !bus.watch);
		return;
	}
	while (in.left > 0 && front.phase != UK_XEN_FRONT_FAILED) {
		bus.asked = 0;
		(void)uk_xen_front_poll(&front);
		/* Ten tries of a transaction are the most. */
		FUZZ_EXPECT(bus.asked <= 60);
		bus_pause();
	}
	(void)uk_xen_front_close(&front);
	FUZZ_EXPECT(bus.inside == 0);
	FUZZ_EXPECT(front.phase == UK_XEN_FRONT_SHUT && !bus.watch);
	FUZZ_EXPECT(bus.started == bus.stopped &&
		    bus.started == bus.released && bus.tx == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	in = (struct fuzz_input){ data, size };
	if (fuzz_take(&in, 1) % 2)
		try_ring();
	else
		try_bus();
	return 0;
}
