/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Keys are the nodes right below one that is compatible with "gpio-keys". That
 * one is found as a device; its subnodes follow its properties.
 */
#include <uk/fdt_key.h>

#include <stddef.h>

#include <uk/errno.h>
#include <uk/fdt.h>
#include <uk/fdt_device.h>

#include "stream_priv.h"

#define ACTIVE_LOW	1u	/* of a pin's flags (bindings of gpio) */

static bool is_okay(const struct uk_fdt_cursor *cur)
{
	return fdt_is_string(cur->val, cur->len, "okay") ||
	       fdt_is_string(cur->val, cur->len, "ok");
}

/* Properties of the key that is being read. */
struct here {
	const char *name;
	const uint8_t *gpios;
	uint32_t gpios_len;
	uint32_t code;
	bool off;
};

static void take_prop(struct here *h, const struct uk_fdt_cursor *cur)
{
	if (fdt_streq(cur->name, "linux,code") && cur->len == 4) {
		h->code = uk_fdt_u32(cur->val);
	} else if (fdt_streq(cur->name, "gpios")) {
		h->gpios = cur->val;
		h->gpios_len = cur->len;
	} else if (fdt_streq(cur->name, "status")) {
		h->off = !is_okay(cur);
	}
}

static int finish(const struct here *h, struct uk_fdt_key *key)
{
	if (h->gpios_len < 12 || uk_fdt_u32(h->gpios) == 0)
		return -EPROTO;
	*key = (struct uk_fdt_key){
		.name = h->name,
		.controller = uk_fdt_u32(h->gpios),
		.pin = uk_fdt_u32(h->gpios + 4),
		.active_low = uk_fdt_u32(h->gpios + 8) & ACTIVE_LOW,
	};
	return 0;
}

/* Among the subnodes of @dev; 0 or less. */
static int find_below(const struct uk_fdt_device *dev, uint32_t code,
		      struct uk_fdt_key *key)
{
	struct uk_fdt_cursor cur = dev->props;
	const unsigned int depth = cur.depth;
	struct here h = { .off = true };
	int token;

	do {
		token = uk_fdt_next(&cur);
		if (token < 0)
			return token;
		if (token == UK_FDT_PROP && cur.depth == depth + 1) {
			take_prop(&h, &cur);
			continue;
		}
		/* A key is complete at a node of its own, or at its end. */
		if (h.name && !h.off && h.code == code)
			return finish(&h, key);
		h = (struct here){ .off = true };
		if (token == UK_FDT_NODE && cur.depth == depth + 1)
			h = (struct here){ .name = cur.name };
	} while (token != UK_FDT_END && cur.depth >= depth);
	return -ENOENT;
}

int uk_fdt_key_find(const struct uk_fdt *fdt, uint32_t code,
		    struct uk_fdt_key *key)
{
	const char *const names[] = { "gpio-keys", NULL };
	struct uk_fdt_device dev;
	int rc;

	for (unsigned int i = 0;; i++) {
		rc = uk_fdt_device_find_nth(fdt, names, i, &dev);
		if (rc < 0)
			return rc;
		rc = find_below(&dev, code, key);
		if (rc != -ENOENT)
			return rc;
	}
}

int uk_fdt_device_find_phandle(const struct uk_fdt *fdt,
			       const char *compatible, uint32_t phandle,
			       struct uk_fdt_device *dev)
{
	const char *const names[] = { compatible, NULL };
	int rc;

	for (unsigned int i = 0;; i++) {
		rc = uk_fdt_device_find_nth(fdt, names, i, dev);
		if (rc < 0)
			return rc;
		if (uk_fdt_device_u32(dev, "phandle", 0) == phandle)
			return 0;
	}
}
