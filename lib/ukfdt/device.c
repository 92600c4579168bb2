/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One device of the tree, in one pass. A node is judged when its properties
 * are complete, which is at its first subnode or its end; the pass goes on
 * then until the interrupt controller is known too, which says how long the
 * device's interrupts are.
 */
#include <uk/fdt_device.h>

#include <stdbool.h>
#include <stddef.h>

#include <uk/errno.h>

#include "machine_priv.h"
#include "stream_priv.h"

/* Properties of the node that is being read. */
struct here {
	struct uk_fdt_cursor props;	/* before the first one */
	const char *name;
	struct val reg, interrupts;
	uint32_t irq_cells;
	bool complete;		/* it has been judged */
	int compatible;		/* index in the list of names, or -1 */
	bool controller;
};

struct search {
	const char *const *names;	/* up to a NULL */
	struct uk_fdt_device *dev;
	unsigned int skip;	/* so many before it are not meant */
	int found;		/* which of them, or -1 */
	uint32_t irq_cells;	/* of the GIC; 0: not seen yet */
	struct level level[NLEVELS];
	struct here here;
};

/* Is @str one of the strings of the list @val? */
static bool list_has(const struct val *val, const char *str)
{
	uint32_t i = 0;

	while (i < val->len) {
		uint32_t n = 0;

		while (i + n < val->len && val->p[i + n] == (uint8_t)str[n]) {
			if (str[n] == '\0')
				return true;
			n++;
		}
		while (i < val->len && val->p[i])
			i++;
		i++;
	}
	return false;
}

/* The first of the list @names that @val has, or -1. */
static int which(const struct val *val, const char *const *names)
{
	for (int i = 0; names[i]; i++)
		if (list_has(val, names[i]))
			return i;
	return -1;
}

static uint32_t number(const struct val *val)
{
	return val->len == 4 ? uk_fdt_u32(val->p) : 0;
}

static uint8_t ncells(const struct val *val)
{
	const uint32_t n = number(val);

	return n == 1 || n == 2 ? (uint8_t)n : CELLS_ODD;
}

static void take_prop(struct search *s, struct level *level,
		      const char *name, struct val val)
{
	struct here *const h = &s->here;

	if (fdt_streq(name, "compatible"))
		h->compatible = which(&val, s->names);
	else if (fdt_streq(name, "status"))
		level->off |= !list_has(&val, "okay") && !list_has(&val, "ok");
	else if (fdt_streq(name, "reg"))
		h->reg = val;
	else if (fdt_streq(name, "interrupts"))
		h->interrupts = val;
	else if (fdt_streq(name, "ranges"))
		level->ranges = val;
	else if (fdt_streq(name, "#address-cells"))
		level->addr_cells = ncells(&val);
	else if (fdt_streq(name, "#size-cells"))
		level->size_cells = ncells(&val);
	else if (fdt_streq(name, "#interrupt-cells"))
		h->irq_cells = number(&val);
	else if (fdt_streq(name, "interrupt-controller"))
		h->controller = true;
}

static void take_reg(struct search *s, unsigned int depth)
{
	const struct level *const parent = &s->level[depth - 2];
	const struct val *const reg = &s->here.reg;
	const uint32_t na = parent->addr_cells, ns = parent->size_cells;
	const uint32_t step = 4 * (na + ns);
	struct uk_fdt_device *const dev = s->dev;

	if (na > 2 || ns > 2)
		return;
	for (uint32_t off = 0; dev->nregs < UK_FDT_DEVICE_NREGS &&
	     reg->len - off >= step; off += step) {
		const uint8_t *const p = reg->p + off;
		uint64_t base = uk_fdt_cells(p, na);

		if (!fdt_translate(s->level, depth, &base))
			return;
		dev->reg[dev->nregs++] = (struct uk_fdt_reg){
			.base = base,
			.len = uk_fdt_cells(p + 4 * na, ns),
		};
	}
}

/* All properties of the node at @depth have been read. */
static void judge(struct search *s, unsigned int depth)
{
	struct here *const h = &s->here;

	if (h->complete)
		return;
	h->complete = true;
	/* No other controller's numbers are so long. */
	if (h->controller && (h->irq_cells == 3 || h->irq_cells == 4))
		s->irq_cells = h->irq_cells;
	if (s->found >= 0 || h->compatible < 0 || depth < 2 ||
	    s->level[depth - 1].off)
		return;
	if (s->skip > 0) {
		s->skip--;
		return;
	}
	s->found = h->compatible;
	*s->dev = (struct uk_fdt_device){
		.name = h->name,
		.props = h->props,
		.interrupts = h->interrupts.p,
		.interrupts_len = h->interrupts.len,
	};
	take_reg(s, depth);
}

/* The node at the cursor has begun. */
static void enter(struct search *s, const struct uk_fdt_cursor *cur)
{
	const unsigned int depth = cur->depth;

	/* Cells that are not told are 2 and 1 (2.3.5). */
	s->level[depth - 1] = (struct level){
		.name = cur->name,
		.addr_cells = 2,
		.size_cells = 1,
		.off = depth > 1 && s->level[depth - 2].off,
	};
	s->here = (struct here){
		.props = *cur,
		.name = cur->name,
		.compatible = -1,
	};
}

int uk_fdt_device_find_nth(const struct uk_fdt *fdt, const char *const *names,
			   unsigned int idx, struct uk_fdt_device *dev)
{
	struct search s = {
		.names = names, .dev = dev, .skip = idx, .found = -1
	};
	struct uk_fdt_cursor cur;
	unsigned int depth = 0;
	int token;

	uk_fdt_begin(&cur, fdt);
	do {
		token = uk_fdt_next(&cur);
		if (token < 0)
			return token;
		/* The node that was being read is complete. */
		if (token != UK_FDT_PROP && depth >= 1 && depth <= NLEVELS)
			judge(&s, depth);
		depth = cur.depth;
		if (token == UK_FDT_NODE && depth <= NLEVELS)
			enter(&s, &cur);
		else if (token == UK_FDT_PROP && depth <= NLEVELS)
			take_prop(&s, &s.level[depth - 1], cur.name,
				  (struct val){ cur.val, cur.len });
	} while (token != UK_FDT_END && !(s.found >= 0 && s.irq_cells));

	if (s.found < 0)
		return -ENOENT;
	dev->irq_cells = s.irq_cells;
	return s.found;
}

int uk_fdt_device_find_any(const struct uk_fdt *fdt, const char *const *names,
			   struct uk_fdt_device *dev)
{
	return uk_fdt_device_find_nth(fdt, names, 0, dev);
}

int uk_fdt_device_find(const struct uk_fdt *fdt, const char *compatible,
		       struct uk_fdt_device *dev)
{
	const char *const names[] = { compatible, NULL };

	return uk_fdt_device_find_any(fdt, names, dev);
}

const uint8_t *uk_fdt_device_prop(const struct uk_fdt_device *dev,
				  const char *name, uint32_t *len)
{
	struct uk_fdt_cursor cur = dev->props;

	while (uk_fdt_next(&cur) == UK_FDT_PROP)
		if (fdt_streq(cur.name, name)) {
			*len = cur.len;
			return cur.val;
		}
	return NULL;
}

uint32_t uk_fdt_device_u32(const struct uk_fdt_device *dev, const char *name,
			   uint32_t def)
{
	uint32_t len = 0;
	const uint8_t *const val = uk_fdt_device_prop(dev, name, &len);

	return val && len == 4 ? uk_fdt_u32(val) : def;
}

int uk_fdt_device_gic_irq(const struct uk_fdt_device *dev, unsigned int idx,
			  uint32_t *flags)
{
	const uint32_t step = 4 * dev->irq_cells;
	const uint8_t *p;
	uint32_t num;

	if (step == 0 || idx >= dev->interrupts_len / step)
		return -ENOENT;
	p = dev->interrupts + idx * step;
	num = uk_fdt_u32(p + 4);
	*flags = uk_fdt_u32(p + 8) & 15;
	if (uk_fdt_u32(p) == 0 && num < 988)
		return (int)num + 32;
	if (uk_fdt_u32(p) == 1 && num < 16)
		return (int)num + 16;
	return -EPROTO;
}
