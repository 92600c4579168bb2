/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What is in the nodes of a device. The other end writes its own, tools write
 * both, and all may be anything: a text is taken with its length known, and a
 * number only if it is all digits and in its range.
 */
#include "bus_priv.h"

#include <uk/errno.h>
#include <uk/essentials.h>
#include <uk/fmt.h>
#include <uk/print.h>
#include <uk/string.h>

/* 64 bits have 20 digits. */
#define NUMBER_LEN	24

/* The longest name of a node below a device's, and its slash. */
#define NAME_LEN	40

static int read_node(struct uk_xen_front *front, const char *dir,
		     const char *name, char *buf, size_t size)
{
	char path[UK_XEN_PATH_LEN + NAME_LEN];
	const int len = uk_snprintf(path, sizeof(path), "%s/%s", dir, name);

	if (len < 0 || (size_t)len >= sizeof(path))
		return -EINVAL;
	return front->bus->read(UK_XENSTORE_NO_TX, path, buf, size);
}

static int read_number(struct uk_xen_front *front, const char *dir,
		       const char *name, uint64_t max, uint64_t *val)
{
	char text[NUMBER_LEN];
	uint64_t found;
	int rc = read_node(front, dir, name, text, sizeof(text));

	if (rc == -E2BIG)
		return -EILSEQ;
	if (rc < 0)
		return rc;
	rc = uk_strtou64(text, (size_t)rc, 10, &found);
	if (rc < 0)
		return rc == -ERANGE ? rc : -EILSEQ;
	if (found > max)
		return -ERANGE;
	*val = found;
	return 0;
}

static const char *dir_of(const struct uk_xen_front *front,
			  enum uk_xen_end end)
{
	return end == UK_XEN_OWN ? front->node : front->other;
}

int uk_xen_front_read(struct uk_xen_front *front, enum uk_xen_end end,
		      const char *name, char *buf, size_t size)
{
	return read_node(front, dir_of(front, end), name, buf, size);
}

int uk_xen_front_read_number(struct uk_xen_front *front, enum uk_xen_end end,
			     const char *name, uint64_t max, uint64_t *val)
{
	return read_number(front, dir_of(front, end), name, max, val);
}

int uk_xen_front_write(struct uk_xen_front *front, uint32_t tx,
		       const char *name, const char *text)
{
	char path[UK_XEN_NODE_LEN + NAME_LEN];
	const int len = uk_snprintf(path, sizeof(path), "%s/%s", front->node,
				    name);

	if (len < 0 || (size_t)len >= sizeof(path))
		return -EINVAL;
	return front->bus->write(tx, path, text);
}

int uk_xen_front_write_number(struct uk_xen_front *front, uint32_t tx,
			      const char *name, uint64_t val)
{
	char text[NUMBER_LEN];

	(void)uk_snprintf(text, sizeof(text), "%lu", (unsigned long)val);
	return uk_xen_front_write(front, tx, name, text);
}

/* Node @name of ours is wrong; what the store says else is passed on. */
static int wrong(const struct uk_xen_front *front, const char *name, int rc)
{
	if (rc == -ENOENT)
		return -ENODEV;
	if (rc != -E2BIG && rc != -EILSEQ && rc != -ERANGE)
		return rc;
	uk_pr_err("%s: node %s makes no sense", front->node, name);
	return -EPROTO;
}

int xenbus_find(struct uk_xen_front *front)
{
	uint64_t domid;
	int len = uk_snprintf(front->node, sizeof(front->node),
			      "device/%s/%u", front->type, front->number);
	int rc;

	if (len < 0 || (size_t)len >= sizeof(front->node))
		return -EINVAL;
	rc = read_node(front, front->node, "backend", front->other,
		       sizeof(front->other));
	/* It is in another domain's tree. */
	if (rc >= 0 && front->other[0] != '/')
		rc = -EILSEQ;
	if (rc < 0)
		return wrong(front, "backend", rc);
	rc = read_number(front, front->node, "backend-id",
			 UK_XEN_DOMID_NONE - 1, &domid);
	if (rc < 0)
		return wrong(front, "backend-id", rc);
	front->domid = (uint16_t)domid;
	len = uk_snprintf(front->watched, sizeof(front->watched), "%s/state",
			  front->other);
	return len < 0 || (size_t)len >= sizeof(front->watched) ?
	       wrong(front, "backend", -E2BIG) : 0;
}

int xenbus_read_state(struct uk_xen_front *front,
		      enum uk_xen_bus_state *state)
{
	uint64_t val;
	const int rc = read_number(front, front->other, "state",
				   UK_XEN_BUS_RECONFIGURED, &val);

	if (rc == -ENOENT)
		val = UK_XEN_BUS_UNKNOWN;
	else if (rc == -EILSEQ || rc == -ERANGE)
		return -EPROTO;
	else if (rc < 0)
		return rc;
	*state = (enum uk_xen_bus_state)val;
	return 0;
}

int xenbus_switch(struct uk_xen_front *front, enum uk_xen_bus_state state)
{
	char text[2];
	const int rc = read_node(front, front->node, "state", text,
				 sizeof(text));

	if (rc == -ENOENT)
		return 0;
	if (rc < 0 && rc != -E2BIG && rc != -EILSEQ)
		return rc;
	return uk_xen_front_write_number(front, UK_XENSTORE_NO_TX, "state",
					 state);
}

int xenbus_each(const struct uk_xen_bus *bus, const char *type,
		void (*fn)(unsigned int number, void *arg), void *arg)
{
	char path[UK_XEN_NODE_LEN], names[256];
	const int len = uk_snprintf(path, sizeof(path), "device/%s", type);
	int rc, n = 0;

	if (len < 0 || (size_t)len >= sizeof(path))
		return -EINVAL;
	rc = bus->list(UK_XENSTORE_NO_TX, path, names, sizeof(names));
	if (rc < 0 && rc != -E2BIG)
		return rc == -ENOENT ? 0 : rc;
	for (const char *p = names, *end = names + (rc < 0 ? sizeof(names) :
						    (size_t)rc);
	     p < end && *p; p += uk_strlen(p) + 1) {
		uint64_t number;

		if (uk_strtou64(p, uk_strlen(p), 10, &number) < 0 ||
		    number > UINT32_MAX) {
			uk_pr_warn("%s/%s is no device", path, p);
			continue;
		}
		fn((unsigned int)number, arg);
		n++;
	}
	return rc < 0 ? rc : n;
}
