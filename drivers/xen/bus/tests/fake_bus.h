/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>

#include <uk/compiler.h>
#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/string.h>

#include "../bus_priv.h"

/*
 * A store with a few nodes, a clock that goes on when somebody waits, and a
 * back-end, which runs then, too.
 */

#define FAKE_NODES	16u

struct fake_node {
	char path[64];
	char text[96];
	int len;		/* -1: there is no such node */
	int error;		/* what reading it says instead */
};

static struct {
	struct fake_node node[FAKE_NODES];
	struct fake_node before[FAKE_NODES];	/* the transaction began */
	struct uk_xenstore_watch *watch;
	bool fired;
	void (*backend)(void);
	uint64_t ns;
	uint32_t tx;		/* under way; 0: none */
	unsigned int conflicts;	/* commits to come that are too late */
	unsigned int commits;
	uint32_t domain;	/* that this one is now */
	unsigned int inside;	/* calls under way */
	int write_error, watch_error, poll_error;
} fake;

static struct fake_node *fake_find(const char *path)
{
	for (unsigned int i = 0; i < FAKE_NODES; i++)
		if (uk_streq(fake.node[i].path, path))
			return &fake.node[i];
	return NULL;
}

static void fake_set_bytes(const char *path, const char *data, int len)
{
	struct fake_node *n = fake_find(path);

	if (!n)
		n = fake_find("");
	(void)uk_strlcpy(n->path, path, sizeof(n->path));
	n->len = len;
	if (len > 0)
		memcpy(n->text, data, UK_MIN((size_t)len, sizeof(n->text)));
	if (fake.watch && uk_streq(fake.watch->path, path))
		fake.fired = true;
}

static UK_UNUSED void fake_set(const char *path, const char *text)
{
	fake_set_bytes(path, text, (int)uk_strlen(text));
}

static UK_UNUSED void fake_remove(const char *path)
{
	fake_set_bytes(path, "", -1);
}

/* As the store's client does it. */
static int fake_read(uint32_t tx UK_UNUSED, const char *path, char *buf,
		     size_t size)
{
	const struct fake_node *n = fake_find(path);

	if (!n || (n->error == 0 && n->len < 0))
		return -ENOENT;
	if (n->error)
		return n->error;
	memset(buf, 0, size);
	memcpy(buf, n->text, UK_MIN((size_t)n->len, size - 1));
	if ((size_t)n->len > size - 1)
		return -E2BIG;
	return uk_strlen(buf) == (size_t)n->len ? n->len : -EILSEQ;
}

/* What node "list" has. */
static int fake_list(uint32_t tx UK_UNUSED, const char *path UK_UNUSED,
		     char *buf, size_t size)
{
	const struct fake_node *n = fake_find("list");

	if (!n || n->error)
		return n ? n->error : -ENOENT;
	memcpy(buf, n->text, UK_MIN((size_t)n->len, size));
	return n->len;
}

static int fake_write(uint32_t tx UK_UNUSED, const char *path,
		      const char *text)
{
	if (fake.write_error)
		return fake.write_error;
	fake_set(path, text);
	return 0;
}

static int fake_begin(uint32_t *tx)
{
	memcpy(fake.before, fake.node, sizeof(fake.node));
	*tx = ++fake.tx;
	return 0;
}

static int fake_abort(uint32_t tx UK_UNUSED)
{
	memcpy(fake.node, fake.before, sizeof(fake.node));
	return 0;
}

static int fake_commit(uint32_t tx)
{
	if (fake.conflicts > 0) {
		fake.conflicts--;
		(void)fake_abort(tx);
		return -EAGAIN;
	}
	fake.commits++;
	return 0;
}

static int fake_watch(struct uk_xenstore_watch *watch)
{
	if (fake.watch_error)
		return fake.watch_error;
	fake.watch = watch;
	fake.fired = true;
	return 0;
}

static int fake_unwatch(struct uk_xenstore_watch *watch UK_UNUSED)
{
	fake.watch = NULL;
	return 0;
}

static int fake_poll(void)
{
	if (fake.poll_error)
		return fake.poll_error;
	if (fake.watch && fake.fired) {
		fake.fired = false;
		fake.watch->fn(fake.watch);
	}
	return 0;
}

static uint32_t fake_enter(void)
{
	fake.inside++;
	return fake.domain;
}

static void fake_leave(void)
{
	fake.inside--;
}

static uint64_t fake_now(void)
{
	return fake.ns;
}

static void fake_pause(void)
{
	fake.ns += 1000000;
	if (fake.backend)
		fake.backend();
}

static const struct uk_xen_bus fake_bus = {
	.read = fake_read,
	.list = fake_list,
	.write = fake_write,
	.begin = fake_begin,
	.commit = fake_commit,
	.abort = fake_abort,
	.watch = fake_watch,
	.unwatch = fake_unwatch,
	.poll = fake_poll,
	.enter = fake_enter,
	.leave = fake_leave,
	.now = fake_now,
	.pause = fake_pause,
};

/* The device of the cases. */
#define OWN	"device/vbd/51712"
#define OTHER	"/local/domain/3/backend/vbd/7/51712"

/* What the driver was called for. */
static struct {
	unsigned int start, publish, connect, changed, stop, release;
	int stop_error;
	int start_error, publish_error, connect_error;	/* what it returns */
	enum uk_xen_bus_state other;
} driver;

static int driver_start(struct uk_xen_front *front UK_UNUSED)
{
	driver.start++;
	return driver.start_error;
}

static int driver_publish(struct uk_xen_front *front, uint32_t tx)
{
	const int rc = uk_xen_front_write_number(front, tx, "ring-ref", 8);

	driver.publish++;
	return rc < 0 ? rc : driver.publish_error;
}

static int driver_connect(struct uk_xen_front *front UK_UNUSED)
{
	driver.connect++;
	return driver.connect_error;
}

static void driver_changed(struct uk_xen_front *front UK_UNUSED,
			   enum uk_xen_bus_state other)
{
	driver.changed++;
	driver.other = other;
}

static void driver_stop(struct uk_xen_front *front UK_UNUSED, int error)
{
	driver.stop++;
	driver.stop_error = error;
}

static void driver_release(struct uk_xen_front *front UK_UNUSED)
{
	driver.release++;
}

static const struct uk_xen_front_ops driver_ops = {
	.published = UK_XEN_BUS_INITIALISED,
	.start = driver_start,
	.publish = driver_publish,
	.connect = driver_connect,
	.changed = driver_changed,
	.stop = driver_stop,
	.release = driver_release,
};

static struct uk_xen_front front;

/* The nodes as tools make them; nobody is at the other end yet. */
static void fake_begin_case(void)
{
	memset(&fake, 0, sizeof(fake));
	memset(&driver, 0, sizeof(driver));
	front = (struct uk_xen_front){
		.ops = &driver_ops,
		.type = "vbd",
		.number = 51712,
	};
	fake_set(OWN "/backend", OTHER);
	fake_set(OWN "/backend-id", "3");
	fake_set(OWN "/state", "1");
	fake_set(OTHER "/state", "1");
}
